// SPDX-License-Identifier: Apache-2.0
#include "formats/green_button.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"
#include "formats/xml_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace watthour::formats {

namespace {

/// A whole number; portals write "1293868800.0" for seconds.
std::optional<std::int64_t> whole(std::string_view text) {
    constexpr std::size_t most_digits = 18;  // they fit 64 bits
    std::int64_t value = 0;
    std::size_t at = 0;
    while (at < std::min(text.size(), most_digits) && text[at] >= '0' && text[at] <= '9')
        value = value * 10 + (text[at++] - '0');
    if (at > 0 && at == text.size()) return value;
    text = trimmed(text);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || rest == text.data()) return std::nullopt;
    const std::string_view tail(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    if (tail.empty()) return value;
    const bool zeros = tail[0] == '.' && tail.find_first_not_of('0', 1) == std::string_view::npos;
    return zeros ? std::optional(value) : std::nullopt;
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : walk_(bytes) {}

    GreenButtonFile read() {
        using Event = XmlWalk::Event;
        for (Event event = walk_.next(); event != Event::done; event = walk_.next()) {
            if (event == Event::start) {
                start();
            } else if (event == Event::text) {
                text_ += walk_.text();
            } else {
                end();
            }
        }
        finish();
        return std::move(file_);
    }

private:
    void report(const char* field, const char* rule, std::string message, std::string remedy) {
        file_.problems.push_back({walk_.line(), field, std::string("greenbutton.") + rule,
                                  std::move(message), std::move(remedy)});
    }

    void start() {
        text_.clear();
        if (depth_++ > 0 && in_reading_) return;
        const std::string_view name = walk_.name();
        if (depth_ == 1) {
            if (name != "feed" && name != "entry") {
                report("root", "root", fmt::format("the file is a {}, not a feed", shown(name)),
                       "Check that the right file was given.");
            }
        }
        if (name == "entry") {
            self_.clear();
            up_.clear();
            related_.clear();
        } else if (name == "link") {
            take_link();
        } else if (name == "UsagePoint") {
            file_.usage_points.emplace_back();
            in_point_ = true;
        } else if (name == "MeterReading") {
            file_.meter_readings.emplace_back();
            in_meter_ = true;
        } else if (name == "ReadingType") {
            file_.types.emplace_back();
            in_type_ = true;
        } else if (name == "IntervalBlock") {
            file_.blocks.emplace_back().line = walk_.line();
            in_block_ = true;
        } else if (name == "IntervalReading" && in_block_) {
            reading_ = {};
            has_start_ = has_value_ = good_ = false;
            in_reading_ = good_ = true;
        }
    }

    void take_link() {
        const std::string rel = walk_.attribute("rel");
        std::string href = walk_.attribute("href");
        if (rel == "self")
            self_ = std::move(href);
        else if (rel == "up")
            up_ = std::move(href);
        else if (rel == "related")
            related_.push_back(std::move(href));
    }

    void end() {
        --depth_;
        const std::string_view name = walk_.name();
        if (in_reading_) {
            end_in_reading(name);
        } else if (in_type_) {
            end_in_type(name);
        } else if (in_point_) {
            if (name == "kind") file_.service_kind = static_cast<int>(number(name).value_or(-1));
            if (name == "UsagePoint") in_point_ = false;
        } else if (name == "MeterReading") {
            in_meter_ = false;
        } else if (name == "IntervalBlock") {
            in_block_ = false;
        } else if (name == "entry") {
            end_entry();
        }
        text_.clear();
    }

    void end_in_reading(std::string_view name) {
        if (name == "value") {
            if (const auto value = field("value", "value")) {
                reading_.value = *value;
                has_value_ = true;
            }
        } else if (name == "start") {
            if (const auto value = field("start", "start")) {
                reading_.start = *value;
                has_start_ = true;
            }
        } else if (name == "duration") {
            const auto value = field("duration", "duration");
            constexpr std::int64_t longest = 400 * 86'400;
            if (value && (*value < 0 || *value > longest)) {
                good_ = false;
                report("duration", "duration", fmt::format("the interval has {} s", *value),
                       "An interval has no less than 0 s and no more than 400 days.");
            } else if (value) {
                reading_.duration = static_cast<std::int32_t>(*value);
            }
        } else if (name == "cost") {
            reading_.cost = field("cost", "cost");
        } else if (name == "quality") {
            const auto value = field("quality", "number");
            if (value && *value >= 0 && *value < 100) {
                reading_.quality = static_cast<std::int16_t>(*value);
            }
        } else if (name == "IntervalReading") {
            in_reading_ = false;
            if (good_ && !has_start_) {
                report("start", "start", "a reading says no time", "Ask for the file again.");
            } else if (good_ && !has_value_) {
                report("value", "value", "a reading has no value", "Ask for the file again.");
            } else if (good_) {
                file_.blocks.back().readings.push_back(reading_);
            }
        }
    }

    void end_in_type(std::string_view name) {
        GreenButtonType& type = file_.types.back();
        if (name == "ReadingType") {
            in_type_ = false;
            return;
        }
        int* place = name == "accumulationBehaviour"  ? &type.accumulation
                     : name == "flowDirection"        ? &type.flow
                     : name == "powerOfTenMultiplier" ? &type.power_of_ten
                     : name == "uom"                  ? &type.unit
                     : name == "intervalLength"       ? &type.interval_seconds
                     : name == "currency"             ? &type.currency
                                                      : nullptr;
        if (place == nullptr) return;
        if (const auto value = number(name)) *place = static_cast<int>(*value);
    }

    /// A number of the reading in hand; a bad one spoils it.
    std::optional<std::int64_t> field(const char* field, const char* rule) {
        const auto value = whole(text_);
        if (!value) {
            good_ = false;
            report(field, rule, fmt::format("{} is {}", field, shown(trimmed(text_))),
                   "It is a whole number.");
        }
        return value;
    }

    std::optional<std::int64_t> number(std::string_view name) {
        const auto value = whole(text_);
        if (!value) {
            report("ReadingType", "number", fmt::format("{} is {}", name, shown(trimmed(text_))),
                   "It is a whole number.");
        }
        return value;
    }

    /// The links of an entry belong to what it holds, wherever they stand in it.
    void end_entry() {
        if (points_ < file_.usage_points.size()) file_.usage_points.back() = self_;
        if (meters_ < file_.meter_readings.size()) {
            file_.meter_readings.back() = {self_, related_};
        }
        if (types_ < file_.types.size()) file_.types.back().self = self_;
        for (; blocks_ < file_.blocks.size(); ++blocks_) {
            file_.blocks[blocks_].self = self_;
            file_.blocks[blocks_].up = up_;
        }
        points_ = file_.usage_points.size();
        meters_ = file_.meter_readings.size();
        types_ = file_.types.size();
    }

    [[nodiscard]] int type_of(const GreenButtonFile::MeterReading& meter) const {
        for (std::size_t at = 0; at < file_.types.size(); ++at) {
            const auto& self = file_.types[at].self;
            if (std::find(meter.related.begin(), meter.related.end(), self) !=
                meter.related.end()) {
                return static_cast<int>(at);
            }
        }
        return -1;
    }

    [[nodiscard]] int type_of(const GreenButtonBlock& block) const {
        for (const auto& meter : file_.meter_readings) {
            const auto& related = meter.related;
            const auto holds = [&](const std::string& href) {
                return !href.empty() &&
                       std::find(related.begin(), related.end(), href) != related.end();
            };
            const bool below = !meter.self.empty() && block.up.starts_with(meter.self + "/");
            if (!holds(block.self) && !holds(block.up) && !below) continue;
            if (const int type = type_of(meter); type >= 0) return type;
        }
        // Where there is one of each, nothing else can be meant.
        return file_.types.size() == 1 ? 0 : -1;
    }

    void finish() {
        if (!walk_.fault().empty()) {
            report("XML", walk_.is_forbidden() ? "forbidden" : "xml", walk_.fault(),
                   walk_.is_forbidden()
                       ? "A meter file has no use for it; ask for the file without."
                       : "The file may be cut; ask for it again.");
        }
        std::size_t readings = 0;
        for (GreenButtonBlock& block : file_.blocks) {
            block.type = type_of(block);
            readings += block.readings.size();
            // A file that is cut has lost its links; that it is cut was told.
            if (block.type >= 0 || !walk_.fault().empty()) continue;
            file_.problems.push_back(
                {block.line, "ReadingType", "greenbutton.type",
                 "no reading type belongs to the block, so its unit is unknown",
                 "Ask for the feed whole, with its ReadingType."});
        }
        if (readings == 0 && file_.problems.empty()) {
            file_.notes.push_back({0, "IntervalReading", "greenbutton.empty",
                                   "the file holds no readings", "Nothing to do."});
        }
    }

    XmlWalk walk_;
    GreenButtonFile file_;
    std::string text_;
    std::string self_;
    std::string up_;
    std::vector<std::string> related_;
    GreenButtonReading reading_;
    int depth_ = 0;
    std::size_t points_ = 0;
    std::size_t meters_ = 0;
    std::size_t types_ = 0;
    std::size_t blocks_ = 0;
    bool in_point_ = false;
    bool in_meter_ = false;
    bool in_type_ = false;
    bool in_block_ = false;
    bool in_reading_ = false;
    bool has_start_ = false;
    bool has_value_ = false;
    bool good_ = false;
};

}  // namespace

GreenButtonFile read_green_button(std::string_view bytes) { return Reader(bytes).read(); }

}  // namespace watthour::formats
