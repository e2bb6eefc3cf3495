// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/handheld.hpp"

#include <fmt/format.h>

#include <span>
#include <tuple>

namespace watthour::formats {
namespace {

class HandheldWriter {
public:
    explicit HandheldWriter(const Layout& layout) : layout_(layout) {}

    std::string write(const HandheldFile& file) {
        FieldValues header{{"utility", file.utility}};
        if (file.created) {
            header.emplace_back("created", date_text("file_header", "created", *file.created));
        }
        put("file_header", header);
        for (auto read = file.reads.begin(); read != file.reads.end(); ++read) {
            open_groups({read, file.reads.end()});
            put_read(*read);
        }
        close_cycle();
        put("file_trailer", counts(all_));
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

    static FieldValues counts(const HandheldCounts& counted) {
        return {{"routes", std::to_string(counted.routes)},
                {"customers", std::to_string(counted.customers)},
                {"meters", std::to_string(counted.meters)},
                {"reads", std::to_string(counted.reads)}};
    }

    void count(std::int64_t HandheldCounts::* what) {
        ++(all_.*what);
        ++(in_cycle_.*what);
        ++(in_route_.*what);
    }

    using Reads = std::span<const HandheldRead>;

    /// How many customers, meters or registers the group holds that begins here.
    template <class Owner, class Child>
    static std::string children(Reads reads, Owner owner, Child child) {
        int count = 1;
        for (std::size_t i = 1; i < reads.size() && owner(reads[i]) == owner(reads[0]); ++i) {
            if (child(reads[i]) != child(reads[i - 1])) ++count;
        }
        return count <= 999 ? std::to_string(count) : "";
    }

    static auto route_of(const HandheldRead& read) { return std::tie(read.cycle, read.route); }
    static auto customer_of(const HandheldRead& read) {
        return std::tie(read.cycle, read.route, read.account);
    }
    static auto meter_of(const HandheldRead& read) {
        return std::tie(read.cycle, read.route, read.account, read.meter);
    }

    void open_groups(Reads reads) {
        const HandheldRead& read = reads.front();
        const bool new_cycle = last_ == nullptr || last_->cycle != read.cycle;
        const bool new_route = new_cycle || last_->route != read.route;
        const bool new_customer = new_route || last_->account != read.account;
        const bool new_meter = new_customer || last_->meter != read.meter;
        if (new_cycle) {
            close_cycle();
            put("cycle_header", {{"cycle", read.cycle}});
        } else if (new_route) {
            close_route();
        }
        if (new_route) {
            put("route_header",
                {{"route", read.route}, {"children", children(reads, route_of, customer_of)}});
            ++all_.routes;
            ++in_cycle_.routes;
        }
        if (new_customer) {
            put("customer", {{"route", read.route},
                             {"children", children(reads, customer_of, meter_of)},
                             {"account", read.account}});
            count(&HandheldCounts::customers);
        }
        if (new_meter) {
            const auto line_of = [](const HandheldRead& each) { return &each; };
            put("meter", {{"route", read.route},
                          {"children", children(reads, meter_of, line_of)},
                          {"meter", read.meter}});
            count(&HandheldCounts::meters);
        }
        last_ = &read;
    }

    void put_read(const HandheldRead& read) {
        count(&HandheldCounts::reads);
        const auto trouble = [&](std::size_t at) {
            return at < read.trouble_codes.size() ? read.trouble_codes[at] : std::string();
        };
        FieldValues values{{"route", read.route},
                           {"register", read.reg},
                           {"dials", read.dials > 0 ? std::to_string(read.dials) : ""},
                           {"decimals", std::to_string(read.decimals)},
                           {"tries", std::to_string(read.tries)},
                           {"method", std::string(1, read.method)},
                           {"reread", read.reread ? "Y" : ""},
                           {"failed_limit", std::string(1, read.failed_limit)},
                           {"skip_code", read.skip_code},
                           {"trouble_1", trouble(0)},
                           {"trouble_2", trouble(1)},
                           {"reader", read.reader}};
        if (read.skip_code.empty()) {
            const auto units = read.value.exact_units(read.decimals);
            WH_CHECK(units.has_value(), "a reading has more places than its register");
            values.emplace_back("reading", std::to_string(*units));
        }
        if (read.skip_code.empty() || read.date != Date()) {
            values.emplace_back("read_date", date_text("read", "read_date", read.date));
            values.emplace_back("read_time",
                                fmt::format("{:02}{:02}{:02}", read.second_of_day / 3600,
                                            read.second_of_day / 60 % 60, read.second_of_day % 60));
        }
        put("read", values);
    }

    void close_route() {
        if (last_ == nullptr) return;
        FieldValues values = counts(in_route_);
        values.emplace_back("route", last_->route);
        put("route_trailer", values);
        in_route_ = {};
    }

    void close_cycle() {
        if (last_ == nullptr) return;
        close_route();
        FieldValues values = counts(in_cycle_);
        values.emplace_back("cycle", last_->cycle);
        put("cycle_trailer", values);
        in_cycle_ = {};
    }

    const Layout& layout_;
    std::string out_;
    const HandheldRead* last_ = nullptr;
    HandheldCounts all_;
    HandheldCounts in_cycle_;
    HandheldCounts in_route_;
};

}  // namespace

std::string write_handheld(const HandheldFile& file, const Layout& layout) {
    return HandheldWriter(layout).write(file);
}

}  // namespace watthour::formats
