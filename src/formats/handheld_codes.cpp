// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld_codes.hpp"

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <span>
#include <vector>

namespace watthour::formats::reader_codes {
std::span<const EmbeddedFile> files();
}

namespace watthour::formats {
namespace {

struct Tables {
    std::vector<ReaderCode> skips;
    std::vector<ReaderCode> troubles;
};

std::vector<ReaderCode> codes_of(const json::object& table, const char* part) {
    std::vector<ReaderCode> codes;
    for (const json::value& each : table.at(part).as_array()) {
        const json::object& one = each.as_object();
        const auto text = [&](const char* key) { return std::string(one.at(key).as_string()); };
        codes.push_back({text("code"), text("name"), text("opens"), text("next_step")});
    }
    WH_CHECK(!codes.empty() && codes.back().name == "other", "the last reader code is not `other`");
    return codes;
}

const Tables& shipped() {
    static const Tables parsed = [] {
        const auto files = reader_codes::files();
        WH_CHECK(files.size() == 1, "the binary holds no table of reader codes");
        const json::value value = parse_json(files[0].text, files[0].name).value();
        return Tables{codes_of(value.as_object(), "skips"),
                      codes_of(value.as_object(), "troubles")};
    }();
    return parsed;
}

ReaderCode find(const std::vector<ReaderCode>& codes, std::string_view code) {
    for (const ReaderCode& one : codes) {
        if (one.code == upper_case(code)) return one;
    }
    ReaderCode other = codes.back();
    other.code = code;
    return other;
}

}  // namespace

ReaderCode skip_code(std::string_view code) { return find(shipped().skips, code); }
ReaderCode trouble_code(std::string_view code) { return find(shipped().troubles, code); }

}  // namespace watthour::formats
