// SPDX-License-Identifier: Apache-2.0
#include "rating/statement_json.hpp"

namespace watthour::rating {

namespace {

void put_range(json::object& into, DateRange range) {
    into["from"] = range.from.to_string();
    into["to"] = range.until.to_string();
}

json::array segments_of(const RatedStatement& statement) {
    json::array all;
    for (const SegmentDetail& segment : statement.segments) {
        json::object one;
        put_range(one, segment.range);
        one["days"] = segment.range.days();
        one["season"] = segment.season;
        one["kwh"] = segment.use.to_string();
        int tier = 0;
        for (const Energy upper : segment.tier_uppers) {
            one["tier" + std::to_string(++tier) + "_upper"] = upper.to_string();
        }
        all.push_back(std::move(one));
    }
    return all;
}

json::array determinants_of(const RatedStatement& statement) {
    json::array all;
    for (const TouSegmentUse& segment : statement.determinants) {
        json::object one;
        put_range(one, segment.segment);
        json::object delivered;
        for (const auto& [period, energy] : segment.by_period) {
            delivered[period] = energy.kwh().to_string();
        }
        one["delivered"] = std::move(delivered);
        if (!segment.received.empty()) {
            json::object received;
            for (const auto& [period, energy] : segment.received) {
                received[period] = energy.kwh().to_string();
            }
            one["received"] = std::move(received);
        }
        all.push_back(std::move(one));
    }
    return all;
}

void put_tax_facts(const RatedStatement& statement, json::object& into) {
    json::object uut;
    if (!statement.uut_exempt.empty()) {
        json::array flags;
        for (const std::string& flag : statement.uut_exempt) flags.push_back(json::value(flag));
        uut["exempt"] = std::move(flags);
    }
    if (statement.uut_cap) {
        uut["calculated"] = statement.uut_cap->calculated.to_string();
        uut["room_under_cap"] = statement.uut_cap->room_under_cap.to_string();
    }
    if (!uut.empty()) into["uut"] = std::move(uut);
}

void put_bank(const RatedStatement& statement, json::object& into) {
    if (statement.bank) {
        const BankDetail& bank = *statement.bank;
        json::object shown{{"open", bank.open.to_string()},
                           {"deposit", bank.deposit.to_string()},
                           {"applied", bank.applied.to_string()},
                           {"forfeited", bank.forfeited.to_string()},
                           {"close", bank.close.to_string()}};
        if (!bank.paid.is_zero()) shown["paid"] = bank.paid.to_string();
        into[bank.group + "_bank"] = std::move(shown);
    }
    if (statement.accruals.empty()) return;
    json::array parts;
    for (const AccrualDetail& part : statement.accruals) {
        json::object one;
        one["code"] = part.code;
        put_range(one, part.range);
        one["quantity"] = part.quantity.to_shortest();
        one["rate"] = part.price.to_string();
        one["amount"] = part.amount.to_string();
        parts.push_back(std::move(one));
    }
    into["accrued"] =
        json::object{{"parts", std::move(parts)}, {"amount", statement.accrued.to_string()}};
}

void put_details(const RatedStatement& statement, json::object& into) {
    into["period_days"] = statement.period_days;
    into["fixed_charge_factor"] = to_string(statement.fixed_charge_factor);
    if (statement.power_factor_percent) {
        into["power_factor_percent"] = *statement.power_factor_percent;
    }
    if (statement.reactive) into["kvarh"] = statement.reactive->to_string();
    if (!statement.demands.empty()) {
        json::object demands;
        for (const DemandDetail& demand : statement.demands) {
            json::object one;
            one["measured_kw"] = demand.measured.to_string();
            if (demand.ratchet_floor) one["ratchet_floor_kw"] = demand.ratchet_floor->to_string();
            one["billing_kw"] = demand.billing.to_string();
            demands[demand.charge] = std::move(one);
        }
        into["demand"] = std::move(demands);
    }
    if (statement.net) into["net_kwh"] = statement.net->to_string();
    if (!statement.segments.empty()) into["segments"] = segments_of(statement);
    if (!statement.determinants.empty()) into["determinants"] = determinants_of(statement);
    if (statement.minimum) {
        into["minimum"] = json::object{{"minimum", statement.minimum->minimum.to_string()},
                                       {"compared", statement.minimum->compared.to_string()}};
    }
    put_bank(statement, into);
    put_tax_facts(statement, into);
    into["kwh_delivered"] = statement.delivered.to_string();
}

}  // namespace

json::object to_json(const ChargeLine& line, JsonDetail detail) {
    json::object one;
    one["seq"] = line.seq;
    one["code"] = line.code;
    one["description"] = line.text_en;
    if (line.period) put_range(one, *line.period);
    if (line.quantity) {
        one["quantity"] = line.quantity_text();
        one["unit"] = line.unit;
    }
    if (line.rate) one["rate"] = line.rate_text();
    if (const std::string factor = line.factor_text(); !factor.empty()) one["factor"] = factor;
    if (line.base) one["base"] = line.base->to_string();
    one["amount"] = line.unrounded ? line.unrounded->to_string() : line.amount.to_string();
    one["group"] = line.group;
    if (detail == JsonDetail::with_trace) {
        one["account"] = line.gl_account;
        one["clause"] = line.clause;
        json::array steps;
        for (const TraceStep& step : line.trace) steps.push_back(json::value(step.to_record()));
        one["trace"] = std::move(steps);
    }
    return one;
}

json::array to_json(const std::vector<JournalLeg>& journal) {
    json::array legs;
    for (const JournalLeg& leg : journal) {
        legs.push_back(json::object{{"account", leg.account},
                                    {"debit", leg.debit.to_string()},
                                    {"credit", leg.credit.to_string()}});
    }
    return legs;
}

json::object to_json(const RatedStatement& statement, JsonDetail detail) {
    json::object all;
    put_details(statement, all);
    json::array lines;
    json::object subtotals;
    for (const ChargeLine& line : statement.lines) {
        lines.push_back(to_json(line, detail));
        subtotals[line.group] = statement.subtotal(line.group).to_string();
    }
    all["lines"] = std::move(lines);
    all["subtotals"] = std::move(subtotals);
    all["current_charges"] = statement.current_charges.to_string();
    all["journal"] = to_json(statement.journal);
    return all;
}

}  // namespace watthour::rating
