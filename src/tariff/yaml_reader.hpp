// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "tariff/language.hpp"

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::tariff {

/// The first refusal met while a file is read. Readers go on after it and return empty values;
/// whoever began the file asks once at the end.
struct YamlProblems {
    std::string file;
    std::optional<Error> first;
};

/// A place in a YAML file: a scalar, a list or a map, with the path that led to it. Scalars are
/// text until asked for as a number, which is then an exact decimal.
class YamlValue {
public:
    /// Errors (in `problems`): tariff.file_malformed.
    [[nodiscard]] static YamlValue parse(std::string_view text,
                                         const std::shared_ptr<YamlProblems>& problems);

    /// The documents of a text, divided by lines of three hyphens. Errors: the same.
    [[nodiscard]] static std::vector<YamlValue> parse_all(
        std::string_view text, const std::shared_ptr<YamlProblems>& problems);

    /// Checks a map's keys: each of `required` is there, nothing besides them and `optional`,
    /// nothing twice. Errors: tariff.key_missing, key_unknown, key_repeated.
    const YamlValue& keys(std::initializer_list<std::string_view> required,
                          std::initializer_list<std::string_view> optional = {}) const;
    /// The same with lists made at run time.
    const YamlValue& keys(const std::vector<std::string_view>& required,
                          const std::vector<std::string_view>& optional) const;
    [[nodiscard]] bool has(std::string_view key) const;
    /// One value, not a list or a map.
    [[nodiscard]] bool is_text() const { return failed() || node_.IsScalar(); }
    /// "schedules/r-1.yaml line 12": for messages that come after the file was read.
    [[nodiscard]] std::string place() const;
    /// The member of a map. Errors: tariff.key_missing.
    [[nodiscard]] YamlValue at(std::string_view key) const;
    /// The members of a map in the order of the file, none twice.
    [[nodiscard]] std::vector<std::pair<std::string, YamlValue>> members() const;
    [[nodiscard]] std::vector<YamlValue> items() const;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] Decimal decimal() const;
    [[nodiscard]] Money money() const;
    [[nodiscard]] Energy kwh() const;
    [[nodiscard]] int whole() const;
    [[nodiscard]] Date date() const;
    [[nodiscard]] bool yes_no() const;
    /// "06-01" as month and day.
    [[nodiscard]] std::pair<int, int> month_day() const;
    /// "16:00" as seconds after midnight; "24:00" ends the day.
    [[nodiscard]] int clock_second() const;
    [[nodiscard]] std::vector<std::string> texts() const;
    [[nodiscard]] LocalText local_text() const;
    /// The value of one of the words listed. Errors: tariff.word_unknown.
    template <class Value>
    [[nodiscard]] Value word(
        std::initializer_list<std::pair<std::string_view, Value>> words) const {
        const std::string found = text();
        std::string known;
        for (const auto& [name, value] : words) {
            if (name == found) return value;
            known += (known.empty() ? "" : ", ") + std::string(name);
        }
        refuse_word(found, known);
        return words.begin()->second;
    }
    /// States the one thing that this version of the program can do.
    void must_be(std::string_view only) const { (void)word<int>({{only, 0}}); }

    /// What is said, without comments and layout: the same text for the same content.
    [[nodiscard]] std::string canonical() const;
    void refuse(const ErrorKind& kind, Facts facts) const;
    void refuse_word(const std::string& found, const std::string& known) const;
    void refuse_value(const std::string& wanted) const;
    [[nodiscard]] bool failed() const { return problems_->first.has_value(); }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    YamlValue(YAML::Node node, std::string path, std::shared_ptr<YamlProblems> problems)
        : node_(std::move(node)), path_(std::move(path)), problems_(std::move(problems)) {}

    YAML::Node node_;
    std::string path_;
    std::shared_ptr<YamlProblems> problems_;
};

}  // namespace watthour::tariff
