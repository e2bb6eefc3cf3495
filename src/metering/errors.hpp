// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::metering::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"metering." #slug, ExitCode::exit, sentence, next};
#include "metering/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::metering::errors
