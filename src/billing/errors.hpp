// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::billing::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"billing." #slug, ExitCode::exit, sentence, next};
#include "billing/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::billing::errors
