// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::formats::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"formats." #slug, ExitCode::exit, sentence, next};
#include "formats/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::formats::errors
