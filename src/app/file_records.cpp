// SPDX-License-Identifier: Apache-2.0
#include "app/file_records.hpp"

#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "app/local_time.hpp"
#include "formats/error_file.hpp"
#include "quantity/energy.hpp"
#include "storage/file_history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace watthour::app {
namespace {

using worklist::FileRecord;

bool is_xml(std::string_view format) {
    return format == "green-button" || format == "iec61968" || format == "multispeak";
}

/// What is said of several problems of one row.
void join(std::string& all, const std::string& one) {
    if (all.empty()) {
        all = one;
    } else if (all != one && all.find(one + ";") == std::string::npos) {
        all += "; " + one;
    }
}

json::array causes_of(const std::vector<FailedRowState>& rows) {
    struct Cause {
        std::string rule;
        std::string field;
        std::int64_t rows = 0;
        const FailedRowState* first = nullptr;
    };
    std::vector<Cause> causes;
    for (const FailedRowState& row : rows) {
        if (row.state != "waiting") continue;
        auto found = std::find_if(causes.begin(), causes.end(), [&](const Cause& cause) {
            return cause.rule == row.rule && cause.field == row.field;
        });
        if (found == causes.end()) found = causes.insert(found, {row.rule, row.field, 0, &row});
        ++found->rows;
    }
    std::stable_sort(causes.begin(), causes.end(),
                     [](const Cause& a, const Cause& b) { return a.rows > b.rows; });
    json::array list;
    for (const Cause& cause : causes) {
        list.push_back(json::object{{"rule", cause.rule},
                                    {"field", cause.field},
                                    {"rows", cause.rows},
                                    {"first_line", cause.first->line},
                                    {"example", cause.first->message},
                                    {"remedy", ""}});
    }
    return list;
}

}  // namespace

std::string state_of(const FileRecord& record) {
    if (record.waiting() > 0) return "waiting";
    const bool failed = record.details && record.details->failed_rows > 0;
    if (failed) return "settled";
    // Items of a file of money that found no account are work items, settled or not.
    return record.file.parked > 0 ? "inbox" : "whole";
}

json::object to_json(const FileRecord& record, const TimeZone& zone) {
    const worklist::ReceivedFile& file = record.file;
    json::object object{{"file", std::to_string(file.id)},
                        {"name", file.name},
                        {"format", file.format},
                        {"business_date", file.business_date.to_string()},
                        {"records", file.records},
                        {"posted", file.posted},
                        {"parked", file.parked},
                        {"rejected", file.rejected},
                        {"repeated", file.repeated},
                        {"declared_total", file.declared_total.to_string()},
                        {"posted_total", file.posted_total.to_string()},
                        {"parked_total", file.parked_total.to_string()},
                        {"state", state_of(record)},
                        {"repaired", record.repaired},
                        {"failed_again", record.failed_again},
                        {"set_aside", record.set_aside},
                        {"waiting", record.waiting()}};
    const worklist::FileDetails none;
    const auto& details = record.details ? *record.details : none;
    const auto moment = [&](Instant at) {
        return at.seconds == 0 ? std::string() : local_time(zone, at);
    };
    object["failed_rows"] = details.failed_rows;
    object["meters_known"] = details.meters_known;
    object["meters_unknown"] = details.meters_unknown;
    object["first"] = moment(details.first_at);
    object["last"] = moment(details.last_at);
    object["kwh"] = Energy::watt_hours(details.delivered_wh).to_string();
    object["by"] = details.taken_by;
    object["profile_name"] = details.profile_name;
    object["profile_version"] = details.profile_version;
    object["encoding"] = details.encoding;
    return object;
}

std::vector<FileRecord> files_of(Office& office, DateRange days, std::int64_t after,
                                 std::size_t most) {
    storage::FileHistoryRows history(office.database());
    const auto last = after == 0 ? std::nullopt : history.find(after);
    return history.list(days, last ? &*last : nullptr, most);
}

Result<FileRecord> file_record(Office& office, std::int64_t file) {
    auto record = storage::FileHistoryRows(office.database()).find(file);
    if (!record) return Error(errors::file_unknown, {{"file", std::to_string(file)}});
    return *std::move(record);
}

std::vector<FailedRowState> failed_rows_of(Office& office, std::int64_t file) {
    std::vector<FailedRowState> rows;
    for (auto& reject : office.files().rejects(file)) {
        if (reject.problem.line == 0) continue;
        if (rows.empty() || rows.back().line != reject.problem.line) {
            rows.push_back({reject.problem.line, "", "", "", "", "waiting", 0, ""});
        }
        FailedRowState& row = rows.back();
        join(row.field, reject.problem.field);
        join(row.rule, reject.problem.rule);
        join(row.message, reject.problem.message);
        if (row.raw.empty()) row.raw = std::move(reject.raw);
    }
    std::map<std::int64_t, worklist::FileRepair> repairs;
    for (auto& repair : storage::FileHistoryRows(office.database()).repairs(file)) {
        repairs.emplace(repair.line, std::move(repair));
    }
    for (FailedRowState& row : rows) {
        const auto found = repairs.find(row.line);
        if (found == repairs.end()) continue;
        row.state = found->second.outcome;
        row.by_file = found->second.by_file;
        row.why = found->second.why;
    }
    return rows;
}

Result<json::object> file_page(Office& office, std::int64_t file) {
    TRY(const FileRecord record, file_record(office, file));
    json::object object = to_json(record, office.zone());
    object["causes"] = causes_of(failed_rows_of(office, file));
    object["profile"] = record.details ? record.details->profile : std::string();
    object["meter"] = record.details ? record.details->meter : std::string();
    object["error_file"] = is_xml(record.file.format) ? "cmep" : record.file.format;
    return object;
}

Result<ErrorFile> error_file(Office& office, std::int64_t file) {
    TRY(const FileRecord record, file_record(office, file));
    const std::string& format = record.file.format;
    if (format == "handheld" || format == "lockbox" || format == "nacha") {
        return Error(errors::file_without_error_file,
                     {{"file", record.file.name}, {"format", format}});
    }
    std::vector<formats::FailedRow> rows;
    for (FailedRowState& row : failed_rows_of(office, file)) {
        if (row.state != "waiting") continue;
        rows.push_back({row.line, std::move(row.raw), std::move(row.field), std::move(row.rule),
                        std::move(row.message)});
    }
    if (rows.empty()) {
        return Error(errors::file_without_failed_rows, {{"file", record.file.name}});
    }
    const worklist::FileDetails details = record.details.value_or(worklist::FileDetails());
    char delimiter = ',';
    if (!details.profile.empty()) {
        TRY(const auto profile, formats::parse_read_profile(details.profile, "kept"));
        delimiter = profile.delimiter;
    }
    const std::filesystem::path name = record.file.name;
    ErrorFile made;
    made.name = fmt::format("{}-errors{}", name.stem().string(),
                            is_xml(format) ? std::string(".cmep") : name.extension().string());
    made.bytes = formats::write_error_file(file, delimiter, details.head, details.tail, rows);
    made.rows = static_cast<std::int64_t>(rows.size());
    return made;
}

Result<std::int64_t> set_rows_aside(Office& office, std::int64_t file,
                                    const std::vector<std::int64_t>& lines, const std::string& why,
                                    bool dry_run) {
    if (why.empty()) return Error(errors::row_reason_missing, {{"file", std::to_string(file)}});
    return storage::with_retries([&]() -> Result<std::int64_t> {
        TRY(const FileRecord record, file_record(office, file));
        const auto rows = failed_rows_of(office, file);
        std::vector<worklist::FileRepair> repairs;
        for (const FailedRowState& row : rows) {
            const bool named = std::find(lines.begin(), lines.end(), row.line) != lines.end();
            if (row.state == "waiting" && (lines.empty() || named)) {
                repairs.push_back({file, row.line, "set_aside", 0, why, office.actor().name, {}});
            }
        }
        for (const std::int64_t line : lines) {
            const bool waits = std::any_of(repairs.begin(), repairs.end(),
                                           [&](const auto& one) { return one.line == line; });
            if (!waits) {
                return Error(errors::file_row_not_waiting,
                             {{"line", std::to_string(line)}, {"file", record.file.name}});
            }
        }
        const auto count = static_cast<std::int64_t>(repairs.size());
        if (dry_run || count == 0) return count;
        storage::Transaction transaction(office.database(), office.business_date());
        storage::FileHistoryRows(office.database()).add(repairs);
        watthour::app::record(
            office, access::permissions::file_import,
            {0,
             fmt::format("file:{}:aside:{}", record.file.sha256.substr(0, 16),
                         repairs.front().line),
             "", fmt::format("{} rows of {} set aside", count, record.file.name), why, 0});
        transaction.commit();
        return count;
    });
}

}  // namespace watthour::app
