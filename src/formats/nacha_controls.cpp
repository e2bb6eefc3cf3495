// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/nacha_records.hpp"

#include <fmt/format.h>

#include <limits>

namespace watthour::formats::nacha {
namespace {

std::string dollars(i128 cents) {
    const auto whole = static_cast<std::uint64_t>(cents / 100);
    return fmt::format("{}.{:02}", whole, static_cast<int>(cents % 100));
}

Money money_of(i128 cents) {
    constexpr i128 most = std::numeric_limits<std::int64_t>::max();
    return Money::minor(static_cast<std::int64_t>(cents > most ? most : cents));
}

}  // namespace

i128 Reader::amount_digits(const Line& line, std::size_t from, std::size_t through,
                           std::string_view field) {
    i128 value = 0;
    for (const char c : line.at(from, through)) {
        if (c < '0' || c > '9') {
            problem(line.number, field, "not_numeric",
                    fmt::format("positions {} to {} ({}) must be digits and hold something else",
                                from, through, field));
            return 0;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

void Reader::take_batch_control(const Line& line) {
    close_entry();
    if (!in_batch_) {
        problem(line.number, "record_type", "record_order",
                "a batch control (8) closes no batch (5)");
        return;
    }
    const NachaBatch& batch = file_.batches.back();
    check_batch_sums(line, batch);
    const auto same = [&](std::string_view told, std::string_view header, std::string_view field) {
        if (trimmed(told) == trimmed(header)) return;
        problem(line.number, field, "control_differs",
                fmt::format("the control of batch {} says {} {}, its header says {}", batch.number,
                            field, shown(trimmed(told)), shown(trimmed(header))));
    };
    same(line.at(2, 4), batch.service_class, "service class");
    if (batch.sec != "ADV" && !trimmed(line.at(45, 54)).empty()) {
        same(line.at(45, 54), batch.company_id, "company id");
    }
    same(line.at(80, 87), batch.originating_bank, "originating bank");
    if (digits(line, 88, 94, "batch number") != batch.number) {
        problem(line.number, "batch number", "control_differs",
                fmt::format("the control says batch {}, its header says {}", shown(line.at(88, 94)),
                            batch.number));
    }
    ++file_.totals.batches;
    all_.records += batch_.records;
    all_.hash = (all_.hash + batch_.hash) % hash_modulus;
    all_.debits += batch_.debits;
    all_.credits += batch_.credits;
    in_batch_ = false;
    batch_mixed_up_ = false;
}

void Reader::check_batch_sums(const Line& line, const NachaBatch& batch) {
    const std::int64_t count = digits(line, 5, 10, "entry and addenda count");
    if (count != batch_.records) {
        problem(line.number, "entry and addenda count", "batch_count",
                fmt::format("the control of batch {} says {} entries and addenda, the batch "
                            "holds {}",
                            batch.number, count, batch_.records));
    }
    const std::int64_t hash = digits(line, 11, 20, "entry hash");
    if (hash != batch_.hash) {
        problem(line.number, "entry hash", "batch_hash",
                fmt::format("the control of batch {} says hash {}, its entries sum to {}",
                            batch.number, hash, batch_.hash));
    }
    const bool advice = batch.sec == "ADV";
    const i128 debits = advice ? amount_digits(line, 21, 40, "total debits")
                               : amount_digits(line, 21, 32, "total debits");
    const i128 credits = advice ? amount_digits(line, 41, 60, "total credits")
                                : amount_digits(line, 33, 44, "total credits");
    if (debits != batch_.debits) {
        problem(line.number, "total debits", "batch_debit",
                fmt::format("the control of batch {} says debits of {}, its entries sum to {}",
                            batch.number, dollars(debits), dollars(batch_.debits)));
    }
    if (credits != batch_.credits) {
        problem(line.number, "total credits", "batch_credit",
                fmt::format("the control of batch {} says credits of {}, its entries sum to {}",
                            batch.number, dollars(credits), dollars(batch_.credits)));
    }
}

void Reader::close_batch_unproved(std::int64_t line) {
    const NachaBatch& batch = file_.batches.back();
    problem(line, "record_type", "batch_not_closed",
            fmt::format("batch {} from line {} is not closed by a batch control (8)", batch.number,
                        batch.line));
    in_batch_ = false;
}

void Reader::take_file_control(const Line& line) {
    close_entry();
    if (in_batch_) close_batch_unproved(line.number);
    control_ = true;
    const bool advice = !file_.batches.empty() && file_.batches.back().sec == "ADV";
    const auto compare = [&](std::string_view field, std::string_view rule, std::int64_t told,
                             std::int64_t held, std::string_view what) {
        if (told == held) return;
        problem(line.number, field, rule,
                fmt::format("the file control says {} {}, the file holds {}", told, what, held));
    };
    compare("batch count", "file_batches", digits(line, 2, 7, "batch count"), file_.totals.batches,
            "batches");
    told_blocks_ = digits(line, 8, 13, "block count");
    compare("entry and addenda count", "file_count",
            digits(line, 14, 21, "entry and addenda count"), all_.records, "entries and addenda");
    compare("entry hash", "file_hash", digits(line, 22, 31, "entry hash"), all_.hash,
            "as entry hash");
    const i128 debits = advice ? amount_digits(line, 32, 51, "total debits")
                               : amount_digits(line, 32, 43, "total debits");
    const i128 credits = advice ? amount_digits(line, 52, 71, "total credits")
                                : amount_digits(line, 44, 55, "total credits");
    if (debits != all_.debits) {
        problem(line.number, "total debits", "file_debit",
                fmt::format("the file control says debits of {}, the batches sum to {}",
                            dollars(debits), dollars(all_.debits)));
    }
    if (credits != all_.credits) {
        problem(line.number, "total credits", "file_credit",
                fmt::format("the file control says credits of {}, the batches sum to {}",
                            dollars(credits), dollars(all_.credits)));
    }
}

void Reader::finish(std::int64_t line_count) {
    close_entry();
    if (in_batch_) {
        all_.debits += batch_.debits;
        all_.credits += batch_.credits;
        close_batch_unproved(0);
    }
    if (!header_) {
        problem(0, "record_type", "file_header", "the file has no header (1)");
    }
    if (!control_) {
        problem(0, "record_type", "file_control",
                "the file has no control (9): it may have been cut");
    } else if (const std::int64_t blocks = (line_count + 9) / 10; told_blocks_ != blocks) {
        note(0, "block count", "blocks",
             fmt::format("the file control says {} blocks, the file fills {}", told_blocks_,
                         blocks));
    }
    file_.totals.hash = all_.hash;
    file_.totals.debits = money_of(all_.debits);
    file_.totals.credits = money_of(all_.credits);
}

}  // namespace watthour::formats::nacha
