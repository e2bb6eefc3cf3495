// SPDX-License-Identifier: Apache-2.0
#include "metering/head_end_request.hpp"

#include <gtest/gtest.h>

namespace watthour::metering {
namespace {

using enum HeadEndKind;
using State = HeadEndState;
using Event = HeadEndEvent;

constexpr HeadEndPatience patience{60, 900, 3};
constexpr Instant noon{1'781'000'000};

HeadEndRequest asked(HeadEndKind kind, State state = State::sent) {
    HeadEndRequest request;
    request.id = {17};
    request.kind = kind;
    request.serial = "M-1";
    request.by = "m.ortiz";
    request.why = "no read";
    request = begin(request, patience, noon);
    request.state = state;
    return request;
}

HeadEndAnswer result(HeadEndKind about, const std::string& meter = "M-1") {
    HeadEndAnswer answer;
    answer.kind = AnswerKind::result;
    answer.about = about;
    answer.meters = {meter};
    answer.words = "words";
    return answer;
}

HeadEndAnswer switched(HeadEndKind about, std::optional<bool> closed) {
    HeadEndAnswer answer = result(about);
    answer.closed = closed;
    return answer;
}

HeadEndAnswer silent() {
    HeadEndAnswer answer = result(ping);
    answer.reached = false;
    return answer;
}

HeadEndAnswer accepted() { return {AnswerKind::accepted, {}, {}, true, {}, "words"}; }
HeadEndAnswer refused(const std::string& meter) {
    return {AnswerKind::refused, {}, {meter}, true, {}, "words"};
}
HeadEndAnswer untold() { return {AnswerKind::result, {}, {}, true, {}, "words"}; }

TEST(HeadEndRequest, AnAnswerMeetsItsRequest) {
    struct Case {
        const char* name;
        HeadEndKind kind;
        State before;
        HeadEndAnswer answer;
        Event event;
        State after;
        bool takes_read;
    };
    const Case cases[] = {
        {"taken up", read, State::sent, accepted(), Event::acknowledged, State::acknowledged,
         false},
        {"taken up again", read, State::acknowledged, accepted(), Event::repeated,
         State::acknowledged, false},
        {"the read", read, State::acknowledged, result(read), Event::done, State::done, true},
        {"the read before the receipt", read, State::sent, result(read), Event::done, State::done,
         true},
        {"the read twice", read, State::done, result(read), Event::repeated, State::done, false},
        {"the receipt after the read", read, State::done, accepted(), Event::repeated, State::done,
         false},
        {"the read after the end", read, State::timed_out, result(read), Event::late,
         State::timed_out, true},
        {"the read after a refusal", read, State::failed, result(read), Event::late, State::failed,
         true},
        {"a receipt after the end", read, State::timed_out, accepted(), Event::repeated,
         State::timed_out, false},
        {"a refusal", read, State::acknowledged, refused("M-1"), Event::failed, State::failed,
         false},
        {"a refusal twice", read, State::failed, refused("M-1"), Event::repeated, State::failed,
         false},
        {"a refusal after the end", read, State::timed_out, refused("M-1"), Event::late,
         State::timed_out, false},
        {"a refusal after the read", read, State::done, refused("M-1"), Event::repeated,
         State::done, false},
        {"another meter's read", read, State::acknowledged, result(read, "M-2"), Event::wrong_meter,
         State::acknowledged, false},
        {"another meter's refusal", read, State::sent, refused("M-2"), Event::wrong_meter,
         State::sent, false},
        {"another meter's read after the end", read, State::timed_out, result(read, "M-2"),
         Event::wrong_meter, State::timed_out, false},
        {"a switch for a read", read, State::acknowledged, switched(connect, true),
         Event::wrong_kind, State::acknowledged, false},
        {"a read for a switch", disconnect, State::acknowledged, result(read), Event::wrong_kind,
         State::acknowledged, false},
        {"a result of nothing in particular", connect, State::sent, untold(), Event::done,
         State::done, false},
        {"switched off", disconnect, State::acknowledged, switched(disconnect, false), Event::done,
         State::done, false},
        {"not switched off", disconnect, State::acknowledged, switched(disconnect, true),
         Event::failed, State::failed, false},
        {"switched on", connect, State::acknowledged, switched(connect, true), Event::done,
         State::done, false},
        {"not switched on", connect, State::acknowledged, switched(connect, false), Event::failed,
         State::failed, false},
        {"switched off too late", disconnect, State::timed_out, switched(disconnect, false),
         Event::late, State::timed_out, false},
        {"the meter is there", ping, State::acknowledged, result(ping), Event::done, State::done,
         false},
        {"the meter is silent", ping, State::acknowledged, silent(), Event::failed, State::failed,
         false},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(one.name);
        const HeadEndRequest before = asked(one.kind, one.before);
        const HeadEndStep step = take_answer(before, one.answer, noon + 30);
        EXPECT_EQ(to_text(step.event), to_text(one.event));
        EXPECT_EQ(to_text(step.request.state), to_text(one.after));
        EXPECT_EQ(step.takes_read, one.takes_read);
        if (one.after == one.before) {
            EXPECT_EQ(step.request, before);
        }
        const bool ended = is_final(one.after) && one.after != one.before;
        EXPECT_EQ(step.request.answered_at.has_value(), ended);
    }
}

TEST(HeadEndRequest, AnAnswerThatNamesTwoMetersIsRefused) {
    HeadEndAnswer both = result(read);
    both.meters.push_back("M-2");
    const HeadEndStep step = take_answer(asked(read), both, noon);
    EXPECT_EQ(step.event, Event::wrong_meter);
    EXPECT_EQ(step.note, "it is of meter M-2, M-1 was asked");
}

/// Three attempts a minute apart, under one id; then it waits for its end at 900 s.
TEST(HeadEndRequest, SilenceIsAskedAgainAndThenGivenUp) {
    struct Moment {
        std::int64_t seconds;
        Event event;
        int attempts;
        std::int64_t next;
    };
    const Moment moments[] = {
        {0, Event::nothing, 1, 60},       {59, Event::nothing, 1, 60},
        {60, Event::sent_again, 2, 120},  {61, Event::nothing, 2, 120},
        {125, Event::sent_again, 3, 900}, {185, Event::nothing, 3, 900},
        {899, Event::nothing, 3, 900},    {900, Event::timed_out, 3, 900},
        {901, Event::nothing, 3, 900},
    };
    for (const State begun : {State::sent, State::acknowledged}) {
        HeadEndRequest request = asked(read, begun);
        for (const Moment& moment : moments) {
            SCOPED_TRACE(moment.seconds);
            const HeadEndStep step = pass_time(request, patience, noon + moment.seconds);
            EXPECT_EQ(to_text(step.event), to_text(moment.event));
            request = step.request;
            EXPECT_EQ(request.id.value, 17);
            EXPECT_EQ(request.attempts, moment.attempts);
            EXPECT_EQ(request.next_at - noon, moment.next);
        }
        EXPECT_EQ(request.state, State::timed_out);
        EXPECT_EQ(request.result, "no answer after 3 attempts");
        EXPECT_FALSE(request.answered_at);
    }
}

TEST(HeadEndRequest, NothingIsSentAfterTheEnd) {
    const HeadEndRequest request = asked(read);
    // A program that stood still for an hour gives up at once.
    EXPECT_EQ(pass_time(request, patience, noon + 3'600).event, Event::timed_out);
    const HeadEndRequest hasty = begin(asked(read), {60, 30, 3}, noon);
    EXPECT_EQ(hasty.next_at - noon, 30);
    for (const State end : {State::done, State::failed, State::timed_out}) {
        EXPECT_EQ(pass_time(asked(read, end), patience, noon + 3'600).event, Event::nothing);
        EXPECT_EQ(not_delivered(asked(read, end), "refused").event, Event::nothing);
    }
}

TEST(HeadEndRequest, AHeadEndThatIsAwayIsAskedAgainWhenDue) {
    const HeadEndRequest request = asked(read);
    const HeadEndStep step = not_delivered(request, "connection refused");
    EXPECT_EQ(step.event, Event::not_delivered);
    EXPECT_EQ(step.note, "connection refused");
    EXPECT_EQ(step.request, request);
    EXPECT_EQ(pass_time(step.request, patience, noon + 60).event, Event::sent_again);
}

TEST(HeadEndRequest, ATransactionNamesItsRequest) {
    EXPECT_EQ(transaction_of({17}), "wh-17");
    EXPECT_EQ(request_of("wh-17")->value, 17);
    for (const char* other :
         {"", "17", "wh-", "wh-0", "wh--3", "wh-17 ", "wh-99999999999999999999"}) {
        EXPECT_FALSE(request_of(other)) << other;
    }
    for (const char* word : {"ping", "read", "connect", "disconnect"}) {
        EXPECT_EQ(to_text(*head_end_kind_of(word)), word);
    }
    EXPECT_FALSE(head_end_kind_of("explode"));
    EXPECT_EQ(*head_end_state_of("timed_out"), State::timed_out);
}

}  // namespace
}  // namespace watthour::metering
