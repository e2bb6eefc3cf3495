// SPDX-License-Identifier: Apache-2.0
#include "api/workbench_files.hpp"

#include "base/embedded.hpp"

#include <map>
#include <span>
#include <string>

namespace watthour::api {
namespace workbench {
std::span<const EmbeddedFile> files();
}  // namespace workbench

namespace {

constexpr std::string_view page_name = "index.html";

std::string_view type_of(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
        {".json", "application/json"},         {".woff2", "font/woff2"}};
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

const std::map<std::string_view, WorkbenchFile>& table() {
    static const std::map<std::string_view, WorkbenchFile> all = [] {
        std::map<std::string_view, WorkbenchFile> files;
        for (const EmbeddedFile& file : workbench::files()) {
            const bool packed = file.name.ends_with(".gz");
            const auto name = packed ? file.name.substr(0, file.name.size() - 3) : file.name;
            WorkbenchFile& one = files[name];
            one.name = name;
            (packed ? one.gzip : one.bytes) = file.text;
        }
        return files;
    }();
    return all;
}

}  // namespace

const WorkbenchFile* workbench_file(std::string_view path) {
    if (path == "/" || path == "/w" || path.starts_with("/w/")) path = "/index.html";
    if (!path.starts_with('/')) return nullptr;
    const auto found = table().find(path.substr(1));
    return found == table().end() ? nullptr : &found->second;
}

Response to_response(const WorkbenchFile& file, const Request& request) {
    Response response;
    response.content_type = type_of(file.name);
    const bool packed = !file.gzip.empty() &&
                        request.header("accept-encoding").find("gzip") != std::string_view::npos;
    response.body = std::string(packed ? file.gzip : file.bytes);
    if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    // Names of assets hold their hash; the page names the assets of this very program.
    response.headers.emplace_back("Cache-Control", file.name.starts_with("assets/")
                                                       ? "public, max-age=31536000, immutable"
                                                       : "no-cache");
    return response;
}

}  // namespace watthour::api
