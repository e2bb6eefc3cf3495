// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watthour::storage::postgres {

/// Type numbers are fixed in the server's catalogue (pg_type.dat).
inline constexpr std::uint32_t type_bytea = 17;

/// Whether a column type of the server is read as a number: whole numbers, truth, NUMERIC sums.
[[nodiscard]] bool is_number(std::uint32_t type);

/// The whole number in the server's binary form. A NUMERIC with a fraction, or one that does not
/// fit 64 bits, is a defect of the query: money and energy are whole.
[[nodiscard]] std::int64_t integer_of(std::uint32_t type, std::string_view raw);

void append_big_endian(std::string& to, std::int64_t value, int bytes);
[[nodiscard]] std::string big_endian(std::int64_t value, int bytes);

}  // namespace watthour::storage::postgres
