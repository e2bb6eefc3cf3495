// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"
#include "formats/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// Marks of our own in CmepValue::flags, above every bit of the vendors' mask.
inline constexpr std::uint32_t cmep_value_doubtful = 1U
                                                     << 29;    ///< the source says: not fit to bill
inline constexpr std::uint32_t cmep_time_snapped = 1U << 30;   ///< end time moved to the grid
inline constexpr std::uint32_t cmep_time_off_grid = 1U << 31;  ///< farther than the tolerance

/// One value and the end of the interval it covers, or the moment of a register read.
struct CmepValue {
    Instant end;
    char quality = '\0';             ///< '\0' valid, R raw, E estimated, A adjusted, N no value
    std::int16_t moved_seconds = 0;  ///< received end time minus `end`
    std::uint32_t flags = 0;         ///< the vendors' decimal mask, and our own marks
    Decimal value;                   ///< as sent: the row's multiplier is not applied
    friend bool operator==(const CmepValue&, const CmepValue&) = default;
};

/// One MEPMD01 record. Units ending in REG are register reads, others interval use.
struct CmepRow {
    std::int64_t line = 0;
    int value_lines = 0;  ///< each value stands so many lines below the one before
    std::string version = "20080501";
    std::string sender;
    std::string sender_customer;
    std::string receiver;
    std::string receiver_customer;
    std::string created;  ///< as sent
    std::string meter;    ///< field 8, or field 6 where 8 is empty
    std::string purpose = "OK";
    std::string commodity = "E";
    std::string units;
    Decimal multiplier{1, 0};
    int interval_seconds = 0;  ///< 0 = none stated, or whole months
    int interval_months = 0;
    std::string read_type;  ///< of its register reads, by R1.02; "" = actual_ami
    std::vector<CmepValue> values;
    friend bool operator==(const CmepRow&, const CmepRow&) = default;
};

/// What one register of a time-of-use meter showed, or one period used.
struct CmepTouValue {
    std::string label;    ///< ON-PEAK, OFF-PEAK, PART-PEAK or TOTAL
    char quality = '\0';  ///< as in CmepValue
    std::uint32_t flags = 0;
    Decimal value;  ///< as sent
    friend bool operator==(const CmepTouValue&, const CmepTouValue&) = default;
};

/// One MEPMD02 record: units ending in REG are registers at `end`, others use from `start`.
struct CmepTouRow {
    std::int64_t line = 0;
    std::string meter;
    std::string commodity;
    std::string units;
    char season = '\0';  ///< S or W; '\0' = none stated
    Decimal multiplier{1, 0};
    Instant start;
    Instant end;
    std::vector<CmepTouValue> values;
    friend bool operator==(const CmepTouRow&, const CmepTouRow&) = default;
};

/// One MLA01 row. Where its mask stands differs by vendor, so fields 9 on are kept as sent.
struct CmepAlarm {
    std::int64_t line = 0;
    std::string sender;
    std::string created;
    std::string meter;
    std::vector<std::string> fields;
    friend bool operator==(const CmepAlarm&, const CmepAlarm&) = default;
};

struct CmepFile {
    std::vector<CmepRow> rows;
    std::vector<CmepTouRow> tou_rows;
    std::vector<CmepAlarm> alarms;
    std::vector<RejectedLine> rejected;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

struct CmepOptions {
    /// Zone of the source's clock where the head-end writes local time; UTC when empty.
    std::optional<TimeZone> zone;
    /// End times this near to the grid are moved onto it.
    int snap_tolerance_seconds = 120;
};

/// Reads a CMEP file; a bad row is reported and kept in `rejected`, the good ones go on.
///
/// Units:    values as sent; times UTC. The grid is that of the interval, the hour for longer.
/// Errors:   never; problems are cmep.record_type, field_count, line_cut, field_missing, count,
///           interval, multiplier, end_time, local_time, quality, value, crc, season, period,
///           tou_label, tou_sum.
/// Source:   CMEP-1.20, CMEP-QUALITY.
[[nodiscard]] CmepFile read_cmep(std::string_view bytes, const CmepOptions& options = {});

/// CCYYMMDDHHMM of UTC, as the format writes the moment in which a record was made; nothing for
/// another text.
[[nodiscard]] std::optional<Instant> cmep_moment(std::string_view text);

/// Appends one MEPMD01 record with its CRLF, times in UTC; an end time that is the one before
/// plus the interval is left empty, as the format allows.
void append_cmep_row(std::string& out, const CmepRow& row);

}  // namespace watthour::formats
