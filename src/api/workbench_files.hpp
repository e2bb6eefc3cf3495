// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"

#include <string_view>

namespace watthour::api {

/// A file of the workbench inside the program.
struct WorkbenchFile {
    std::string_view name;
    std::string_view bytes;
    std::string_view gzip;  ///< the same, packed; empty where it is not smaller
};

/// The file of an address; the page itself for "/" and whatever begins with "/w/", whose rest the
/// page reads. nullptr for any other address.
[[nodiscard]] const WorkbenchFile* workbench_file(std::string_view path);

/// The file as an answer; packed for whoever can unpack it.
[[nodiscard]] Response to_response(const WorkbenchFile& file, const Request& request);

}  // namespace watthour::api
