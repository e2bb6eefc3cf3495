// SPDX-License-Identifier: Apache-2.0
#include "app/answer_once.hpp"

#include "app/errors.hpp"
#include "base/digest.hpp"
#include "storage/sign_in_rows.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

/// Two people may use the same key for two things.
std::string place_of(const Office& office, std::string_view key) {
    return sha256_hex(fmt::format("{}\n{}", office.actor().name, key));
}

}  // namespace

Result<std::optional<FirstAnswer>> first_answer(Office& office, std::string_view key,
                                                std::string_view asked) {
    const auto kept = storage::SignInRows(office.database()).answer(place_of(office, key));
    if (!kept) return std::optional<FirstAnswer>();
    if (kept->request_sha256 != sha256_hex(asked)) return Error(errors::key_reused, {});
    return std::optional<FirstAnswer>(FirstAnswer{kept->status, kept->response});
}

void keep_answer(Office& office, std::string_view key, std::string_view asked,
                 const FirstAnswer& answer) {
    (void)storage::SignInRows(office.database())
        .keep_answer(place_of(office, key), {sha256_hex(asked), answer.status, answer.body},
                     office.clock().now());
}

}  // namespace watthour::app
