// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include "base/errors.hpp"

#include <boost/json/src.hpp>

namespace watthour {
namespace {

void write(std::string& out, const json::value& value, std::size_t indent) {
    const std::string flat = json::serialize(value);
    const bool nested = (value.is_object() && !value.get_object().empty()) ||
                        (value.is_array() && !value.get_array().empty());
    if (!nested || flat.size() + indent <= 100) {
        out += flat;
        return;
    }
    const std::string pad(indent + 2, ' ');
    bool first = true;
    const auto separate = [&] {
        out += first ? "\n" : ",\n";
        first = false;
        out += pad;
    };
    if (value.is_object()) {
        out += '{';
        for (const auto& [key, member] : value.get_object()) {
            separate();
            out += json::serialize(json::value(key)) + ": ";
            write(out, member, indent + 2);
        }
        out += "\n" + std::string(indent, ' ') + "}";
    } else {
        out += '[';
        for (const auto& member : value.get_array()) {
            separate();
            write(out, member, indent + 2);
        }
        out += "\n" + std::string(indent, ' ') + "]";
    }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::string_view file_name) {
    json::parse_options options;
    options.max_depth = 64;
    boost::system::error_code failure;
    json::stream_parser parser({}, options);
    const std::size_t taken = parser.write_some(text.data(), text.size(), failure);
    if (!failure && text.substr(taken).find_first_not_of(" \t\r\n") != std::string_view::npos) {
        failure = json::error::extra_data;
    }
    if (!failure) parser.finish(failure);
    if (failure) {
        return Error(errors::json_malformed,
                     {{"file", std::string(file_name)},
                      {"why", failure.message() + " at byte " + std::to_string(taken + 1)}});
    }
    return parser.release();
}

std::string to_text(const json::value& value) { return json::serialize(value); }

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value() : json::value(text);
}

std::string to_pretty_text(const json::value& value) {
    std::string out;
    write(out, value, 0);
    return out;
}

}  // namespace watthour
