// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "app/print_bills.hpp"
#include "app/views.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "documents/bill_pdf.hpp"
#include "rating/charge_line.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace watthour::cli {
namespace {

struct Options {
    bool queue = false;
    std::string number;
    std::string with;
    std::string language;
    std::string file;
    std::string from;
    std::string until;
    int line = 0;
};

Result<billing::Bill> find(app::Office& office, const std::string& number) {
    auto bill = office.bills().find(number);
    if (!bill) return Error(app::errors::bill_unknown, {{"bill", number}});
    return *std::move(bill);
}

void print_bill(const billing::Bill& bill) {
    say(fmt::format("Bill {} of account {}, cycle {}, dated {}, due {}", bill.number,
                    customers::account_number(bill.account), bill.cycle, bill.bill_date.to_string(),
                    bill.due_date.to_string()));
    say(fmt::format("  {:<66} {:>12}", "Previous balance", bill.previous_balance.to_string()));
    for (const auto& entry : bill.activity) {
        say(fmt::format("  {:<66} {:>12}", entry.date.to_string() + " " + entry.memo,
                        entry.amount.to_string()));
    }
    for (const auto& segment : bill.segments) {
        say(fmt::format("  {} {} to {}, {} days, {} kWh", segment.schedule,
                        segment.period.from.to_string(), segment.period.until.to_string(),
                        segment.period.days(), segment.delivered.to_string()));
        for (const auto& read : segment.reads) {
            say(fmt::format("    meter {} {} {} to {} {} x {} = {} kWh ({})", read.meter,
                            read.period.from.to_string(), read.from_read,
                            read.period.until.to_string(), read.until_read, read.multiplier,
                            read.energy.to_string(), read.read_type));
        }
        for (const auto& line : segment.lines) {
            say(fmt::format("  {:>3} {:<12} {:<32} {:>10} {:<5} {:>9} {:>12}", line.seq, line.code,
                            line.text_en, line.quantity_text(), line.unit, line.rate_text(),
                            line.amount.to_string()));
        }
    }
    say(fmt::format("  {:<66} {:>12}", "Current charges", bill.current_charges.to_string()));
    say(fmt::format("  {:<66} {:>12}{}", "Amount due", bill.amount_due.to_string(),
                    bill.autopay ? "  (autopay)" : ""));
}

int show(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto bill = find(**office, options.number);
    if (!bill) return refuse(common, bill.error());
    if (common.json) return print_json(app::to_json(*bill));
    print_bill(*bill);
    return 0;
}

/// Why a bill is higher or lower than another.
int compare(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto compared =
        app::comparison_view(**office, options.number, options.with, options.language);
    if (!compared) return refuse(common, compared.error());
    if (common.json) return print_json(*compared);
    const auto text = [&](const char* name) { return std::string(compared->at(name).as_string()); };
    say(fmt::format("{} {} -> {} {}: {}", text("first"), text("first_charges"), text("second"),
                    text("second_charges"), text("difference")));
    for (const auto& reason : compared->at("reasons").as_array()) {
        say(fmt::format("  {:>12}  {}", std::string(reason.at("amount").as_string()),
                        std::string(reason.at("words").as_string())));
    }
    return 0;
}

int explain(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto bill = find(**office, options.number);
    if (!bill) return refuse(common, bill.error());
    const std::string code = options.language.empty() ? bill->language : options.language;
    const auto language = code == "es" ? tariff::Language::spanish : tariff::Language::english;
    json::array explained;
    bool found = false;
    int count = 0;
    for (const auto& segment : bill->segments) {
        for (const auto& line : segment.lines) {
            ++count;
            if (options.line != 0 && options.line != line.seq) continue;
            found = true;
            const std::string words = rating::explain_line(line, language);
            if (common.json) {
                json::array trace;
                for (const auto& step : line.trace) trace.emplace_back(step.to_record());
                explained.push_back(json::object{{"seq", line.seq},
                                                 {"code", line.code},
                                                 {"amount", line.amount.to_string()},
                                                 {"clause", line.clause},
                                                 {"words", words},
                                                 {"trace", std::move(trace)}});
                continue;
            }
            say(fmt::format("{:>3} {} {}: {}", line.seq, line.code, line.text(language),
                            line.amount.to_string()));
            for (const auto sentence : split_text(words, '\n'))
                say(fmt::format("    {}", sentence));
        }
        if (common.json || options.line != 0) continue;
        for (const auto& read : segment.reads) {
            say(fmt::format("    meter {}: {} {} to {} {} x {} = {} kWh ({})", read.meter,
                            read.period.from.to_string(), read.from_read,
                            read.period.until.to_string(), read.until_read, read.multiplier,
                            read.energy.to_string(), read.read_type));
        }
    }
    if (!found) {
        return refuse(common,
                      Error(app::errors::line_unknown, {{"bill", options.number},
                                                        {"line", std::to_string(options.line)},
                                                        {"count", std::to_string(count)}}));
    }
    if (common.json) {
        return print_json(json::object{{"bill", bill->number}, {"lines", std::move(explained)}});
    }
    return 0;
}

int print_range(const Common& common, const Options& options, app::Office& office) {
    const auto from = date_or(options.from, office.business_date());
    if (!from) return refuse(common, from.error());
    const auto until = date_or(options.until, *from + 1);
    if (!until) return refuse(common, until.error());
    const auto folder = common.out_folder();
    if (!folder) return refuse(common, folder.error());
    const std::string bills_folder = std::filesystem::absolute(*folder + "/bills").string();
    if (options.queue) {
        return put_in_queue(
            common, office, "print_bills",
            {{"from", from->to_string()}, {"until", until->to_string()}, {"folder", bills_folder}});
    }
    const auto outcome = app::print_bills(
        office, office.bills().issued({*from, *until}, service::now_known), *folder + "/bills", 2);
    if (common.json) {
        return print_json(json::object{{"printed", outcome.printed},
                                       {"already_there", outcome.already_there},
                                       {"bytes", outcome.bytes},
                                       {"folder", outcome.folder}});
    }
    say(fmt::format("Printed {} bills ({} KB) to {}; {} were there already.",
                    grouped(outcome.printed), grouped(outcome.bytes / 1024), outcome.folder,
                    grouped(outcome.already_there)));
    return 0;
}

int print(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_print);
    if (!office) return refuse(common, office.error());
    if (options.number.empty()) return print_range(common, options, **office);
    const auto bill = find(**office, options.number);
    if (!bill) return refuse(common, bill.error());
    const auto page = app::bill_page(**office, *bill, options.language);
    const std::string pdf = documents::render_bill_pdf(page);
    std::string path = options.file;
    if (path.empty()) {
        const auto folder = common.out_folder();
        if (!folder) return refuse(common, folder.error());
        const std::string suffix = options.language.empty() ? "" : "-" + options.language;
        path = fmt::format("{}/bills/{}{}.pdf", *folder, bill->number, suffix);
    }
    write_file(path, pdf);
    if (common.json) {
        return print_json(json::object{{"bill", bill->number},
                                       {"file", path},
                                       {"bytes", static_cast<std::int64_t>(pdf.size())}});
    }
    say(fmt::format("Printed {} to {}", bill->number, path));
    return 0;
}

}  // namespace

void add_bill(CLI::App& app, Common& common) {
    static Options options;
    auto* bill = app.add_subcommand("bill", "Bills as issued");
    bill->require_subcommand(1);
    auto* showing = bill->add_subcommand("show", "A bill with its reads and lines");
    add_common(*showing, common);
    showing->add_option("id", options.number, "Bill number, 10000000017-260608")->required();
    showing->callback([&common] { common.command = [&common] { return show(common, options); }; });
    auto* comparing = bill->add_subcommand("compare", "Why a bill differs from another");
    add_common(*comparing, common);
    comparing->add_option("id", options.number, "Bill number")->required();
    comparing->add_option("--with", options.with, "The other bill; default the one before it");
    comparing->add_option("--lang", options.language, "en or es; default the bill's")
        ->check(CLI::IsMember({"en", "es"}));
    comparing->callback(
        [&common] { common.command = [&common] { return compare(common, options); }; });
    auto* explaining = bill->add_subcommand("explain", "How each amount came about, in words");
    add_common(*explaining, common);
    explaining->add_option("id", options.number, "Bill number")->required();
    explaining->add_option("--line", options.line, "One line only");
    explaining->add_option("--lang", options.language, "en or es; default the bill's")
        ->check(CLI::IsMember({"en", "es"}));
    explaining->callback(
        [&common] { common.command = [&common] { return explain(common, options); }; });
    auto* printing = bill->add_subcommand(
        "print", "A bill as PDF; without a number all bills dated in a range (default: today)");
    add_common(*printing, common);
    printing->add_option("id", options.number, "Bill number");
    printing->add_option("--lang", options.language, "en or es; default the bill's")
        ->check(CLI::IsMember({"en", "es"}));
    printing->add_option("--to", options.file, "File to write");
    printing->add_option("--from", options.from, "First bill date of a range");
    printing->add_option("--until", options.until, "Day after the last bill date");
    printing->add_flag("--queue", options.queue, "Leave it to the workers (watthour work)");
    printing->add_option("--out", common.out, "Folder for files (default: beside the database)");
    printing->callback([&common] {
        common.resumable = !options.from.empty();
        common.command = [&common] { return print(common, options); };
    });
    bill->footer(
        "Examples:\n  watthour bill show 10000000017-260608\n"
        "  watthour bill explain 10000000017-260608 --line 3 --lang es\n"
        "  watthour bill compare 10000000017-260608\n"
        "  watthour bill print --from 2026-06-08 --until 2026-06-15");
}

}  // namespace watthour::cli
