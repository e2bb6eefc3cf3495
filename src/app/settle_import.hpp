// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/import_file.hpp"

namespace watthour::app {

/// The request with everything that it left to the file: the format from what the file holds, a
/// remembered mapping by its name or, for columns that no shipped profile knows, by the header;
/// of an error file format, mapping and meter from the file that its rows came from.
///
/// Errors: base.file_missing, app.format_not_told, app.profile_unknown, app.profile_retired.
[[nodiscard]] Result<ImportRequest> settled_request(Office& office, const ImportRequest& asked);

}  // namespace watthour::app
