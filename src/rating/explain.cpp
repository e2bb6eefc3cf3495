// SPDX-License-Identifier: Apache-2.0
#include "rating/charge_line.hpp"

#include <fmt/format.h>

namespace watthour::rating {

namespace {

using tariff::Language;

/// Fills the sentence of the language asked for; both take the same numbered facts.
template <class... Args>
std::string say(Language language, const char* en, const char* es, const Args&... args) {
    return fmt::format(fmt::runtime(language == Language::spanish ? es : en), args...);
}

std::string short_number(const Decimal& number) { return number.to_shortest(); }

std::string dollars(const Decimal& amount) {
    const std::string text = amount.to_string();
    return amount.is_negative() ? "-$" + text.substr(1) : "$" + text;
}

std::string printed_date(Date date, Language language) {
    static constexpr const char* months_en[] = {"January",   "February", "March",    "April",
                                                "May",       "June",     "July",     "August",
                                                "September", "October",  "November", "December"};
    static constexpr const char* months_es[] = {"enero",      "febrero", "marzo",     "abril",
                                                "mayo",       "junio",   "julio",     "agosto",
                                                "septiembre", "octubre", "noviembre", "diciembre"};
    const int month = date.month() - 1;
    return say(language, "{0} {2}, {3}", "{2} de {1} de {3}", months_en[month], months_es[month],
               date.day(), date.year());
}

/// numerator / denominator as a decimal; with enough places when it ends, else marked as cut.
std::string quotient(i128 numerator, i128 denominator, Language language) {
    for (int places = 2; places <= 10; ++places) {
        const i128 scaled = numerator * power_of_ten(places);
        if (scaled % denominator == 0) {
            return dollars(
                Decimal(round_divide(scaled, denominator, Rounding::toward_zero), places));
        }
    }
    const Decimal cut(
        round_divide(numerator * power_of_ten(6), denominator, Rounding::half_away_from_zero), 6);
    return say(language, "about {}", "aproximadamente {}", dollars(cut));
}

std::string rounded_sentence(const std::string& exact, const Decimal& amount, Language language) {
    if (exact == dollars(amount)) return exact + ".";
    return say(language, "{}, which rounds to {} (to the cent, a half cent away from zero).",
               "{}, que se redondea a {} (al centavo; medio centavo se aleja de cero).", exact,
               dollars(amount));
}

std::string times_share(const Decimal& numerator, const Decimal& denominator) {
    if (numerator == denominator) return "";
    return " x " + short_number(numerator) + "/" + short_number(denominator);
}

std::string unit_word(const ChargeLine& line, Language language) {
    if (line.unit == "month") return say(language, "month", "mes");
    if (line.unit == "day") return say(language, "days", "días");
    if (line.unit == "each") return say(language, "time", "vez");
    return line.unit;
}

std::string explain_product(const TraceStep& step, const ChargeLine& line, Language language) {
    const i128 numerator = i128{step.at(0).units()} * step.at(1).units() * step.at(2).units();
    const int scale = step.at(0).scale() + step.at(1).scale();
    const i128 denominator =
        i128{power_of_ten(scale / 2)} * power_of_ten(scale - scale / 2) * step.at(3).units();
    return fmt::format(
        "{} {} x {}{} = {}", short_number(step.at(0)), unit_word(line, language),
        dollars(step.at(1)), times_share(step.at(2), step.at(3)),
        rounded_sentence(quotient(numerator, denominator, language), step.at(4), language));
}

std::string explain_percent(const TraceStep& step, Language language) {
    const i128 numerator = i128{step.at(0).units()} * step.at(1).units() * step.at(2).units();
    const i128 denominator =
        i128{power_of_ten(step.at(0).scale() + step.at(1).scale())} * 100 * step.at(3).units();
    return say(language, "{0}% of {1}{2} = {3}", "{0}% de {1}{2} = {3}", short_number(step.at(1)),
               dollars(step.at(0)), times_share(step.at(2), step.at(3)),
               rounded_sentence(quotient(numerator, denominator, language), step.at(4), language));
}

std::string explain_month(const TraceStep& step, Language language) {
    if (step.at(4) == step.at(5)) {
        return say(language, "The period has {0} days; {1} to {2} days count as one whole month.",
                   "El período tiene {0} días; de {1} a {2} días cuentan como un mes completo.",
                   short_number(step.at(0)), short_number(step.at(1)), short_number(step.at(2)));
    }
    return say(language,
               "The period has {0} days, not {1} to {2}, so a month's price counts {3}/{4}.",
               "El período tiene {0} días, no de {1} a {2}; el precio mensual cuenta {3}/{4}.",
               short_number(step.at(0)), short_number(step.at(1)), short_number(step.at(2)),
               short_number(step.at(4)), short_number(step.at(5)));
}

std::string explain_limit(const TraceStep& step, Language language) {
    std::string formula = short_number(step.at(0)) + " x " + short_number(step.at(2));
    if (step.at(1) != Decimal(1, 0)) formula = short_number(step.at(1)) + " x " + formula;
    if (!step.at(3).is_zero()) {
        formula += " + " + short_number(step.at(4)) + " x " + short_number(step.at(3));
    }
    return say(language,
               "This price reaches up to {0} kWh: a baseline of {1} kWh a day over {2} days "
               "({3}), in whole kWh.",
               "Este precio llega hasta {0} kWh: un consumo básico de {1} kWh por día durante {2} "
               "días ({3}), en kWh enteros.",
               short_number(step.at(5)), short_number(step.at(0)), short_number(step.at(2)),
               formula);
}

std::string explain_block(const TraceStep& step, Language language) {
    return say(language, "Of {0} kWh, {1} kWh lie above {2} kWh and within this price.",
               "De {0} kWh, {1} kWh están por encima de {2} kWh y dentro de este precio.",
               short_number(step.at(0)), short_number(step.at(3)), short_number(step.at(1)));
}

std::string explain_demand(const TraceStep& step, Language language) {
    return say(language,
               "The highest demand measured was {0} kW; {1}% of the highest of the last eleven "
               "periods, {2} kW, is {3} kW. The larger counts: {4} kW.",
               "La demanda más alta medida fue de {0} kW; el {1}% de la más alta de los últimos "
               "once períodos, {2} kW, es {3} kW. Cuenta la mayor: {4} kW.",
               short_number(step.at(0)), short_number(step.at(1)), short_number(step.at(2)),
               short_number(step.at(3)), short_number(step.at(4)));
}

std::string explain_any_limit(const TraceStep& step, Language language) {
    std::string formula = short_number(step.at(0)) + times_share(step.at(1), step.at(2));
    if (!step.at(3).is_zero()) formula += " x " + short_number(step.at(3)) + " kW";
    return say(language, "This price reaches up to {0} kWh ({1}).",
               "Este precio llega hasta {0} kWh ({1}).", short_number(step.at(4)), formula);
}

std::string explain_power_factor(const TraceStep& step, Language language) {
    return say(language,
               "Of {0} kWh with {1} kVARh the power factor is {2}%, {4} points below {3}%.",
               "Con {0} kWh y {1} kVARh el factor de potencia es {2}%, {4} puntos por debajo de "
               "{3}%.",
               short_number(step.at(0)), short_number(step.at(1)), short_number(step.at(2)),
               short_number(step.at(3)), short_number(step.at(4)));
}

/// Dollars that move between a bill and a bank, or wait for the end of the year.
std::string explain_bank(const TraceStep& step, Language language) {
    switch (step.rule()) {
        case TraceRule::bank_deposit:
            return say(language,
                       "{0} were earned and {1} of them paid charges of this bill; {2} are kept "
                       "for later bills.",
                       "Se ganaron {0} y {1} pagaron cargos de esta factura; {2} se guardan para "
                       "facturas futuras.",
                       dollars(step.at(0)), dollars(step.at(1)), dollars(step.at(2)));
        case TraceRule::bank_applied:
            return say(language,
                       "{0} were brought forward, and {1} may be paid from it: {2} are applied.",
                       "Había {0} guardados y se pueden pagar {1}: se aplican {2}.",
                       dollars(step.at(0)), dollars(step.at(1)), dollars(step.at(2)));
        case TraceRule::bank_paid:
            return say(language, "The {0} that are left at the end of the year are paid out.",
                       "Los {0} que quedan al final del año se pagan.", dollars(step.at(0)));
        default:
            return say(language,
                       "{0} had added up before and {1} in this period: {2} in all for the year.",
                       "Se habían acumulado {0} y {1} en este período: {2} en total en el año.",
                       dollars(step.at(0)), dollars(step.at(1)), dollars(step.at(2)));
    }
}

std::string explain_more(const TraceStep& step, Language language) {
    switch (step.rule()) {
        case TraceRule::limit: return explain_any_limit(step, language);
        case TraceRule::power_factor: return explain_power_factor(step, language);
        case TraceRule::hourly_sum:
            return say(language, "{0} kWh, each hour at its own price, come to {1}.",
                       "{0} kWh, cada hora a su propio precio, suman {1}.",
                       short_number(step.at(0)), dollars(step.at(1)));
        case TraceRule::measured_demand:
            return say(language, "The highest demand measured was {0} kW; {1} kW are billed.",
                       "La demanda más alta medida fue de {0} kW; se facturan {1} kW.",
                       short_number(step.at(0)), short_number(step.at(1)));
        case TraceRule::demand_block:
            return say(language, "Of {0} kW, {1} kW lie above {2} kW and within this price.",
                       "De {0} kW, {1} kW están por encima de {2} kW y dentro de este precio.",
                       short_number(step.at(0)), short_number(step.at(3)),
                       short_number(step.at(1)));
        case TraceRule::bank_deposit:
        case TraceRule::bank_applied:
        case TraceRule::bank_paid:
        case TraceRule::accrual: return explain_bank(step, language);
        default: return "";
    }
}

std::string explain_rare(const TraceStep& step, Language language) {
    switch (step.rule()) {
        case TraceRule::minimum:
            return say(language,
                       "The minimum is {0}; customer and energy charges are {1}; the difference "
                       "is {2}.",
                       "El mínimo es {0}; el cargo fijo y la energía suman {1}; la diferencia es "
                       "{2}.",
                       dollars(step.at(0)), dollars(step.at(1)), dollars(step.at(2)));
        case TraceRule::yearly_cap:
            return say(language,
                       "The tax comes to {0}, but at most {1} are charged in a fiscal year and {2} "
                       "were charged before: {3} are left.",
                       "El impuesto sería de {0}, pero en un año fiscal se cobran como máximo {1} "
                       "y ya se cobraron {2}: quedan {3}.",
                       dollars(step.at(0)), dollars(step.at(1)), dollars(step.at(2)),
                       dollars(step.at(3)));
        case TraceRule::late_fee:
            return say(language, "{1}% of {0} past due, but not less than {2}: {3}.",
                       "{1}% de {0} vencidos, pero no menos de {2}: {3}.", dollars(step.at(0)),
                       short_number(step.at(1)), dollars(step.at(2)), dollars(step.at(3)));
        case TraceRule::fee:
            return say(language, "The fee is {0}.", "El cargo es de {0}.", dollars(step.at(0)));
        default: return explain_more(step, language);
    }
}

std::string explain_step(const TraceStep& step, const ChargeLine& line, Language language) {
    switch (step.rule()) {
        case TraceRule::month_factor: return explain_month(step, language);
        case TraceRule::days_share:
        case TraceRule::active_days:
            return say(language, "It counts for {0} of the {1} days.",
                       "Cuenta por {0} de los {1} días.", short_number(step.at(0)),
                       short_number(step.at(1)));
        case TraceRule::kwh_by_days:
            return say(language,
                       "Of {0} kWh in {1} days, {2} kWh belong to days {3} to {4}, in whole kWh.",
                       "De {0} kWh en {1} días, {2} kWh corresponden a los días {3} a {4}, en kWh "
                       "enteros.",
                       short_number(step.at(0)), short_number(step.at(3)), short_number(step.at(4)),
                       step.at(1).units() + 1, short_number(step.at(2)));
        case TraceRule::interval_sum:
            return say(language, "Your meter's intervals at this price add up to {0} kWh.",
                       "Los intervalos de su medidor a este precio suman {0} kWh.",
                       short_number(step.at(0)));
        case TraceRule::tier_limit: return explain_limit(step, language);
        case TraceRule::tier_block: return explain_block(step, language);
        case TraceRule::billing_demand: return explain_demand(step, language);
        case TraceRule::product: return explain_product(step, line, language);
        case TraceRule::percent_of: return explain_percent(step, language);
        case TraceRule::version_day:
            return say(language, "The rate in force on the first day of the period counts.",
                       "Vale el precio vigente el primer día del período.");
        default: return explain_rare(step, language);
    }
}

}  // namespace

std::string explain_line(const ChargeLine& line, Language language) {
    std::string text = line.text(language);
    if (line.period) {
        text += say(language, ", {} through {}", ", del {} al {}",
                    printed_date(line.period->from, language),
                    printed_date(line.period->until - 1, language));
    }
    text += ": " + dollars(Decimal(line.amount.minor_units(), 2)) + ".";
    for (const TraceStep& step : line.trace) {
        text += "\n" + explain_step(step, line, language);
    }
    return text + "\n" + say(language, "Source: {}.", "Fuente: {}.", line.clause);
}

}  // namespace watthour::rating
