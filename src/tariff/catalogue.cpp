// SPDX-License-Identifier: Apache-2.0
#include "tariff/catalogue.hpp"

#include "base/check.hpp"
#include "base/digest.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>
#include <map>

namespace watthour::tariff {

namespace {

template <class Items>
std::string codes_of(const Items& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "" : ", ") + item.code;
    return text;
}

// Percent and minimum lines are named before any list can refer to them.

constexpr std::string_view minimum_base = "MIN";
constexpr std::size_t most_bases = 32;  // bits of a BaseSet

void name_base(const YamlValue& at, Catalogue& into) {
    const std::string name = at.text();
    if (at.failed() || into.base_index(name) >= 0) return;
    if (into.bases.size() == most_bases) return at.refuse_value("at most 32 bases in all");
    into.bases.push_back(name);
}

void name_percent_lines(const YamlValue& list, std::string_view form, Catalogue& into) {
    for (const YamlValue& item : list.items()) {
        if (item.at(form).text() == "percent_of_base") name_base(item.at("code"), into);
    }
}

void name_charge_bases(const YamlValue& file, Catalogue& into) {
    for (const YamlValue& version : file.at("versions").items()) {
        for (const YamlValue& charge : version.at("charges").items()) {
            if (charge.has("base")) name_base(charge.at("base"), into);
        }
    }
}

void read_document(const YamlValue& document, Catalogue& into) {
    if (document.has("schedule")) return read_schedule(document, into);
    if (document.has("rider")) return read_rider(document, into);
    if (document.has("prices")) return read_price_series(document, into);
    if (document.has("adjustment")) return read_adjustment(document, into);
    if (document.has("seasons")) return read_calendars(document, into);
    document.refuse(errors::document_unknown, {});
}

class Loader {
public:
    explicit Loader(std::span<const EmbeddedFile> files) : files_(files) {}

    Result<Catalogue> load() {
        TRY_DONE(name_bases());
        TRY_DONE(read("utility.yaml", read_utility));
        TRY_DONE(read("policies.yaml", read_policies));
        TRY_DONE(read("vee.yaml", read_vee));
        TRY_DONE(read("calendars.yaml", read_calendars));
        TRY_DONE(read("gl.yaml", read_gl));
        TRY_DONE(read("discounts.yaml", read_discounts));
        TRY_DONE(read("taxes.yaml", read_taxes));
        TRY_DONE(read("fees.yaml", read_fees));
        TRY_DONE(read_folder("profiles/", read_profile));
        TRY_DONE(read_folder("adjustments/", read_adjustment));
        TRY_DONE(read_folder("prices/", read_price_series));
        TRY_DONE(read_folder("riders/", read_rider));
        TRY_DONE(read_folder("schedules/", read_schedule));
        TRY(const EmbeddedFile cycles, find("cycle-calendar.tsv"));
        TRY(catalogue_.cycles, read_cycle_calendar(cycles));
        // In the order of names: the same files are the same set, however they were listed.
        std::map<std::string, std::string> hashes;
        for (const EmbeddedFile& file : files_) {
            hashes[std::string(file.name)] = sha256_hex(file.text);
        }
        std::string all;
        for (const auto& [name, hash] : hashes) all += name + " " + hash + "\n";
        catalogue_.content_hash = sha256_hex(all);
        return std::move(catalogue_);
    }

private:
    using Reader = void (*)(const YamlValue&, Catalogue&);

    Result<EmbeddedFile> find(std::string_view name) const {
        for (const EmbeddedFile& file : files_) {
            if (file.name == name) return file;
        }
        return Error(errors::file_missing, {{"file", std::string(name)}});
    }

    Result<void> read_file(const EmbeddedFile& file, Reader reader) {
        const auto problems = std::make_shared<YamlProblems>();
        problems->file = std::string(file.name);
        reader(YamlValue::parse(file.text, problems), catalogue_);
        if (problems->first) return *problems->first;
        return {};
    }

    Result<void> read(std::string_view name, Reader reader) {
        TRY(const EmbeddedFile file, find(name));
        return read_file(file, reader);
    }

    Result<void> read_folder(std::string_view folder, Reader reader) {
        for (const EmbeddedFile& file : files_) {
            if (file.name.starts_with(folder)) TRY_DONE(read_file(file, reader));
        }
        return {};
    }

    Result<void> name_bases() {
        catalogue_.bases.emplace_back(minimum_base);
        TRY_DONE(read("discounts.yaml", [](const YamlValue& file, Catalogue& into) {
            name_percent_lines(file.at("discounts"), "form", into);
        }));
        TRY_DONE(read("taxes.yaml", [](const YamlValue& file, Catalogue& into) {
            name_percent_lines(file.at("taxes"), "quantity", into);
        }));
        TRY_DONE(read_folder("schedules/", name_charge_bases));
        return read_folder("riders/", name_charge_bases);
    }

    std::span<const EmbeddedFile> files_;
    Catalogue catalogue_;
};

}  // namespace

const std::string& GlMap::role(const std::string& name) const {
    const auto found = account_by_role.find(name);
    WH_CHECK(found != account_by_role.end(), "gl.yaml has no role " + name);
    return found->second;
}

bool GlMap::has_account(std::string_view account) const {
    return std::any_of(accounts.begin(), accounts.end(),
                       [&](const GlAccountName& known) { return known.account == account; });
}

Result<const RateSchedule*> Catalogue::find_schedule(std::string_view code) const {
    for (const RateSchedule& schedule : schedules) {
        if (schedule.code == code) return &schedule;
    }
    return Error(errors::schedule_unknown,
                 {{"schedule", std::string(code)}, {"known", codes_of(schedules)}});
}

Result<const Rider*> Catalogue::find_rider(std::string_view code) const {
    for (const Rider& rider : riders) {
        if (rider.code == code) return &rider;
    }
    return Error(errors::rider_unknown,
                 {{"rider", std::string(code)}, {"known", codes_of(riders)}});
}

const PriceSeries* Catalogue::find_price_series(std::string_view code) const {
    for (const PriceSeries& series : price_series) {
        if (series.code() == code) return &series;
    }
    return nullptr;
}

std::string Catalogue::revenue_account(const RateSchedule& schedule) const {
    const auto found = gl.revenue_by_schedule.find(schedule.code);
    return found == gl.revenue_by_schedule.end() ? "revenue" : found->second;
}

const TouCalendar* Catalogue::find_tou_calendar(std::string_view code) const {
    for (const TouCalendar& calendar : tou_calendars) {
        if (calendar.code() == code) return &calendar;
    }
    return nullptr;
}

const Discount* Catalogue::find_discount(std::string_view code) const {
    for (const Discount& discount : discounts) {
        if (discount.code == code) return &discount;
    }
    return nullptr;
}

Result<std::pair<const Fee*, const FeeVersion*>> Catalogue::find_fee(std::string_view code,
                                                                     Date date) const {
    const FeeVersion* version = version_on(fees.versions, date);
    if (version == nullptr) {
        return Error(errors::no_version_on_date,
                     {{"name", "The table of fees"}, {"date", date.to_string()}});
    }
    for (const Fee& fee : version->fees) {
        if (fee.code == code) return std::pair{&fee, version};
    }
    return Error(errors::fee_unknown,
                 {{"fee", std::string(code)}, {"known", codes_of(version->fees)}});
}

int Catalogue::base_index(std::string_view name) const {
    const auto found = std::find(bases.begin(), bases.end(), name);
    return found == bases.end() ? -1 : static_cast<int>(found - bases.begin());
}

Result<Catalogue> load_catalogue(std::span<const EmbeddedFile> files) {
    return Loader(files).load();
}

Result<Catalogue> load_tariff_file(std::string_view name, std::string_view text) {
    const auto problems = std::make_shared<YamlProblems>();
    problems->file = std::string(name);
    Catalogue catalogue;
    catalogue.bases.emplace_back(minimum_base);
    catalogue.gl.account_by_role["receivable"] = "receivable";
    catalogue.utility.time_zone = "UTC";
    catalogue.seasons = SeasonTable({{"year", 1, 1, {"the year", "el año"}}});
    const auto documents = YamlValue::parse_all(text, problems);
    for (const YamlValue& document : documents) {
        if (document.has("versions") && !document.has("adjustment")) {
            name_charge_bases(document, catalogue);
        }
    }
    // Schedules come last, whatever the order of the file, for they name all others.
    for (const bool schedules : {false, true}) {
        for (const YamlValue& document : documents) {
            if (document.has("schedule") == schedules) read_document(document, catalogue);
        }
    }
    if (problems->first) return *problems->first;
    catalogue.content_hash = sha256_hex(text);
    return catalogue;
}

const Catalogue& valdoro() {
    static const Catalogue catalogue = [] {
        auto loaded = load_catalogue(tariff_files::files());
        return std::move(loaded).value();
    }();
    return catalogue;
}

Result<std::vector<PriceSegment>> energy_segments(const Catalogue& catalogue,
                                                  const RateSchedule& schedule,
                                                  const ServiceFacts& facts, DateRange period) {
    TRY(const std::vector<std::string_view> codes, charge_codes(schedule, period));
    std::vector<PriceSegment> found;
    for (const std::string_view code : codes) {
        TRY(std::vector<PriceSegment> segments,
            price_segments(schedule, catalogue.seasons, code, facts, period));
        for (const PriceSegment& segment : segments) {
            if (is_energy(*segment.charge)) found.push_back(segment);
        }
    }
    return found;
}

Result<std::vector<AdjustmentSegment>> adjustment_segments(const Adjustment& adjustment,
                                                           DateRange period) {
    const DatedPrice* first = version_on(adjustment.versions, period.from);
    if (first == nullptr) {
        return Error(errors::no_version_on_date,
                     {{"name", adjustment.code}, {"date", period.from.to_string()}});
    }
    std::vector<AdjustmentSegment> segments{{period, first}};
    for (const DatedPrice& version : adjustment.versions) {
        if (!(period.from < version.effective && version.effective < period.until)) continue;
        if (version.price == segments.back().version->price) continue;
        segments.back().range.until = version.effective;
        segments.push_back({{version.effective, period.until}, &version});
    }
    return segments;
}

Result<std::vector<DateRange>> usage_pieces(const Catalogue& catalogue,
                                            const RateSchedule& schedule, const ServiceFacts& facts,
                                            DateRange period) {
    std::vector<Date> cuts{period.from, period.until};
    TRY(const auto energy, energy_segments(catalogue, schedule, facts, period));
    for (const PriceSegment& segment : energy) cuts.push_back(segment.range.from);
    for (const Adjustment& adjustment : catalogue.adjustments) {
        TRY(const auto segments, adjustment_segments(adjustment, period));
        for (const AdjustmentSegment& segment : segments) cuts.push_back(segment.range.from);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<DateRange> pieces;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) pieces.push_back({cuts[i], cuts[i + 1]});
    return pieces;
}

const TouCalendar* tou_calendar_of(const Catalogue& catalogue, const RateSchedule& schedule,
                                   Date date) {
    const ScheduleVersion* version = version_on(schedule.versions, date);
    if (version == nullptr) return nullptr;
    for (const Charge& charge : version->charges) {
        if (charge.tou) return catalogue.find_tou_calendar(charge.tou->calendar);
    }
    return nullptr;
}

}  // namespace watthour::tariff
