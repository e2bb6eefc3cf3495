// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/check.hpp"
#include "base/error.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace watthour {

/// A value or the refusal that stands in its place; member names are those of std::expected.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] T& value() & {
        WH_CHECK(has_value(), "value of a refused result: " + error_text());
        return std::get<0>(state_);
    }
    [[nodiscard]] const T& value() const& {
        WH_CHECK(has_value(), "value of a refused result: " + error_text());
        return std::get<0>(state_);
    }
    [[nodiscard]] T&& value() && {
        WH_CHECK(has_value(), "value of a refused result: " + error_text());
        return std::get<0>(std::move(state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const {
        WH_CHECK(!has_value(), "error of a good result");
        return std::get<1>(state_);
    }

private:
    [[nodiscard]] std::string error_text() const {
        return has_value() ? std::string() : std::get<1>(state_).message();
    }
    std::variant<T, Error> state_;
};

/// Done, or the refusal that prevented it.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

    [[nodiscard]] bool has_value() const { return !error_; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] const Error& error() const {
        WH_CHECK(error_.has_value(), "error of a good result");
        return *error_;
    }

private:
    std::optional<Error> error_;
};

}  // namespace watthour

#define WH_JOIN_(a, b) a##b
#define WH_JOIN(a, b) WH_JOIN_(a, b)
#define WH_TRY_(name, variable, ...) \
    auto name = (__VA_ARGS__);       \
    if (!name) return name.error();  \
    variable = std::move(*name)

/// TRY(auto x, f()); passes a refusal on to the caller, or names the value.
#define TRY(variable, ...) WH_TRY_(WH_JOIN(try_result_, __LINE__), variable, __VA_ARGS__)
/// TRY_DONE(f()); the same where there is no value.
#define TRY_DONE(...)                                                          \
    do {                                                                       \
        if (auto try_done = (__VA_ARGS__); !try_done) return try_done.error(); \
    } while (false)
