// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"base." #slug, ExitCode::exit, sentence, next};
#include "base/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::errors
