// SPDX-License-Identifier: Apache-2.0
#include "formats/lockbox.hpp"

#include <fmt/format.h>

namespace watthour::formats {
namespace {

class LockboxWriter {
public:
    explicit LockboxWriter(const Layout& layout) : layout_(layout) {}

    std::string write(const LockboxFile& file) {
        put("header", {{"priority", file.priority},
                       {"destination", file.destination},
                       {"origin", file.origin},
                       {"created", date_text("header", "created", file.created)},
                       {"time", fmt::format("{:02}{:02}", file.created_second / 3600,
                                            file.created_second / 60 % 60)}});
        put("service", {{"destination", file.destination},
                        {"origin", file.origin},
                        {"reference", file.reference},
                        {"service", "400"},
                        {"record_size", "080"},
                        {"block", "0008"},
                        {"format", "1"}});
        for (const LockboxBatch& batch : file.batches) {
            open_box(file, batch);
            put_batch(batch);
        }
        close_box();
        put("trailer", {{"records", std::to_string(records_ + 1)}});
        return std::move(out_);
    }

private:
    void put(std::string_view role, const FieldValues& values) {
        out_ += write_record(layout_, role, values);
        out_ += layout_.crlf ? "\r\n" : "\n";
        ++records_;
    }

    std::string date_text(std::string_view role, std::string_view field, Date date) const {
        const LayoutRecord* record = layout_.record_for(role);
        const LayoutField* found = record == nullptr ? nullptr : record->find(field);
        return found == nullptr ? "" : write_file_date(date, found->order);
    }

    void open_box(const LockboxFile& file, const LockboxBatch& batch) {
        if (box_ != nullptr && box_->lockbox == batch.lockbox &&
            box_->deposit_date == batch.deposit_date) {
            return;
        }
        close_box();
        box_ = &batch;
        box_items_ = 0;
        box_amount_ = Money();
        put("lockbox_header",
            {{"batch", "000"},
             {"item", "000"},
             {"lockbox", batch.lockbox},
             {"deposit_date", date_text("lockbox_header", "deposit_date", batch.deposit_date)},
             {"destination", file.destination},
             {"origin", file.origin}});
    }

    void put_batch(const LockboxBatch& batch) {
        const std::string number = std::to_string(batch.number);
        for (const LockboxItem& item : batch.items) {
            put("item",
                {{"batch", number},
                 {"item", std::to_string(item.item)},
                 {"amount", std::to_string(item.amount.minor_units())},
                 {"routing", item.routing},
                 {"check_account", item.check_account},
                 {"check_number", item.check_number},
                 {"check_date", item.check_date ? date_text("item", "check_date", *item.check_date)
                                                : std::string()},
                 {"remitter", item.remitter},
                 {"payee", item.payee}});
            for (std::size_t i = 0; i < item.memos.size(); ++i) {
                put("overflow", {{"batch", number},
                                 {"item", std::to_string(item.item)},
                                 {"record", "6"},
                                 {"sequence", std::to_string(i + 1)},
                                 {"last", i + 1 == item.memos.size() ? "9" : "0"},
                                 {"memo", item.memos[i]}});
            }
        }
        put("batch_total",
            {{"batch", number},
             {"item", "000"},
             {"lockbox", batch.lockbox},
             {"deposit_date", date_text("batch_total", "deposit_date", batch.deposit_date)},
             {"items", std::to_string(batch.items.size())},
             {"amount", std::to_string(batch.amount().minor_units())}});
        box_items_ += batch.items.size();
        box_amount_ += batch.amount();
    }

    void close_box() {
        if (box_ == nullptr) return;
        put("lockbox_total",
            {{"batch", "000"},
             {"item", "000"},
             {"lockbox", box_->lockbox},
             {"deposit_date", date_text("lockbox_total", "deposit_date", box_->deposit_date)},
             {"items", std::to_string(box_items_)},
             {"amount", std::to_string(box_amount_.minor_units())}});
        box_ = nullptr;
    }

    const Layout& layout_;
    std::string out_;
    const LockboxBatch* box_ = nullptr;
    std::size_t box_items_ = 0;
    Money box_amount_;
    std::int64_t records_ = 0;
};

}  // namespace

std::string write_lockbox(const LockboxFile& file, const Layout& layout) {
    return LockboxWriter(layout).write(file);
}

}  // namespace watthour::formats
