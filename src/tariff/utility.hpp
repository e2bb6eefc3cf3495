// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

enum class RouteKind { ami, manual, ami_large_commercial };

struct Route {
    std::string code;   ///< "01-02"
    std::string cycle;  ///< "01"
    RouteKind kind = RouteKind::ami;
    int meters = 0;
};

/// The bank that sends the utility's drafts, and the utility's own id in its files.
struct DraftBank {
    std::string name;
    std::string routing;     ///< nine digits
    std::string company_id;  ///< ten characters
};

struct UtilityCounts {
    int meters = 0;
    int residential = 0;
    int small_commercial = 0;
    int medium_commercial = 0;
    int large_commercial = 0;
    int municipal_and_other = 0;
    int street_lights = 0;
    int traffic_signals = 0;
    int other_unmetered = 0;
    int opt_out_meters = 0;
    int solar_nem_1 = 0;
    int solar_nem_2 = 0;
    int solar_net_billing = 0;
};

struct Utility {
    std::string name;
    std::string short_name;
    std::string code;
    std::string time_zone;
    std::string currency;
    std::string address;
    std::string phone;
    DraftBank draft_bank;
    int fiscal_year_month = 7;
    int fiscal_year_day = 1;
    UtilityCounts counts;
    int interval_minutes_residential = 60;
    int interval_minutes_commercial = 15;
    int cycles = 0;
    std::vector<Route> routes;

    /// The first day of the fiscal year that a day lies in.
    [[nodiscard]] Date fiscal_year_of(Date day) const;
};

/// One month of one cycle. The read date is the midnight that ends the old period.
struct CycleRow {
    std::string cycle;
    Date read;
    Date calc;
    Date mail;
    Date due;
    Date late;     ///< late notice
    int line = 0;  ///< of the calendar file; 0 where it was computed
};

/// Two years of cycle dates, by cycle and read date.
class CycleCalendar {
public:
    CycleCalendar() = default;
    explicit CycleCalendar(std::vector<CycleRow> rows);

    [[nodiscard]] const std::vector<CycleRow>& rows() const { return rows_; }
    /// Rows of one cycle, oldest first.
    [[nodiscard]] std::vector<CycleRow> of_cycle(std::string_view cycle) const;
    /// The row of a cycle that is read on a date.
    [[nodiscard]] std::optional<CycleRow> read_on(std::string_view cycle, Date read) const;

private:
    std::vector<CycleRow> rows_;
};

}  // namespace watthour::tariff
