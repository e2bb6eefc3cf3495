// SPDX-License-Identifier: Apache-2.0
// Reads of text files as rows of CMEP, and as JSON.
#include "base/arithmetic.hpp"
#include "formats/json_parts.hpp"
#include "formats/profile_reads.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace watthour::formats {
namespace {

char cmep_letter(char status) {
    switch (status) {
        case 'E': return 'E';
        case 'V': return 'A';
        case 'M': return 'N';
        default: return '\0';
    }
}

/// Gathers the reads of each meter and quantity; neighbours become one row.
class RowSink : public ReadSink {
public:
    void take(const ProfileRead& read) override {
        Open& open = open_of(read);
        if (!goes_on(open, read)) begin(open, read);
        CmepRow& row = rows[open.row];
        open.last_line = read.line;
        row.values.push_back({read.end, cmep_letter(read.status), 0, 0, read.value});
    }

    std::vector<CmepRow> rows;

private:
    /// The row of a meter and quantity that the next read may belong to.
    struct Open {
        std::string meter;
        std::string quantity;
        std::size_t row = no_row;
        std::int64_t last_line = 0;
    };
    static constexpr std::size_t no_row = static_cast<std::size_t>(-1);

    static bool is_of(const Open& open, const ProfileRead& read) {
        return open.meter == read.meter && open.quantity == read.quantity;
    }

    /// Rows of a file come in turn or one meter behind the other: the one after the last, or it.
    Open& open_of(const ProfileRead& read) {
        if (!open_.empty()) {
            if (is_of(open_[last_], read)) return open_[last_];
            const std::size_t next = last_ + 1 < open_.size() ? last_ + 1 : 0;
            if (is_of(open_[next], read)) return open_[last_ = next];
        }
        std::string key(read.meter);
        key += '\n';
        key += read.quantity;
        const auto [place, fresh] = places_.try_emplace(std::move(key), open_.size());
        if (fresh) {
            open_.push_back({std::string(read.meter), std::string(read.quantity), no_row, 0});
        }
        return open_[last_ = place->second];
    }

    bool goes_on(const Open& open, const ProfileRead& read) {
        if (open.row == no_row) return false;
        CmepRow& row = rows[open.row];
        if (row.interval_seconds != read.seconds || row.multiplier != read.multiplier) return false;
        const std::int64_t apart = read.line - open.last_line;
        if (row.values.size() == 1 && apart >= 0 && apart < 1'000'000) {
            row.value_lines = static_cast<int>(apart);
        }
        return apart == row.value_lines;
    }

    void begin(Open& open, const ProfileRead& read) {
        open.row = rows.size();
        CmepRow& row = rows.emplace_back();
        row.line = read.line;
        row.meter = open.meter;
        row.units = open.quantity;
        if (read.seconds == 0) row.units += "REG";
        row.multiplier = read.multiplier;
        row.interval_seconds = read.seconds;
    }

    std::vector<Open> open_;
    std::unordered_map<std::string, std::size_t> places_;
    std::size_t last_ = 0;
};

/// A sum of values of at most twelve digits before the point and twelve behind it.
class ExactSum {
public:
    void add(const Decimal& value) {
        units_ += i128{value.units()} * power_of_ten(Decimal::max_scale - value.scale());
    }
    [[nodiscard]] std::string to_string() const {
        i128 rest = units_ < 0 ? -units_ : units_;
        std::string digits;
        for (int place = 0; place <= Decimal::max_scale || rest != 0; ++place) {
            if (place == Decimal::max_scale) digits += '.';
            digits += static_cast<char>('0' + static_cast<int>(rest % 10));
            rest /= 10;
        }
        std::reverse(digits.begin(), digits.end());
        while (digits.back() == '0') digits.pop_back();
        if (digits.back() == '.') digits.pop_back();
        return units_ < 0 ? "-" + digits : digits;
    }

private:
    i128 units_ = 0;
};

}  // namespace

ReadsFile read_reads(std::string_view bytes, const ReadProfile& profile,
                     const ReadOptions& options) {
    RowSink sink;
    ReadsFile file;
    file.outcome = read_by_profile(bytes, profile, options, sink);
    file.rows = std::move(sink.rows);
    return file;
}

json::value records_json(const ReadsFile& file) {
    json::array rows;
    for (const CmepRow& row : file.rows) {
        json::array values;
        std::int64_t line = row.line;
        for (const CmepValue& value : row.values) {
            const char quality = value.quality;
            const char status = quality == 'N' ? 'M' : quality == 'A' ? 'V' : quality;
            json::object made{{"line", line}, {"end", to_iso_utc(value.end)}};
            if (status == 'M') {
                made["value"] = nullptr;
            } else {
                made["value"] = value.value.to_string();
            }
            made["status"] = std::string(1, status == '\0' ? 'A' : status);
            values.push_back(std::move(made));
            line += row.value_lines;
        }
        rows.push_back(json::object{{"line", row.line},
                                    {"meter", text(row.meter)},
                                    {"quantity", text(row.units)},
                                    {"multiplier", row.multiplier.to_string()},
                                    {"interval_seconds", row.interval_seconds},
                                    {"values", std::move(values)}});
    }
    json::array rejected;
    for (const RejectedLine& line : file.outcome.rejected) {
        rejected.push_back(json::object{{"line", line.line}, {"raw", text(line.raw)}});
    }
    return json::object{{"rows", std::move(rows)}, {"rejected", std::move(rejected)}};
}

json::object totals_json(const ReadsFile& file) {
    std::map<std::string, ExactSum> sums;
    std::set<std::string_view> meters;
    std::int64_t reads = 0;
    std::int64_t estimated = 0;
    std::int64_t missing = 0;
    std::optional<Instant> first;
    std::optional<Instant> last;
    for (const CmepRow& row : file.rows) {
        meters.insert(row.meter);
        ExactSum& sum = sums[row.units];
        for (const CmepValue& value : row.values) {
            ++reads;
            estimated += value.quality == 'E' ? 1 : 0;
            missing += value.quality == 'N' ? 1 : 0;
            if (value.quality != 'N') sum.add(value.value);
            if (!first || value.end < *first) first = value.end;
            if (!last || *last < value.end) last = value.end;
        }
    }
    json::object as_sent;
    for (const auto& [units, sum] : sums) as_sent[ascii_columns(units)] = sum.to_string();
    json::object totals{{"lines", file.outcome.rows},
                        {"reads", reads},
                        {"meters", static_cast<std::int64_t>(meters.size())},
                        {"estimated", estimated},
                        {"missing", missing},
                        {"minutes", file.outcome.minutes},
                        {"sums_as_sent", std::move(as_sent)},
                        {"rejected", static_cast<std::int64_t>(file.outcome.rejected.size())}};
    if (first) totals["first_end"] = to_iso_utc(*first);
    if (last) totals["last_end"] = to_iso_utc(*last);
    return totals;
}

}  // namespace watthour::formats
