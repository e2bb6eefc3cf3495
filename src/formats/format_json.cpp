// SPDX-License-Identifier: Apache-2.0
#include "formats/format_json.hpp"

#include "base/text.hpp"
#include "formats/json_parts.hpp"

#include <fmt/format.h>

#include <set>

namespace watthour::formats {
namespace {

json::value day(const std::optional<Date>& date) {
    return date ? json::value(date->to_string()) : json::value(nullptr);
}

/// Long runs of digits hidden but for their last four: a notice of change may hold an account.
std::string masked_digits(std::string_view data) {
    std::string masked;
    for (std::size_t i = 0; i < data.size();) {
        std::size_t end = i;
        while (end < data.size() && data[end] != ' ') ++end;
        const std::string_view word = data.substr(i, end - i);
        const bool has_digit = word.find_first_of("0123456789") != word.npos;
        masked += has_digit && word.size() > 4 ? masked_account(word) : ascii_columns(word);
        if (end < data.size()) masked += ' ';
        i = end + 1;
    }
    return masked;
}

json::object value_json(const CmepValue& value) {
    constexpr std::uint32_t own = cmep_time_snapped | cmep_time_off_grid | cmep_value_doubtful;
    json::object made{{"end", to_iso_utc(value.end)},
                      {"quality", value.quality == '\0' ? "" : std::string(1, value.quality)},
                      {"flags", std::int64_t{value.flags & ~own}},
                      {"value", value.value.to_string()}};
    if ((value.flags & cmep_time_snapped) != 0) {
        made.emplace("received_end", to_iso_utc(value.end + value.moved_seconds));
    }
    if ((value.flags & cmep_time_off_grid) != 0) made.emplace("off_grid", true);
    return made;
}

json::object tou_json(const CmepTouRow& row) {
    json::array values;
    for (const CmepTouValue& value : row.values) {
        values.push_back(
            json::object{{"label", text(value.label)},
                         {"quality", value.quality == '\0' ? "" : std::string(1, value.quality)},
                         {"flags", std::int64_t{value.flags}},
                         {"value", value.value.to_string()}});
    }
    return {{"line", row.line},
            {"meter", text(row.meter)},
            {"commodity", text(row.commodity)},
            {"units", text(row.units)},
            {"season", row.season == '\0' ? "" : std::string(1, row.season)},
            {"multiplier", row.multiplier.to_string()},
            {"start", to_iso_utc(row.start)},
            {"end", to_iso_utc(row.end)},
            {"values", std::move(values)}};
}

json::object item_json(const LockboxItem& item) {
    return {{"line", item.line},
            {"batch", item.batch},
            {"item", item.item},
            {"amount", item.amount.to_string()},
            {"routing", text(item.routing)},
            {"check_account", masked_account(item.check_account)},
            {"check_number", text(item.check_number)},
            {"check_date", day(item.check_date)},
            {"remitter", text(item.remitter)},
            {"payee", text(item.payee)},
            {"memos", list(item.memos)}};
}

json::object addenda_json(const NachaAddenda& addenda) {
    json::object made{{"line", addenda.line}, {"type", text(addenda.type)}};
    const auto put = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) made.emplace(key, text(value));
    };
    put("reason", addenda.reason);
    put("original_trace", addenda.original_trace);
    put("original_bank", addenda.original_bank);
    put("date_of_death", addenda.date_of_death);
    put("corrected_data", masked_digits(addenda.corrected_data));
    // Types 10 to 18 of IAT hold bank and account numbers of other countries.
    put("text", addenda.type[0] == '1' ? masked_digits(addenda.text) : addenda.text);
    put("trace", addenda.trace);
    return made;
}

json::object entry_json(const NachaEntry& entry) {
    json::array addenda;
    for (const NachaAddenda& each : entry.addenda) addenda.push_back(addenda_json(each));
    return {{"line", entry.line},
            {"code", text(entry.code)},
            {"direction", entry.is_debit() ? "debit" : "credit"},
            {"routing", text(entry.routing)},
            {"account", entry.masked()},
            {"amount", entry.amount.to_string()},
            {"individual_id", text(entry.individual_id)},
            {"name", text(entry.name)},
            {"trace", text(entry.trace)},
            {"addenda", std::move(addenda)}};
}

}  // namespace

json::value records_json(const CmepFile& file) {
    json::array rows;
    for (const CmepRow& row : file.rows) {
        json::array values;
        for (const CmepValue& value : row.values) values.push_back(value_json(value));
        rows.push_back(json::object{{"line", row.line},
                                    {"sender", text(row.sender)},
                                    {"sender_customer", text(row.sender_customer)},
                                    {"receiver", text(row.receiver)},
                                    {"receiver_customer", text(row.receiver_customer)},
                                    {"created", text(row.created)},
                                    {"meter", text(row.meter)},
                                    {"purpose", text(row.purpose)},
                                    {"commodity", text(row.commodity)},
                                    {"units", text(row.units)},
                                    {"multiplier", row.multiplier.to_string()},
                                    {"interval_seconds", row.interval_seconds},
                                    {"values", std::move(values)}});
    }
    json::array alarms;
    for (const CmepAlarm& alarm : file.alarms) {
        alarms.push_back(json::object{{"line", alarm.line},
                                      {"sender", text(alarm.sender)},
                                      {"created", text(alarm.created)},
                                      {"meter", text(alarm.meter)},
                                      {"fields", list(alarm.fields)}});
    }
    json::array tou_rows;
    for (const CmepTouRow& row : file.tou_rows) tou_rows.push_back(tou_json(row));
    return json::object{{"rows", std::move(rows)},
                        {"tou_rows", std::move(tou_rows)},
                        {"alarms", std::move(alarms)},
                        {"rejected", rejected_json(file.rejected)}};
}

json::value records_json(const HandheldFile& file) {
    json::array reads;
    for (const HandheldRead& read : file.reads) {
        reads.push_back(json::object{
            {"line", read.line},
            {"cycle", text(read.cycle)},
            {"route", text(read.route)},
            {"account", text(read.account)},
            {"meter", text(read.meter)},
            {"register", text(read.reg)},
            {"reading", read.reading},
            {"date", day(read.date == Date() ? std::nullopt : std::optional(read.date))},
            {"time", fmt::format("{:02}:{:02}:{:02}", read.second_of_day / 3600,
                                 read.second_of_day / 60 % 60, read.second_of_day % 60)},
            {"method", std::string(1, read.method)},
            {"reread", read.reread},
            {"failed_limit", std::string(1, read.failed_limit)},
            {"skip_code", text(read.skip_code)},
            {"trouble_codes", list(read.trouble_codes)},
            {"reader", text(read.reader)}});
    }
    return json::object{{"created", day(file.created)},
                        {"reads", std::move(reads)},
                        {"rejected", rejected_json(file.rejected)}};
}

json::value records_json(const LockboxFile& file) {
    json::array batches;
    for (const LockboxBatch& batch : file.batches) {
        json::array items;
        for (const LockboxItem& item : batch.items) items.push_back(item_json(item));
        batches.push_back(json::object{{"line", batch.line},
                                       {"lockbox", text(batch.lockbox)},
                                       {"batch", batch.number},
                                       {"deposit_date", batch.deposit_date.to_string()},
                                       {"amount", batch.amount().to_string()},
                                       {"items", std::move(items)}});
    }
    return json::object{{"destination", text(file.destination)},
                        {"origin", text(file.origin)},
                        {"created", file.created.to_string()},
                        {"batches", std::move(batches)}};
}

json::value records_json(const NachaFile& file) {
    json::array batches;
    for (const NachaBatch& batch : file.batches) {
        json::array entries;
        for (const NachaEntry& entry : batch.entries) entries.push_back(entry_json(entry));
        batches.push_back(json::object{{"line", batch.line},
                                       {"number", batch.number},
                                       {"service_class", text(batch.service_class)},
                                       {"company_name", text(batch.company_name)},
                                       {"company_id", text(batch.company_id)},
                                       {"sec", text(batch.sec)},
                                       {"description", text(batch.description)},
                                       {"effective", day(batch.effective)},
                                       {"entries", std::move(entries)}});
    }
    return json::object{{"immediate_destination", text(trimmed(file.immediate_destination))},
                        {"immediate_origin", text(trimmed(file.immediate_origin))},
                        {"created", day(file.created)},
                        {"created_time", text(file.created_time)},
                        {"id_modifier", text(file.id_modifier)},
                        {"destination_name", text(file.destination_name)},
                        {"origin_name", text(file.origin_name)},
                        {"batches", std::move(batches)}};
}

json::object totals_json(const CmepFile& file) {
    std::set<std::string_view> meters;
    std::size_t values = 0;
    for (const CmepRow& row : file.rows) {
        meters.insert(row.meter);
        values += row.values.size();
    }
    for (const CmepTouRow& row : file.tou_rows) {
        meters.insert(row.meter);
        values += row.values.size();
    }
    return {{"rows", size_of(file.rows.size())},     {"tou_rows", size_of(file.tou_rows.size())},
            {"meters", size_of(meters.size())},      {"values", size_of(values)},
            {"alarms", size_of(file.alarms.size())}, {"rejected", size_of(file.rejected.size())}};
}

json::object totals_json(const HandheldFile& file) {
    std::int64_t skipped = 0;
    for (const HandheldRead& read : file.reads) skipped += read.skip_code.empty() ? 0 : 1;
    return {{"routes", file.counts.routes}, {"customers", file.counts.customers},
            {"meters", file.counts.meters}, {"reads", size_of(file.reads.size())},
            {"skipped", skipped},           {"rejected", size_of(file.rejected.size())}};
}

json::object totals_json(const LockboxFile& file) {
    return {{"batches", size_of(file.batches.size())},
            {"items", file.item_count()},
            {"amount", file.amount().to_string()}};
}

json::object totals_json(const NachaFile& file) {
    std::set<std::string> classes;
    std::set<std::string> reasons;
    for (const NachaBatch& batch : file.batches) {
        classes.insert(batch.sec);
        for (const NachaEntry& entry : batch.entries) {
            for (const NachaAddenda& addenda : entry.addenda) {
                if (!addenda.reason.empty()) reasons.insert(addenda.reason);
            }
        }
    }
    return {{"batches", file.totals.batches},
            {"entries", file.totals.entries},
            {"addenda", file.totals.addenda},
            {"debits", file.totals.debits.to_string()},
            {"credits", file.totals.credits.to_string()},
            {"entry_hash", file.totals.hash},
            {"sec_codes", list({classes.begin(), classes.end()})},
            {"return_codes", list({reasons.begin(), reasons.end()})},
            {"returns", size_of(returns_of(file).size())}};
}

}  // namespace watthour::formats
