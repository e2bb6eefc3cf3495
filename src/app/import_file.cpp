// SPDX-License-Identifier: Apache-2.0
#include "app/import_file.hpp"

#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "app/import_parts.hpp"
#include "app/settle_import.hpp"
#include "base/digest.hpp"
#include "base/file_pieces.hpp"
#include "base/files.hpp"
#include "formats/format.hpp"
#include "storage/file_history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

namespace watthour::app {
namespace {

using worklist::ReceivedFile;
using Importer = Result<void> (*)(Office&, const std::string&, const ImportRequest&,
                                  ImportOutcome&);

using PieceImporter = Result<void> (*)(Office&, FileText&, const ImportRequest&, ImportOutcome&);

/// One of the two: files of a night's reads may be larger than memory.
struct Importable {
    std::string_view format;
    Importer import = nullptr;
    PieceImporter in_pieces = nullptr;
};

constexpr Importable importables[] = {
    {"cmep", nullptr, import_cmep},          {"csv-intervals", import_by_profile},
    {"csv-registers", import_by_profile},    {"green-button", import_green_button},
    {"green-button-csv", import_by_profile}, {"handheld", import_handheld},
    {"iec61968", import_iec61968},           {"lockbox", import_lockbox},
    {"multispeak", import_multispeak},       {"mv90", import_by_profile},
    {"nacha", import_ach_returns},           {"nem12", import_nem12},
};

/// Problems that an answer names; all are in the database.
constexpr std::size_t problems_shown = 10'000;

}  // namespace

namespace {

/// Problems with their rows by line, field and rule; rows that share all three, as those of a file
/// in one line, are kept one below the other.
std::vector<worklist::RejectedRow> rows_to_keep(const ImportOutcome& outcome) {
    std::vector<worklist::RejectedRow> rows;
    std::map<std::tuple<std::int64_t, std::string_view, std::string_view>, std::size_t> places;
    for (std::size_t i = outcome.rejects_kept; i < outcome.problems.size(); ++i) {
        const Problem& problem = outcome.problems[i];
        const std::string& raw = outcome.raw[i];
        const auto [place, fresh] =
            places.try_emplace({problem.line, problem.field, problem.rule}, rows.size());
        if (fresh) {
            rows.push_back({outcome.file.id, problem, raw});
        } else if (std::string& kept = rows[place->second].raw; kept != raw) {
            kept += "\n" + raw;
        }
    }
    return rows;
}

void count_causes(const std::vector<worklist::RejectedRow>& rows, ImportOutcome& outcome) {
    std::set<std::int64_t> lines;
    for (const worklist::RejectedRow& row : rows) {
        const Problem& problem = row.problem;
        if (problem.line > 0) lines.insert(problem.line);
        auto cause = std::find_if(outcome.causes.begin(), outcome.causes.end(), [&](const auto& c) {
            return c.rule == problem.rule && c.field == problem.field;
        });
        if (cause == outcome.causes.end()) {
            cause = outcome.causes.insert(cause, {problem.rule, problem.field, 0, problem.line,
                                                  problem.message, problem.remedy});
        }
        ++cause->rows;
    }
    outcome.details.failed_rows += static_cast<std::int64_t>(lines.size());
    if (!outcome.came_back.empty()) outcome.bad_lines.merge(lines);
}

}  // namespace

void keep_raw_rows(std::string_view text, const formats::ReadProfile* profile,
                   std::int64_t lines_before, ImportOutcome& outcome) {
    outcome.raw.resize(outcome.problems.size());
    std::set<std::int64_t> lines;
    for (std::size_t i = outcome.rejects_kept; i < outcome.problems.size(); ++i) {
        if (const auto line = outcome.problems[i].line; line > 0) lines.insert(line - lines_before);
    }
    if (lines.empty()) return;
    auto failed = formats::failed_rows(outcome.file.format, text, profile, lines);
    for (std::size_t i = outcome.rejects_kept; i < outcome.problems.size(); ++i) {
        const auto row = failed.rows.find(outcome.problems[i].line - lines_before);
        if (row != failed.rows.end()) outcome.raw[i] = row->second;
    }
    outcome.details.head = std::move(failed.head);
    outcome.details.tail = std::move(failed.tail);
}

std::optional<std::string> without_reasons(std::string_view text, std::int64_t lines_before,
                                           ImportOutcome& outcome) {
    if (!formats::has_reasons(text)) return std::nullopt;
    auto plain = formats::take_reasons_off(text);
    for (formats::ReturnedRow& row : plain.returned) {
        row.line += lines_before;
        outcome.came_back.push_back(row);
    }
    return std::move(plain.text);
}

void keep_rejects(Office& office, ImportOutcome& outcome) {
    outcome.raw.resize(outcome.problems.size());
    const auto rows = rows_to_keep(outcome);
    office.files().add_rejects(rows);
    count_causes(rows, outcome);
    if (outcome.problems.size() > problems_shown) {
        outcome.problems.resize(problems_shown);
        outcome.raw.resize(problems_shown);
    }
    outcome.rejects_kept = outcome.problems.size();
}

Result<std::string> FileText::sha256() {
    Sha256 digest;
    TRY_DONE(each([&](std::string_view piece, std::int64_t) { digest.add(piece); }));
    return digest.hex();
}

Result<std::string> FileText::whole() {
    if (request_.bytes) return *request_.bytes;
    return read_file(request_.path);
}

Result<void> FileText::each(const Take& take) {
    if (request_.bytes) {
        take(*request_.bytes, 0);
        return {};
    }
    TRY(FilePieces pieces, FilePieces::open(request_.path));
    for (std::string_view piece; pieces.next(piece);) take(piece, pieces.lines_before());
    return {};
}

std::string importable_formats() {
    std::string names;
    for (const Importable& one : importables) {
        if (!names.empty()) names += ", ";
        names += one.format;
    }
    return names;
}

worklist::WorkItem file_work_item(const ImportOutcome& outcome, const std::string& kind,
                                  const std::string& cause, const std::string& subject,
                                  const std::string& evidence, const std::string& next_step,
                                  Money at_stake) {
    worklist::WorkItem item;
    item.kind = kind;
    item.cause = cause;
    item.subject = subject;
    item.id = worklist::work_item_id(kind, 0, subject);
    item.evidence = evidence;
    item.next_step = next_step;
    item.at_stake = at_stake;
    item.opened_on = outcome.file.business_date;
    return item;
}

namespace {

/// What became of the rows of error files that this file brought back. A row is repaired when
/// something of it was taken and nothing of it failed; it ends with the line that holds its reason.
void settle_came_back(Office& office, ImportOutcome& outcome) {
    std::vector<worklist::FileRepair> repairs;
    std::int64_t before = 0;
    for (const formats::ReturnedRow& row : outcome.came_back) {
        const auto within = [&](const std::set<std::int64_t>& lines) {
            const auto first = lines.upper_bound(before);
            return first != lines.end() && *first <= row.line;
        };
        const bool good = within(outcome.good_lines) && !within(outcome.bad_lines);
        before = row.line;
        repairs.push_back({row.file,
                           row.file_line,
                           good ? "repaired" : "failed_again",
                           outcome.file.id,
                           "",
                           office.actor().name,
                           {}});
        ++(good ? outcome.repaired : outcome.failed_again);
    }
    storage::FileHistoryRows(office.database()).add(repairs);
}

void keep_details(Office& office, const ImportRequest& request, ImportOutcome& outcome) {
    worklist::FileDetails& details = outcome.details;
    details.file = outcome.file.id;
    details.profile_name = request.profile_name;
    details.profile_version = request.profile_version;
    details.meter = request.meter;
    details.meters_known = static_cast<std::int64_t>(outcome.known_meters.size());
    details.meters_unknown = static_cast<std::int64_t>(outcome.unknown_meters.size());
    details.taken_by = office.actor().name;
    std::stable_sort(outcome.causes.begin(), outcome.causes.end(),
                     [](const auto& a, const auto& b) { return a.rows > b.rows; });
    storage::FileHistoryRows(office.database()).add(details);
}

}  // namespace

Result<ImportOutcome> import_file(Office& office, const ImportRequest& asked) {
    TRY(const ImportRequest request, settled_request(office, asked));
    const Importable* importable = nullptr;
    for (const Importable& one : importables) {
        if (one.format == request.format) importable = &one;
    }
    if (importable == nullptr) {
        return Error(errors::format_unknown,
                     {{"format", request.format}, {"known", importable_formats()}});
    }
    if (request.profile && importable->import != import_by_profile) {
        return Error(errors::format_without_profile, {{"format", request.format}});
    }
    FileText text(request);
    std::string bytes;
    ReceivedFile file;
    if (importable->in_pieces != nullptr) {
        TRY(file.sha256, text.sha256());
    } else {
        TRY(bytes, text.whole());
        file.sha256 = sha256_hex(bytes);
    }
    file.id = worklist::file_id(file.sha256);
    file.format = request.format;
    file.name = std::filesystem::path(request.path).filename().string();
    file.business_date = request.date;
    // Two who bring in the same file at once: the second looks again and finds it taken.
    return storage::with_retries([&]() -> Result<ImportOutcome> {
        ImportOutcome outcome;
        outcome.file = file;
        outcome.preview_rows = request.preview_rows;
        storage::Transaction transaction(office.database(), request.date);
        if (const auto before = office.files().find(file.sha256)) {
            return Error(errors::file_already_taken, {{"file", request.path},
                                                      {"date", before->business_date.to_string()},
                                                      {"name", before->name}});
        }
        if (importable->in_pieces != nullptr) {
            TRY_DONE(importable->in_pieces(office, text, request, outcome));
        } else {
            TRY_DONE(importable->import(office, bytes, request, outcome));
        }
        office.files().add(outcome.file);
        keep_rejects(office, outcome);
        keep_details(office, request, outcome);
        settle_came_back(office, outcome);
        record(office, access::permissions::file_import,
               {0, "file:" + file.sha256.substr(0, 16), "",
                fmt::format("{} of {} records posted", outcome.file.posted, outcome.file.records),
                "took in " + file.name, 0});
        if (!request.dry_run) transaction.commit();
        return outcome;
    });
}

}  // namespace watthour::app
