// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::storage::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"storage." #slug, ExitCode::exit, sentence, next};
#include "storage/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::storage::errors
