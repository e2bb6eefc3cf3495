// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::audit::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"audit." #slug, ExitCode::exit, sentence, next};
#include "audit/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::audit::errors
