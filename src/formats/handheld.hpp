// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "formats/fields.hpp"
#include "formats/layout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// One register of one meter as the reader found it, or the code for why it was not read.
struct HandheldRead {
    std::int64_t line = 0;
    std::string cycle;
    std::string route;
    std::string account;
    std::string meter;
    std::string reg = "KWH";  ///< register code: KWH or KW
    int dials = 0;            ///< 0 = not stated
    int decimals = 0;
    std::string reading;  ///< as the dials show it, "04120" or "0041.20"; empty when skipped
    Decimal value;
    Date date;
    int second_of_day = 0;
    char method = ' ';        ///< K keyed, R radio, P probe, T telephone
    char failed_limit = ' ';  ///< H, L
    bool reread = false;
    int tries = 0;
    std::string skip_code;
    std::vector<std::string> trouble_codes;
    std::string reader;
    friend bool operator==(const HandheldRead&, const HandheldRead&) = default;
};

struct HandheldCounts {
    std::int64_t routes = 0;
    std::int64_t customers = 0;
    std::int64_t meters = 0;
    std::int64_t reads = 0;
    friend bool operator==(const HandheldCounts&, const HandheldCounts&) = default;
};

struct HandheldFile {
    std::optional<Date> created;
    std::string utility;
    std::vector<HandheldRead> reads;  ///< in the order of the route
    HandheldCounts counts;            ///< as counted, not as the trailer says
    std::vector<RejectedLine> rejected;
    Problems problems;
};

/// Reads an upload file of a handheld; a bad line is reported and kept, the good ones go on.
///
/// Errors:   never; problems are handheld.record_type, record_length, line_cut, record_order,
///           field_missing, not_numeric, date, time, reading_missing, reading_exceeds_dials,
///           decimals, two_reads, count, trailer_missing.
/// Source:   MVRS-126; the layout is data and names its own doubts.
[[nodiscard]] HandheldFile read_handheld(std::string_view bytes,
                                         const Layout& layout = shipped_layout("mvrs-126"));

/// Writes an upload file; reads are grouped by cycle, route, account and meter as they follow
/// one another, and every trailer counts what it closes.
[[nodiscard]] std::string write_handheld(const HandheldFile& file,
                                         const Layout& layout = shipped_layout("mvrs-126"));

}  // namespace watthour::formats
