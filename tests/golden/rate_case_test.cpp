// SPDX-License-Identifier: Apache-2.0
// What the reader of worked cases accepts and refuses.
#include "cases/rate_case.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour {
namespace {

std::string case_of(const std::string& input) {
    return R"({"id": "T", "statements": [{"n": 1, "input": )" + input + "}]}";
}

std::string home(const std::string& more,
                 const std::string& usage = R"({"kwh_delivered": "400"})") {
    return case_of(R"({"schedule": "R-1", "option": "B",
        "period": {"from": "2026-03-02", "to": "2026-04-01"}, "usage": )" +
                   usage + more + "}");
}

std::string slug_of(const std::string& text) {
    const auto rated = cases::rate_case(text, "t.json");
    return rated ? "rated" : std::string(rated.error().slug());
}

TEST(RateCase, EveryDocumentedFieldIsAccepted) {
    EXPECT_EQ(slug_of(home("")), "rated");
    EXPECT_EQ(slug_of(home(R"(, "rider": null, "voltage": "secondary", "nem_bank_open": "0.00",
        "true_up": false, "kwh_received": "0", "uut_ytd_before": "15000.00", "phase": 1,
        "discounts": [{"code": "EAP", "from": "2025-01-01", "to": "2026-07-01"}],
        "exemptions": [{"flag": "SENIOR", "from": "2025-01-01"}],
        "fees": [{"code": "OPT-OUT"}, {"code": "LATE", "past_due": "80.00"}, {"code": "RET-2"}])")),
              "rated");
    EXPECT_EQ(slug_of(case_of(R"({"schedule": "R-1", "option": "H", "kwh_delivered": "512",
        "period": {"from": "2026-03-02", "to": "2026-04-01", "days": 30, "kind": "regular"}})")),
              "rated");
    EXPECT_EQ(slug_of(case_of(R"({"schedule": "R-TOU",
        "period": {"from": "2026-03-02", "to": "2026-04-01"}, "usage": {"determinants":
        {"delivered": {"on": "120.500", "off": "310.250"}, "received": {"on": "0.000"}}}})")),
              "rated");
    EXPECT_EQ(slug_of(case_of(R"({"schedule": "C-2", "kwh_delivered": "9000",
        "period": {"from": "2026-03-02", "to": "2026-04-01"},
        "usage": {"demand": {"register_kw": ["0.60", "0.63"], "multiplier": 80}}})")),
              "rated");
}

TEST(RateCase, RefusalsNameFilePathAndRemedy) {
    struct Row {
        std::string text, slug, place;
    };
    const std::string reads = R"({"registers": [{"channel": "kWh", "dials": 5, "multiplier": 1,
        "from": {"read": "00100"}, "to": {"read": "00500"}%}]})";
    const auto registers = [&](const std::string& more) {
        std::string text = reads;
        return home("", text.replace(text.find('%'), 1, more));
    };
    const Row rows[] = {
        {home(R"(, "colour": "red")"), "cases.field_unknown", "statements[1].input has"},
        {home("", R"({"kwh_delivered": 400.5})"), "cases.value_malformed",
         "input.usage.kwh_delivered"},
        {home("", R"({"kwh_delivered": "99999999999999999"})"), "cases.value_malformed",
         "kwh_delivered"},
        {home("", "{}"), "cases.value_malformed", "input.usage"},
        {case_of(R"({"schedule": "R-1"})"), "cases.field_missing", "period"},
        {home(R"(, "rider": "NEM-3")"), "tariff.rider_unknown", "NEM-3"},
        {home(R"(, "rider": "NEM-2")"), "rating.rider_not_taken", "NEM-2"},
        {home(R"(, "nem_bank_open": "20.00")"), "rating.bank_without_rider", "bank"},
        {home(R"(, "fees": [{"code": "TIP"}])"), "tariff.fee_unknown", "TIP"},
        {registers(""), "rated", ""},
        {registers(R"(, "difference": 401)"), "cases.disagrees", "registers[1].difference"},
        {registers(R"(, "rollover": true)"), "cases.disagrees", "rollover"},
        {registers(R"(, "dials": 2)"), "usage.read_beyond_dials", "00100"},
        {home(R"(, "kwh_delivered": "401")"), "cases.disagrees", "401"},
        {case_of(R"({"schedule": "SL-1", "period": {"from": "2026-03-01", "to": "2026-04-01"},
            "usage": {"lamps": [{"type": "LED-41", "count": 3}]}})"),
         "rating.lamp_unknown", "LED-41"},
        {case_of(R"({"schedule": "SL-1", "period": {"from": "2026-03-01", "to": "2026-04-01"},
            "usage": {"lamps": [{"type": "LED-40", "count": -3}]}})"),
         "cases.value_malformed", "lamps[1].count"},
        {case_of(R"({"schedule": "X-9", "period": {"from": "2026-03-01", "to": "2026-04-01"},
            "kwh_delivered": "1"})"),
         "tariff.schedule_unknown", "X-9"},
        {case_of(R"({"schedule": "R-1", "option": "B", "kwh_delivered": "1",
            "period": {"from": "2026-03-02", "to": "2026-04-01", "days": 31}})"),
         "cases.disagrees", "period.days"},
        {"{\"id\": \"T\"", "base.json_malformed", "t.json"},
        {R"({"id": "T", "statements": 5})", "cases.value_malformed", "statements"},
        {"[]", "cases.value_malformed", "t.json"},
    };
    for (const Row& row : rows) {
        const auto rated = cases::rate_case(row.text, "t.json");
        EXPECT_EQ(rated ? "rated" : std::string(rated.error().slug()), row.slug) << row.text;
        if (rated) continue;
        EXPECT_NE(rated.error().message().find(row.place), std::string::npos)
            << rated.error().message();
        EXPECT_FALSE(rated.error().next().empty());
    }
}

TEST(RateCase, ProfileDefectsAreRefused) {
    const auto profile = [](const std::string& minutes, const std::string& overrides) {
        std::string hours = "[";
        for (int i = 0; i < 24; ++i) hours += i == 0 ? "120" : ",120";
        hours += "]";
        return case_of(R"({"schedule": "R-EV", "period": {"from": "2026-03-02", "to": "2026-04-01"},
            "usage": {"interval_profile": {"interval_minutes": )" +
                       minutes + R"(, "channels": {"kWh_del": {"weekday": )" + hours +
                       R"(, "weekend": )" + hours + "}}" + overrides + "}}}");
    };
    EXPECT_EQ(slug_of(profile("15", "")), "rated");
    EXPECT_EQ(slug_of(profile("7", "")), "cases.value_malformed");
    const std::string before = R"(, "overrides": [{"channel": "kWh_del", "wh": 5, "start": ")";
    EXPECT_EQ(slug_of(profile("15", before + R"(2026-03-08T03:15:00-07:00"}])")), "rated");
    EXPECT_EQ(slug_of(profile("15", before + R"(2026-03-08T03:20:00-07:00"}])")),
              "cases.value_malformed");
    EXPECT_EQ(slug_of(profile("15", before + R"(2026-04-08T03:15:00-07:00"}])")),
              "cases.value_malformed");
}

}  // namespace
}  // namespace watthour
