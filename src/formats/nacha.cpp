// SPDX-License-Identifier: Apache-2.0
#include "formats/nacha.hpp"

#include "base/text.hpp"
#include "formats/nacha_records.hpp"
#include "formats/scan_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats {
namespace nacha {
namespace {

constexpr std::string_view ask_bank = "Ask the bank for the file again; post nothing of this one.";

std::string owned(std::string_view text) { return std::string(trimmed(text)); }

bool blank_or_zeros(std::string_view text) {
    return text.find_first_not_of("0 ") == std::string_view::npos;
}

bool is_advice(std::string_view sec) { return sec == "ADV"; }

}  // namespace

void Reader::problem(std::int64_t line, std::string_view field, std::string_view rule,
                     std::string message) {
    file_.problems.push_back({line, std::string(field), fmt::format("nacha.{}", rule),
                              std::move(message), std::string(ask_bank)});
}

void Reader::note(std::int64_t line, std::string_view field, std::string_view rule,
                  std::string message) {
    file_.notes.push_back({line, std::string(field), fmt::format("nacha.{}", rule),
                           std::move(message), "Nothing to do; the file was read."});
}

std::int64_t Reader::digits(const Line& line, std::size_t from, std::size_t through,
                            std::string_view field) {
    const auto value = parse_digits(line.at(from, through));
    if (!value) {
        problem(line.number, field, "not_numeric",
                fmt::format("positions {} to {} ({}) must be digits and hold something else", from,
                            through, field));
    }
    return value.value_or(0);
}

void Reader::take(const Line& line) {
    if (line.text.find_first_not_of('9') == std::string::npos && (control_ || !in_batch_)) return;
    if (control_ && line.type() != '1') {
        problem(line.number, "record_type", "record_order",
                "a record follows the file control (9)");
        return;
    }
    if (!line.whole) {
        batch_mixed_up_ = true;
        if (line.type() == '1') header_ = true;  // reported by its length, not as missing
        return;
    }
    switch (line.type()) {
        case '1': take_file_header(line); return;
        case '5': take_batch_header(line); return;
        case '6': take_entry(line); return;
        case '7': take_addenda(line); return;
        case '8': take_batch_control(line); return;
        case '9': take_file_control(line); return;
        default:
            problem(line.number, "record_type", "record_type",
                    fmt::format("{} is not a record type; 1, 5, 6, 7, 8 and 9 are",
                                shown(line.at(1, 1))));
    }
}

void Reader::take_file_header(const Line& line) {
    if (header_) problem(line.number, "record_type", "file_header", "a second file header (1)");
    if (!header_ && (in_batch_ || !file_.batches.empty())) {
        problem(line.number, "record_type", "record_order",
                "the file header (1) is not the first record");
    }
    header_ = true;
    file_.immediate_destination = std::string(trimmed_right(line.at(4, 13)));
    file_.immediate_origin = std::string(trimmed_right(line.at(14, 23)));
    file_.created = parse_file_date(line.at(24, 29), DateOrder::yymmdd);
    file_.created_time = owned(line.at(30, 33));
    file_.id_modifier = owned(line.at(34, 34));
    file_.destination_name = owned(line.at(41, 63));
    file_.origin_name = owned(line.at(64, 86));
    file_.reference = owned(line.at(87, 94));
    if (!file_.created) {
        note(line.number, "created", "date", "the creation date is not a day of the calendar");
    }
    const auto fixed = [&](std::size_t from, std::size_t through, std::string_view right,
                           std::string_view field) {
        if (line.at(from, through) == right) return;
        problem(line.number, field, "format_code",
                fmt::format("positions {} to {} ({}) hold {} instead of {}", from, through, field,
                            shown(line.at(from, through)), right));
    };
    fixed(2, 3, "01", "priority code");
    fixed(35, 37, "094", "record size");
    fixed(38, 39, "10", "blocking factor");
    fixed(40, 40, "1", "format code");
}

void Reader::take_batch_header(const Line& line) {
    close_entry();
    if (!header_ && file_.batches.empty()) {
        problem(line.number, "record_type", "file_header", "the file has no header (1)");
        header_ = true;
    }
    if (in_batch_) close_batch_unproved(line.number);
    NachaBatch batch;
    batch.line = line.number;
    batch.service_class = std::string(line.at(2, 4));
    batch.company_name = owned(line.at(5, 20));
    batch.discretionary = owned(line.at(21, 40));
    batch.company_id = std::string(trimmed_right(line.at(41, 50)));
    batch.sec = upper_case(trimmed(line.at(51, 53)));
    batch.description = owned(line.at(54, 63));
    batch.descriptive_date = owned(line.at(64, 69));
    batch.effective = parse_file_date(line.at(70, 75), DateOrder::yymmdd);
    batch.settlement = owned(line.at(76, 78));
    batch.originator_status = owned(line.at(79, 79));
    batch.originating_bank = owned(line.at(80, 87));
    batch.number = static_cast<int>(digits(line, 88, 94, "batch number"));
    if (batch.service_class != "200" && batch.service_class != "220" &&
        batch.service_class != "225" && batch.service_class != "280") {
        problem(line.number, "service class", "service_class",
                fmt::format("service class {} is none of 200, 220, 225 and 280",
                            shown(batch.service_class)));
    }
    if (batch.sec.size() != 3) {
        problem(line.number, "SEC code", "batch_header", "the batch has no SEC code");
    }
    if (batch.sec != "IAT" && blank_or_zeros(batch.company_name)) {
        problem(line.number, "company name", "name_blank", "the company name is blank or zeros");
    }
    if (!batch.effective && !blank_or_zeros(line.at(70, 75))) {
        note(line.number, "effective entry date", "date",
             "the effective entry date is not a day of the calendar");
    }
    file_.batches.push_back(std::move(batch));
    in_batch_ = true;
    batch_ = {};
    batch_mixed_up_ = false;
    last_trace_.clear();
}

void Reader::take_entry(const Line& line) {
    close_entry();
    if (!header_) {
        problem(line.number, "record_type", "file_header", "the file has no header (1)");
        header_ = true;
    }
    if (!in_batch_) {
        problem(line.number, "record_type", "record_order",
                "an entry (6) stands outside any batch (5)");
        return;
    }
    NachaEntry entry;
    read_entry_fields(line, entry);
    check_entry(line, entry);
    const std::int64_t bank = digits(line, 4, 11, "receiving bank");
    batch_.hash = (batch_.hash + bank) % hash_modulus;
    ++batch_.records;
    ++file_.totals.entries;
    (entry.is_debit() ? batch_.debits : batch_.credits) += entry.amount.minor_units();
    file_.batches.back().entries.push_back(std::move(entry));
    in_entry_ = true;
}

void Reader::read_entry_fields(const Line& line, NachaEntry& entry) {
    const std::string& sec = file_.batches.back().sec;
    entry.line = line.number;
    entry.code = std::string(line.at(2, 3));
    entry.routing = std::string(line.at(4, 12));
    indicator_ = line.at(79, 79) == "1";
    told_addenda_ = -1;
    if (is_advice(sec)) {
        entry.account = owned(line.at(13, 27));
        entry.amount = Money::minor(digits(line, 28, 39, "amount"));
        entry.name = owned(line.at(55, 76));
        entry.discretionary = owned(line.at(77, 78));
        entry.trace = owned(line.at(80, 94));
        return;
    }
    entry.amount = Money::minor(digits(line, 30, 39, "amount"));
    entry.trace = owned(line.at(80, 94));
    if (sec == "IAT") {
        // Positions 13 to 16 count the mandatory addenda alone in some files, all in others.
        entry.account = owned(line.at(40, 74));
        return;
    }
    entry.account = std::string(trimmed_right(line.at(13, 29)));
    entry.individual_id = owned(line.at(40, 54));
    entry.name = owned(line.at(55, 76));
    entry.discretionary = owned(line.at(77, 78));
    if (counts_addenda(sec)) {
        told_addenda_ = digits(line, 55, 58, "number of addenda");
        entry.name = owned(line.at(59, 74));
    }
}

void Reader::check_entry(const Line& line, const NachaEntry& entry) {
    const NachaBatch& batch = file_.batches.back();
    const Direction direction = direction_of(entry.code);
    if (direction == Direction::unknown || (entry.code[0] == '8') != is_advice(batch.sec)) {
        problem(line.number, "transaction code", "transaction_code",
                fmt::format("transaction code {} is not one of a {} batch", shown(entry.code),
                            batch.sec));
    }
    if ((batch.service_class == "220" && direction == Direction::debit) ||
        (batch.service_class == "225" && direction == Direction::credit)) {
        std::string what =
            fmt::format("the batch says {} only (service class {}), this entry is a {} (code {})",
                        batch.service_class == "220" ? "credits" : "debits", batch.service_class,
                        direction == Direction::debit ? "debit" : "credit", entry.code);
        // Operators pass international batches on with a class that does not fit.
        if (batch.sec == "IAT") {
            note(line.number, "transaction code", "service_class", std::move(what));
        } else {
            problem(line.number, "transaction code", "service_class", std::move(what));
        }
    }
    if (!routing_number_ok(entry.routing) && all_digits(line.at(4, 11))) {
        problem(line.number, "check digit", "routing_check_digit",
                fmt::format("routing number {} ends in {}, its first eight digits ask for {}",
                            shown(entry.routing), shown(line.at(12, 12)),
                            routing_check_digit(line.at(4, 11))));
    }
    if (line.at(79, 79) != "0" && line.at(79, 79) != "1") {
        problem(line.number, "addenda indicator", "addenda_indicator",
                "position 79 (addenda indicator) is neither 0 nor 1");
    }
    if ((batch.sec == "TEL" || batch.sec == "WEB" || batch.sec == "PPD") && !entry.name.empty() &&
        blank_or_zeros(entry.name)) {
        problem(line.number, "individual name", "name_blank", "the individual name is all zeros");
    }
    if (entry.trace.size() != 15 || !all_digits(entry.trace)) {
        problem(line.number, "trace number", "not_numeric",
                "positions 80 to 94 (trace number) must be fifteen digits");
    } else if (!traces_.insert(entry.trace).second) {
        note(line.number, "trace number", "trace_order",
             fmt::format("trace number {} was used before in this file", entry.trace));
    } else if (entry.trace <= last_trace_) {
        note(line.number, "trace number", "trace_order",
             fmt::format("trace number {} does not follow {}", entry.trace, last_trace_));
    }
    last_trace_ = entry.trace;
}

void Reader::take_addenda(const Line& line) {
    if (!in_entry_) {
        problem(line.number, "record_type", "record_order",
                "an addenda (7) stands behind no entry (6)");
        if (in_batch_) ++batch_.records;
        return;
    }
    ++batch_.records;
    ++file_.totals.addenda;
    NachaAddenda addenda;
    addenda.line = line.number;
    addenda.type = std::string(line.at(2, 3));
    if (addenda.type == "98" || addenda.type == "99") {
        addenda.reason = owned(line.at(4, 6));
        addenda.original_trace = owned(line.at(7, 21));
        addenda.original_bank = owned(line.at(28, 35));
        addenda.trace = owned(line.at(80, 94));
        if (addenda.type == "98") {
            addenda.corrected_data = std::string(trimmed_right(line.at(36, 64)));
        } else {
            addenda.date_of_death = owned(line.at(22, 27));
            addenda.text = std::string(trimmed_right(line.at(36, 79)));
        }
    } else if (addenda.type == "05") {
        addenda.text = std::string(trimmed_right(line.at(4, 83)));
        addenda.sequence = static_cast<int>(digits(line, 84, 87, "sequence"));
    } else {
        addenda.text = std::string(trimmed_right(line.at(4, 94)));
    }
    check_addenda(line, addenda);
    file_.batches.back().entries.back().addenda.push_back(std::move(addenda));
}

void Reader::check_addenda(const Line& line, const NachaAddenda& addenda) {
    static constexpr std::array<std::string_view, 12> types = {"02", "05", "10", "11", "12", "13",
                                                               "14", "15", "16", "17", "18", "98"};
    const bool known = std::find(types.begin(), types.end(), addenda.type) != types.end();
    if (addenda.type != "99" && !known) {
        problem(line.number, "addenda type", "addenda_type",
                fmt::format("addenda type {} is not known", shown(addenda.type)));
        return;
    }
    if (addenda.type == "05") {
        const std::string& trace = file_.batches.back().entries.back().trace;
        if (trace.size() == 15 && line.at(88, 94) != std::string_view(trace).substr(8)) {
            note(line.number, "entry sequence", "trace_order",
                 fmt::format("the addenda names entry {}, it stands behind entry {}",
                             shown(line.at(88, 94)), trace.substr(8)));
        }
        return;
    }
    if (addenda.type != "98" && addenda.type != "99") return;
    const char letter = addenda.type == "98" ? 'C' : 'R';
    if (addenda.reason.size() != 3 || addenda.reason[0] != letter ||
        !all_digits(std::string_view(addenda.reason).substr(1))) {
        problem(
            line.number, "reason code", "return_reason",
            fmt::format("reason code {} is not {} and two digits", shown(addenda.reason), letter));
    } else if (addenda.reason > (letter == 'C' ? "C69" : "R85")) {
        // A bank's own return code still brings the money back; anything else is unreadable.
        const std::string& code = file_.batches.back().entries.back().code;
        const std::string what = fmt::format("reason code {} is not known", addenda.reason);
        if (letter == 'R' && (code[1] == '1' || code[1] == '6')) {
            note(line.number, "reason code", "unknown_reason", what);
        } else {
            problem(line.number, "reason code", "unknown_reason", what);
        }
    }
    if (!all_digits(addenda.original_trace) || addenda.original_trace.size() != 15) {
        problem(line.number, "original trace number", "not_numeric",
                "positions 7 to 21 (original trace number) must be fifteen digits");
    }
}

void Reader::close_entry() {
    if (!in_entry_) return;
    in_entry_ = false;
    const NachaEntry& entry = file_.batches.back().entries.back();
    const auto held = static_cast<std::int64_t>(entry.addenda.size());
    if (indicator_ != (held > 0) && !batch_mixed_up_) {
        problem(entry.line, "addenda indicator", "addenda_indicator",
                fmt::format("the addenda indicator says {}, the entry has {} addenda",
                            indicator_ ? 1 : 0, held));
    }
    const bool comes_back =
        held > 0 && (entry.addenda.back().type == "98" || entry.addenda.back().type == "99");
    if (told_addenda_ >= 0 && told_addenda_ != held && !comes_back && !batch_mixed_up_) {
        problem(entry.line, "number of addenda", "addenda_count",
                fmt::format("the entry says {} addenda and has {}", told_addenda_, held));
    }
}

}  // namespace nacha

NachaFile read_nacha(std::string_view bytes) {
    NachaFile file;
    const auto lines = nacha::cut_lines(bytes, file);
    nacha::Reader reader(file);
    for (const nacha::Line& line : lines) reader.take(line);
    reader.finish(static_cast<std::int64_t>(lines.size()));
    std::stable_sort(file.problems.begin(), file.problems.end(),
                     [](const Problem& a, const Problem& b) {
                         // Those of the file as a whole, line 0, come last.
                         return a.line != 0 && (b.line == 0 || a.line < b.line);
                     });
    return file;
}

}  // namespace watthour::formats
