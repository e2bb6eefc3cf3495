// SPDX-License-Identifier: Apache-2.0
#include "app/settle_import.hpp"

#include "app/errors.hpp"
#include "app/read_mapping.hpp"
#include "base/file_pieces.hpp"
#include "formats/format.hpp"
#include "formats/guess_format.hpp"
#include "formats/guess_profile.hpp"
#include "formats/text_encoding.hpp"
#include "storage/file_history_rows.hpp"

namespace watthour::app {
namespace {

/// The first piece of a file tells what it is.
Result<std::string> beginning_of(const ImportRequest& request) {
    constexpr std::size_t most = std::size_t{1} << 18U;
    if (request.bytes) return request.bytes->substr(0, most);
    TRY(FilePieces pieces, FilePieces::open(request.path));
    std::string_view piece;
    if (!pieces.next(piece)) return std::string();
    return std::string(piece.substr(0, most));
}

void take_profile(const worklist::SavedProfile& saved, ImportRequest& request) {
    request.profile = saved.profile;
    request.profile_name = saved.name;
    request.profile_version = saved.version;
    if (request.format.empty()) request.format = saved.format;
}

/// Of an error file: as the file was read that its rows came from.
void read_as_before(Office& office, std::string_view text, ImportRequest& request) {
    if (!formats::has_reasons(text)) return;
    const auto returned = formats::take_reasons_off(text).returned;
    if (returned.empty()) return;
    const auto before = storage::FileHistoryRows(office.database()).find(returned.front().file);
    if (!before || !before->details) return;
    const worklist::FileDetails& details = *before->details;
    if (request.meter.empty()) request.meter = details.meter;
    if (details.profile.empty()) return;
    if (request.format.empty()) request.format = before->file.format;
    if (request.profile || request.format != before->file.format) return;
    request.profile = details.profile;
    request.profile_name = details.profile_name;
    request.profile_version = details.profile_version;
}

}  // namespace

void name_profile(const std::string& text_or_name, ImportRequest& request) {
    const std::size_t first = text_or_name.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return;
    if (text_or_name[first] == '{') {
        request.profile = text_or_name;
    } else {
        request.profile_name = text_or_name;
    }
}

Result<ImportRequest> settled_request(Office& office, const ImportRequest& asked) {
    ImportRequest request = asked;
    if (!request.profile_name.empty() && !request.profile) {
        TRY(const auto saved, remembered_profile(office, request.profile_name));
        take_profile(saved, request);
    }
    const formats::Format* named = formats::find_format(request.format);
    if (!request.format.empty() && (named == nullptr || !named->by_profile || request.profile)) {
        return request;
    }
    TRY(const std::string bytes, beginning_of(request));
    const formats::FileCharacters characters(bytes);
    read_as_before(office, characters.text(), request);
    if (!request.format.empty()) return request;
    const formats::FormatGuess guess = formats::guess_format(characters.text());
    if (guess.format.empty()) {
        return Error(errors::format_not_told, {{"file", request.path}, {"why", guess.reason}});
    }
    request.format = guess.format;
    if (!guess.guessed_columns || request.profile) return request;
    const auto columns = formats::guess_read_profile(bytes);
    const auto remembered = profiles_like(office, columns.fingerprint);
    if (remembered.empty()) {
        return Error(errors::columns_not_confirmed, {{"file", request.path}});
    }
    take_profile(remembered.front(), request);
    request.format = remembered.front().format;
    return request;
}

}  // namespace watthour::app
