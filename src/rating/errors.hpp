// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::rating::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"rating." #slug, ExitCode::exit, sentence, next};
#include "rating/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::rating::errors
