// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::sample::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"sample." #slug, ExitCode::exit, sentence, next};
#include "sample/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::sample::errors
