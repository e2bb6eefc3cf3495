// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace watthour::storage {

enum class EngineKind { sqlite, postgresql };

/// One SQL text for every engine, translated once when the program starts. Every query of the
/// program is a constant of this type, so that a test can prepare all of them on each engine.
/// Parameters are $1, $2, ...
class Query {
public:
    template <class... Parts>
        requires(sizeof...(Parts) > 0 && (std::is_convertible_v<Parts, const char*> && ...))
    explicit Query(Parts... parts) : Query(joined({std::string_view(parts)...})) {}
    explicit Query(std::string text);
    /// A query made while the program runs: a copy of tables. It is in no list.
    [[nodiscard]] static Query made(std::string text) { return {std::move(text), Unlisted{}}; }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::string& text_for(EngineKind engine) const {
        return translated_[static_cast<std::size_t>(engine)];
    }
    /// For a plain INSERT ... VALUES ($1, $2, ...): "table (a, b)"; otherwise empty.
    [[nodiscard]] const std::string& copy_target() const { return copy_target_; }
    /// Every query constant that the program holds.
    [[nodiscard]] static const std::vector<const Query*>& all();

private:
    struct Unlisted {};
    Query(std::string text, Unlisted);
    [[nodiscard]] static std::string joined(std::initializer_list<std::string_view> parts);
    std::string text_;
    std::array<std::string, 2> translated_;
    std::string copy_target_;
};

}  // namespace watthour::storage
