// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "formats/cmep.hpp"
#include "formats/green_button.hpp"
#include "formats/handheld.hpp"
#include "formats/iec61968.hpp"
#include "formats/lockbox.hpp"
#include "formats/multispeak.hpp"
#include "formats/nacha.hpp"
#include "formats/nem12.hpp"

namespace watthour::formats {

/// Records as JSON: money and quantities as decimal text, bank accounts masked.
[[nodiscard]] json::value records_json(const CmepFile& file);
[[nodiscard]] json::value records_json(const HandheldFile& file);
[[nodiscard]] json::value records_json(const LockboxFile& file);
[[nodiscard]] json::value records_json(const NachaFile& file);
[[nodiscard]] json::value records_json(const GreenButtonFile& file);
[[nodiscard]] json::value records_json(const NemFile& file);
[[nodiscard]] json::value records_json(const IecFile& file);
[[nodiscard]] json::value records_json(const MultiSpeakFile& file);

/// Counts and totals for a format check.
[[nodiscard]] json::object totals_json(const CmepFile& file);
[[nodiscard]] json::object totals_json(const HandheldFile& file);
[[nodiscard]] json::object totals_json(const LockboxFile& file);
[[nodiscard]] json::object totals_json(const NachaFile& file);
[[nodiscard]] json::object totals_json(const GreenButtonFile& file);
[[nodiscard]] json::object totals_json(const NemFile& file);
[[nodiscard]] json::object totals_json(const IecFile& file);
[[nodiscard]] json::object totals_json(const MultiSpeakFile& file);

}  // namespace watthour::formats
