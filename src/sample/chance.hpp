// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::sample {

/// A stream of numbers that is the same on every machine (splitmix64). Each purpose has its own
/// stream, keyed by seed and subject, so that a new choice somewhere moves no other choice.
class Chance {
public:
    Chance(std::int64_t seed, std::int64_t subject, std::string_view purpose)
        : state_(mixed(static_cast<std::uint64_t>(seed)) ^
                 mixed(static_cast<std::uint64_t>(subject) + 0x51ED2701u)) {
        for (const char letter : purpose) {
            state_ = mixed(state_ ^ static_cast<unsigned char>(letter));
        }
    }

    [[nodiscard]] std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15u;
        return mixed(state_);
    }
    /// from <= value < until; the bias of the remainder is below 2^-40 for what is drawn here.
    [[nodiscard]] int between(int from, int until) {
        return from + static_cast<int>(next() % static_cast<std::uint64_t>(until - from));
    }
    [[nodiscard]] bool percent(int chance) { return between(0, 100) < chance; }
    template <class List>
    [[nodiscard]] const auto& one_of(const List& list) {
        return list[static_cast<std::size_t>(next() % std::size(list))];
    }
    template <class T>
    void shuffle(std::vector<T>& list) {
        for (std::size_t left = list.size(); left > 1; --left) {
            std::swap(list[left - 1], list[static_cast<std::size_t>(next() % left)]);
        }
    }

private:
    [[nodiscard]] static constexpr std::uint64_t mixed(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    std::uint64_t state_;
};

}  // namespace watthour::sample
