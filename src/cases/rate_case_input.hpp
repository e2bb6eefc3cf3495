// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "rating/rating.hpp"
#include "tariff/catalogue.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::cases {

/// The first refusal met while a case is read.
struct CaseProblems {
    std::string file;
    std::optional<Error> first;
};

/// A place in a case file, with the path that led to it. After a first problem all values are
/// empty; whoever began asks once at the end.
class CaseValue {
public:
    CaseValue(const json::value* value, std::string path, CaseProblems& problems)
        : value_(value), path_(std::move(path)), problems_(&problems) {}

    /// Errors: cases.field_missing, cases.field_unknown.
    const CaseValue& fields(std::initializer_list<std::string_view> required,
                            std::initializer_list<std::string_view> optional) const;
    /// Present and not null.
    [[nodiscard]] bool has(std::string_view field) const;
    [[nodiscard]] CaseValue at(std::string_view field) const;
    [[nodiscard]] std::vector<CaseValue> items() const;
    [[nodiscard]] bool is_list() const { return value_ != nullptr && value_->is_array(); }
    [[nodiscard]] std::vector<std::string> names() const;

    /// Text, or a whole number as text; a number with a fraction is refused, for it may have lost
    /// digits before it came here.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string text_or_empty(std::string_view field) const;
    [[nodiscard]] Decimal decimal() const;
    [[nodiscard]] Money money() const;
    [[nodiscard]] Energy kwh() const;
    [[nodiscard]] Demand kw() const;
    [[nodiscard]] Date date() const;
    [[nodiscard]] std::int64_t whole() const;
    [[nodiscard]] bool yes() const;
    /// The value as it was parsed; null when it is absent.
    [[nodiscard]] json::value raw() const { return value_ == nullptr ? json::value() : *value_; }

    void refuse_value(const std::string& wanted) const;
    /// Errors: cases.disagrees.
    void must_equal(const std::string& stated, const std::string& computed) const;
    void keep(const Error& error) const {
        if (!problems_->first) problems_->first = error;
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool failed() const { return problems_->first.has_value(); }
    [[nodiscard]] CaseProblems& problems() const { return *problems_; }

private:
    void refuse(const ErrorKind& kind, Facts facts) const;

    const json::value* value_;
    std::string path_;
    CaseProblems* problems_;
};

struct CaseDeposit {
    Money amount;
    Date received;
    Date applied;
};

struct CaseAccount {
    Money previous_balance;
    Money payments;
    std::optional<CaseDeposit> deposit;
};

/// One statement of a case, ready to be rated.
struct CaseStatement {
    std::int64_t n = 0;
    rating::RatingRequest request;
    std::optional<rating::Plan> plan;  ///< none before the agreement was read
    std::optional<int> interval_count;
    int interval_minutes = 0;
    std::optional<CaseAccount> account;
};

[[nodiscard]] CaseStatement read_case_statement(const CaseValue& value,
                                                const tariff::Catalogue& catalogue);
/// Fills delivered energy, use by period and measured demand from the case's `usage`.
void read_case_usage(const CaseValue& input, const tariff::Catalogue& catalogue,
                     CaseStatement& into);

}  // namespace watthour::cases
