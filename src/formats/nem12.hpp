// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "formats/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::formats {

/// Intervals of a day that share a quality, counted from 1, both ends in.
struct NemRange {
    int first = 1;
    int last = 0;
    std::string quality;  ///< letter and method: "A", "S14"
    std::string reason;
    std::string description;
    friend bool operator==(const NemRange&, const NemRange&) = default;
};

/// One 300 record: a day of one channel. Values are in the channel's unit, as sent.
struct NemDay {
    std::int64_t line = 0;
    Date date;
    std::vector<Decimal> values;
    std::vector<NemRange> ranges;  ///< they tile the day
    std::string updated;           ///< as sent
    friend bool operator==(const NemDay&, const NemDay&) = default;
};

/// One 200 record with its days. Times are those of UTC+10 without daylight saving.
struct NemChannel {
    std::int64_t line = 0;
    std::string nmi;
    std::string configuration;
    std::string register_id;
    std::string suffix;  ///< E from the grid, B to the grid, Q and K reactive
    std::string serial;
    std::string unit;  ///< in capitals: "KWH"; "" = not stated
    int minutes = 0;
    std::vector<NemDay> days;
    friend bool operator==(const NemChannel&, const NemChannel&) = default;
};

/// One 250 record of NEM13: two reads of a register and the use between them.
struct NemAccumulation {
    std::int64_t line = 0;
    std::string nmi;
    std::string register_id;
    std::string suffix;
    std::string serial;
    std::string direction;      ///< I from the grid, E to it
    std::string previous_read;  ///< as shown on the dials
    std::string previous_at;    ///< as sent, CCYYMMDDHHMMSS
    std::string previous_quality;
    std::string current_read;
    std::string current_at;
    std::string current_quality;
    Decimal quantity;
    std::string unit;
    friend bool operator==(const NemAccumulation&, const NemAccumulation&) = default;
};

struct NemFile {
    bool has_header = false;
    bool has_trailer = false;
    std::vector<NemChannel> channels;
    std::vector<NemAccumulation> accumulations;
    std::vector<RejectedLine> rejected;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

/// Reads NEM12 and NEM13 records, also beside each other. A bad record is reported and kept in
/// `rejected`, with those that hang on it; the good ones go on.
///
/// Errors: never; problems are nem12.header, trailer, empty, record_type, field_count, order,
///         nmi, interval, date, values, value, quality, ranges, quantity.
/// Source: NEM12.
[[nodiscard]] NemFile read_nem12(std::string_view bytes);

/// Days by channel and unit: "NMI/E1/KWH/30"; of NEM13 "NMI/11/KWH/acc".
[[nodiscard]] std::vector<std::pair<std::string, WideSum>> nem_sums(const NemFile& file);

}  // namespace watthour::formats
