// SPDX-License-Identifier: Apache-2.0
#include "app/import_file.hpp"

#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "app/import_parts.hpp"
#include "base/digest.hpp"
#include "base/file_pieces.hpp"
#include "base/files.hpp"
#include "formats/format.hpp"

#include <fmt/format.h>

#include <filesystem>

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

void keep_rejects(Office& office, ImportOutcome& outcome) {
    std::vector<worklist::RejectedRow> rows;
    for (std::size_t i = outcome.rejects_kept; i < outcome.problems.size(); ++i) {
        rows.push_back({outcome.file.id, outcome.problems[i],
                        i < outcome.raw.size() ? outcome.raw[i] : std::string()});
    }
    office.files().add_rejects(rows);
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

Result<ImportOutcome> import_file(Office& office, const ImportRequest& request) {
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
        record(office, access::permissions::file_import,
               {0, "file:" + file.sha256.substr(0, 16), "",
                fmt::format("{} of {} records posted", outcome.file.posted, outcome.file.records),
                "took in " + file.name, 0});
        if (!request.dry_run) transaction.commit();
        return outcome;
    });
}

}  // namespace watthour::app
