// SPDX-License-Identifier: Apache-2.0
#include "metering/interval_block.hpp"

#include "metering/errors.hpp"
#include "metering/interval_kernels.hpp"
#include "metering/varint.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace watthour::metering {
namespace {

constexpr char format_version = 1;
constexpr std::string_view letters = "AEVFMPTL";
constexpr std::uint8_t wide_flag = 0x80;
constexpr int most_width = 31;

int rows_of(int count) { return (count + BlockView::lanes - 1) / BlockView::lanes; }

int bits_of(std::uint64_t value) { return static_cast<int>(std::bit_width(value)); }

/// The width with the fewest bytes: packed bits plus what lies above them.
int best_width(std::span<const std::uint64_t> deltas) {
    std::array<int, 65> with_bits{};
    for (const std::uint64_t d : deltas) ++with_bits[static_cast<std::size_t>(bits_of(d))];
    int best = most_width;
    int best_cost = std::numeric_limits<int>::max();
    for (int width = 0; width <= most_width; ++width) {
        int cost = words_a_lane(rows_of(static_cast<int>(deltas.size())), width) * 32;
        int exceptions = 0;
        for (int bits = width + 1; bits <= 64; ++bits) {
            const int many = with_bits[static_cast<std::size_t>(bits)];
            exceptions += many;
            cost += many * (1 + (bits - width + 6) / 7);
        }
        if (exceptions <= 255 && cost < best_cost) {
            best_cost = cost;
            best = width;
        }
    }
    return best;
}

void pack(std::string& out, std::span<const std::uint64_t> deltas, int width) {
    const int rows = rows_of(static_cast<int>(deltas.size()));
    const auto words = static_cast<std::size_t>(words_a_lane(rows, width));
    std::vector<std::uint32_t> lanes(words * BlockView::lanes, 0);
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    for (std::size_t i = 0; i < deltas.size(); ++i) {
        const std::size_t lane = i % BlockView::lanes;
        const std::size_t bit = i / BlockView::lanes * static_cast<std::size_t>(width);
        const std::uint64_t low = (deltas[i] & mask) << (bit % 32);
        const std::size_t word = bit / 32;
        if (width == 0) continue;
        lanes[word * BlockView::lanes + lane] |= static_cast<std::uint32_t>(low);
        if (bit % 32 + static_cast<std::size_t>(width) > 32) {
            lanes[(word + 1) * BlockView::lanes + lane] |= static_cast<std::uint32_t>(low >> 32);
        }
    }
    out.append(reinterpret_cast<const char*>(lanes.data()), lanes.size() * sizeof(std::uint32_t));
}

void put_mini(std::string& out, std::span<const std::int64_t> values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const std::int64_t base = *low;
    std::array<std::uint64_t, BlockView::mini_size> room;
    const std::span<std::uint64_t> deltas(room.data(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        deltas[i] = static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(base);
    }
    const bool wide = *low < std::numeric_limits<std::int32_t>::min() ||
                      *high > std::numeric_limits<std::int32_t>::max() ||
                      deltas[static_cast<std::size_t>(high - values.begin())] >
                          static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
    const int width = best_width(deltas);
    std::string patches;
    int exceptions = 0;
    for (std::size_t i = 0; i < deltas.size(); ++i) {
        if (bits_of(deltas[i]) <= width) continue;
        ++exceptions;
        patches.push_back(static_cast<char>(i));
        put_varint(patches, deltas[i] >> width);
    }
    put_varint(out, zigzag(base));
    out.push_back(static_cast<char>(width | (wide ? wide_flag : 0)));
    out.push_back(static_cast<char>(exceptions));
    pack(out, deltas, width);
    out += patches;
}

void put_status(std::string& out, std::span<const IntervalStatus> status) {
    const bool plain = std::all_of(status.begin(), status.end(),
                                   [](IntervalStatus s) { return s == IntervalStatus::actual; });
    if (plain) return;
    for (std::size_t begin = 0; begin < status.size();) {
        std::size_t end = begin;
        while (end < status.size() && status[end] == status[begin]) ++end;
        put_varint(out, (end - begin) << 3 | static_cast<std::uint64_t>(status[begin]));
        begin = end;
    }
}

Error damaged(const char* why) { return Error(errors::block_damaged, {{"why", why}}); }

/// Says how far from zero the values may lie; false when they contradict the wide flag.
bool take_range(std::uint64_t highest_part, BlockView::Mini& mini) {
    constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (mini.wide) return true;
    const std::uint64_t above = (highest_part + 1) << mini.width;
    if (mini.base < least || mini.base > most) return false;
    if (bits_of(highest_part) + mini.width > 31) return false;
    const std::int64_t highest = mini.base + static_cast<std::int64_t>(above) - 1;
    constexpr std::int64_t small = (std::int64_t{1} << BlockView::small_bits) - 1;
    if (mini.base >= std::numeric_limits<std::int16_t>::min() && mini.width <= 15 &&
        highest <= std::numeric_limits<std::int16_t>::max()) {
        mini.reach = BlockView::Reach::bits_16;
    } else if (mini.base >= -small && highest <= small) {
        mini.reach = BlockView::Reach::small;
    }
    return true;
}

/// Reads one mini-block's heads; the packed bytes and patches stay where they lie.
bool take_mini(const unsigned char*& at, const unsigned char* end, int count,
               BlockView::Mini& mini) {
    std::uint64_t base = 0;
    if (!get_varint(at, end, base) || end - at < 2) return false;
    mini.base = unzigzag(base);
    mini.count = count;
    mini.width = static_cast<std::uint8_t>(*at & ~wide_flag);
    mini.wide = (*at++ & wide_flag) != 0;
    mini.exceptions = *at++;
    if (mini.width > most_width) return false;
    const auto size = static_cast<std::ptrdiff_t>(words_a_lane(rows_of(count), mini.width)) * 32;
    if (end - at < size) return false;
    mini.packed = at;
    at += size;
    mini.patches = at;
    std::uint64_t highest = 0;
    for (int i = 0; i < mini.exceptions; ++i) {
        std::uint64_t high = 0;
        if (at == end || *at >= count) return false;
        ++at;
        if (!get_varint(at, end, high)) return false;
        highest = std::max(highest, high);
    }
    return take_range(highest, mini);
}

}  // namespace

char status_letter(IntervalStatus status) { return letters[static_cast<std::size_t>(status)]; }

std::optional<IntervalStatus> status_of_letter(char letter) {
    const std::size_t at = letters.find(letter);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<IntervalStatus>(at);
}

std::string encode_block(std::span<const std::int64_t> wh, std::span<const IntervalStatus> status) {
    WH_CHECK(wh.size() == status.size(), "every interval has a value and a status");
    WH_CHECK(wh.size() <= most_intervals, "more intervals than a block holds");
    std::string out;
    out.reserve(wh.size() * 2 + 64);
    out.push_back(format_version);
    out.push_back(static_cast<char>(wh.size() & 0xFFU));
    out.push_back(static_cast<char>(wh.size() >> 8));
    for (std::size_t begin = 0; begin < wh.size(); begin += BlockView::mini_size) {
        put_mini(out,
                 wh.subspan(begin, std::min<std::size_t>(BlockView::mini_size, wh.size() - begin)));
    }
    put_status(out, status);
    const std::uint32_t checksum = crc32c(out);
    char tail[sizeof checksum];
    std::memcpy(tail, &checksum, sizeof checksum);
    out.append(tail, sizeof checksum);
    return out;
}

Result<BlockView> BlockView::open(std::string_view bytes) {
    BlockView view;
    TRY_DONE(view.reopen(bytes));
    return view;
}

Result<void> BlockView::reopen(std::string_view bytes) {
    if (bytes.size() < 7) return damaged("it is too short");
    if (bytes.front() != format_version) return damaged("its version is not known");
    const std::string_view body = bytes.substr(0, bytes.size() - 4);
    std::uint32_t checksum = 0;
    std::memcpy(&checksum, bytes.data() + body.size(), sizeof checksum);
    if (checksum != crc32c(body)) return damaged("its checksum does not match");
    const auto* at = reinterpret_cast<const unsigned char*>(body.data()) + 3;
    const auto* end = reinterpret_cast<const unsigned char*>(body.data()) + body.size();
    mini_count_ = 0;
    runs_.clear();
    count_ = static_cast<unsigned char>(bytes[1]) | static_cast<unsigned char>(bytes[2]) << 8;
    if (count_ > most_intervals) return damaged("it claims too many intervals");
    for (std::int32_t begin = 0; begin < count_; begin += mini_size) {
        const int count = std::min(mini_size, count_ - begin);
        if (!take_mini(at, end, count, minis_[mini_count_])) {
            return damaged("its values end too early");
        }
        ++mini_count_;
    }
    std::int32_t until = 0;
    while (at != end) {
        std::uint64_t run = 0;
        if (!get_varint(at, end, run) || run >> 3 == 0 ||
            (run >> 3) > static_cast<std::uint64_t>(count_ - until)) {
            return damaged("its status runs are malformed");
        }
        until += static_cast<std::int32_t>(run >> 3);
        runs_.push_back({until, static_cast<IntervalStatus>(run & 7U)});
    }
    if (!runs_.empty() && until != count_) {
        return damaged("its status runs do not cover it");
    }
    return {};
}

int BlockView::count_of(IntervalStatus status) const {
    if (runs_.empty()) return status == IntervalStatus::actual ? count_ : 0;
    int found = 0;
    std::int32_t begin = 0;
    for (const StatusRun& run : runs_) {
        if (run.status == status) found += run.until - begin;
        begin = run.until;
    }
    return found;
}

IntervalStatus BlockView::status(int step) const {
    WH_CHECK(step >= 0 && step < count_, "a step outside the block");
    for (const StatusRun& run : runs_) {
        if (step < run.until) return run.status;
    }
    return IntervalStatus::actual;
}

bool BlockView::is_wide() const {
    return std::any_of(minis().begin(), minis().end(), [](const Mini& mini) { return mini.wide; });
}

void BlockView::decode(std::span<std::int32_t> wh) const {
    WH_CHECK(wh.size() == static_cast<std::size_t>(count_), "room for every interval");
    WH_CHECK(!is_wide(), "a block with values beyond 32 bits is decoded into 64");
    std::int32_t* out = wh.data();
    for (const Mini& mini : minis()) {
        if (mini.count == mini_size) {
            unpack_mini(mini, out);
        } else {
            // The last one is written in whole vectors, which may not fit.
            std::array<std::int32_t, mini_size> rest;
            unpack_mini(mini, rest.data());
            std::copy_n(rest.begin(), mini.count, out);
        }
        out += mini.count;
    }
}

void BlockView::decode(std::span<std::int64_t> wh) const {
    WH_CHECK(wh.size() == static_cast<std::size_t>(count_), "room for every interval");
    std::int64_t* out = wh.data();
    for (const Mini& mini : minis()) {
        unpack_mini_wide(mini, out);
        out += mini.count;
    }
}

IntervalSeries BlockView::decode() const {
    IntervalSeries series;
    series.wh.resize(static_cast<std::size_t>(count_));
    decode(std::span(series.wh));
    series.status.resize(static_cast<std::size_t>(count_), IntervalStatus::actual);
    std::int32_t begin = 0;
    for (const StatusRun& run : runs_) {
        std::fill(series.status.begin() + begin, series.status.begin() + run.until, run.status);
        begin = run.until;
    }
    return series;
}

}  // namespace watthour::metering
