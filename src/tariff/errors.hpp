// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace watthour::tariff::errors {
#define WH_REFUSAL(slug, exit, sentence, next) \
    inline constexpr ErrorKind slug{"tariff." #slug, ExitCode::exit, sentence, next};
#include "tariff/errors.def"
#undef WH_REFUSAL
}  // namespace watthour::tariff::errors
