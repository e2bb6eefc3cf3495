// SPDX-License-Identifier: Apache-2.0
#include "app/channel_directory.hpp"

#include "metering/measured_quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace watthour::app {

ChannelDirectory::ChannelDirectory(std::vector<metering::ChannelAddress> addresses) {
    // Order of bytes, which the collation of a server need not be.
    const auto before = [](const auto& a, const auto& b) {
        return std::tie(a.serial, a.code) < std::tie(b.serial, b.code);
    };
    if (!std::is_sorted(addresses.begin(), addresses.end(), before)) {
        std::sort(addresses.begin(), addresses.end(), before);
    }
    rows_.reserve(addresses.size());
    std::size_t letters = 0;
    for (const auto& address : addresses) letters += address.serial.size();
    names_.reserve(letters);
    std::string_view last;
    for (const auto& address : addresses) {
        if (meters_.empty() || address.serial != last) {
            meters_.push_back({static_cast<std::uint32_t>(names_.size()),
                               static_cast<std::uint32_t>(rows_.size())});
            names_ += address.serial;
            last = address.serial;
        }
        rows_.push_back(
            {address.channel, &*codes_.insert(address.code).first, address.interval_minutes});
    }
    meters_.push_back(
        {static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(rows_.size())});
}

std::string_view ChannelDirectory::name_of(std::size_t meter) const {
    const std::size_t at = meters_[meter].name_at;
    return std::string_view(names_).substr(at, meters_[meter + 1].name_at - at);
}

std::size_t ChannelDirectory::place_of(std::string_view serial) const {
    const std::size_t count = meters_.size() - 1;
    if (last_ < count && name_of(last_) == serial) return last_;
    std::size_t low = 0;
    std::size_t high = count;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (name_of(middle) < serial) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == count || name_of(low) != serial) return count;
    last_ = low;
    return low;
}

bool ChannelDirectory::knows(std::string_view serial) const {
    return place_of(serial) < meters_.size() - 1;
}

std::optional<ChannelDirectory::Found> ChannelDirectory::find(std::string_view serial,
                                                              std::string_view code,
                                                              bool is_register) const {
    const std::size_t meter = place_of(serial);
    if (meter == meters_.size() - 1) return std::nullopt;
    const Row* first = nullptr;
    for (std::size_t i = meters_[meter].first_row; i < meters_[meter + 1].first_row; ++i) {
        const Row& row = rows_[i];
        if ((row.interval_minutes == 0) != is_register) continue;
        if (*row.code == code) return Found{*row.code, row.channel, row.interval_minutes};
        // A part of a quantity answers to its own code alone.
        if (first == nullptr && metering::measures(*row.code, code)) first = &row;
    }
    if (first == nullptr) return std::nullopt;
    return Found{*first->code, first->channel, first->interval_minutes};
}

DialsOfMeters::DialsOfMeters(std::vector<metering::DialFace> faces) : faces_(std::move(faces)) {
    std::sort(faces_.begin(), faces_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.serial, a.active.from) < std::tie(b.serial, b.active.from);
    });
}

DialsOfMeters::Shown DialsOfMeters::shown(std::string_view serial, Date day,
                                          const Decimal& value) const {
    const auto first = std::lower_bound(
        faces_.begin(), faces_.end(), serial,
        [](const auto& face, std::string_view name) { return face.serial < name; });
    const auto last =
        std::find_if(first, faces_.end(), [&](const auto& f) { return f.serial != serial; });
    if (first == last) return {value.to_string(), nullptr, "", nullptr};
    auto face = std::find_if(first, last, [&](const auto& f) { return f.active.contains(day); });
    if (face == last) face = first;  // a read from before the meter was recorded
    if (value.is_negative()) {
        return {std::nullopt, "metering.reading_negative",
                fmt::format("meter {}: no dials show {}", serial, value.to_string()),
                "Read the meter again, and bring the row in repaired as a file of its own."};
    }
    if (!(value < Decimal(power_of_ten(face->dials), 0))) {
        return {
            std::nullopt, "metering.reading_exceeds_dials",
            fmt::format("meter {}: {} has more digits than its {} dials", serial, value.to_string(),
                        face->dials),
            "Repair the row, or correct the dials of the record (watthour meter correct --dials) "
            "and bring the row in as a file of its own."};
    }
    // Zeros behind the last decimal say nothing. What is finer stays as it was sent: the record may
    // be wrong, and billing holds such a read until one of both is put right.
    const auto units = value.exact_units(face->decimals);
    const bool as_sent = !units || value.scale() <= face->decimals;
    return {as_sent ? value.to_string() : Decimal(*units, face->decimals).to_string(), nullptr, "",
            nullptr};
}

}  // namespace watthour::app
