// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/format.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

constexpr std::size_t tried_at_each_end = 2048;

/// Calls `look` with the text cut at every byte of its first and last 2 KB.
template <class Look>
void cut_everywhere(const std::string& text, Look look) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at >= tried_at_each_end && at + tried_at_each_end < text.size()) continue;
        look(std::string_view(text).substr(0, at));
    }
}

TEST(CutAtEveryByte, MoneyFilesAreRefusedOrSayTheSame) {
    for (const auto& [format_name, folder] :
         {std::pair("lockbox", "lockbox"), std::pair("nacha", "nacha"),
          std::pair("nacha", "nacha/valid"), std::pair("nacha", "nacha/lenient")}) {
        const Format* format = find_format(format_name);
        for (const std::string& name : sample_names(folder)) {
            const std::string text = sample_text(name);
            const bool good = format->check(text).ok;
            const std::string whole = to_text(format->read(text));
            cut_everywhere(text, [&](std::string_view cut) {
                if (!format->check(cut).ok) return;
                ASSERT_TRUE(good) << name << " cut at byte " << cut.size() << " becomes good";
                ASSERT_EQ(to_text(format->read(cut)), whole)
                    << name << " cut at byte " << cut.size() << " is taken and says less";
            });
        }
    }
}

TEST(CutAtEveryByte, MeterFilesNameTheCutLine) {
    for (const auto& [format_name, folder] :
         {std::pair("cmep", "cmep"), std::pair("csv-intervals", "csv-intervals"),
          std::pair("csv-registers", "csv-registers"),
          std::pair("green-button-csv", "green-button-csv"), std::pair("handheld", "handheld"),
          std::pair("mv90", "mv90")}) {
        const Format* format = find_format(format_name);
        for (const std::string& name : sample_names(folder)) {
            const std::string text = sample_text(name);
            if (!format->check(text).ok) continue;
            cut_everywhere(text, [&](std::string_view cut) {
                const FormatCheck check = format->check(cut);
                const std::size_t last = cut.rfind('\n');
                const std::string_view tail =
                    last == std::string_view::npos ? cut : cut.substr(last + 1);
                // Cut between lines, or at a line's last field, a meter file may still be good.
                const std::string_view rest = std::string_view(text).substr(cut.size());
                const bool at_last_field = rest.find(',') > rest.find('\n');
                if (trimmed(tail).empty() || at_last_field) return;
                ASSERT_FALSE(check.ok) << name << " cut at byte " << cut.size();
            });
        }
    }
}

TEST(CutAtEveryByte, MessagesAreNeverGood) {
    for (const char* format_name : {"iec61968", "multispeak"}) {
        const Format* format = find_format(format_name);
        int tried = 0;
        for (const std::string& name : sample_names(format_name)) {
            const std::string text = sample_text(name);
            if (!format->check(text).ok) continue;
            ++tried;
            const std::size_t whole = trimmed_right(text).size();
            cut_everywhere(text, [&](std::string_view cut) {
                if (cut.size() >= whole) return;
                ASSERT_FALSE(format->check(cut).ok) << name << " cut at byte " << cut.size();
            });
        }
        EXPECT_GE(tried, 3) << format_name;
    }
}

}  // namespace
}  // namespace watthour::formats
