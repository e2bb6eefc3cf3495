// SPDX-License-Identifier: Apache-2.0
#include "sample/route_files.hpp"

#include "formats/handheld.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

namespace watthour::sample {
namespace {

constexpr int eight_o_clock = 8 * 3600;
constexpr int seconds_a_door = 180;
constexpr int doors_a_day = 160;

/// What a walk needs of one door.
struct Door {
    const ChannelLoad* load = nullptr;
    const service::ServicePoint* point = nullptr;
    std::string account;
};

std::string route_text(const std::vector<Door>& doors, Date date, const DayHours& hours) {
    formats::HandheldFile file;
    file.created = date;
    file.utility = "VALDORO ELECTRIC";
    int number = 0;
    for (const Door& door : doors) {
        const std::int64_t used = used_until(*door.load, date, hours);
        formats::HandheldRead& read = file.reads.emplace_back();
        read.cycle = door.point->cycle;
        read.route = door.point->route;
        read.account = door.account;
        read.meter = door.load->serial;
        read.dials = door.load->dials;
        read.value = Decimal(dial_reading(*door.load, used, date), 0);
        read.date = date;
        read.second_of_day = eight_o_clock + number % doors_a_day * seconds_a_door;
        read.method = 'K';
        read.tries = 1;
        read.reader = "R07";
        ++number;
    }
    return formats::write_handheld(file);
}

}  // namespace

std::vector<RouteFile> route_files(const SampleUtility& utility, const tariff::Catalogue& catalogue,
                                   const DayHours& hours, DateRange dates) {
    std::unordered_map<service::ServicePointId, const service::ServicePoint*> points;
    for (const auto& point : utility.points) points.emplace(point.id, &point);
    std::unordered_map<service::ServicePointId, std::string> served;
    for (const auto& agreement : utility.agreements) {
        served[agreement.service_point] = customers::account_number(agreement.account);
    }
    std::map<std::string, std::vector<Door>> routes;
    for (const ChannelLoad& load : utility.loads) {
        if (!load.by_hand) continue;
        const service::ServicePoint* point = points.at(load.point);
        routes[point->route].push_back({&load, point, served.at(load.point)});
    }
    std::vector<RouteFile> files;
    for (const auto& [route, doors] : routes) {
        const std::string& cycle = doors.front().point->cycle;
        for (const tariff::CycleRow& row : catalogue.cycles.of_cycle(cycle)) {
            if (!dates.contains(row.read)) continue;
            files.push_back({fmt::format("handheld-{}-{}.hup", route, row.read.to_string()),
                             route_text(doors, row.read, hours)});
        }
    }
    return files;
}

}  // namespace watthour::sample
