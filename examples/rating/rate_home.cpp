// SPDX-License-Identifier: Apache-2.0
// Makes the plan of a schedule once and rates many homes by it; each costs about a tenth of a
// microsecond as long as only the totals are wanted.
//
//   c++ -std=c++20 rate_home.cpp $(pkg-config --cflags --libs watthour-rating) -o rate_home
//   ./rate_home TARIFFS SCHEDULE OPTION
#include "cases/tariff_source.hpp"
#include "rating/rating.hpp"

#include <cstdio>

int main(int count, char** words) {
    using namespace watthour;
    if (count != 4) {
        std::fputs("usage: rate_home TARIFFS SCHEDULE OPTION\n", stderr);
        return 2;
    }
    const auto tariffs = cases::load_tariff(words[1], words[2]);
    if (!tariffs) {
        std::fprintf(stderr, "%s\n", tariffs.error().message().c_str());
        return 1;
    }
    rating::RatingRequest home;
    home.schedule = words[2];
    home.option = words[3];
    home.period = {Date::ymd(2026, 6, 1), Date::ymd(2026, 7, 1)};
    const auto plan = rating::make_plan(tariffs->catalogue, rating::plan_key_of(home));
    if (!plan) {
        std::fprintf(stderr, "%s\n", plan.error().message().c_str());
        return 1;
    }
    for (const int kwh : {250, 500, 1000}) {
        home.delivered = Energy::kilowatt_hours(kwh);
        const auto bill = rating::rate_by(*plan, home);
        if (!bill) {
            std::fprintf(stderr, "%s\n", bill.error().message().c_str());
            return 1;
        }
        std::printf("%d kWh %s\n", kwh, bill->current_charges.to_string().c_str());
    }
    return 0;
}
