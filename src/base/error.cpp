// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

namespace watthour {
namespace {

std::string filled(std::string_view pattern, const Facts& facts) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t open = pattern.find('{', at);
        if (open == std::string_view::npos) return text.append(pattern.substr(at));
        const std::size_t close = pattern.find('}', open);
        if (close == std::string_view::npos) return text.append(pattern.substr(at));
        text.append(pattern.substr(at, open - at));
        const std::string_view name = pattern.substr(open + 1, close - open - 1);
        bool found = false;
        for (const auto& [key, value] : facts) {
            if (key == name) {
                text.append(value);
                found = true;
                break;
            }
        }
        if (!found) text.append("?");
        at = close + 1;
    }
    return text;
}

}  // namespace

std::string Error::message() const { return filled(kind_->sentence, facts_); }
std::string Error::next() const { return filled(kind_->next, facts_); }

}  // namespace watthour
