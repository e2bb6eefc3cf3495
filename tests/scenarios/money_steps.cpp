// SPDX-License-Identifier: Apache-2.0
// Statements of the cash room: files of all kinds, the counter, drafts and their returns.
#include "app/post_payments.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "formats/handheld.hpp"
#include "formats/lockbox.hpp"
#include "formats/nacha.hpp"
#include "formats/scan_line.hpp"
#include "stage.hpp"

#include <fmt/format.h>

namespace watthour::scenarios {
namespace {

constexpr const char* their_bank = "99110000";  // belongs to no bank
constexpr std::size_t total_column = 23;        // of a batch total, from 0

/// Puts another amount into the batch total, as a bank's program that miscounted would.
std::string with_batch_total(const std::string& bytes, Money total) {
    std::string changed;
    for (const std::string_view line : split_text(bytes, '\n')) {
        std::string text(line);
        if (text.starts_with('7')) {
            const std::string amount = pad_left(std::to_string(total.minor_units()), 10, '0');
            text.replace(total_column, amount.size(), amount);
        }
        if (!text.empty()) changed += text + "\n";
    }
    return changed;
}

/// `lockbox box.txt deposit 2026-06-12 item 10000000017 50.00 item nobody 20.00 [total 71.00]`
void write_lockbox(Stage& stage, Words& words) {
    const std::string name = words.text("a file");
    words.literal("deposit");
    formats::LockboxBatch batch;
    batch.deposit_date = words.date();
    batch.lockbox = "0004200";
    batch.number = 1;
    while (words.maybe("item")) {
        formats::LockboxItem item;
        item.batch = 1;
        item.item = static_cast<int>(batch.items.size()) + 1;
        if (!words.maybe("nobody")) item.memos = {customers::account_number(words.account())};
        item.amount = words.money();
        item.routing = "990000013";
        item.check_account = "0001112223";
        item.check_number = std::to_string(1000 + item.item);
        item.check_date = batch.deposit_date - 2;
        item.remitter = "A REMITTER";
        item.payee = "VALDORO ELECTRIC";
        batch.items.push_back(std::move(item));
    }
    formats::LockboxFile file;
    file.destination = "VALDOROELE";
    file.origin = "9910000120";
    file.created = batch.deposit_date;
    file.reference = "0000000000";
    file.batches.push_back(std::move(batch));
    std::string bytes = formats::write_lockbox(file);
    if (words.maybe("total")) bytes = with_batch_total(bytes, words.money());
    write_file(stage.path_of(name), bytes);
}

/// `returns ret.ach on 2026-07-02 item 10000000017 R01`: of the last drafts.
void write_returns(Stage& stage, Words& words) {
    const std::string name = words.text("a file");
    words.literal("on");
    const Date date = words.date();
    if (!stage.drafts || stage.drafts->files.empty())
        throw NotUnderstood("nothing was drafted yet");
    std::vector<formats::NachaEntry> drafted;
    for (const auto& one : stage.drafts->files) {
        const auto bank_file = formats::read_nacha(one.text);
        for (const auto& entry : bank_file.batches.at(0).entries) {
            drafted.push_back(entry);
        }
    }
    formats::NachaFile file;
    const std::string their_routing =
        std::string(their_bank) + formats::routing_check_digit(their_bank);
    file.immediate_destination = " 990000013";
    file.immediate_origin = " " + their_routing;
    file.created = date;
    file.created_time = "0600";
    file.destination_name = "VALDORO CITY BANK";
    file.origin_name = "INVENTED CLEARING";
    formats::NachaBatch batch;
    batch.service_class = "225";
    batch.company_name = "VALDORO ELECTRIC";
    batch.company_id = "1990000042";
    batch.sec = "PPD";
    batch.description = "UTIL PMT";
    batch.originating_bank = their_bank;
    batch.effective = date;
    while (words.maybe("item")) {
        const std::string account = customers::account_number(words.account());
        const std::string reason = words.text("a reason");
        for (formats::NachaEntry entry : drafted) {
            if (trimmed(entry.individual_id) != account) continue;
            formats::NachaAddenda why;
            why.type = "99";
            why.reason = reason;
            why.original_trace = entry.trace;
            why.original_bank = their_bank;
            why.trace = fmt::format("{}{:07}", their_bank, batch.entries.size() + 1);
            entry.code = "26";
            entry.routing = "990000013";
            entry.trace = why.trace;
            entry.addenda = {why};
            batch.entries.push_back(std::move(entry));
        }
    }
    if (batch.entries.empty()) throw NotUnderstood("none of the last drafts is returned");
    file.batches.push_back(std::move(batch));
    write_file(stage.path_of(name), formats::write_nacha(file));
}

/// `handheld route.hup on 2026-06-08 read M-77 04320 skip M-78 DG`: what the reader brings home.
void write_route(Stage& stage, Words& words) {
    const std::string name = words.text("a file");
    words.literal("on");
    formats::HandheldFile file;
    file.created = words.date();
    file.utility = "VALDORO ELECTRIC";
    const std::string route = words.maybe("route") ? words.text("a route") : "05-01";
    while (!words.at_end()) {
        formats::HandheldRead read;
        const bool skipped = words.maybe("skip");
        if (!skipped) words.literal("read");
        read.cycle = "05";
        read.route = route;
        read.account = "00000000000";
        read.meter = words.text("a meter");
        (skipped ? read.skip_code : read.reading) = words.text("a read or a skip code");
        read.dials = 5;
        if (!skipped) read.value = Decimal(parse_integer(read.reading).value_or(0), 0);
        read.date = *file.created;
        read.method = 'K';
        while (words.maybe("trouble")) read.trouble_codes.push_back(words.text("a trouble code"));
        file.reads.push_back(std::move(read));
    }
    write_file(stage.path_of(name), formats::write_handheld(file));
}

/// `import lockbox box.txt on 2026-06-12 [dry]`
void import(Stage& stage, Words& words) {
    app::ImportRequest request;
    request.format = words.text("a format");
    request.path = stage.path_of(words.text("a file"));
    words.literal("on");
    request.date = words.date();
    request.dry_run = words.maybe("dry");
    stage.before_step();
    auto outcome = app::import_file(stage.office(), request);
    if (stage.took(outcome)) stage.import = std::move(*outcome);
}

/// `counter 10000000017 50.00 on 2026-06-12 receipt A1`
void counter(Stage& stage, Words& words) {
    app::CounterPayment request;
    request.account = words.text("an account");
    request.amount = words.money();
    words.literal("on");
    request.date = words.date();
    words.literal("receipt");
    request.receipt = words.text("a receipt");
    request.tender = "cash";
    stage.before_step();
    const auto receipt = app::post_counter_payment(stage.office(), request);
    (void)stage.took(receipt);
}

/// `drafts due 2026-06-30 [made 2026-06-29]`
void drafts(Stage& stage, Words& words) {
    words.literal("due");
    const Date due = words.date();
    app::DraftRequest request;
    request.due = {due, due + 1};
    request.file_date = words.maybe("made") ? words.date() : due - 1;
    stage.before_step();
    auto outcome = app::release_drafts(stage.office(), request);
    if (stage.took(outcome)) stage.drafts = std::move(*outcome);
}

}  // namespace

bool handle_money(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "file") {
        const std::string path = stage.path_of(words.text("a file"));
        write_file(path, words.block());
    } else if (verb == "lockbox") {
        write_lockbox(stage, words);
    } else if (verb == "handheld") {
        write_route(stage, words);
    } else if (verb == "returns") {
        write_returns(stage, words);
    } else if (verb == "import") {
        import(stage, words);
    } else if (verb == "counter") {
        counter(stage, words);
    } else if (verb == "drafts") {
        drafts(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
