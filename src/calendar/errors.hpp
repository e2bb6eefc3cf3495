// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::calendar::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"calendar." #slug, ExitCode::exit, sentence, next};
#include "calendar/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::calendar::errors
