// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::usage::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"usage." #slug, ExitCode::exit, sentence, next};
#include "usage/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::usage::errors
