// SPDX-License-Identifier: Apache-2.0
#include "tariff/yaml_reader.hpp"

#include "base/text.hpp"
#include "tariff/errors.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

std::string joined(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
    std::string text;
    for (const auto* list : {&a, &b}) {
        for (const std::string_view word : *list) {
            text += (text.empty() ? "" : ", ") + std::string(word);
        }
    }
    return text;
}

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string canonical_of(const YAML::Node& node) {
    const auto quoted = [](const std::string& text) {
        return std::to_string(text.size()) + ":" + text;
    };
    if (node.IsMap()) {
        std::string out = "{";
        for (const auto& member : node) {
            out += quoted(member.first.Scalar()) + "=" + canonical_of(member.second) + ";";
        }
        return out + "}";
    }
    if (node.IsSequence()) {
        std::string out = "[";
        for (const auto& item : node) out += canonical_of(item) + ";";
        return out + "]";
    }
    return node.IsScalar() ? quoted(node.Scalar()) : "~";
}

}  // namespace

YamlValue YamlValue::parse(std::string_view text, const std::shared_ptr<YamlProblems>& problems) {
    YAML::Node node;
    try {
        node = YAML::Load(std::string(text));
    } catch (const YAML::Exception& failure) {
        if (!problems->first) {
            problems->first =
                Error(errors::file_malformed, {{"file", problems->file},
                                               {"line", std::to_string(failure.mark.line + 1)},
                                               {"column", std::to_string(failure.mark.column + 1)},
                                               {"why", failure.msg}});
        }
    }
    return {node, "the file", problems};
}

std::vector<YamlValue> YamlValue::parse_all(std::string_view text,
                                            const std::shared_ptr<YamlProblems>& problems) {
    std::vector<YamlValue> documents;
    try {
        for (YAML::Node& node : YAML::LoadAll(std::string(text))) {
            documents.push_back({std::move(node), "the file", problems});
        }
    } catch (const YAML::Exception&) {
        (void)parse(text, problems);  // names the place
    }
    return documents;
}

void YamlValue::refuse(const ErrorKind& kind, Facts facts) const {
    if (problems_->first) return;
    const YAML::Mark mark = node_.Mark();
    Facts all{{"file", problems_->file},
              {"line", std::to_string(mark.line + 1)},
              {"column", std::to_string(mark.column + 1)},
              {"path", path_}};
    all.insert(all.end(), facts.begin(), facts.end());
    problems_->first = Error(kind, std::move(all));
}

void YamlValue::refuse_word(const std::string& found, const std::string& known) const {
    refuse(errors::word_unknown, {{"text", found}, {"known", known}});
}

void YamlValue::refuse_value(const std::string& wanted) const {
    refuse(errors::value_malformed,
           {{"text", node_.IsScalar() ? node_.Scalar() : "not one value"}, {"wanted", wanted}});
}

const YamlValue& YamlValue::keys(std::initializer_list<std::string_view> required,
                                 std::initializer_list<std::string_view> optional) const {
    return keys(std::vector<std::string_view>(required), std::vector<std::string_view>(optional));
}

std::string YamlValue::place() const {
    return problems_->file + " line " + std::to_string(node_.Mark().line + 1);
}

const YamlValue& YamlValue::keys(const std::vector<std::string_view>& required,
                                 const std::vector<std::string_view>& optional) const {
    for (const auto& [key, value] : members()) {
        if (!contains(required, key) && !contains(optional, key)) {
            value.refuse(errors::key_unknown,
                         {{"path", path_}, {"key", key}, {"known", joined(required, optional)}});
        }
    }
    for (const std::string_view key : required) (void)at(key);
    return *this;
}

bool YamlValue::has(std::string_view key) const {
    return !failed() && node_.IsMap() && node_[std::string(key)].IsDefined();
}

YamlValue YamlValue::at(std::string_view key) const {
    const std::string path =
        path_ == "the file" ? std::string(key) : path_ + "." + std::string(key);
    if (!has(key)) {
        refuse(errors::key_missing, {{"key", std::string(key)}});
        return {YAML::Node(), path, problems_};
    }
    return {node_[std::string(key)], path, problems_};
}

std::vector<std::pair<std::string, YamlValue>> YamlValue::members() const {
    std::vector<std::pair<std::string, YamlValue>> found;
    if (failed()) return found;
    if (!node_.IsMap()) {
        refuse_value("a map of names and values");
        return found;
    }
    for (const auto& member : node_) {
        const std::string key = member.first.IsScalar() ? member.first.Scalar() : "?";
        YamlValue value{member.second, path_ == "the file" ? key : path_ + "." + key, problems_};
        for (const auto& [earlier, unused] : found) {
            if (earlier == key) {
                value.refuse(errors::key_repeated, {{"path", path_}, {"key", key}});
            }
        }
        found.emplace_back(key, std::move(value));
    }
    return found;
}

std::vector<YamlValue> YamlValue::items() const {
    std::vector<YamlValue> found;
    if (failed()) return found;
    if (!node_.IsSequence()) {
        refuse_value("a list");
        return found;
    }
    for (const auto& item : node_) {
        found.push_back({item, path_ + "[" + std::to_string(found.size() + 1) + "]", problems_});
    }
    return found;
}

std::string YamlValue::text() const {
    if (failed()) return {};
    if (!node_.IsScalar() || node_.Scalar().empty()) {
        refuse_value("a text");
        return {};
    }
    return node_.Scalar();
}

Decimal YamlValue::decimal() const {
    const auto value = Decimal::parse(text());
    if (!value) refuse_value("a decimal number such as 0.15120");
    return value ? *value : Decimal();
}

Money YamlValue::money() const {
    const auto value = Money::parse(text());
    if (!value) refuse_value("an amount in dollars and cents such as 18.50");
    return value ? *value : Money();
}

Energy YamlValue::kwh() const {
    const auto value = Energy::parse_kwh(text());
    if (!value) refuse_value("kWh with at most three places");
    return value ? *value : Energy();
}

int YamlValue::whole() const {
    const auto value = parse_integer(text());
    if (!value || *value < 0 || *value > 1'000'000'000) {
        refuse_value("a whole number");
        return 1;
    }
    return static_cast<int>(*value);
}

Date YamlValue::date() const {
    const auto value = Date::parse(text());
    if (!value) refuse_value("a date such as 2025-07-01");
    return value ? *value : Date();
}

bool YamlValue::yes_no() const { return word<bool>({{"yes", true}, {"no", false}}); }

std::pair<int, int> YamlValue::month_day() const {
    const auto value = Date::parse("2001-" + text());
    if (!value) {
        refuse_value("month and day such as 06-01");
        return {1, 1};
    }
    return {value->month(), value->day()};
}

int YamlValue::clock_second() const {
    const std::string clock = text();
    const auto hour = parse_integer(clock.substr(0, 2));
    const auto minute = clock.size() == 5 ? parse_integer(clock.substr(3, 2)) : std::nullopt;
    const bool good = hour && minute && clock[2] == ':' && *hour >= 0 && *minute >= 0 &&
                      *minute < 60 && *hour * 60 + *minute <= 1440;
    if (!good) {
        refuse_value("a time of day such as 16:00");
        return 0;
    }
    return static_cast<int>((*hour * 60 + *minute) * 60);
}

std::vector<std::string> YamlValue::texts() const {
    std::vector<std::string> found;
    for (const YamlValue& item : items()) found.push_back(item.text());
    return found;
}

LocalText YamlValue::local_text() const {
    keys({"en", "es"});
    return {at("en").text(), at("es").text()};
}

std::string YamlValue::canonical() const { return canonical_of(node_); }

}  // namespace watthour::tariff
