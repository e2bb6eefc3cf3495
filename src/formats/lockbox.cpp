// SPDX-License-Identifier: Apache-2.0
#include "formats/lockbox.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::formats {
namespace {

constexpr std::string_view format_name = "lockbox";
constexpr std::string_view ask_bank = "Ask the bank for the file again; post nothing of this one.";

class LockboxReader {
public:
    explicit LockboxReader(const Layout& layout) : layout_(layout) {}

    LockboxFile read(std::string_view bytes) {
        LineReader lines(bytes);
        while (lines.next()) {
            line_ = lines.number();
            const std::string_view line = trimmed_right(lines.text());
            if (line.empty()) continue;
            ++records_;
            take_line(line);
        }
        line_ = 0;
        if (in_batch_) unclosed("batch", "batch total (7)");
        if (in_box_) unclosed("lockbox", "lockbox total (8)");
        if (!header_) problem("record_type", "header_missing", "the file has no header (1)");
        if (!trailer_) {
            problem("record_type", "trailer_missing",
                    "the file has no trailer (9): it may have been cut");
        }
        return std::move(file_);
    }

private:
    void problem(std::string_view field, std::string_view rule, std::string message) {
        file_.problems.push_back({line_, std::string(field),
                                  fmt::format("{}.{}", format_name, rule), std::move(message),
                                  std::string(ask_bank)});
    }

    void order(std::string message) { problem("record_type", "record_order", std::move(message)); }

    void unclosed(std::string_view what, std::string_view with) {
        order(fmt::format("the last {} is not closed by its {}", what, with));
    }

    void take_line(std::string_view line) {
        const LayoutRecord* record = layout_.record_of(line);
        if (record == nullptr) {
            problem("record_type", "record_type",
                    fmt::format("{} is not a record type of the layout {}",
                                shown(line.substr(0, layout_.type_length)), layout_.name));
            return;
        }
        if (line.size() > layout_.record_length) {
            problem("record", "record_length",
                    fmt::format("the line has {} characters, at most {} are expected", line.size(),
                                layout_.record_length));
            return;
        }
        if (trailer_) order("a record follows the trailer (9)");
        const RecordView view(*record, line);
        const bool good = view.check(format_name, line_, file_.problems);
        if (record->role != "overflow") close_item();
        take_record(view, good);
    }

    /// A record whose fields are bad still opens or closes what its type says.
    void take_record(const RecordView& view, bool good) {
        const std::string& role = view.record().role;
        if (role == "header") {
            take_header(view);
        } else if (role == "service") {
            file_.reference = view.owned("reference");
        } else if (role == "lockbox_header") {
            open_box(view);
        } else if (role == "item") {
            take_item(view, good);
        } else if (role == "overflow") {
            take_overflow(view);
        } else if (role == "batch_total") {
            close_batch(view, good);
        } else if (role == "lockbox_total") {
            close_box(view, good);
        } else if (role == "trailer") {
            trailer_ = true;
            if (in_box_) order("the trailer (9) stands before the lockbox total (8)");
            in_box_ = in_batch_ = false;
            const auto told = view.number("records");
            if (good && told && *told != records_) {
                problem(
                    "records", "count",
                    fmt::format("the trailer says {} records, the file holds {}", *told, records_));
            }
        }
    }

    void take_header(const RecordView& view) {
        if (header_) order("the file has a second header (1)");
        if (!header_ && records_ != 1) order("the header (1) is not the first record");
        header_ = true;
        file_.priority = view.owned("priority");
        file_.destination = view.owned("destination");
        file_.origin = view.owned("origin");
        file_.created = view.date("created").value_or(Date());
        file_.created_second = view.time("time").value_or(0);
    }

    void open_box(const RecordView& view) {
        if (in_box_) order("a lockbox header (5) stands before the total (8) of the one before");
        in_box_ = true;
        in_batch_ = false;
        box_name_ = view.owned("lockbox");
        box_date_ = view.date("deposit_date").value_or(Date());
        box_items_ = 0;
        box_amount_ = Money();
        told_amount_ = Money();
    }

    void take_item(const RecordView& view, bool good) {
        if (!in_box_) order("a check (6) stands outside any lockbox (5)");
        LockboxItem item;
        item.line = line_;
        item.batch = static_cast<int>(view.number("batch").value_or(0));
        item.item = static_cast<int>(view.number("item").value_or(0));
        item.amount = view.money("amount");
        item.routing = view.owned("routing");
        item.check_account = view.owned("check_account");
        item.check_number = view.owned("check_number");
        item.check_date = view.date("check_date");
        item.remitter = view.owned("remitter");
        item.payee = view.owned("payee");
        if (!in_batch_) {
            file_.batches.push_back({line_, box_name_, item.batch, box_date_, {}});
            in_batch_ = true;
        }
        const int batch = file_.batches.back().number;
        if (good && item.batch != batch) {
            problem(
                "batch", "record_order",
                fmt::format("this check says batch {}, it stands in batch {}", item.batch, batch));
        }
        file_.batches.back().items.push_back(std::move(item));
        item_open_ = true;
        overflow_sequence_ = 0;
        more_overflow_ = false;
        last_overflow_seen_ = false;
    }

    void take_overflow(const RecordView& view) {
        if (!item_open_) {
            order("an overflow record (4) stands before any check (6) of its batch");
            return;
        }
        LockboxItem& item = file_.batches.back().items.back();
        const auto batch = view.number("batch");
        const auto number = view.number("item");
        if (batch && number && (*batch != item.batch || *number != item.item)) {
            problem("item", "overflow_item",
                    fmt::format("this overflow belongs to item {} of batch {}, the check before "
                                "it is item {} of batch {}",
                                *number, *batch, item.item, item.batch));
            return;
        }
        const auto sequence = view.number("sequence");
        if (last_overflow_seen_ || (sequence && *sequence != overflow_sequence_ + 1)) {
            problem("sequence", "overflow_order",
                    fmt::format("overflow {} of item {} does not follow overflow {}{}",
                                sequence.value_or(0), item.item, overflow_sequence_,
                                last_overflow_seen_ ? ", which said it was the last" : ""));
        }
        overflow_sequence_ = sequence.value_or(overflow_sequence_ + 1);
        last_overflow_seen_ = view.text("last") == "9";
        more_overflow_ = !last_overflow_seen_;
        item.memos.push_back(view.owned("memo"));
    }

    void close_item() {
        if (item_open_ && more_overflow_) {
            problem("last", "overflow_order",
                    "the overflow before says that more follow, and none does");
        }
        item_open_ = more_overflow_ = false;
    }

    void close_batch(const RecordView& view, bool good) {
        if (!in_batch_) {
            // A batch without checks: its total must say so.
            const auto number = static_cast<int>(view.number("batch").value_or(0));
            file_.batches.push_back({line_, box_name_, number, box_date_, {}});
            if (!in_box_) order("a batch total (7) stands outside any lockbox (5)");
        }
        in_batch_ = false;
        const LockboxBatch& batch = file_.batches.back();
        const auto count = static_cast<std::int64_t>(batch.items.size());
        box_items_ += count;
        box_amount_ += batch.amount();
        told_amount_ += view.money("amount");
        if (!good) return;
        same_box(view);
        if (const auto told = view.number("batch"); told && *told != batch.number) {
            problem(
                "batch", "record_order",
                fmt::format("the total says batch {}, it closes batch {}", *told, batch.number));
        }
        if (const auto told = view.number("items"); told && *told != count) {
            problem("items", "count",
                    fmt::format("the total of batch {} says {} checks, the batch holds {}",
                                batch.number, *told, count));
        }
        if (view.money("amount") != batch.amount()) {
            problem("amount", "batch_total",
                    fmt::format("the total of batch {} says {}, its checks sum to {}", batch.number,
                                view.money("amount").to_string(), batch.amount().to_string()));
        }
    }

    void close_box(const RecordView& view, bool good) {
        if (!in_box_) order("a lockbox total (8) stands outside any lockbox (5)");
        if (in_batch_) order("a lockbox total (8) stands before the batch total (7)");
        in_box_ = in_batch_ = false;
        if (!good) return;
        same_box(view);
        if (const auto told = view.number("items"); told && *told != box_items_) {
            problem("items", "count",
                    fmt::format("the total of lockbox {} says {} checks, its batches hold {}",
                                box_name_, *told, box_items_));
        }
        const Money told = view.money("amount");
        if (told != box_amount_ || told != told_amount_) {
            problem("amount", "box_total",
                    fmt::format("the total of lockbox {} says {}, its batch totals sum to {} and "
                                "its checks to {}",
                                box_name_, told.to_string(), told_amount_.to_string(),
                                box_amount_.to_string()));
        }
    }

    void same_box(const RecordView& view) {
        if (view.owned("lockbox") != box_name_ || view.date("deposit_date") != box_date_) {
            problem("lockbox", "record_order",
                    fmt::format("the total is of lockbox {} on {}, the header said {} on {}",
                                view.owned("lockbox"),
                                view.date("deposit_date").value_or(Date()).to_string(), box_name_,
                                box_date_.to_string()));
        }
    }

    const Layout& layout_;
    LockboxFile file_;
    std::string box_name_;
    Date box_date_;
    Money box_amount_;
    Money told_amount_;
    std::int64_t box_items_ = 0;
    std::int64_t records_ = 0;
    std::int64_t line_ = 0;
    std::int64_t overflow_sequence_ = 0;
    bool header_ = false;
    bool trailer_ = false;
    bool in_box_ = false;
    bool in_batch_ = false;
    bool item_open_ = false;
    bool more_overflow_ = false;
    bool last_overflow_seen_ = false;
};

}  // namespace

Money LockboxBatch::amount() const {
    Money sum;
    for (const LockboxItem& item : items) sum += item.amount;
    return sum;
}

Money LockboxFile::amount() const {
    Money sum;
    for (const LockboxBatch& batch : batches) sum += batch.amount();
    return sum;
}

std::int64_t LockboxFile::item_count() const {
    std::int64_t count = 0;
    for (const LockboxBatch& batch : batches) {
        count += static_cast<std::int64_t>(batch.items.size());
    }
    return count;
}

LockboxFile read_lockbox(std::string_view bytes, const Layout& layout) {
    return LockboxReader(layout).read(bytes);
}

}  // namespace watthour::formats
