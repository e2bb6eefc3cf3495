// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld_route.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::formats {
namespace {

class RouteWriter {
public:
    RouteWriter(const HandheldRoute& route, const Layout& layout)
        : route_(route), layout_(layout) {}

    std::string write() {
        put("file_header", {{"utility", route_.utility},
                            {"created", date_text("file_header", "created", route_.read_date)}});
        put("cycle_header", {{"cycle", route_.cycle}});
        put("route_header", {{"route", route_.route}, {"children", children(route_.doors.size())}});
        counts_.routes = 1;
        if (!route_.message.empty()) {
            put("route_message", {{"route", route_.route}, {"text", plain(route_.message)}});
        }
        for (const RouteDoor& door : route_.doors) put_door(door);
        auto closing = counted();
        closing.emplace_back("route", route_.route);
        put("route_trailer", closing);
        closing = counted();
        closing.emplace_back("cycle", route_.cycle);
        put("cycle_trailer", closing);
        put("file_trailer", counted());
        return std::move(out_);
    }

private:
    void put(std::string_view role, const FieldValues& values) {
        if (layout_.record_for(role) == nullptr) return;
        out_ += write_record(layout_, role, values);
        out_ += layout_.crlf ? "\r\n" : "\n";
    }

    std::string date_text(std::string_view role, std::string_view field, Date date) const {
        const LayoutRecord* record = layout_.record_for(role);
        const LayoutField* found = record == nullptr ? nullptr : record->find(field);
        return found == nullptr ? "" : write_file_date(date, found->order);
    }

    /// One line of plain letters: what a person wrote may hold anything.
    static std::string plain(std::string_view text) {
        std::string made = plain_ascii(text);
        for (char& c : made) {
            if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = ' ';
        }
        return made;
    }

    static std::string children(std::size_t count) {
        return count <= 999 ? std::to_string(count) : "";
    }

    [[nodiscard]] FieldValues counted() const {
        return {{"routes", std::to_string(counts_.routes)},
                {"customers", std::to_string(counts_.customers)},
                {"meters", std::to_string(counts_.meters)},
                {"reads", std::to_string(counts_.reads)}};
    }

    void put_door(const RouteDoor& door) {
        const std::string street = plain(door.street);
        const std::size_t blank = street.find(' ');
        const bool numbered = blank != std::string::npos && all_digits(street.substr(0, blank));
        put("customer", {{"route", route_.route},
                         {"children", "1"},
                         {"account", door.account},
                         {"name", plain(door.name)},
                         {"street_number", numbered ? street.substr(0, blank) : ""},
                         {"street", numbered ? street.substr(blank + 1) : street}});
        ++counts_.customers;
        put("meter", {{"route", route_.route},
                      {"children", children(door.registers.size())},
                      {"meter", door.meter}});
        ++counts_.meters;
        for (const auto& [kind, text] : door.messages) {
            put("meter_message",
                {{"route", route_.route}, {"kind", plain(kind)}, {"text", plain(text)}});
        }
        for (const RouteRegister& one : door.registers) put_register(one);
    }

    void put_register(const RouteRegister& one) {
        FieldValues values{{"route", route_.route},
                           {"register", one.reg},
                           {"dials", std::to_string(one.dials + one.decimals)},
                           {"decimals", std::to_string(one.decimals)}};
        if (one.last_reading) {
            const auto units = one.last_reading->exact_units(one.decimals);
            WH_CHECK(units.has_value(), "a last reading has more places than its register");
            values.emplace_back("last_reading", std::to_string(*units));
        }
        if (one.last_date) {
            values.emplace_back("last_date", date_text("read", "last_date", *one.last_date));
        }
        // Limits are in the units of a reading, which counts the decimals as digits.
        const std::int64_t places = power_of_ten(one.decimals);
        if (one.low_limit)
            values.emplace_back("low_limit", std::to_string(*one.low_limit * places));
        if (one.high_limit) {
            values.emplace_back("high_limit", std::to_string(*one.high_limit * places));
        }
        put("read", values);
        ++counts_.reads;
    }

    const HandheldRoute& route_;
    const Layout& layout_;
    std::string out_;
    HandheldCounts counts_;
};

}  // namespace

std::string write_handheld_route(const HandheldRoute& route, const Layout& layout) {
    return RouteWriter(route, layout).write();
}

}  // namespace watthour::formats
