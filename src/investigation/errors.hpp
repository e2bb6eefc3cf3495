// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::investigation::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"investigation." #slug, ExitCode::exit, sentence, next};
#include "investigation/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::investigation::errors
