// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::cases::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"cases." #slug, ExitCode::exit, sentence, next};
#include "cases/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::cases::errors
