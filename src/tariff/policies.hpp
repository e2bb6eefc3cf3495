// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::tariff {

struct ReadingPolicy {
    int window_days_before = 0;  ///< days before the scheduled read that are still normal
    int window_days_after = 0;
    int normal_days_min = 0;
    int normal_days_max = 0;
    int consecutive_estimates_warn = 0;
    int consecutive_estimates_max = 0;
    Decimal rollover_max_fraction;  ///< of the dial range; a larger step back is no rollover
    int default_dials = 0;
    int zero_usage_bills_flag = 0;
    Energy inactive_usage_flag;
    Energy vacant_usage_flag;
    int vacant_usage_flag_days = 0;
};

/// When a bill's use is so far from the reference that a person looks. Source: R1.29.
struct UseReview {
    int high_percent = 0;  ///< of the reference use per day
    int low_percent = 0;
    Energy min;  ///< no finding where own use and reference lie below
};

/// Which limit a schedule's bills are held to.
enum class ReviewClass { residential, small_commercial, medium_commercial, large_commercial };

struct HoldOver {
    [[nodiscard]] Money limit(ReviewClass review_class) const {
        switch (review_class) {
            case ReviewClass::residential: return residential;
            case ReviewClass::small_commercial: return small_commercial;
            case ReviewClass::medium_commercial: return medium_commercial;
            case ReviewClass::large_commercial: return large_commercial;
        }
        return residential;
    }
    Money residential;
    Money small_commercial;
    Money medium_commercial;
    Money large_commercial;
};

struct BillingPolicy {
    int window_business_days = 0;
    int high_review_percent = 0;  ///< of the reference bill
    int low_review_percent = 0;
    Money review_min_change;
    HoldOver hold_over;  ///< a bill above is held for a person
    bool negative_bill_hold = true;
    int first_bill_min_days = 0;
    int short_period_merge_days = 0;
    int max_days_without_bill = 0;
    bool paperless_default = false;
    Money credit_refund_over;
    int credit_refund_wait_days = 0;
    Money small_balance_writeoff;
};

struct CashPolicy {
    int cutoff_second = 0;  ///< local wall clock; later money belongs to the next bank day
    int unidentified_hold_days = 0;
    Money batch_tolerance;
    Money dual_control_over;
};

struct AutopayPolicy {
    int notice_days_min = 0;  ///< drafts are due on the due date, or the next bank day
    bool prenote = true;
    int prenote_wait_bank_days = 0;
    int noc_apply_bank_days = 0;
    int represent_max = 0;
    int represent_within_days = 0;
    int represent_wait_bank_days = 0;
    int remove_after_returns = 0;
    int remove_window_months = 0;
    std::vector<std::string> suspend_codes;
};

struct CreditPolicy {
    int due_days = 0;
    int late_charge_day_after_due = 0;
    int late_notice_day_after_due = 0;
    Money min_balance_for_notice;
    Money min_balance_for_disconnect;
};

struct ReturnedCheckPolicy {
    int cash_only_after = 0;
    int cash_only_months = 0;
};

/// What opens a case of investigation by itself, and how far back its corrections go. Source:
/// R1.14, R1.15, R1.62, R1.65, R1.66, R1.68, R4.12.
struct InvestigationPolicy {
    int undercharge_months_residential = 0;
    int undercharge_months_other = 0;
    int overcharge_months = 0;
    int non_registration_months = 0;
    int unauthorized_months = 0;
    int usage_drop_percent = 0;            ///< against a year before, less what all others saved
    Energy usage_drop_min;                 ///< no case where a month of a year before lies below
    int multiplier_tolerance_percent = 0;  ///< how near a step of use is to the multiplier
    int crossed_tolerance_percent = 0;     ///< how near a meter comes to the other's use before
    int crossed_apart_percent = 0;         ///< how far apart the two were
    int crossed_neighbours = 0;            ///< places on the route
    int inactive_days = 0;                 ///< over which use without an agreement is summed
    int event_days = 0;                    ///< events older than that open no case any more
    std::vector<std::string> tamper_events;
};

/// Thresholds of the utility, read from policies.yaml; the code holds none of them.
struct Policies {
    ReadingPolicy reading;
    UseReview use_review;
    BillingPolicy billing;
    CashPolicy cash;
    AutopayPolicy autopay;
    ReturnedCheckPolicy returned_check;
    CreditPolicy credit;
    /// None in tariffs that were adopted before there were cases.
    std::optional<InvestigationPolicy> investigation;
};

}  // namespace watthour::tariff
