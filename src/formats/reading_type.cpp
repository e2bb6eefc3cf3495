// SPDX-License-Identifier: Apache-2.0
#include "formats/reading_type.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats {

namespace {

/// Places of the fields, from 0.
enum Place : std::size_t {
    macro_period = 0,
    aggregate = 1,
    measuring_period = 2,
    accumulation = 3,
    flow = 4,
    commodity = 5,
    measurement = 6,
    harmonic = 7,
    argument = 9,
    tou = 11,
    critical_peak = 12,
    tier = 13,
    phase = 14,
    multiplier = 15,
    unit = 16
};

constexpr int daily = 11;
constexpr int average = 2;
constexpr int maximum = 8;
constexpr int bulk = 1;
constexpr int continuous_cumulative = 2;
constexpr int cumulative = 3;
constexpr int delta = 4;
constexpr int delivered = 1;
constexpr int net = 4;
constexpr int received = 19;
constexpr int total_flow = 20;
constexpr int energy = 12;
constexpr int power_kind = 37;
constexpr int demand = 8;

struct Period {
    int code;
    int minutes;
};
constexpr Period periods[] = {{1, 10},   {2, 15},   {3, 1},    {4, 1440}, {5, 30},  {6, 5},
                              {7, 60},   {10, 2},   {14, 3},   {31, 20},  {50, 60}, {51, 30},
                              {52, 20},  {53, 15},  {54, 10},  {55, 5},   {56, 1},  {78, 12},
                              {79, 120}, {80, 240}, {81, 360}, {82, 720}, {83, 180}};

struct UnitOf {
    int code;
    const char* quantity;
    bool is_energy;
};
constexpr UnitOf units[] = {{72, "KWH", true}, {73, "KVARH", true}, {71, "KVAH", true},
                            {38, "KW", false}, {63, "KVAR", false}, {61, "KVA", false}};

/// Codes of the standard; a code that is not among them is a slip of the sender.
constexpr int macro_periods[] = {0, 8, 11, 13, 22, 24, 32};
constexpr int accumulations[] = {0, 1, 2, 3, 4, 6, 9, 10, 12, 13, 14};
constexpr int flows[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21};
constexpr int multipliers[] = {-9, -6, -3, -2, -1, 0, 1, 2, 3, 6, 9};
/// None, the phases together, and the two legs of a split phase.
constexpr int all_phases[] = {0, 224, 225, 768, 769};

template <std::size_t N>
bool is_one_of(int code, const int (&codes)[N]) {
    return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

const UnitOf* unit_of(int code) {
    for (const UnitOf& one : units) {
        if (one.code == code) return &one;
    }
    return nullptr;
}

int minutes_of(const std::array<int, 18>& fields) {
    for (const Period& one : periods) {
        if (one.code == fields[measuring_period]) return one.minutes;
    }
    return fields[measuring_period] == 0 && fields[macro_period] == daily ? 1'440 : 0;
}

/// "" when the codes are those of the standard and fit each other.
std::string bad_code(const std::array<int, 18>& fields) {
    const auto not_listed = [&](Place place, const char* what) {
        return fmt::format("field {} ({}) is {}, which the standard does not list", place + 1, what,
                           fields[place]);
    };
    if (!is_one_of(fields[macro_period], macro_periods)) {
        return not_listed(macro_period, "macro period");
    }
    if (!is_one_of(fields[accumulation], accumulations)) {
        return not_listed(accumulation, "accumulation");
    }
    if (!is_one_of(fields[flow], flows)) return not_listed(flow, "direction");
    if (!is_one_of(fields[multiplier], multipliers)) return not_listed(multiplier, "multiplier");
    const UnitOf* known = unit_of(fields[unit]);
    const int kind = fields[measurement];
    const bool is_power = kind == power_kind || kind == demand;
    if (known != nullptr &&
        ((kind == energy && !known->is_energy) || (is_power && known->is_energy))) {
        return fmt::format("field 7 ({}) says {}, field 17 ({}) is a unit of {}", kind,
                           kind == energy ? "energy" : "power", fields[unit],
                           known->is_energy ? "energy" : "power");
    }
    return "";
}

/// What sets the value apart from the meter's total; "" = nothing does.
std::string parts_of(const ReadingType& type, const UnitOf& known) {
    const auto& fields = type.fields;
    std::string parts;
    const auto put = [&](const char* name, int code) { parts += fmt::format("/{}{}", name, code); };
    const bool plain_flow = fields[flow] == 0 || fields[flow] == delivered || fields[flow] == net ||
                            fields[flow] == received || fields[flow] == total_flow;
    if (!plain_flow) put("FLOW", fields[flow]);
    if (fields[commodity] > 2) put("COMMODITY", fields[commodity]);
    for (const std::size_t place : {harmonic, argument}) {
        if (fields[place] != 0 || fields[place + 1] != 0) put("ARG", fields[place]);
    }
    if (fields[tou] != 0) put("TOU", fields[tou]);
    if (fields[critical_peak] != 0) put("CPP", fields[critical_peak]);
    if (fields[tier] != 0) put("TIER", fields[tier]);
    if (!is_one_of(fields[phase], all_phases)) put("PH", fields[phase]);
    if (known.is_energy && fields[aggregate] != 0) put("AGG", fields[aggregate]);
    const bool sums_maxima =
        fields[accumulation] == continuous_cumulative || fields[accumulation] == cumulative;
    if (!known.is_energy && sums_maxima) put("CUM", fields[accumulation]);
    return parts;
}

ReadingKind kind_of(const ReadingType& type, bool is_energy) {
    const auto& fields = type.fields;
    switch (fields[accumulation]) {
        case bulk:
        case cumulative: return ReadingKind::register_read;
        case delta: return ReadingKind::interval;
        default: break;
    }
    if (is_energy) return ReadingKind::snapshot;
    // A maximum of power is what a demand register shows.
    if (fields[aggregate] == maximum) return ReadingKind::register_read;
    if (fields[aggregate] == average && type.minutes > 0) return ReadingKind::interval;
    return ReadingKind::snapshot;
}

const char* prefix_of(int direction) {
    switch (direction) {
        case net: return "N";
        case received: return "G";
        case total_flow: return "S";
        default: return "";
    }
}

void put_meaning(ReadingType& type) {
    const auto& fields = type.fields;
    type.minutes = minutes_of(fields);
    const UnitOf* known = unit_of(fields[unit]);
    if (known == nullptr) {
        type.quantity = fmt::format("UOM{}", fields[unit]);
        type.power = fields[multiplier];
        type.kind = fields[accumulation] == delta ? ReadingKind::interval
                    : fields[accumulation] == bulk || fields[accumulation] == cumulative
                        ? ReadingKind::register_read
                        : ReadingKind::snapshot;
        return;
    }
    type.kind = kind_of(type, known->is_energy);
    type.power = fields[multiplier] - 3;
    type.has_direction = fields[flow] != 0 || !known->is_energy;
    type.quantity = prefix_of(fields[flow]) + std::string(known->quantity) + parts_of(type, *known);
}

}  // namespace

std::optional<ReadingType> parse_reading_type(std::string_view text, ReadingTypeFault& fault) {
    text = trimmed(text);
    ReadingType type;
    std::size_t count = 0;
    bool numbers = !text.empty();
    for (const std::string_view part : split_text(text, '.')) {
        const auto number = parse_integer(part);
        numbers = numbers && number && *number > -100'000 && *number < 100'000;
        if (numbers && count < type.fields.size()) type.fields[count] = static_cast<int>(*number);
        ++count;
    }
    if (!numbers) {
        fault = {"reading_type", fmt::format("the reading type is {}", shown(text)),
                 "A reading type is 18 numbers with points between them."};
        return std::nullopt;
    }
    if (count != type.fields.size()) {
        fault = {"reading_type_fields",
                 fmt::format("the reading type {} has {} fields, not 18", shown(text), count),
                 "Older drafts had 11 fields; ask the head-end for those of the standard."};
        return std::nullopt;
    }
    if (std::string bad = bad_code(type.fields); !bad.empty()) {
        fault = {"reading_type_code", fmt::format("in the reading type {} {}", text, bad),
                 "Ask the head-end which quantity it means; two fields may have changed places."};
        return std::nullopt;
    }
    put_meaning(type);
    return type;
}

std::optional<MeterUnit> parse_meter_unit(std::string_view text) {
    struct Scale {
        std::string_view prefix;
        int power;
    };
    // An M is mega and an m is milli, so capitals count; a K is often written for a k.
    static constexpr Scale scales[] = {{"micro", -9}, {"k", 0},  {"K", 0}, {"M", 3},
                                       {"G", 6},      {"m", -6}, {"", -3}};
    static constexpr MeterUnit bases[] = {{"KWH", 0, true}, {"KVARH", 0, true}, {"KVAH", 0, true},
                                          {"KW", 0, false}, {"KVAR", 0, false}, {"KVA", 0, false}};
    text = trimmed(text);
    for (const Scale& scale : scales) {
        if (!text.starts_with(scale.prefix)) continue;
        const std::string base = upper_case(text.substr(scale.prefix.size()));
        for (const MeterUnit& one : bases) {
            if (base == one.quantity.substr(1))
                return MeterUnit{one.quantity, scale.power, one.is_energy};
        }
    }
    return std::nullopt;
}

std::string cmep_units(std::string_view quantity, ReadingKind kind) {
    std::string text(quantity);
    if (kind == ReadingKind::register_read) text += "REG";
    if (kind == ReadingKind::snapshot) text += "/NOW";
    return text;
}

}  // namespace watthour::formats
