// SPDX-License-Identifier: Apache-2.0
// What a scenario expects, and what differs, in the clerk's words.
#include "app/check_books.hpp"
#include "app/job_order.hpp"
#include "app/post_payments.hpp"
#include "stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace watthour::scenarios {
namespace {

std::string differs(const std::string& what, const std::string& expected,
                    const std::string& found) {
    if (expected == found) return {};
    return fmt::format("{}: expected {}, found {}", what, expected, found);
}

std::string amount_differs(const std::string& what, Money expected, Money found) {
    return differs(what, "$" + expected.to_string(), "$" + found.to_string());
}

std::string count_differs(const std::string& what, std::int64_t expected, std::int64_t found) {
    return differs(what, std::to_string(expected), std::to_string(found));
}

const billing::Bill& bill_of(Stage& stage) {
    if (!stage.bill) throw NotUnderstood("no bill was made that could be looked at");
    return *stage.bill;
}

const app::CycleOutcome& run_of(Stage& stage) {
    if (!stage.run) throw NotUnderstood("no cycle was run yet");
    return *stage.run;
}

std::string line_text(const rating::ChargeLine& line) {
    const std::string quantity = line.quantity_text();
    return quantity.empty() ? fmt::format("{} {}", line.code, line.amount.to_string())
                            : fmt::format("{} {} {} {}", line.code, quantity, line.unit,
                                          line.amount.to_string());
}

/// `line EN-T1 295 kWh 44.60`, `line CUST 19.75`
std::string expect_line(Stage& stage, Words& words) {
    const std::string code = words.text("a line");
    std::optional<Decimal> quantity;
    std::string unit;
    if (words.left() > 1) {
        quantity = words.decimal("a quantity");
        unit = words.text("a unit");
    }
    const Money amount = words.money();
    std::string found;
    for (const auto& segment : bill_of(stage).segments) {
        for (const auto& line : segment.lines) {
            if (line.code == code && line.amount == amount &&
                (!quantity || (line.quantity == quantity && line.unit == unit))) {
                return {};
            }
            if (line.code == code) found += (found.empty() ? "" : " and ") + line_text(line);
        }
    }
    const std::string wanted =
        quantity ? fmt::format("{} {} {}", quantity->to_string(), unit, amount.to_string())
                 : amount.to_string();
    return fmt::format("line {}: expected {}, found {}", code, wanted,
                       found.empty() ? "no such line" : found);
}

std::string expect_no_line(Stage& stage, Words& words) {
    words.literal("line");
    const std::string code = words.text("a line");
    for (const auto& segment : bill_of(stage).segments) {
        for (const auto& line : segment.lines) {
            if (line.code == code) return "expected no line " + code + ", found " + line_text(line);
        }
    }
    return {};
}

/// `text CUST "Cargo fijo por cliente"`: as printed in the language of the bill.
std::string expect_text(Stage& stage, Words& words) {
    const std::string code = words.text("a line");
    const std::string expected = words.text("a text");
    const auto language =
        bill_of(stage).language == "es" ? tariff::Language::spanish : tariff::Language::english;
    for (const auto& segment : bill_of(stage).segments) {
        for (const auto& line : segment.lines) {
            if (line.code == code) {
                return differs("text of line " + code, expected, line.text(language));
            }
        }
    }
    return "the bill has no line " + code;
}

std::string expect_period(Stage& stage, Words& words) {
    const Date from = words.date();
    const Date until = words.date();
    const auto& period = bill_of(stage).period;
    return differs("period of the bill", from.to_string() + " to " + until.to_string(),
                   period.from.to_string() + " to " + period.until.to_string());
}

/// `held SA-1 because billing.usage_high`, `held nobody`
std::string expect_held(Stage& stage, Words& words) {
    const auto& exceptions = run_of(stage).exceptions;
    std::string found;
    for (const auto& exception : exceptions) {
        for (const auto& [name, id] : stage.agreements) {
            if (id != exception.agreement) continue;
            found += fmt::format("{}{} because {} ({})", found.empty() ? "" : ", ", name,
                                 exception.cause, exception.evidence);
        }
    }
    if (words.maybe("nobody"))
        return exceptions.empty() ? "" : "expected nobody held, found " + found;
    const std::string name = words.text("an agreement");
    words.literal("because");
    const std::string cause = words.text("a cause");
    for (const auto& exception : exceptions) {
        if (stage.agreements[name] == exception.agreement && exception.cause == cause) return {};
    }
    return fmt::format("expected {} held because {}, found {}", name, cause,
                       found.empty() ? "nobody held" : found);
}

/// `bills 1`: of the last run; `bills of 10000000017 2`: issued ever.
std::string expect_bills(Stage& stage, Words& words) {
    if (words.maybe("of")) {
        const auto account = words.account();
        const auto bills = stage.office().bills().of_account(account);
        return count_differs("bills of " + customers::account_number(account),
                             words.whole("a count"), static_cast<std::int64_t>(bills.size()));
    }
    return count_differs("bills of the run", words.whole("a count"),
                         static_cast<std::int64_t>(run_of(stage).bills.size()));
}

std::string expect_balance(Stage& stage, Words& words) {
    const auto account = words.account();
    return amount_differs("balance of " + customers::account_number(account), words.money(),
                          app::account_balance(stage.office(), account));
}

/// `open 10000000017 electric 64.35`: what is left of the account's items of a class, or of `all`.
std::string expect_open(Stage& stage, Words& words) {
    const auto account = words.account();
    const std::string item_class = words.text("a class");
    Money open;
    for (const auto& item : stage.office().payments().items({account})) {
        if (item_class == "all" || receivables::to_text(item.item_class) == item_class) {
            open += item.open();
        }
    }
    return amount_differs("open " + item_class + " of " + customers::account_number(account),
                          words.money(), open);
}

std::string expect_work(Stage& stage, Words& words) {
    const std::string kind = words.text("a kind");
    std::int64_t found = 0;
    for (const auto& item : stage.office().work().list("open")) found += item.kind == kind;
    return count_differs("open work of the kind " + kind, words.whole("a count"), found);
}

/// `gl 2330 credit 20.00`, `gl 1310 debit 55.86 known on 2026-06-14`
std::string expect_gl(Stage& stage, Words& words) {
    const std::string number = words.text("a ledger account");
    const bool credit = words.maybe("credit");
    if (!credit) words.literal("debit");
    const Money wanted = words.money();
    Date known_on = end_of_time;
    if (words.maybe("known")) {
        words.literal("on");
        known_on = words.date();
    }
    Money found;
    for (const auto& balance : stage.office().journal().trial_balance(end_of_time, known_on)) {
        if (balance.account != number) continue;
        found = credit ? balance.credit - balance.debit : balance.debit - balance.credit;
    }
    return amount_differs(number + (credit ? " credit" : " debit"), wanted, found);
}

std::string expect_books(Stage& stage, Words& words) {
    words.literal("balance");
    std::string found;
    for (const auto& result : app::check_books(stage.office())) {
        for (const auto& violation : result.violations) {
            found += fmt::format("\n  {}: {}", violation.invariant, violation.what);
        }
    }
    return found.empty() ? "" : "expected the books to balance, found" + found;
}

std::string expect_refused(Stage& stage, Words& words) {
    const std::string expected = words.text("a refusal");
    const std::string found =
        stage.refusal ? std::string(stage.refusal->slug()) : std::string("no refusal");
    stage.refusal.reset();
    return differs("refusal of the step before", expected, found);
}

/// `balance-kwh old 180 new 200 point 380`: of the last swap.
std::string expect_exchange_balance(Stage& stage, Words& words) {
    if (!stage.meter_work || !stage.meter_work->balance)
        return "no exchange with a balance was made";
    const auto& balance = *stage.meter_work->balance;
    const auto next = [&](const char* side) {
        words.literal(side);
        return std::string(side) + " " + words.text("kWh");
    };
    std::string expected = next("old");
    expected += " " + next("new");
    expected += " " + next("point");
    return differs("balance of the exchange", expected,
                   fmt::format("old {} new {} point {}", balance.old_meter.energy.to_string(),
                               balance.new_meter.energy.to_string(), balance.point.to_string()));
}

/// `meter M-78 in_service`
std::string expect_meter(Stage& stage, Words& words) {
    const std::string serial = words.text("a meter");
    const std::string expected = words.text("a state");
    storage::MeterShopRows shop(stage.office().database());
    const auto meter = shop.find(serial);
    if (!meter) return "there is no meter " + serial;
    return differs("state of " + serial, expected,
                   std::string(metering::to_text(app::state_of(shop, meter->id))));
}

std::string bill_in_words(const billing::Bill& bill) {
    std::string text = bill.number + " due " + bill.amount_due.to_string() + ":";
    for (const auto& segment : bill.segments) {
        text += " [" + segment.inputs_hash.substr(0, 8) + "]";
        for (const auto& line : segment.lines) text += " " + line_text(line);
    }
    return text;
}

/// `same as preview`: the bills of the run are those of the preview, line by line.
std::string expect_same(Stage& stage, Words& words) {
    words.literal("as");
    words.literal("preview");
    if (!stage.preview) throw NotUnderstood("no cycle was previewed");
    std::string expected;
    std::string found;
    for (const auto& bill : stage.preview->bills) expected += bill_in_words(bill) + "; ";
    for (const auto& bill : run_of(stage).bills) found += bill_in_words(bill) + "; ";
    return differs("bills of the run", expected, found);
}

std::string expect_nothing_written(Stage& stage, Words& words) {
    words.literal("written");
    return count_differs("rows that the step wrote", 0, stage.rows() - stage.rows_before);
}

const app::ImportOutcome& import_of(Stage& stage) {
    if (!stage.import) throw NotUnderstood("no file was brought in yet");
    return *stage.import;
}

/// `choice R-1 85.77 [now]`, `choice R-1 not because usage.intervals_missing`
std::string expect_choice(Stage& stage, Words& words) {
    if (!stage.comparison) throw NotUnderstood("nothing was compared yet");
    const std::string schedule = words.text("a schedule");
    for (const app::ScheduleChoice& choice : stage.comparison->choices) {
        if (choice.schedule != schedule) continue;
        if (words.maybe("not")) {
            words.literal("because");
            return differs("why not " + schedule, words.text("a slug"), choice.rule);
        }
        const Money wanted = words.money();
        const bool now = words.maybe("now");
        if (!choice.rule.empty()) return schedule + " was not compared: " + choice.unavailable;
        if (choice.current != now) return schedule + (now ? " is not" : " is") + " the present one";
        return amount_differs("a year on " + schedule, wanted, choice.total);
    }
    return schedule + " was not compared";
}

/// `replayed 3 same 2`
std::string expect_replayed(Stage& stage, Words& words) {
    if (!stage.replay) throw NotUnderstood("nothing was replayed yet");
    const std::string bills =
        count_differs("bills replayed", words.whole("a count"), stage.replay->bills);
    words.literal("same");
    const std::string same =
        count_differs("bills the same", words.whole("a count"), stage.replay->same);
    return bills.empty() ? same : bills;
}

/// `waits cycle_run for validate_reads`
std::string expect_waits(Stage& stage, Words& words) {
    const std::string kind = words.text("a kind of job");
    words.literal("for");
    const std::string other = words.text("a kind of job");
    std::string found;
    for (const auto& job : stage.office().jobs().list(true)) {
        if (job.kind != kind) continue;
        for (const auto& one : app::awaited_by(stage.office(), job)) found = one.job.kind;
    }
    return differs("what " + kind + " waits for", other, found.empty() ? "nothing" : found);
}

/// `alerts spike 2 errors 1 cost 8.67 each 4.34 closed 1 wrongly 0`: of the rules that are tried.
std::string expect_alerts(Stage& stage, Words& words) {
    const std::string name = words.text("a check");
    const auto check = tariff::vee_check_of(name);
    if (!check || !stage.rules_preview) throw NotUnderstood("no rules were tried for " + name);
    const auto& hits = stage.rules_preview->rows[static_cast<std::size_t>(*check)].proposed;
    std::string expected = words.text("a count");
    const auto next = [&](const char* what) {
        words.literal(what);
        expected += std::string(" ") + what + " " + words.text("a number");
    };
    for (const char* what : {"errors", "cost", "each", "closed", "wrongly"}) next(what);
    const auto each = hits.cost_per_alert();
    return differs("alerts of " + name, expected,
                   fmt::format("{} errors {} cost {} each {} closed {} wrongly {}", hits.alerts,
                               hits.alerts_confirmed, hits.cost.to_string(),
                               each ? each->to_string() : "-", hits.closed, hits.closed_wrongly));
}

using Check = std::function<std::string(Stage&, Words&)>;

Check amount_of_bill(const char* what, Money billing::Bill::* amount) {
    return [what, amount](Stage& stage, Words& words) {
        return amount_differs(what, words.money(), bill_of(stage).*amount);
    };
}

const std::map<std::string, Check>& checks() {
    static const std::map<std::string, Check> all = {
        {"line", expect_line},
        {"no", expect_no_line},
        {"text", expect_text},
        {"period", expect_period},
        {"held", expect_held},
        {"bills", expect_bills},
        {"balance", expect_balance},
        {"open", expect_open},
        {"work", expect_work},
        {"gl", expect_gl},
        {"books", expect_books},
        {"choice", expect_choice},
        {"replayed", expect_replayed},
        {"refused", expect_refused},
        {"same", expect_same},
        {"balance-kwh", expect_exchange_balance},
        {"meter", expect_meter},
        {"again", expect_again},
        {"nothing", expect_nothing_written},
        {"total", amount_of_bill("current charges", &billing::Bill::current_charges)},
        {"due", amount_of_bill("amount due", &billing::Bill::amount_due)},
        {"previous", amount_of_bill("previous balance", &billing::Bill::previous_balance)},
        {"activity",
         amount_of_bill("activity since the last bill", &billing::Bill::activity_total)},
        {"language",
         [](Stage& stage, Words& words) {
             return differs("language of the bill", words.text("a language"),
                            bill_of(stage).language);
         }},
        {"waiting",
         [](Stage& stage, Words& words) {
             return count_differs("first periods that wait", words.whole("a count"),
                                  run_of(stage).merged);
         }},
        {"billed-before",
         [](Stage& stage, Words& words) {
             return count_differs("agreements billed before", words.whole("a count"),
                                  run_of(stage).already_billed);
         }},
        {"posted",
         [](Stage& stage, Words& words) {
             return amount_differs("posted of the file", words.money(),
                                   import_of(stage).file.posted_total);
         }},
        {"parked",
         [](Stage& stage, Words& words) {
             return amount_differs("parked of the file", words.money(),
                                   import_of(stage).file.parked_total);
         }},
        {"rows",
         [](Stage& stage, Words& words) {
             const auto& file = import_of(stage).file;
             std::string wrong;
             while (!words.at_end()) {
                 const std::string what = words.text("posted, parked, rejected or repeated");
                 const std::int64_t found = what == "posted"     ? file.posted
                                            : what == "parked"   ? file.parked
                                            : what == "rejected" ? file.rejected
                                                                 : file.repeated;
                 wrong += count_differs("rows " + what, words.whole("a count"), found);
             }
             return wrong;
         }},
        {"stop", expect_stop},
        {"bridge", expect_bridge},
        {"proposed", expect_proposed},
        {"handed", expect_handed},
        {"followed", expect_followed},
        {"missed", expect_missed},
        {"case", expect_case},
        {"cases", expect_cases},
        {"file", expect_file},
        {"determinant", expect_determinant},
        {"changed", expect_changed},
        {"evidence", expect_evidence},
        {"told", expect_told},
        {"correction", expect_correction},
        {"letter", expect_letter},
        {"found",
         [](Stage& stage, Words& words) {
             const std::string name = words.text("a check");
             const auto check = tariff::vee_check_of(name);
             if (!check || !stage.validation)
                 throw NotUnderstood("nothing was checked for " + name);
             return count_differs("found by " + name, words.whole("a count"),
                                  stage.validation->found[static_cast<std::size_t>(*check)]);
         }},
        {"waits", [](Stage& stage, Words& words) { return expect_waits(stage, words); }},
        {"alerts", [](Stage& stage, Words& words) { return expect_alerts(stage, words); }},
        {"closed",
         [](Stage& stage, Words& words) {
             return count_differs("findings closed by their rule", words.whole("a count"),
                                  stage.validation ? stage.validation->closed : 0);
         }},
        {"rejected",
         [](Stage& stage, Words& words) {
             const std::string rule = words.text("a rule");
             for (const auto& problem : import_of(stage).problems) {
                 if (problem.rule == rule) return std::string();
             }
             return "no row was rejected by " + rule;
         }},
        {"because",
         [](Stage& stage, Words& words) {
             const std::string serial = words.text("a meter");
             const Instant at = moment(stage, words.text("a date and time"));
             return differs("last change of " + serial, words.text("a reason"),
                            change_text(stage, serial, at));
         }},
        {"estimated",
         [](Stage& stage, Words& words) {
             return count_differs("intervals estimated", words.whole("a count"),
                                  stage.validation ? stage.validation->estimated : 0);
         }},
        {"interval",
         [](Stage& stage, Words& words) {
             const std::string serial = words.text("a meter");
             const Instant at = moment(stage, words.text("a date and time"));
             const std::string wh = words.text("watt-hours");
             return differs("interval of " + serial, wh + " " + words.text("a status"),
                            interval_text(stage, serial, at));
         }},
        {"came", expect_came},
        {"silent", expect_silent},
        {"usage", expect_usage},
        {"usage-reads", expect_usage_reads},
        {"usage-changes", expect_usage_changes},
        {"drafted",
         [](Stage& stage, Words& words) {
             return amount_differs("drafted", words.money(),
                                   stage.drafts ? stage.drafts->total : Money());
         }},
        {"skipped",
         [](Stage& stage, Words& words) {
             return count_differs("drafts skipped", words.whole("a count"),
                                  stage.drafts ? stage.drafts->skipped : 0);
         }},
    };
    return all;
}

}  // namespace

std::string check_expectation(Stage& stage, Words& words) {
    const std::string what = words.text("what is expected");
    const auto check = checks().find(what);
    if (check == checks().end()) throw NotUnderstood("nobody knows how to expect " + what);
    return check->second(stage, words);
}

}  // namespace watthour::scenarios
