// SPDX-License-Identifier: Apache-2.0
// Expectations of usage, as it was known on a day.
#include "app/local_time.hpp"
#include "app/usage_known.hpp"
#include "stage.hpp"

namespace watthour::scenarios {
namespace {

app::UsageQuestion question_of(Stage& stage, Words& words) {
    app::UsageQuestion question;
    std::string place = words.text("a meter or an account");
    const bool numbered = place.find_first_not_of("0123456789") == std::string::npos;
    (numbered ? question.account : question.meter) = std::move(place);
    const auto at = [&](const char* what) {
        const std::string text = words.text(what);
        return text.find('T') == std::string::npos
                   ? stage.office().zone().start_of(*Date::parse(text))
                   : moment(stage, text);
    };
    words.literal("from");
    question.from = at("a day or time");
    words.literal("until");
    question.until = at("a day or time");
    question.step = "day";
    return question;
}

std::string unlike(const std::string& what, const std::string& wanted, const std::string& got) {
    return wanted == got ? "" : what + ": expected " + wanted + ", got " + got;
}

}  // namespace

std::string expect_usage(Stage& stage, Words& words) {
    app::UsageQuestion question = question_of(stage, words);
    words.literal("by");
    question.step = words.text("a step");
    const std::string wanted = words.text("kWh");
    if (words.maybe("known")) question.known_on = words.date();
    const auto usage = app::usage_known(stage.office(), question);
    if (!usage) return unlike("usage", wanted, std::string(usage.error().slug()));
    std::string got;
    for (const auto& row : usage->rows) {
        got += (got.empty() ? "" : ",") + Energy::watt_hours(row.wh).to_string();
        if (row.statuses != "A") got += row.statuses;
    }
    // Whole days of now come from the sums; opening the blocks must say the same.
    if (!question.known_on) {
        question.known_on = end_of_time;
        const auto opened = app::usage_known(stage.office(), question);
        if (!opened || opened->rows.size() != usage->rows.size()) return "blocks have other steps";
        for (std::size_t i = 0; i < opened->rows.size(); ++i) {
            const auto& a = opened->rows[i];
            const auto& b = usage->rows[i];
            if (a.wh != b.wh || a.statuses != b.statuses || a.not_counted != b.not_counted ||
                a.from != b.from || a.until != b.until) {
                return "the sums differ from the blocks at " + to_iso_utc(a.from);
            }
        }
    }
    return unlike("usage", wanted, got);
}

namespace {

/// "2026-05-07" where a day begins, else "2026-05-07T14:30".
std::string end_text(const TimeZone& zone, Instant at) {
    const std::string text = app::local_minute(zone, at);
    return text.substr(0, zone.start_of(zone.date_of(at)) == at ? 10 : 16);
}

}  // namespace

/// `usage-reads M-77 from D until D by month [of KWH-ON] "D D kWh types" ...`: each row with its
/// true ends; "not" in place of kWh that do not count.
std::string expect_usage_reads(Stage& stage, Words& words) {
    app::UsageQuestion question = question_of(stage, words);
    words.literal("by");
    question.step = words.text("a step");
    if (words.maybe("of")) question.quantity = words.text("a quantity");
    if (words.maybe("known")) question.known_on = words.date();
    std::string wanted;
    while (!words.at_end()) wanted += words.text("a row") + "; ";
    const auto usage = app::usage_known(stage.office(), question);
    if (!usage) return unlike("usage", wanted, std::string(usage.error().slug()) + "; ");
    std::string got;
    std::int64_t wh = 0;
    for (const auto& row : usage->rows) {
        const auto& zone = stage.office().zone();
        const bool counts = row.not_counted == 0;
        got += end_text(zone, row.from) + " " + end_text(zone, row.until) + " " +
               (counts ? Energy::watt_hours(row.wh).to_string() : "not") + " " + row.read_types +
               "; ";
        wh += row.wh;
    }
    if (wh != usage->wh) return "the rows do not add up";
    return unlike("usage", wanted, got);
}

std::string expect_usage_changes(Stage& stage, Words& words) {
    const app::UsageQuestion question = question_of(stage, words);
    words.literal("known");
    const Date known_on = words.date();
    words.literal("and");
    const Date and_on = words.date();
    const std::string wanted = words.text("kWh");
    const auto count = words.whole("a count");
    const auto changes = app::usage_changes(stage.office(), question, known_on, and_on);
    if (!changes) return unlike("changes", wanted, std::string(changes.error().slug()));
    return unlike("changes", wanted + " in " + std::to_string(count),
                  Energy::watt_hours(changes->wh_after - changes->wh_before).to_string() + " in " +
                      std::to_string(changes->changes.size()));
}

}  // namespace watthour::scenarios
