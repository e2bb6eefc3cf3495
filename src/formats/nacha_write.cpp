// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/nacha_records.hpp"

#include <fmt/format.h>

namespace watthour::formats {
namespace nacha {
namespace {

/// Builds a record field by field, left to right.
class Record {
public:
    Record& text(std::string_view value, std::size_t width) {
        text_ += pad_right(ascii_columns(upper_case(plain_ascii(value))), width);
        return *this;
    }
    Record& number(std::int64_t value, std::size_t width) {
        const std::string digits = std::to_string(value);
        WH_CHECK(value >= 0 && digits.size() <= width, "an ACH number is too narrow for its value");
        text_ += pad_left(digits, width, '0');
        return *this;
    }
    void append_to(std::string& out) const {
        WH_CHECK(text_.size() == record_length, "an ACH record is not 94 characters");
        out += text_;
        out += '\n';
    }

private:
    std::string text_;
};

std::string date_text(const std::optional<Date>& date) {
    return date ? write_file_date(*date, DateOrder::yymmdd) : "";
}

class Writer {
public:
    std::string write(const NachaFile& file) {
        Record()
            .text("101", 3)
            .text(file.immediate_destination, 10)
            .text(file.immediate_origin, 10)
            .text(date_text(file.created), 6)
            .text(file.created_time, 4)
            .text(file.id_modifier, 1)
            .text("094101", 6)
            .text(file.destination_name, 23)
            .text(file.origin_name, 23)
            .text(file.reference, 8)
            .append_to(out_);
        lines_ = 1;
        for (const NachaBatch& batch : file.batches) put_batch(batch);
        ++lines_;
        const std::int64_t blocks = (lines_ + 9) / 10;
        Record()
            .text("9", 1)
            .number(static_cast<std::int64_t>(file.batches.size()), 6)
            .number(blocks, 6)
            .number(all_.records, 8)
            .number(all_.hash, 10)
            .number(static_cast<std::int64_t>(all_.debits), 12)
            .number(static_cast<std::int64_t>(all_.credits), 12)
            .text("", 39)
            .append_to(out_);
        for (; lines_ < blocks * 10; ++lines_) out_ += std::string(record_length, '9') + '\n';
        return std::move(out_);
    }

private:
    void put_batch(const NachaBatch& batch) {
        WH_CHECK(batch.sec != "IAT" && batch.sec != "ADV", "IAT and ADV batches are not written");
        batch_ = {};
        Record()
            .text("5", 1)
            .text(batch.service_class, 3)
            .text(batch.company_name, 16)
            .text(batch.discretionary, 20)
            .text(batch.company_id, 10)
            .text(batch.sec, 3)
            .text(batch.description, 10)
            .text(batch.descriptive_date, 6)
            .text(date_text(batch.effective), 6)
            .text(batch.settlement, 3)
            .text(batch.originator_status, 1)
            .text(batch.originating_bank, 8)
            .number(batch.number, 7)
            .append_to(out_);
        for (const NachaEntry& entry : batch.entries) put_entry(batch, entry);
        Record()
            .text("8", 1)
            .text(batch.service_class, 3)
            .number(batch_.records, 6)
            .number(batch_.hash, 10)
            .number(static_cast<std::int64_t>(batch_.debits), 12)
            .number(static_cast<std::int64_t>(batch_.credits), 12)
            .text(batch.company_id, 10)
            .text("", 25)
            .text(batch.originating_bank, 8)
            .number(batch.number, 7)
            .append_to(out_);
        lines_ += 2 + batch_.records;
        all_.records += batch_.records;
        all_.hash = (all_.hash + batch_.hash) % hash_modulus;
        all_.debits += batch_.debits;
        all_.credits += batch_.credits;
    }

    void put_entry(const NachaBatch& batch, const NachaEntry& entry) {
        WH_CHECK(entry.routing.size() == 9 && entry.account.size() <= 17 &&
                     entry.individual_id.size() <= 15,
                 "an ACH entry has a number wider than its field");
        Record record;
        record.text("6", 1)
            .text(entry.code, 2)
            .text(entry.routing, 9)
            .text(entry.account, 17)
            .number(entry.amount.minor_units(), 10)
            .text(entry.individual_id, 15);
        const auto addenda = static_cast<std::int64_t>(entry.addenda.size());
        if (counts_addenda(batch.sec)) {
            record.number(addenda, 4).text(entry.name, 16).text("", 2);
        } else {
            record.text(entry.name, 22);
        }
        record.text(entry.discretionary, 2)
            .number(addenda > 0 ? 1 : 0, 1)
            .text(entry.trace, 15)
            .append_to(out_);
        batch_.records += 1 + addenda;
        const auto bank = parse_digits(std::string_view(entry.routing).substr(0, 8));
        WH_CHECK(bank.has_value(), "a routing number is not digits");
        batch_.hash = (batch_.hash + *bank) % hash_modulus;
        (entry.is_debit() ? batch_.debits : batch_.credits) += entry.amount.minor_units();
        for (const NachaAddenda& each : entry.addenda) put_addenda(entry, each);
    }

    void put_addenda(const NachaEntry& entry, const NachaAddenda& addenda) {
        Record record;
        record.text("7", 1).text(addenda.type, 2);
        if (addenda.type == "05") {
            WH_CHECK(entry.trace.size() == 15, "a trace number has fifteen digits");
            record.text(addenda.text, 80)
                .number(addenda.sequence, 4)
                .text(std::string_view(entry.trace).substr(8), 7);
        } else if (addenda.type == "98") {
            record.text(addenda.reason, 3)
                .text(addenda.original_trace, 15)
                .text("", 6)
                .text(addenda.original_bank, 8)
                .text(addenda.corrected_data, 29)
                .text("", 15)
                .text(addenda.trace, 15);
        } else if (addenda.type == "99") {
            record.text(addenda.reason, 3)
                .text(addenda.original_trace, 15)
                .text(addenda.date_of_death, 6)
                .text(addenda.original_bank, 8)
                .text(addenda.text, 44)
                .text(addenda.trace, 15);
        } else {
            record.text(addenda.text, 91);
        }
        record.append_to(out_);
    }

    std::string out_;
    Sums batch_;
    Sums all_;
    std::int64_t lines_ = 0;
};

}  // namespace
}  // namespace nacha

std::string write_nacha(const NachaFile& file) { return nacha::Writer().write(file); }

}  // namespace watthour::formats
