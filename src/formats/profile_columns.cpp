// SPDX-License-Identifier: Apache-2.0
#include "formats/profile_columns.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace watthour::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

int place_of(const ProfileColumn& column, const CellRow* names) {
    if (names != nullptr) {
        for (const std::string& name : column.names) {
            const std::string wanted = upper_case(name);
            for (std::size_t i = 0; i < names->count(); ++i) {
                const int place = static_cast<int>(i);
                if (names->at(place).size() == wanted.size() &&
                    upper_case(names->at(place)) == wanted) {
                    return place;
                }
            }
        }
    }
    return column.number - 1;
}

}  // namespace

bool CellRow::cut(std::string_view line, char delimiter, bool may_have_quotes) {
    count_ = 0;
    if (may_have_quotes && line.find('"') != std::string_view::npos) {
        return cut_quoted(line, delimiter);
    }
    const char* begin = line.data();
    const char* end = begin + line.size();
    const char* at = begin;
    const auto cell_ends = [&](const char* place) {
        if (count_ + 1 >= most_cells) return false;
        cells_[count_++] = {begin, static_cast<std::size_t>(place - begin)};
        begin = place + 1;
        return true;
    };
    // Eight bytes at a time: a byte that is the delimiter becomes zero, and its top bit is kept.
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::uint64_t low = 0x7F7F'7F7F'7F7F'7F7F;
    const std::uint64_t wanted = ones * static_cast<unsigned char>(delimiter);
    for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        word ^= wanted;
        for (std::uint64_t hits = ~(((word & low) + low) | word | low); hits != 0;
             hits &= hits - 1) {
            if (!cell_ends(at + std::countr_zero(hits) / 8)) return false;
        }
    }
    for (; at != end; ++at) {
        if (*at == delimiter && !cell_ends(at)) return false;
    }
    cells_[count_++] = {begin, static_cast<std::size_t>(end - begin)};
    return true;
}

bool CellRow::cut_quoted(std::string_view line, char delimiter) {
    scratch_.clear();
    scratch_.reserve(line.size());  // so that the views below stay where they are
    std::size_t at = 0;
    while (true) {
        if (count_ >= most_cells) return false;
        const std::size_t begin = scratch_.size();
        const bool quoted = at < line.size() && line[at] == '"';
        if (quoted) {
            for (++at;; ++at) {
                if (at >= line.size()) return false;
                if (line[at] == '"') {
                    if (at + 1 >= line.size() || line[at + 1] != '"') break;
                    ++at;
                }
                scratch_.push_back(line[at]);
            }
            ++at;
        }
        while (at < line.size() && line[at] != delimiter) {
            if (quoted && line[at] != ' ') return false;
            if (!quoted) scratch_.push_back(line[at]);
            ++at;
        }
        cells_[count_++] = std::string_view(scratch_).substr(begin);
        if (at >= line.size()) return true;
        ++at;
    }
}

std::string bind_columns(const ReadProfile& profile, const CellRow* names, BoundColumns& bound) {
    std::string missing;
    int last = -1;
    const auto bind = [&](const ProfileColumn& column, std::string_view what, int& place) {
        if (!column.is_set()) return;
        place = place_of(column, names);
        if (place < 0) {
            if (!column.optional && missing.empty()) {
                missing = column.names.empty() ? std::string(what) : column.names.front();
            }
            return;
        }
        if (!column.optional || names != nullptr) last = std::max(last, place);
    };
    bind(profile.meter, "meter", bound.meter);
    bind(profile.moment, "moment", bound.moment);
    bind(profile.date, "date", bound.date);
    bind(profile.time, "time", bound.time);
    bind(profile.end_time, "end_time", bound.end_time);
    bind(profile.quantity, "quantity", bound.quantity);
    bind(profile.unit, "unit", bound.unit);
    bind(profile.quality, "quality", bound.quality);
    bind(profile.multiplier, "multiplier", bound.multiplier);
    int most = last;
    for (const ProfileValue& value : profile.values) {
        BoundColumns::Value made;
        made.spec = &value;
        bind(value.column, "value", made.place);
        bind(value.quality, "quality", made.quality);
        most = std::max({most, made.place, made.quality});
        if (made.place >= 0) bound.values.push_back(made);
    }
    most = std::max({most, bound.end_time, bound.unit, bound.quality, bound.multiplier});
    if (bound.values.empty() && missing.empty()) missing = "value";
    bound.least_cells = static_cast<std::size_t>(last + 1);
    bound.most_cells = names != nullptr ? names->count() : static_cast<std::size_t>(most + 1);
    if (profile.wide_minutes > 0 && !bound.values.empty()) {
        // Columns of the day; a longer day may have more.
        const std::size_t first = static_cast<std::size_t>(bound.values.front().place);
        bound.least_cells = std::max(bound.least_cells,
                                     first + static_cast<std::size_t>(1380 / profile.wide_minutes));
        bound.most_cells = 0;
    }
    return missing;
}

}  // namespace watthour::formats
