// SPDX-License-Identifier: Apache-2.0
// Money in: at the counter, by bank draft; and the day's close.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/authorize.hpp"
#include "app/post_payments.hpp"
#include "app/release_drafts.hpp"
#include "app/reports.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::api {
namespace {

using access::permissions::bill_view;
using access::permissions::payment_draft_build;
using access::permissions::payment_post;

Result<Answer> post_payment(Call& call) {
    app::CounterPayment payment;
    payment.account = call.text("account");
    payment.tender = call.text("tender");
    TRY(payment.amount, Money::parse(call.text("amount")));
    payment.date = call.office.business_date();
    // The key of the request is the receipt: whoever asks again finds the payment posted.
    payment.receipt = call.body.contains("receipt")
                          ? call.text("receipt")
                          : std::string(call.request.header("idempotency-key"));
    payment.dry_run = call.dry_run;
    if (!call.dry_run) {
        const std::string parameters = to_text(json::object{{"account", payment.account},
                                                            {"amount", payment.amount.to_string()},
                                                            {"tender", payment.tender},
                                                            {"receipt", payment.receipt},
                                                            {"date", payment.date.to_string()}});
        TRY_DONE(app::authorize(call.office, payment_post,
                                {0, parameters, payment.amount, "counter payment"}));
    }
    TRY(const auto receipt, app::post_counter_payment(call.office, payment));
    return json_answer(json::object{{"payment", std::to_string(receipt.payment.id.value)},
                                    {"account", customers::account_number(receipt.payment.account)},
                                    {"name", receipt.payment.remitter},
                                    {"receipt", payment.receipt},
                                    {"amount", receipt.payment.amount.to_string()},
                                    {"tender", payment.tender},
                                    {"date", payment.date.to_string()},
                                    {"balance_before", receipt.balance_before.to_string()},
                                    {"balance_after", receipt.balance_after.to_string()},
                                    {"dry_run", call.dry_run}},
                       call.dry_run ? 200 : 201);
}

Result<Answer> build_drafts(Call& call) {
    const Date today = call.office.business_date();
    const auto day = [&](std::string_view field, Date otherwise) -> Result<Date> {
        return call.body.contains(field) ? Date::parse(call.text(field)) : Result<Date>(otherwise);
    };
    TRY(const Date from, day("due_from", today));
    TRY(const Date until, day("due_until", from + 1));
    TRY(const Date date, day("date", today));
    if (until - from > 31) {
        return Error(errors::field_malformed, {{"field", "due_until"},
                                               {"text", until.to_string()},
                                               {"wanted", "at most 31 days after the first"}});
    }
    std::int64_t entries = 0;
    std::int64_t skipped = 0;
    Money total;
    json::array batches;
    // Each due date is a batch of its own: nobody is drafted before the bill is due.
    for (Date due = from; due < until; due = due + 1) {
        TRY(const auto outcome,
            app::release_drafts(call.office, {{due, due + 1}, date, call.dry_run}));
        entries += outcome.entries;
        total += outcome.total;
        skipped += outcome.skipped;
        for (const auto& file : outcome.files) {
            batches.push_back(json::object{{"batch", file.batch},
                                           {"name", file.batch + ".ach"},
                                           {"text", call.dry_run ? std::string() : file.text}});
        }
    }
    return json_answer(json::object{{"entries", entries},
                                    {"total", total.to_string()},
                                    {"skipped", skipped},
                                    {"batches", std::move(batches)},
                                    {"dry_run", call.dry_run}});
}

Result<Answer> cash_day(Call& call) {
    TRY(const Date date, Date::parse(call.path["date"]));
    const auto day = app::reconcile_cash(call.office, date);
    json::array lines;
    for (const auto& line : day.lines) {
        lines.push_back(json::object{
            {"channel", line.channel},
            {"batch", line.batch},
            {"count", line.count},
            {"posted", line.posted.to_string()},
            {"declared", line.declared ? json::value(line.declared->to_string()) : json::value()}});
    }
    return json_answer(json::object{{"date", date.to_string()},
                                    {"lines", std::move(lines)},
                                    {"posted", day.posted.to_string()},
                                    {"ledger_movement", day.ledger_movement.to_string()},
                                    {"suspense_balance", day.suspense_balance.to_string()},
                                    {"ties", day.ties}});
}

}  // namespace

void add_money_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    {
        Route route = inside_route(post, "/v1/payments", "postPayment", "Money at the counter",
                                   payment_post, "Receipt", post_payment);
        route.body = {{"account", text, true, "Account number"},
                      {"amount", money, true, "Above 0.00"},
                      {"tender", text, true, "cash, check or card"},
                      {"receipt", text, false, "Number of the receipt; else the key"}};
        route.idempotency_key = true;
        route.dry_run = true;
        route.status = 201;
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(post, "/v1/draft-batches", "buildDrafts",
                                   "Bank drafts of bills that are due, with the bank's file",
                                   payment_draft_build, "DraftBatches", build_drafts);
        route.body = {{"due_from", date, false, "First due date; else today"},
                      {"due_until", date, false, "Day after the last"},
                      {"date", date, false, "Day the file is made"}};
        route.dry_run = true;
        route.idempotency_key = true;
        table.push_back(std::move(route));
    }
    table.push_back(inside_route(get, "/v1/cash-days/{date}", "getCashDay",
                                 "Money of a day against the files and the books", bill_view,
                                 "CashDay", cash_day));
}

}  // namespace watthour::api
