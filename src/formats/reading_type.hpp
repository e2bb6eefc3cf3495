// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace watthour::formats {

/// What a value is: the count that a register shows, the amount of one interval, or a snapshot
/// that nothing is billed from.
enum class ReadingKind { register_read, interval, snapshot };

/// A reading type: 18 numbers with points between them, and what they mean for us.
struct ReadingType {
    std::array<int, 18> fields{};
    /// "KWH" delivered, "GKWH" received, "NKWH" net, "SKWH" sum, "KVARH", "KVAH", "KW", "KVAR",
    /// "KVA". What is something else keeps a name of its own, which no channel has: "UOM29" volts,
    /// "KWH/TOU1" one rate period, "KWH/PH128" one phase, "KVARH/FLOW15" one quadrant.
    std::string quantity;
    ReadingKind kind = ReadingKind::snapshot;
    int minutes = 0;  ///< length of an interval; 0 = the type does not say
    int power = 0;    ///< value x 10^power is in the quantity's unit, kilo for those with a K
    bool has_direction = true;  ///< false: energy whose direction is "none", taken as delivered
};

/// Why a text is no reading type.
struct ReadingTypeFault {
    std::string rule;  ///< reading_type, reading_type_fields, reading_type_code
    std::string message;
    std::string remedy;
};

/// Reads "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0": the energy delivered in 15 minutes, in kWh.
///
/// Errors: nothing, and the fault says why.
/// Source: IEC61968-9, the reading type of 18 fields.
[[nodiscard]] std::optional<ReadingType> parse_reading_type(std::string_view text,
                                                            ReadingTypeFault& fault);

/// What a meter's unit is for us: "KWH" and 10^-3 of "Wh". Nothing for what is neither energy
/// nor power. Source: MULTISPEAK, uom.
struct MeterUnit {
    std::string_view quantity;
    int power = 0;
    bool is_energy = false;
};
[[nodiscard]] std::optional<MeterUnit> parse_meter_unit(std::string_view text);

/// Units of a CMEP row: "KWH" for intervals, "KWHREG" for registers, "KW/NOW" for snapshots.
[[nodiscard]] std::string cmep_units(std::string_view quantity, ReadingKind kind);

}  // namespace watthour::formats
