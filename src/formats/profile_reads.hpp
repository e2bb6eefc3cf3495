// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "formats/cmep.hpp"
#include "formats/fields.hpp"
#include "formats/read_profile.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// One value of a text file of reads. Its texts live as long as the call that it is given to.
struct ProfileRead {
    std::int64_t line = 0;
    std::string_view meter;     ///< "" = the file names none
    std::string_view quantity;  ///< "KWH", "GKWH", "KVARH"
    Instant end;                ///< of the interval, or the moment of a register read
    std::int32_t seconds = 0;   ///< of the interval; 0 = register
    char status = 'A';          ///< A actual, E estimated, V verified, M missing
    Decimal value;              ///< as sent
    Decimal multiplier{1, 0};   ///< to kWh or kVArh
};

/// Where reads go, one by one, in the order of the file; those of an hour that comes twice come
/// at the end, when it is known how often each label stands.
class ReadSink {
public:
    virtual ~ReadSink() = default;
    virtual void take(const ProfileRead& read) = 0;
};

struct ReadOptions {
    /// The utility's zone, for profiles with local time. Without it the clock is taken to show
    /// UTC, a note says so, and no clock change is judged.
    std::optional<TimeZone> zone;
    /// Whose reads these are where the file names none; a file that names another is a problem.
    std::string meter;
};

/// What a file was besides its reads.
struct ReadOutcome {
    int minutes = 0;  ///< of its intervals; 0 = registers, or no row told
    std::int64_t rows = 0;
    std::vector<RejectedLine> rejected;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

/// Reads a text file, UTF-8, UTF-16 or Latin-1, as its profile says, row by row and without an
/// allocation for a field. A bad row gives a problem for each bad field and is kept in `rejected`;
/// the good ones go on.
///
/// Units:  values as sent, exact; the multiplier brings them to kWh.
/// Errors: never; problems are reads.names, empty, field_count, quote, meter, meter_line,
///         meter_differs, date, time, offset, end_time, clock_gap, autumn, step, value, unit,
///         quantity, quality, multiplier, day, line_cut.
[[nodiscard]] ReadOutcome read_by_profile(std::string_view bytes, const ReadProfile& profile,
                                          const ReadOptions& options, ReadSink& sink);

/// The reads as rows of CMEP, the shape in which all reads meet their meters: E for estimated, A
/// for verified, N for missing. Neighbours of one meter and quantity are one row.
struct ReadsFile {
    std::vector<CmepRow> rows;
    ReadOutcome outcome;
};
[[nodiscard]] ReadsFile read_reads(std::string_view bytes, const ReadProfile& profile,
                                   const ReadOptions& options);

[[nodiscard]] json::value records_json(const ReadsFile& file);
[[nodiscard]] json::object totals_json(const ReadsFile& file);

}  // namespace watthour::formats
