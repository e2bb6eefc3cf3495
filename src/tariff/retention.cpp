// SPDX-License-Identifier: Apache-2.0
#include "tariff/retention.hpp"

#include <algorithm>

namespace watthour::tariff {
namespace {

Date months_before(Date date, int months) {
    Date first = date.first_of_month();
    for (int i = 0; i < months; ++i) first = (first - 1).first_of_month();
    return first;
}

}  // namespace

Date RetentionPolicy::keeps_from(Date business_date) const {
    return months_before(business_date, interval_months);
}

Date RetentionPolicy::rebills_from(Date business_date) const {
    return months_before(business_date, rebill_months);
}

bool RetentionPolicy::holds_meter(std::string_view serial, DateRange days) const {
    return std::any_of(holds.begin(), holds.end(), [&](const LegalHold& hold) {
        return (hold.meter == "all" || hold.meter == serial) &&
               !hold.days.intersection(days).is_empty();
    });
}

RetentionPolicy read_retention(const YamlValue& value) {
    value.keys({"interval_months", "rebill_months"}, {"holds"});
    RetentionPolicy policy;
    policy.interval_months = value.at("interval_months").whole();
    policy.rebill_months = value.at("rebill_months").whole();
    if (policy.interval_months < 1) {
        value.at("interval_months").refuse_value("a number of months above 0");
    }
    if (!value.has("holds")) return policy;
    for (const YamlValue& item : value.at("holds").items()) {
        item.keys({"meter", "from", "until", "why"});
        policy.holds.push_back({item.at("meter").text(),
                                {item.at("from").date(), item.at("until").date()},
                                item.at("why").text()});
    }
    return policy;
}

Result<RetentionPolicy> retention_of(std::string_view policies_text) {
    const auto problems = std::make_shared<YamlProblems>();
    problems->file = "policies.yaml";
    const YamlValue file = YamlValue::parse(policies_text, problems);
    RetentionPolicy policy = read_retention(file.at("retention"));
    if (problems->first) return *problems->first;
    return policy;
}

}  // namespace watthour::tariff
