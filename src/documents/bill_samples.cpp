// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_samples.hpp"

namespace watthour::documents {
namespace {

Money cents(std::int64_t units) { return Money::minor(units); }

BillLine line(std::string code, std::string en, std::string es, std::string quantity,
              std::string unit, std::string rate, std::int64_t amount, std::string group,
              std::string how_en = {}, std::string how_es = {}) {
    BillLine out;
    out.code = std::move(code);
    out.text_en = std::move(en);
    out.text_es = std::move(es);
    out.quantity = std::move(quantity);
    out.unit = std::move(unit);
    out.rate = std::move(rate);
    out.amount = cents(amount);
    out.group = std::move(group);
    out.how_en = std::move(how_en);
    out.how_es = std::move(how_es);
    return out;
}

void set_balance(BillPage& page, std::int64_t previous, std::int64_t payments) {
    page.previous_balance = cents(previous);
    page.payments = cents(payments);
    page.current_charges = Money();
    for (const BillLine& one : page.lines) page.current_charges += one.amount;
    page.amount_due =
        page.previous_balance + page.payments + page.adjustments + page.current_charges;
    // Forty-two digits with a right check digit; the page prints what it is given.
    page.scan_line = "100000010070630260000000004288200000428823";
}

BillPage blank_page() {
    BillPage page;
    page.utility = {"City of Valdoro Electric Utility",
                    {"100 Acequia Street", "Valdoro, CA 00000"},
                    {},
                    "+1-555-0100",
                    "electric.valdoro.example",
                    "Monday to Friday, 8 a.m. to 5 p.m.",
                    "Lunes a viernes, de 8 a. m. a 5 p. m."};
    page.account_number = "10000000017";
    page.bill_number = "10000000017-260609";
    page.customer_name = "Amelia Whitcomb";
    page.mailing_address = {"2418 Cottonwood Avenue", "Valdoro, CA 00000"};
    page.service_address = page.mailing_address;
    page.bill_date = Date::ymd(2026, 6, 12);
    page.due_date = Date::ymd(2026, 7, 3);
    page.period = {Date::ymd(2026, 5, 10), Date::ymd(2026, 6, 9)};
    return page;
}

void add_history(BillPage& page, const std::vector<int>& kwh) {
    Date until = page.period.until;
    std::vector<UsageBar> bars;
    for (std::size_t i = kwh.size(); i-- > 0;) {
        const Date from = until - (i % 2 == 0 ? 30 : 31);
        bars.insert(bars.begin(), {from, until, Energy::kilowatt_hours(kwh[i]), false, false});
        until = from;
    }
    page.history = std::move(bars);
    page.history.back().from = page.period.from;
}

void add_taxes(BillPage& page) {
    page.lines.push_back(line("PBC", "Public benefits charge", "Cargo de beneficios públicos", "",
                              "", "2.85%", 331, "pbc", "2.85% of base charges of $116.21",
                              "2.85% de los cargos básicos de $116.21"));
    page.lines.push_back(line("ERS", "State energy resources surcharge",
                              "Recargo estatal de recursos energéticos", "653", "kWh", "0.00030",
                              20, "tax"));
    page.lines.push_back(line("UUT", "City utility users tax",
                              "Impuesto municipal a usuarios de servicios públicos", "", "",
                              "5.00%", 581, "tax", "5.00% of electric charges of $116.21",
                              "5.00% de los cargos por electricidad de $116.21"));
}

}  // namespace

BillPage tiered_sample() {
    BillPage page = blank_page();
    page.schedule_code = "R-1";
    page.schedule_name_en = "Residential service, tiered";
    page.schedule_name_es = "Servicio residencial por escalones";
    const DateRange may{page.period.from, Date::ymd(2026, 6, 1)};
    const DateRange june{Date::ymd(2026, 6, 1), page.period.until};
    page.lines = {
        line("CUST", "Customer charge", "Cargo fijo por cliente", "1", "month", "18.50", 1850,
             "base", "30 days of service, one whole month", "30 días de servicio, un mes completo"),
        line("EN-T1", "Energy tier 1", "Energía, escalón 1", "231", "kWh", "0.14210", 3283, "base",
             "10.5 kWh a day x 22 winter days", "10.5 kWh al día x 22 días de invierno"),
        line("EN-T2", "Energy tier 2", "Energía, escalón 2", "200.76", "kWh", "0.17820", 3578,
             "base", "the next 130% of tier 1", "el siguiente 130% del escalón 1"),
        line("EN-T1", "Energy tier 1", "Energía, escalón 1", "100", "kWh", "0.15230", 1523, "base",
             "12.5 kWh a day x 8 summer days", "12.5 kWh al día x 8 días de verano"),
        line("EN-T2", "Energy tier 2", "Energía, escalón 2", "121.24", "kWh", "0.19910", 2414,
             "base", "the next 130% of tier 1", "el siguiente 130% del escalón 1"),
        line("ECA", "Energy cost adjustment", "Ajuste por costo de energía", "653", "kWh",
             "0.01450", 947, "base"),
        line("EAP", "Energy Assistance Program discount", "Descuento por bajos ingresos (EAP)", "",
             "", "-20.00%", -1974, "discount", "20% off energy and customer charges",
             "20% menos en energía y cargo fijo")};
    for (const std::size_t i : {1U, 2U}) page.lines[i].period = may;
    for (const std::size_t i : {3U, 4U}) page.lines[i].period = june;
    add_taxes(page);
    page.lines.push_back(line("OPT-M", "AMI opt-out, each billing period",
                              "Exclusión del medidor inteligente, cada período de facturación", "1",
                              "each", "10.00", 1000, "fee"));
    page.lines.push_back(line("RET-1", "Returned item, first in 12 months",
                              "Pago devuelto, primero en 12 meses", "", "", "", 2500, "fee"));
    page.energy = Energy::kilowatt_hours(653);
    add_history(page, {688, 742, 911, 980, 874, 702, 590, 566, 611, 598, 540, 571, 653});
    page.history[4].estimated = true;
    page.history[8].missing = true;
    page.reads = {{"VE4410233", "KWHREG", page.period.from, page.period.until, "48211", "48864",
                   "actual_ami", "1", Energy::kilowatt_hours(653), ""}};
    page.activity = {{Date::ymd(2026, 5, 28), "payment", cents(-12044), "lockbox"}};
    page.messages_en = {"Shade trees cut cooling use. Ask us for a free tree."};
    page.messages_es = {"Los árboles reducen el consumo. Pida uno gratis."};
    page.programs = "EAP";
    set_balance(page, 12044, -12044);
    return page;
}

BillPage tou_sample() {
    BillPage page = blank_page();
    page.language = Language::spanish;
    page.customer_name = "María Fernanda Muñoz Ibáñez";
    page.schedule_code = "R-EV";
    page.schedule_name_en = "Residential time of use with electric vehicle";
    page.schedule_name_es = "Servicio residencial por horario con vehículo eléctrico";
    page.lines = {
        line("CUST", "Basic charge", "Cargo básico", "1", "month", "21.00", 2100, "base"),
        line("EN-ON", "Energy on-peak", "Energía en horas de alto consumo", "141.3", "kWh",
             "0.31250", 4416, "base", "4 p.m. to 9 p.m., 30 days", "de 4 a 9 p. m., 30 días"),
        line("EN-OFF", "Energy off-peak", "Energía en horas de bajo consumo", "388.125", "kWh",
             "0.16480", 6396, "base"),
        line("EN-SUPER", "Energy super off-peak", "Energía en horas de consumo más bajo", "522.575",
             "kWh", "0.09920", 5184, "base", "midnight to 6 a.m.", "de medianoche a 6 a. m."),
        line("ECA", "Energy cost adjustment", "Ajuste por costo de energía", "1052", "kWh",
             "-0.00320", -337, "base")};
    add_taxes(page);
    page.energy = Energy::watt_hours(1'052'000);
    page.tou = {{"on", Energy::watt_hours(141'300)},
                {"off", Energy::watt_hours(388'125)},
                {"super", Energy::watt_hours(522'575)}};
    add_history(page, {1204, 1188, 1302, 1410, 1366, 1105, 980, 940, 1012, 1001, 966, 990, 1052});
    page.reads = {{"VE5512877", "KWH", page.period.from, page.period.until, "", "", "actual_ami",
                   "1", page.energy, ""}};
    page.activity = {{Date::ymd(2026, 5, 20), "payment", cents(-10000), "counter"},
                     {Date::ymd(2026, 5, 27), "returned_payment", cents(10000), ""},
                     {Date::ymd(2026, 5, 27), "fee", cents(2500), ""}};
    page.adjustments = cents(2500);
    set_balance(page, 15890, 0);
    return page;
}

BillPage demand_sample() {
    BillPage page = blank_page();
    page.customer_name = "Valdoro Cold Storage & Distribution LLC";
    page.schedule_code = "C-2";
    page.schedule_name_en = "Medium commercial demand";
    page.schedule_name_es = "Comercial mediano con demanda";
    page.lines = {line("CUST", "Customer charge", "Cargo fijo por cliente", "1", "month", "140.00",
                       14000, "base"),
                  line("DEM", "Demand charge", "Cargo por demanda", "212.4", "kW", "13.85", 294174,
                       "base", "highest 15 minutes: June 3, 2:15 p.m., 212.4 kW",
                       "15 minutos más altos: 3 de junio, 2:15 p. m., 212.4 kW"),
                  line("EN", "Energy", "Energía", "61240.8", "kWh", "0.11940", 731215, "base"),
                  line("ECA", "Energy cost adjustment", "Ajuste por costo de energía", "61240.8",
                       "kWh", "0.01450", 88799, "base")};
    add_taxes(page);
    page.energy = Energy::watt_hours(61'240'800);
    add_history(page, {70210, 74180, 79900, 81240, 77010, 68800, 61040, 58770, 60110, 57700, 56020,
                       58810, 61240});
    page.estimated = true;
    page.history.back().estimated = true;
    page.reads = {{"VC0090118", "KWH", page.period.from, page.period.until, "10240.11", "11005.62",
                   "estimated", "80", page.energy, "212.4"}};
    page.activity = {{Date::ymd(2026, 6, 2), "payment", cents(-1000000), "ach"}};
    set_balance(page, 1083210, -1000000);
    return page;
}

BillPage autopay_sample() {
    BillPage page = tiered_sample();
    page.language = Language::spanish;
    page.autopay = true;
    page.autopay_date = page.due_date;
    page.activity.front().channel = "autopay";
    page.programs = "asistencia de energía (EAP)";
    return page;
}

BillPage credit_sample() {
    BillPage page = tiered_sample();
    page.lines.resize(2);
    page.history = {page.history.back()};
    page.activity = {};
    set_balance(page, -20000, 0);
    page.scan_line.clear();
    return page;
}

BillPage long_text_sample() {
    BillPage page = autopay_sample();
    page.autopay = false;
    page.customer_name =
        "Administración de Condominios Residenciales Hacienda de los Ahuehuetes del Norte, S. A.";
    page.mailing_address = {
        "Attn: Departamento de Contabilidad y Cuentas por Pagar, Lic. Guadalupe "
        "Hernández-Villaseñor",
        "12345 Northwest Martin Luther King Junior Boulevard, Building 1000, Suite 2200-B",
        "Rancho Santa Margarita de los Caballeros, CA 00000-1234"};
    page.service_address = page.mailing_address;
    page.utility.name = "Cooperativa de Electrificación Rural y Servicios Públicos de Valdoro";
    page.utility.address = {"100 Avenida de la Constitución de 1857", "Valdoro, CA 00000"};
    for (int i = 0; i < 9; ++i) {
        page.messages_es.push_back(
            "A partir del 1 de julio cambian los precios de la tarifa de verano; puede comparar "
            "todas las tarifas en nuestra página o llamarnos.");
    }
    page.reads.front().meter = "VE-4410233-LARGO";
    page.lines[1].how_es =
        "10.5 kWh al día x 22 días de invierno, más la asignación médica de 16.5 kWh al día que "
        "usted tiene desde el 1 de enero, menos los días sin servicio";
    for (int i = 0; i < 6; ++i)
        page.activity.push_back({Date::ymd(2026, 6, 1), "adjustment", cents(0), ""});
    page.activity[1].amount = cents(250);
    page.adjustments = cents(250);
    set_balance(page, 123456789, -12044);
    return page;
}

BillPage many_lines_sample(std::size_t lines) {
    BillPage page = tiered_sample();
    const BillLine energy = page.lines[1];
    while (page.lines.size() < lines) page.lines.insert(page.lines.begin() + 1, energy);
    set_balance(page, 12044, -12044);
    return page;
}

}  // namespace watthour::documents
