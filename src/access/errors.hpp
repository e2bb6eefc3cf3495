// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::access::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"access." #slug, ExitCode::exit, sentence, next};
#include "access/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::access::errors
