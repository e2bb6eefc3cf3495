// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::api::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"api." #slug, ExitCode::exit, sentence, next};
#include "api/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::api::errors
