// SPDX-License-Identifier: Apache-2.0
#include "formats/event_codes.hpp"

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <span>

namespace watthour::formats::codes {
std::span<const EmbeddedFile> files();
}

namespace watthour::formats {

namespace {

using Names = std::map<std::string, std::string, std::less<>>;

struct Codes {
    Names events;
    Names texts;  ///< by lower case
    Names controls;
    Names replies;
};

Names names_of(const json::object& table, const char* part, const char* key) {
    Names names;
    for (const json::value& each : table.at(part).as_array()) {
        const json::object& one = each.as_object();
        names.emplace(lower_case(std::string_view(one.at(key).as_string())),
                      std::string(one.at("name").as_string()));
    }
    return names;
}

const Codes& shipped() {
    static const Codes parsed = [] {
        const auto files = codes::files();
        WH_CHECK(files.size() == 1, "the binary holds no table of event codes");
        const json::value value = parse_json(files[0].text, files[0].name).value();
        const json::object& table = value.as_object();
        return Codes{names_of(table, "events", "code"), names_of(table, "texts", "text"),
                     names_of(table, "controls", "code"), names_of(table, "replies", "code")};
    }();
    return parsed;
}

std::string_view find(const Names& names, std::string_view key) {
    const auto found = names.find(lower_case(key));
    return found == names.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string_view event_name(std::string_view code, std::string_view text) {
    const std::string_view by_code = find(shipped().events, code);
    return by_code.empty() ? find(shipped().texts, text) : by_code;
}

std::string_view control_name(std::string_view code) { return find(shipped().controls, code); }

std::string_view reply_meaning(std::string_view code) { return find(shipped().replies, code); }

bool is_event_code(std::string_view code) {
    const auto parts = split_text(code, '.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
               return part.size() <= 5 && all_digits(part);
           });
}

}  // namespace watthour::formats
