// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::jobs::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"jobs." #slug, ExitCode::exit, sentence, next};
#include "jobs/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::jobs::errors
