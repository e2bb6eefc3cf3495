// SPDX-License-Identifier: Apache-2.0
#include "storage/bill_rows.hpp"

#include "base/text.hpp"
#include "storage/dialect.hpp"
#include "storage/route_rows.hpp"

namespace watthour::storage {
namespace {

using billing::Activity;
using billing::Bill;
using billing::BillSegment;
using billing::BillSummary;
using customers::AccountId;

const Query select_billed_until(
    "SELECT g.agreement_id, max(g.period_until) FROM " WH_POINTS_OF_CYCLE
    "CROSS JOIN service_agreements a JOIN bill_segments g ON g.account_id = a.account_id "
    "AND g.agreement_id = a.agreement_id WHERE " WH_IN_CYCLE_ON("$1", "$4")
    "AND a.service_point_id = p.service_point_id AND a.superseded_on = '9999-12-31' "
    "AND g.account_id >= $2 AND g.account_id < $3 GROUP BY g.agreement_id");
const Query select_billed_periods(
    "SELECT agreement_id, period_from FROM bill_segments "
    "WHERE account_id IN ${IDS} AND period_from >= $2");
const Query insert_number(
    "INSERT INTO bill_numbers (bill_number, account_id, bill_id) VALUES ($1, $2, $3)");
const Query insert_bill(
    "INSERT INTO bills (account_id, bill_id, bill_number, cycle, bill_date, due_date, period_from, "
    "period_until, language, previous_balance_minor, activity_minor, current_charges_minor, "
    "amount_due_minor, autopay, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
const Query insert_segment(
    "INSERT INTO bill_segments (account_id, agreement_id, period_from, period_until, bill_id, "
    "segment_number, schedule, option, phase, delivered_wh, measured_demand_w, billed_demand_w, "
    "current_charges_minor, inputs_hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
const Query insert_tou(
    "INSERT INTO segment_tou (account_id, bill_id, segment_number, tou_period, delivered_wh) "
    "VALUES ($1, $2, $3, $4, $5)");
const Query insert_read(
    "INSERT INTO segment_reads (account_id, bill_id, segment_number, read_number, meter, channel, "
    "read_from, read_until, from_read, until_read, read_type, multiplier, energy_wh) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
const Query insert_line(
    "INSERT INTO charge_lines (account_id, bill_id, segment_number, line_number, code, line_group, "
    "gl_account, amount_minor, text_en, text_es, line_from, line_until, quantity, unit, rate, "
    "rate_is_percent, factor_numerator, factor_denominator, base_minor, clause, trace) VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21)");
const Query insert_activity(
    "INSERT INTO bill_activity (account_id, entry_id, bill_id) VALUES ($1, $2, $3)");
const Query insert_run(
    "INSERT INTO cycle_runs (cycle, read_date, run_date, run_number, billed, held, amount_minor, "
    "recorded_on) VALUES ($1, $2, $3, (SELECT count(*) + 1 FROM cycle_runs WHERE cycle = $1 AND "
    "read_date = $2 "
    "AND run_date = $3), $4, $5, $6, $7)");
const Query select_runs(
    "SELECT cycle, read_date, run_date, billed, held, amount_minor FROM cycle_runs "
    "ORDER BY read_date, cycle, run_date, run_number");
const Query select_history(
    "SELECT agreement_id, period_from, period_until, delivered_wh, measured_demand_w "
    "FROM bill_segments WHERE account_id IN ${IDS} AND period_until <= $2 "
    "ORDER BY account_id, agreement_id, period_from");
const Query select_billed_lines(
    "SELECT b.account_id, b.period_until, l.amount_minor FROM bills b JOIN charge_lines l "
    "ON l.account_id = b.account_id AND l.bill_id = b.bill_id "
    "WHERE b.account_id IN ${IDS} AND b.period_until > $2 AND l.code = $3 "
    "ORDER BY b.account_id, b.period_until");
constexpr const char* summary_columns =
    "SELECT account_id, bill_id, bill_number, cycle, bill_date, due_date, period_from, "
    "period_until, previous_balance_minor, activity_minor, current_charges_minor, "
    "amount_due_minor, autopay, language FROM bills ";
constexpr const char* select_activity_of =
    "SELECT e.account_id, e.entry_id, e.business_date, e.source_kind, e.memo, "
    "SUM(CASE WHEN p.debit_account = '1310' THEN p.amount_minor "
    "WHEN p.credit_account = '1310' THEN -p.amount_minor ELSE 0 END) "
    "FROM journal_entries e JOIN postings p ON p.account_id = e.account_id AND "
    "p.entry_id = e.entry_id ";
constexpr const char* group_activity =
    "GROUP BY e.account_id, e.entry_id, e.business_date, e.source_kind, e.memo "
    "ORDER BY e.account_id, e.business_date, e.entry_id";
const Query select_segments(
    "SELECT agreement_id, period_from, period_until, segment_number, schedule, option, phase, "
    "delivered_wh, measured_demand_w, billed_demand_w, current_charges_minor, inputs_hash "
    "FROM bill_segments WHERE account_id = $1 AND bill_id = $2 ORDER BY segment_number");
const Query select_tou(
    "SELECT segment_number, tou_period, delivered_wh FROM segment_tou "
    "WHERE account_id = $1 AND bill_id = $2 ORDER BY segment_number, tou_period");
const Query select_reads(
    "SELECT segment_number, meter, channel, read_from, read_until, from_read, until_read, "
    "read_type, multiplier, energy_wh FROM segment_reads WHERE account_id = $1 AND bill_id = $2 "
    "ORDER BY segment_number, read_number");
const Query select_lines(
    "SELECT segment_number, line_number, code, line_group, gl_account, amount_minor, text_en, "
    "text_es, line_from, line_until, quantity, unit, rate, rate_is_percent, factor_numerator, "
    "factor_denominator, base_minor, clause, trace FROM charge_lines "
    "WHERE account_id = $1 AND bill_id = $2 ORDER BY segment_number, line_number");
const Query select_number("SELECT account_id, bill_id FROM bill_numbers WHERE bill_number = $1");

const Query select_of_accounts(summary_columns,
                               "WHERE account_id IN ${IDS} ORDER BY account_id, bill_date, "
                               "period_until");
const Query select_of_account(summary_columns,
                              "WHERE account_id = $1 ORDER BY bill_date, period_until");
const Query select_bill(summary_columns, "WHERE account_id = $1 AND bill_id = $2");
const Query select_issued_after(summary_columns,
                                "WHERE bill_date >= $1 AND bill_date < $2 "
                                "AND (bill_date, account_id, bill_number) > ($3, $4, $5) "
                                "ORDER BY bill_date, account_id, bill_number LIMIT $6");
const Query select_issued(summary_columns,
                          "WHERE bill_date >= $1 AND bill_date < $2 AND recorded_on <= $3 "
                          "ORDER BY bill_date, account_id, bill_number");
const Query select_due(summary_columns,
                       "WHERE due_date >= $1 AND due_date < $2 "
                       "ORDER BY due_date, account_id, bill_number");
const Query select_unbilled_activity(
    select_activity_of,
    "LEFT JOIN bill_activity b ON b.account_id = e.account_id AND b.entry_id = e.entry_id "
    "WHERE e.account_id IN ${IDS} AND e.source_kind <> 'bill' AND b.entry_id IS NULL ",
    group_activity);
const Query select_shown_activity(
    select_activity_of,
    "JOIN bill_activity b ON b.account_id = e.account_id AND b.entry_id = e.entry_id "
    "WHERE e.account_id = $1 AND b.bill_id = $2 ",
    group_activity);

BillSummary summary_row(Statement& row) {
    BillSummary bill;
    bill.account = {row.integer(0)};
    bill.id = {row.integer(1)};
    bill.number = row.text(2);
    bill.cycle = row.text(3);
    bill.bill_date = row.date(4);
    bill.due_date = row.date(5);
    bill.period = {row.date(6), row.date(7)};
    bill.previous_balance = row.money(8);
    bill.activity_total = row.money(9);
    bill.current_charges = row.money(10);
    bill.amount_due = row.money(11);
    bill.autopay = row.integer(12) != 0;
    return bill;
}

Activity activity_row(Statement& row) {
    return {row.date(2), row.text(3), row.text(4), row.money(5), row.integer(1)};
}

std::string trace_text(const std::vector<rating::TraceStep>& trace) {
    std::string text;
    for (const auto& step : trace) {
        if (!text.empty()) text += '\n';
        text += step.to_record();
    }
    return text;
}

std::optional<Decimal> decimal_or_none(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return *Decimal::parse(text);
}

void bind_line(Bulk& row, const rating::ChargeLine& l) {
    row.bind(4, std::int64_t{l.seq})
        .bind(5, l.code)
        .bind(6, l.group)
        .bind(7, l.gl_account)
        .bind(8, l.amount)
        .bind(9, l.text_en)
        .bind(10, l.text_es);
    if (l.period) {
        row.bind(11, l.period->from).bind(12, l.period->until);
    } else {
        row.bind_null(11).bind_null(12);
    }
    row.bind(13, l.quantity ? l.quantity->to_string() : std::string())
        .bind(14, l.unit)
        .bind(15, l.rate ? l.rate->to_string() : std::string())
        .bind(16, std::int64_t{l.rate_is_percent ? 1 : 0})
        .bind(17, l.factor.numerator)
        .bind(18, l.factor.denominator);
    if (l.base) {
        row.bind(19, *l.base);
    } else {
        row.bind_null(19);
    }
    row.bind(20, l.clause).bind(21, trace_text(l.trace));
}

rating::ChargeLine line_row(const Statement& row) {
    rating::ChargeLine l;
    l.seq = static_cast<int>(row.integer(1));
    l.code = row.text(2);
    l.group = row.text(3);
    l.gl_account = row.text(4);
    l.amount = row.money(5);
    l.text_en = row.text(6);
    l.text_es = row.text(7);
    if (!row.is_null(8)) l.period = DateRange{row.date(8), row.date(9)};
    l.quantity = decimal_or_none(row.text_view(10));
    l.unit = row.text(11);
    l.rate = decimal_or_none(row.text_view(12));
    l.rate_is_percent = row.integer(13) != 0;
    l.factor = {row.integer(14), row.integer(15)};
    if (!row.is_null(16)) l.base = row.money(16);
    l.clause = row.text(17);
    for (const auto step : split_text(row.text_view(18), '\n')) {
        if (!step.empty()) l.trace.push_back(*rating::TraceStep::from_record(step));
    }
    return l;
}

std::vector<BillSummary> all_rows(Statement& select) {
    std::vector<BillSummary> bills;
    while (select.step()) bills.push_back(summary_row(select));
    return bills;
}

/// The statements that write bills, prepared once for a group.
class BillWriter {
public:
    explicit BillWriter(Database& database)
        : number_(database.bulk(insert_number)),
          bill_(database.bulk(insert_bill)),
          segment_(database.bulk(insert_segment)),
          tou_(database.bulk(insert_tou)),
          read_(database.bulk(insert_read)),
          line_(database.bulk(insert_line)),
          activity_(database.bulk(insert_activity)),
          recorded_on_(database.recorded_on().to_string()) {}

    void finish() {
        for (Bulk* rows : {&number_, &bill_, &segment_, &tou_, &read_, &line_, &activity_}) {
            rows->finish();
        }
    }

    void write(const Bill& b) {
        number_.bind(1, b.number).bind(2, b.account.value).bind(3, b.id.value).run();
        bill_.bind(1, b.account.value)
            .bind(2, b.id.value)
            .bind(3, b.number)
            .bind(4, b.cycle)
            .bind(5, b.bill_date)
            .bind(6, b.due_date)
            .bind(7, b.period.from)
            .bind(8, b.period.until)
            .bind(9, b.language)
            .bind(10, b.previous_balance)
            .bind(11, b.activity_total)
            .bind(12, b.current_charges)
            .bind(13, b.amount_due)
            .bind(14, std::int64_t{b.autopay ? 1 : 0})
            .bind(15, recorded_on_)
            .run();
        for (const Activity& a : b.activity) {
            activity_.bind(1, b.account.value).bind(2, a.entry_id).bind(3, b.id.value).run();
        }
        for (const BillSegment& s : b.segments) write(b, s);
    }

private:
    /// The columns that lead every row below a segment.
    static Bulk& key(Bulk& row, const Bill& b, const BillSegment& s) {
        return row.bind(1, b.account.value).bind(2, b.id.value).bind(3, std::int64_t{s.number});
    }

    void write(const Bill& b, const BillSegment& s) {
        segment_.bind(1, b.account.value)
            .bind(2, s.agreement.value)
            .bind(3, s.period.from)
            .bind(4, s.period.until)
            .bind(5, b.id.value)
            .bind(6, std::int64_t{s.number})
            .bind(7, s.schedule)
            .bind(8, s.option)
            .bind(9, s.phase)
            .bind(10, s.delivered.wh())
            .bind(11, s.measured_demand)
            .bind(12, s.billed_demand)
            .bind(13, s.current_charges)
            .bind(14, s.inputs_hash)
            .run();
        for (const auto& [period, energy] : s.by_tou) {
            key(tou_, b, s).bind(4, period).bind(5, energy.wh()).run();
        }
        std::int64_t number = 0;
        for (const billing::SegmentRead& r : s.reads) {
            key(read_, b, s)
                .bind(4, ++number)
                .bind(5, r.meter)
                .bind(6, r.channel)
                .bind(7, r.period.from)
                .bind(8, r.period.until)
                .bind(9, r.from_read)
                .bind(10, r.until_read)
                .bind(11, r.read_type)
                .bind(12, r.multiplier)
                .bind(13, r.energy.wh())
                .run();
        }
        for (const rating::ChargeLine& l : s.lines) {
            bind_line(key(line_, b, s), l);
            line_.run();
        }
    }

    Bulk number_;
    Bulk bill_;
    Bulk segment_;
    Bulk tou_;
    Bulk read_;
    Bulk line_;
    Bulk activity_;
    std::string recorded_on_;
};

}  // namespace

std::map<service::AgreementId, Date> BillRows::billed_until(const std::string& cycle, Date on,
                                                            customers::AccountRange accounts) {
    std::map<service::AgreementId, Date> until;
    Statement select = database_.prepare(select_billed_until);
    select.bind(1, cycle).bind(2, accounts.from).bind(3, accounts.until).bind(4, on);
    while (select.step()) until[{select.integer(0)}] = select.date(1);
    return until;
}

std::set<std::pair<service::AgreementId, Date>> BillRows::billed_periods(
    const std::vector<AccountId>& accounts, Date from) {
    std::set<std::pair<service::AgreementId, Date>> billed;
    Statement select = database_.prepare(select_billed_periods);
    select.bind(1, id_list(accounts)).bind(2, from);
    while (select.step()) billed.emplace(service::AgreementId{select.integer(0)}, select.date(1));
    return billed;
}

void BillRows::add(const std::vector<Bill>& bills) {
    BillWriter writer(database_);
    for (const Bill& bill : bills) writer.write(bill);
    writer.finish();
}

std::vector<std::string> BillRows::taken_numbers(const std::vector<std::string>& numbers) {
    std::vector<std::string> taken;
    Statement select = database_.prepare(select_number);
    for (const std::string& number : numbers) {
        select.bind(1, number);
        if (select.step()) taken.push_back(number);
        select.reset();
    }
    return taken;
}

void BillRows::add_run(const billing::CycleRun& run) {
    database_.prepare(insert_run)
        .bind(1, run.cycle)
        .bind(2, run.read_date)
        .bind(3, run.run_date)
        .bind(4, run.billed)
        .bind(5, run.held)
        .bind(6, run.amount)
        .bind(7, database_.recorded_on())
        .run();
}

std::vector<billing::CycleRun> BillRows::runs() {
    std::vector<billing::CycleRun> runs;
    Statement select = database_.prepare(select_runs);
    while (select.step()) {
        runs.push_back({select.text(0), select.date(1), select.date(2), select.integer(3),
                        select.integer(4), select.money(5)});
    }
    return runs;
}

std::map<service::AgreementId, std::vector<billing::PeriodUse>> BillRows::history(
    const std::vector<AccountId>& accounts, Date before) {
    std::map<service::AgreementId, std::vector<billing::PeriodUse>> history;
    Statement select = database_.prepare(select_history);
    select.bind(1, id_list(accounts)).bind(2, before);
    while (select.step()) {
        history[{select.integer(0)}].push_back(
            {{select.date(1), select.date(2)}, select.energy(3), select.demand(4)});
    }
    return history;
}

std::map<AccountId, std::vector<billing::BilledTax>> BillRows::billed_lines(
    const std::vector<AccountId>& accounts, const std::string& code, Date from) {
    std::map<AccountId, std::vector<billing::BilledTax>> billed;
    Statement select = database_.prepare(select_billed_lines);
    select.bind(1, id_list(accounts)).bind(2, from).bind(3, code);
    while (select.step()) {
        billed[{select.integer(0)}].push_back({select.date(1) - 1, select.money(2)});
    }
    return billed;
}

std::map<AccountId, BillSummary> BillRows::last_bills(const std::vector<AccountId>& accounts) {
    std::map<AccountId, BillSummary> last;
    Statement select = database_.prepare(select_of_accounts);
    select.bind(1, id_list(accounts));
    while (select.step()) last.insert_or_assign({select.integer(0)}, summary_row(select));
    return last;
}

std::map<AccountId, std::vector<Activity>> BillRows::unbilled_activity(
    const std::vector<AccountId>& accounts) {
    std::map<AccountId, std::vector<Activity>> activity;
    Statement select = database_.prepare(select_unbilled_activity);
    select.bind(1, id_list(accounts));
    while (select.step()) activity[{select.integer(0)}].push_back(activity_row(select));
    return activity;
}

void BillRows::read_segments(Bill& bill) {
    Statement segments = database_.prepare(select_segments);
    segments.bind(1, bill.account.value).bind(2, bill.id.value);
    while (segments.step()) {
        BillSegment s;
        s.agreement = {segments.integer(0)};
        s.period = {segments.date(1), segments.date(2)};
        s.number = static_cast<int>(segments.integer(3));
        s.schedule = segments.text(4);
        s.option = segments.text(5);
        s.phase = segments.text(6);
        s.delivered = segments.energy(7);
        s.measured_demand = segments.demand(8);
        s.billed_demand = segments.demand(9);
        s.current_charges = segments.money(10);
        s.inputs_hash = segments.text(11);
        bill.segments.push_back(std::move(s));
    }
    const auto segment = [&](std::int64_t number) -> BillSegment& {
        for (BillSegment& s : bill.segments) {
            if (s.number == number) return s;
        }
        raise_defect(__FILE__, __LINE__, "segment", "a row names a segment its bill does not have");
    };
    Statement tou = database_.prepare(select_tou);
    tou.bind(1, bill.account.value).bind(2, bill.id.value);
    while (tou.step()) segment(tou.integer(0)).by_tou.emplace_back(tou.text(1), tou.energy(2));
    Statement reads = database_.prepare(select_reads);
    reads.bind(1, bill.account.value).bind(2, bill.id.value);
    while (reads.step()) {
        segment(reads.integer(0))
            .reads.push_back({reads.text(1),
                              reads.text(2),
                              {reads.date(3), reads.date(4)},
                              reads.text(5),
                              reads.text(6),
                              reads.text(7),
                              reads.text(8),
                              reads.energy(9)});
    }
    Statement lines = database_.prepare(select_lines);
    lines.bind(1, bill.account.value).bind(2, bill.id.value);
    while (lines.step()) {
        segment(lines.integer(0)).lines.push_back(line_row(lines));
    }
}

std::optional<Bill> BillRows::find(const std::string& number) {
    Statement find = database_.prepare(select_number);
    find.bind(1, number);
    if (!find.step()) return std::nullopt;
    const std::int64_t account = find.integer(0);
    const std::int64_t id = find.integer(1);
    Statement select = database_.prepare(select_bill);
    select.bind(1, account).bind(2, id);
    WH_CHECK(select.step(), "a bill number without its bill");
    const BillSummary summary = summary_row(select);
    Bill bill;
    bill.account = summary.account;
    bill.id = summary.id;
    bill.number = summary.number;
    bill.cycle = summary.cycle;
    bill.bill_date = summary.bill_date;
    bill.due_date = summary.due_date;
    bill.period = summary.period;
    bill.previous_balance = summary.previous_balance;
    bill.activity_total = summary.activity_total;
    bill.current_charges = summary.current_charges;
    bill.amount_due = summary.amount_due;
    bill.autopay = summary.autopay;
    bill.language = select.text(13);
    read_segments(bill);
    Statement shown = database_.prepare(select_shown_activity);
    shown.bind(1, account).bind(2, id);
    while (shown.step()) bill.activity.push_back(activity_row(shown));
    return bill;
}

std::vector<BillSummary> BillRows::issued_after(DateRange bill_dates, Date after_date,
                                                AccountId after_account,
                                                const std::string& after_number, std::size_t most) {
    Statement select = database_.prepare(select_issued_after);
    select.bind(1, bill_dates.from)
        .bind(2, bill_dates.until)
        .bind(3, after_date)
        .bind(4, after_account.value)
        .bind(5, after_number)
        .bind(6, static_cast<std::int64_t>(most));
    return all_rows(select);
}

std::vector<BillSummary> BillRows::issued(DateRange bill_dates, Date known_on) {
    Statement select = database_.prepare(select_issued);
    select.bind(1, bill_dates.from).bind(2, bill_dates.until).bind(3, known_on);
    return all_rows(select);
}

std::vector<BillSummary> BillRows::due(DateRange due_dates) {
    Statement select = database_.prepare(select_due);
    select.bind(1, due_dates.from).bind(2, due_dates.until);
    return all_rows(select);
}

std::vector<BillSummary> BillRows::of_account(AccountId account) {
    Statement select = database_.prepare(select_of_account);
    select.bind(1, account.value);
    return all_rows(select);
}

}  // namespace watthour::storage
