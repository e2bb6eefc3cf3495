// SPDX-License-Identifier: Apache-2.0
#include "contract.hpp"

#include "calendar/date.hpp"

#include <regex>

namespace watthour::api_test {
namespace {

std::string check(const json::object& contract, const json::object& schema,
                  const json::value& value, const std::string& place);

bool is_of(std::string_view type, const json::value& value) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    if (type == "null") return value.is_null();
    return false;
}

std::string check_object(const json::object& contract, const json::object& schema,
                         const json::object& value, const std::string& place) {
    const auto& properties = schema.at("properties").as_object();
    for (const auto& name : schema.at("required").as_array()) {
        if (!value.contains(name.as_string())) {
            return place + " lacks " + std::string(name.as_string());
        }
    }
    for (const auto& [name, one] : value) {
        const auto* known = properties.if_contains(name);
        if (known == nullptr) return place + " has the unknown " + std::string(name);
        if (auto wrong = check(contract, known->as_object(), one, place + "." + std::string(name));
            !wrong.empty()) {
            return wrong;
        }
    }
    return {};
}

std::string check(const json::object& contract, const json::object& schema,
                  const json::value& value, const std::string& place) {
    if (const auto* reference = schema.if_contains("$ref")) {
        const std::string name(reference->as_string().subview(21));
        const auto& schemas = contract.at("components").at("schemas").as_object();
        if (!schemas.contains(name)) return place + " refers to the unknown schema " + name;
        return check(contract, schemas.at(name).as_object(), value, place);
    }
    const auto* type = schema.if_contains("type");
    if (type == nullptr) return {};
    bool good = false;
    if (type->is_array()) {
        for (const auto& one : type->as_array()) good = good || is_of(one.as_string(), value);
    } else {
        good = is_of(type->as_string(), value);
    }
    if (!good) return place + " is " + to_text(value).substr(0, 60) + ", not of its type";
    if (value.is_string()) {
        const std::string text(value.as_string());
        if (const auto* pattern = schema.if_contains("pattern");
            pattern != nullptr &&
            !std::regex_match(text, std::regex(std::string(pattern->as_string())))) {
            return place + " is " + text + ", not of its pattern";
        }
        if (schema.contains("format") && schema.at("format") == "date" && !Date::parse(text)) {
            return place + " is " + text + ", no date";
        }
    }
    if (value.is_array() && schema.contains("items")) {
        int number = 0;
        for (const auto& one : value.as_array()) {
            if (auto wrong = check(contract, schema.at("items").as_object(), one,
                                   place + "[" + std::to_string(number++) + "]");
                !wrong.empty()) {
                return wrong;
            }
        }
    }
    if (value.is_object() && schema.contains("properties")) {
        return check_object(contract, schema, value.as_object(), place);
    }
    return {};
}

}  // namespace

std::string breaks_contract(const json::object& contract, std::string_view pattern,
                            std::string_view method, const api::Response& response) {
    const auto& responses = contract.at("paths").at(pattern).at(method).at("responses").as_object();
    const std::string status = std::to_string(response.status);
    const bool good = response.status < 400 && responses.contains(status);
    const auto& said = responses.at(good ? status : "default").at("content").as_object();
    const std::string type = response.content_type.substr(0, response.content_type.find(';'));
    const auto* content = said.if_contains(type);
    if (content == nullptr) {
        return "status " + status + " has the content type " + response.content_type;
    }
    if (response.content_type.find("json") == std::string::npos) return {};
    const auto body = parse_json(response.body, "answer");
    if (!body) return "the answer is no JSON";
    return check(contract, content->at("schema").as_object(), *body, "answer");
}

}  // namespace watthour::api_test
