// SPDX-License-Identifier: Apache-2.0
#include "metering/day_sums.hpp"

#include "base/check.hpp"
#include "metering/errors.hpp"
#include "metering/interval_kernels.hpp"
#include "metering/varint.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace watthour::metering {
namespace {

constexpr char format_version = 1;
constexpr std::uint8_t only_actual = 1U << static_cast<unsigned>(IntervalStatus::actual);
constexpr std::uint8_t only_missing = 1U << static_cast<unsigned>(IntervalStatus::missing);
constexpr int most_days = 31;

/// Values as offsets from the lowest, each in as many bits as the highest needs.
void put_column(std::string& out, std::span<const std::int64_t> values) {
    if (values.empty()) return;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const std::int64_t base = *low;
    const auto offset_of = [base](std::int64_t value) {
        return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base);
    };
    const int width = static_cast<int>(std::bit_width(offset_of(*high)));
    put_varint(out, zigzag(base));
    out.push_back(static_cast<char>(width));
    unsigned pending = 0;
    int bits = 0;
    for (const std::int64_t value : values) {
        const std::uint64_t offset = offset_of(value);
        for (int bit = 0; bit < width; ++bit) {
            pending |= static_cast<unsigned>(offset >> bit & 1U) << bits;
            if (++bits < 8) continue;
            out.push_back(static_cast<char>(pending));
            pending = 0;
            bits = 0;
        }
    }
    if (bits > 0) out.push_back(static_cast<char>(pending));
}

/// A reader of packed bytes that knows when it has run out.
struct Reader {
    const unsigned char* at;
    const unsigned char* end;
    bool good = true;

    std::uint64_t varint() {
        std::uint64_t value = 0;
        good = good && get_varint(at, end, value);
        return good ? value : 0;
    }
    unsigned byte() {
        good = good && at != end;
        return good ? *at++ : 0;
    }
    std::vector<std::int64_t> column(std::size_t count) {
        std::vector<std::int64_t> values(count, 0);
        if (count == 0) return values;
        const auto base = static_cast<std::uint64_t>(unzigzag(varint()));
        const unsigned width = byte();
        const std::size_t bytes = (count * width + 7) / 8;
        good = good && width <= 64 && static_cast<std::size_t>(end - at) >= bytes;
        if (!good) return values;
        for (std::size_t i = 0; i < count; ++i) {
            std::uint64_t offset = 0;
            for (unsigned bit = 0; bit < width; ++bit) {
                const std::size_t place = i * width + bit;
                offset |= std::uint64_t{at[place / 8] >> (place % 8) & 1U} << bit;
            }
            values[i] = static_cast<std::int64_t>(base + offset);
        }
        at += bytes;
        return values;
    }
};

/// Days of one kind after another: how many, and of those that are not all actual what they are.
void put_kinds(std::string& out, std::span<const DaySum> days) {
    for (std::size_t begin = 0; begin < days.size();) {
        const DaySum& first = days[begin];
        std::size_t end = begin;
        while (end < days.size() && days[end].kinds == first.kinds &&
               days[end].not_counted == first.not_counted) {
            ++end;
        }
        const bool plain = first.kinds == only_actual && first.not_counted == 0;
        put_varint(out, (end - begin) << 1 | (plain ? 1U : 0U));
        if (!plain) {
            out.push_back(static_cast<char>(first.kinds));
            put_varint(out, static_cast<std::uint64_t>(first.not_counted));
        }
        begin = end;
    }
}

bool take_kinds(Reader& in, std::span<DaySum> days) {
    for (std::size_t begin = 0; begin < days.size();) {
        const std::uint64_t head = in.varint();
        const std::uint64_t count = head >> 1;
        if (!in.good || count == 0 || count > days.size() - begin) return false;
        DaySum day;
        day.kinds = only_actual;
        if ((head & 1U) == 0) {
            day.kinds = static_cast<std::uint8_t>(in.byte());
            day.not_counted = static_cast<std::int32_t>(in.varint());
        }
        std::fill_n(days.begin() + static_cast<std::ptrdiff_t>(begin), count, day);
        begin += count;
    }
    return in.good;
}

/// 0: never, 1: always, else days after or before the first of the month.
std::uint64_t date_code(Date since, Date month) {
    if (since == never_known) return 0;
    if (since == always_known) return 1;
    return zigzag(since - month) + 2;
}

Date date_of_code(std::uint64_t code, Date month) {
    if (code == 0) return never_known;
    if (code == 1) return always_known;
    return month + static_cast<int>(unzigzag(code - 2));
}

Error damaged(const char* why) { return Error(errors::sums_damaged, {{"why", why}}); }

}  // namespace

std::vector<std::int32_t> day_steps(const TimeZone& zone, DateRange days, int minutes) {
    std::vector<std::int32_t> steps{0};
    for (Date day = days.from; day < days.until; day = day + 1) {
        steps.push_back(steps.back() + zone.seconds_in(day) / (minutes * 60));
    }
    return steps;
}

int minutes_of(const TimeZone& zone, DateRange days, int count) {
    for (const int minutes : {60, 30, 15, 5}) {
        if (IntervalGrid(zone, days, minutes).count() == count) return minutes;
    }
    return 0;
}

std::vector<DaySum> sum_days(std::span<const std::int64_t> wh,
                             std::span<const IntervalStatus> status,
                             std::span<const std::int32_t> steps) {
    WH_CHECK(wh.size() == status.size() && wh.size() == static_cast<std::size_t>(steps.back()),
             "the days do not cover the intervals");
    std::vector<DaySum> days(steps.size() - 1);
    for (std::size_t day = 0; day < days.size(); ++day) {
        DaySum& sum = days[day];
        const auto last = static_cast<std::size_t>(steps[day + 1]);
        for (auto at = static_cast<std::size_t>(steps[day]); at < last; ++at) {
            sum.kinds =
                static_cast<std::uint8_t>(sum.kinds | 1U << static_cast<unsigned>(status[at]));
            if (!counts(status[at])) {
                ++sum.not_counted;
                continue;
            }
            sum.wh += wh[at];
            sum.highest_wh = std::max(sum.highest_wh, wh[at]);
        }
    }
    return days;
}

void note_known(std::vector<KnownRun>& known, std::span<const IntervalStatus> status, Date on) {
    std::vector<KnownRun> now;
    const auto add = [&now](Date since, std::int32_t count) {
        if (!now.empty() && now.back().since == since) {
            now.back().count += count;
        } else {
            now.push_back({count, since});
        }
    };
    if (known.empty()) known.push_back({static_cast<std::int32_t>(status.size()), never_known});
    std::size_t at = 0;
    for (const KnownRun& run : known) {
        const std::size_t end = at + static_cast<std::size_t>(run.count);
        WH_CHECK(end <= status.size(), "more intervals are known than there are");
        if (run.since != never_known) {
            add(run.since, run.count);
            at = end;
            continue;
        }
        for (; at < end; ++at) {
            add(status[at] == IntervalStatus::missing ? never_known : on, 1);
        }
    }
    WH_CHECK(at == status.size(), "fewer intervals are known than there are");
    known = std::move(now);
}

std::vector<Date> known_since(std::span<const KnownRun> known, int count) {
    std::vector<Date> since(static_cast<std::size_t>(count), always_known);
    std::size_t at = 0;
    for (const KnownRun& run : known) {
        for (std::int32_t i = 0; i < run.count && at < since.size(); ++i) since[at++] = run.since;
    }
    return since;
}

std::string encode_sums(const MonthSums& sums, Date month) {
    WH_CHECK(sums.days.size() <= most_days, "a month has at most 31 days");
    std::string out;
    out.reserve(160);
    out.push_back(format_version);
    out.push_back(static_cast<char>(sums.days.size()));
    put_kinds(out, sums.days);
    std::vector<std::int64_t> wh;
    std::vector<std::int64_t> highest;
    for (const DaySum& day : sums.days) {
        if (day.kinds == only_missing) continue;
        wh.push_back(day.wh);
        highest.push_back(day.highest_wh);
    }
    put_column(out, wh);
    put_column(out, highest);
    for (const KnownRun& run : sums.known) {
        put_varint(out, static_cast<std::uint64_t>(run.count));
        put_varint(out, date_code(run.since, month));
    }
    const std::uint32_t checksum = crc32c(out);
    char tail[sizeof checksum];
    std::memcpy(tail, &checksum, sizeof checksum);
    out.append(tail, sizeof checksum);
    return out;
}

Result<MonthSums> decode_sums(std::string_view bytes, Date month) {
    if (bytes.size() < 6) return damaged("they are too short");
    if (bytes.front() != format_version) return damaged("their version is not known");
    const std::string_view body = bytes.substr(0, bytes.size() - 4);
    std::uint32_t checksum = 0;
    std::memcpy(&checksum, bytes.data() + body.size(), sizeof checksum);
    if (checksum != crc32c(body)) return damaged("their checksum does not match");
    const auto* begin = reinterpret_cast<const unsigned char*>(body.data());
    Reader in{begin + 1, begin + body.size()};
    const unsigned count = in.byte();
    if (count > most_days) return damaged("they claim too many days");
    MonthSums sums;
    sums.days.resize(count);
    if (!take_kinds(in, sums.days)) return damaged("their kinds do not cover the days");
    const auto filled = static_cast<std::size_t>(
        std::count_if(sums.days.begin(), sums.days.end(),
                      [](const DaySum& day) { return day.kinds != only_missing; }));
    const auto wh = in.column(filled);
    const auto highest = in.column(filled);
    std::size_t place = 0;
    for (DaySum& day : sums.days) {
        if (day.kinds == only_missing) continue;
        day.wh = wh[place];
        day.highest_wh = highest[place++];
    }
    while (in.good && in.at != in.end) {
        const auto run = static_cast<std::int32_t>(in.varint());
        sums.known.push_back({run, date_of_code(in.varint(), month)});
    }
    if (!in.good) return damaged("they end too early");
    return sums;
}

}  // namespace watthour::metering
