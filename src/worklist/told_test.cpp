// SPDX-License-Identifier: Apache-2.0
#include "worklist/told.hpp"

#include "base/check.hpp"

#include <gtest/gtest.h>

namespace watthour::worklist {
namespace {

TEST(Told, a_sentence_is_stored_once_and_read_in_both_languages) {
    const std::string text =
        stored(tell("told.vee.gap", {{"meter", "V7"},
                                     {"quantity", "KWH"},
                                     {"n", "3"},
                                     {"of", "96"},
                                     {"days", tell_days("2026-06-09", "2026-06-11")}}));
    EXPECT_EQ(in_words(text, Language::english),
              "Meter V7 (KWH): 3 of 96 intervals from 2026-06-09 to 2026-06-11 are missing.");
    EXPECT_EQ(in_words(text, Language::spanish),
              "Medidor V7 (KWH): faltan 3 de 96 intervalos del 2026-06-09 al 2026-06-11.");
}

TEST(Told, a_single_day_is_no_range) {
    EXPECT_EQ(in_words(stored(tell_days("2026-06-09", "2026-06-09")), Language::english),
              "on 2026-06-09");
}

TEST(Told, what_was_stored_before_and_what_a_person_wrote_stay_as_they_are) {
    for (const char* text : {"Meter V7: 3 intervals are missing.", "", "[{\"say\"", "[1, 2]",
                             "[{\"say\":\"told.vee.gap\"", "{n} [{\"say\":1}]"}) {
        EXPECT_EQ(in_words(text, Language::spanish), text);
    }
    const std::string more = stored_with("An old sentence.", json::string("the dog was out"));
    EXPECT_EQ(in_words(more, Language::spanish), "An old sentence. the dog was out");
    EXPECT_EQ(in_words(stored_with(stored(tell("told.no_place")), json::string("looked twice")),
                       Language::spanish),
              "ningún lugar looked twice");
}

TEST(Told, a_value_that_looks_like_a_hole_or_a_sentence_stays_what_it_is) {
    const std::string text = stored(tell("told.plain", {{"text", "{text} [{\"say\":\"x\"}]"}}));
    EXPECT_EQ(in_words(text, Language::english), "{text} [{\"say\":\"x\"}]");
}

TEST(Told, words_that_this_program_does_not_know_are_shown_by_their_values) {
    EXPECT_EQ(in_words(R"([{"say":"told.of_a_later_release","meter":"V7","kwh":"12.500"}])",
                       Language::spanish),
              "told.of_a_later_release, V7, 12.500");
    EXPECT_EQ(in_words(R"([{"say":"told.on_day"}])", Language::english), "on ?");
}

TEST(Told, a_sentence_without_its_values_is_a_defect_where_it_is_written) {
    EXPECT_THROW((void)tell("told.vacant_use", {{"meter", "V7"}}), Defect);
    EXPECT_THROW((void)tell("told.nothing_of_the_kind"), Defect);
    // The check can pass: the same with all its values.
    EXPECT_NO_THROW((void)tell("told.on_day", {{"day", "2026-06-09"}}));
}

}  // namespace
}  // namespace watthour::worklist
