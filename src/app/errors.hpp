// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::app::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"app." #slug, ExitCode::exit, sentence, next};
#include "app/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::app::errors
