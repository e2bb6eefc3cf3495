// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace watthour::formats {
namespace {

constexpr std::string_view format_name = "handheld";

char first_or_blank(std::string_view text) { return text.empty() ? ' ' : text.front(); }

/// The last digits of a zero-filled reading as its dials show them, with the implied point.
std::string as_dials_show(std::int64_t units, int dials, int decimals) {
    const auto width = static_cast<std::size_t>(std::max(dials, decimals + 1));
    std::string text = pad_left(std::to_string(units), width, '0');
    if (decimals > 0) text.insert(text.size() - static_cast<std::size_t>(decimals), 1, '.');
    return text;
}

class HandheldReader {
public:
    explicit HandheldReader(const Layout& layout) : layout_(layout) {}

    HandheldFile read(std::string_view bytes) {
        LineReader lines(bytes);
        while (lines.next()) {
            line_ = lines.number();
            if (trimmed(lines.text()).empty()) continue;
            if (!take_line(lines.text(), lines.ended())) {
                file_.rejected.push_back({line_, std::string(lines.text())});
            }
        }
        if (!trailer_) {
            line_ = 0;
            problem("record_type", "trailer_missing",
                    "the file has no trailer (FTR), so its counts cannot be proved",
                    "Ask for the upload again: the file may have been cut.");
        }
        return std::move(file_);
    }

private:
    bool problem(std::string_view field, std::string_view rule, std::string message,
                 std::string_view remedy) {
        file_.problems.push_back({line_, std::string(field),
                                  fmt::format("{}.{}", format_name, rule), std::move(message),
                                  std::string(remedy)});
        return false;
    }

    bool take_line(std::string_view line, bool ended) {
        if (!ended && line.size() < layout_.record_length) {
            return problem("record", "line_cut",
                           fmt::format("the file stops in the middle of this line: {} characters "
                                       "of {}",
                                       line.size(), layout_.record_length),
                           "Ask for the upload again; the lines before are good.");
        }
        const LayoutRecord* record = layout_.record_of(line);
        if (record == nullptr) {
            meter_.clear();  // it may have been the meter of the reads that follow
            return problem("record_type", "record_type",
                           fmt::format("{} is not a record type of the layout {}",
                                       shown(line.substr(0, layout_.type_length)), layout_.name),
                           "Check that the file was made with this layout.");
        }
        count_record(record->role);
        const bool length_ok = layout_.exact_length ? line.size() == layout_.record_length
                                                    : line.size() <= layout_.record_length;
        if (!length_ok) {
            return problem("record", "record_length",
                           fmt::format("the {} record has {} characters, the layout says {}",
                                       record->type, line.size(), layout_.record_length),
                           "Check that the file was made with this layout and moved as it is.");
        }
        const RecordView view(*record, line);
        if (!view.check(format_name, line_, file_.problems)) return false;
        return take_record(view);
    }

    bool take_record(const RecordView& view) {
        const std::string& role = view.record().role;
        if (role == "file_header") {
            file_.created = view.date("created");
            file_.utility = view.owned("utility");
        } else if (role == "cycle_header") {
            cycle_ = view.owned("cycle");
        } else if (role == "route_header") {
            route_ = view.owned("route");
        } else if (role == "customer") {
            account_ = view.owned("account");
        } else if (role == "meter") {
            if (account_.empty()) return out_of_order(view, "customer (CUS)");
            meter_ = view.owned("meter");
        } else if (role == "read") {
            if (meter_.empty()) return out_of_order(view, "meter (MTR)");
            return take_read(view);
        } else if (role == "route_trailer") {
            check_counts(view, in_route_, "route " + route_);
        } else if (role == "cycle_trailer") {
            check_counts(view, in_cycle_, "cycle " + cycle_);
        } else if (role == "file_trailer") {
            trailer_ = true;
            check_counts(view, file_.counts, "file");
        }
        return true;
    }

    /// Trailers count records, bad ones too; and reads behind a bad owner have none.
    void count_record(std::string_view role) {
        const bool cycle = role == "cycle_header";
        const bool route = role == "route_header";
        if (cycle) in_cycle_ = {};
        if (route) {
            in_route_ = {};
            ++file_.counts.routes;
            ++in_cycle_.routes;
        }
        if (role == "customer") count(&HandheldCounts::customers);
        if (role == "meter") count(&HandheldCounts::meters);
        if (role == "read") count(&HandheldCounts::reads);
        if (cycle || route || role == "customer") account_.clear();
        if (cycle || route || role == "customer" || role == "meter") meter_.clear();
    }

    void count(std::int64_t HandheldCounts::* what) {
        ++(file_.counts.*what);
        ++(in_cycle_.*what);
        ++(in_route_.*what);
    }

    bool out_of_order(const RecordView& view, std::string_view missing) {
        return problem(
            "record_type", "record_order",
            fmt::format("this {} record stands before any {} record", view.record().type, missing),
            "Put the record behind its owner, or ask for the upload again.");
    }

    void check_counts(const RecordView& view, const HandheldCounts& counted,
                      const std::string& whose) {
        const std::tuple<std::string_view, std::int64_t> pairs[] = {
            {"routes", counted.routes},
            {"customers", counted.customers},
            {"meters", counted.meters},
            {"reads", counted.reads}};
        for (const auto& [field, number] : pairs) {
            const auto told = view.number(field);
            if (!told || *told == number) continue;
            problem(field, "count",
                    fmt::format("the trailer of the {} says {} {}, the file holds {}", whose, *told,
                                field, number),
                    "Ask for the upload again: records may have been lost.");
        }
    }

    bool take_read(const RecordView& view) {
        HandheldRead read;
        read.line = line_;
        read.cycle = cycle_;
        read.route = view.text("route").empty() ? route_ : view.owned("route");
        read.account = account_;
        read.meter = meter_;
        read.reg = view.owned("register");
        read.dials = static_cast<int>(view.number("dials").value_or(0));
        read.decimals = static_cast<int>(view.number("decimals").value_or(0));
        read.method = first_or_blank(view.owned("method"));
        read.failed_limit = first_or_blank(view.owned("failed_limit"));
        read.reread = view.text("reread") == "Y";
        read.tries = static_cast<int>(view.number("tries").value_or(0) % 1'000'000);
        read.skip_code = view.owned("skip_code");
        read.reader = view.owned("reader");
        for (const std::string_view field : {"trouble_1", "trouble_2"}) {
            if (!view.text(field).empty()) read.trouble_codes.push_back(view.owned(field));
        }
        read.second_of_day = view.time("read_time").value_or(0);
        read.date = view.date("read_date").value_or(Date());
        if (read.skip_code.empty() && !take_reading(view, read)) return false;
        return not_read_twice(read) && (file_.reads.push_back(std::move(read)), true);
    }

    bool take_reading(const RecordView& view, HandheldRead& read) {
        const auto units = view.number("reading");
        if (!units) {
            return problem(
                "reading", "reading_missing",
                fmt::format("meter {} has neither a reading nor a skip code", read.meter),
                "Ask the reader, or enter a skip code.");
        }
        if (!view.date("read_date")) {
            return problem("read_date", "date",
                           fmt::format("the reading of meter {} has no date", read.meter),
                           "Enter the day on which the meter was read.");
        }
        if (read.dials > 18 || (read.dials > 0 && read.decimals >= read.dials)) {
            return problem("decimals", "decimals",
                           fmt::format("meter {} has {} dials and {} decimals", read.meter,
                                       read.dials, read.decimals),
                           "Correct the dials or the decimals of the register.");
        }
        if (read.dials > 0 && *units >= power_of_ten(read.dials)) {
            return problem("reading", "reading_exceeds_dials",
                           fmt::format("reading {} of meter {} has more digits than its {} dials",
                                       *units, read.meter, read.dials),
                           "Read the meter again, or correct its dials.");
        }
        read.value = Decimal(*units, read.decimals);
        read.reading = as_dials_show(*units, read.dials, read.decimals);
        return true;
    }

    bool not_read_twice(const HandheldRead& read) {
        const auto [other, is_new] = seen_.try_emplace({read.meter, read.reg}, line_);
        if (is_new) return true;
        return problem("register", "two_reads",
                       fmt::format("register {} of meter {} was read on line {} and again here",
                                   read.reg, read.meter, other->second),
                       "Keep the right one of the two; the first was taken in.");
    }

    const Layout& layout_;
    HandheldFile file_;
    std::map<std::pair<std::string, std::string>, std::int64_t> seen_;
    HandheldCounts in_cycle_;
    HandheldCounts in_route_;
    std::string cycle_;
    std::string route_;
    std::string account_;
    std::string meter_;
    std::int64_t line_ = 0;
    bool trailer_ = false;
};

}  // namespace

HandheldFile read_handheld(std::string_view bytes, const Layout& layout) {
    return HandheldReader(layout).read(bytes);
}

}  // namespace watthour::formats
