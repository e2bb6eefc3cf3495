// SPDX-License-Identifier: Apache-2.0
#include "app/audit_trail.hpp"
#include "app/post_payments.hpp"
#include "app/views.hpp"
#include "calendar/time_zone.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string account;
    std::string by;
    std::string subject;
    std::string since;
    std::string until;
    std::string through;
    std::string anchor;
};

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::audit_view));
    audit::AuditQuestion question;
    question.by = options.by;
    question.subject = options.subject;
    TRY(question.since, date_or(options.since, Date::ymd(1, 1, 1)));
    TRY(question.until, date_or(options.until, end_of_time));
    if (!options.account.empty()) {
        TRY(const auto account, app::find_account(*office, options.account));
        question.account = account.id.value;
    }
    const auto entries = office->audit().list(question);
    if (common.json) {
        json::array array;
        for (const auto& entry : entries) array.push_back(app::to_json(entry));
        return print_json(std::move(array));
    }
    for (const auto& entry : entries) {
        std::string change = entry.after;
        if (!entry.before.empty()) change = entry.before + " -> " + entry.after;
        say(fmt::format("{}  {:<16} {:<18} {:<28} {}{}{}", entry.recorded_on.to_string(), entry.by,
                        entry.use_case, entry.subject, change,
                        entry.why.empty() ? "" : "  because " + entry.why,
                        entry.approval == 0 ? "" : fmt::format("  (approval {})", entry.approval)));
    }
    say(fmt::format("{} entries", grouped(static_cast<std::int64_t>(entries.size()))));
    return 0;
}

Result<int> seal(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::audit_seal));
    TRY(const Date through, date_or(options.through, office->business_date() - 1));
    TRY(std::string file, app::default_anchor_file(common.database));
    if (!options.anchor.empty()) file = options.anchor;
    TRY(const auto outcome, app::seal_days(*office, through, file));
    std::int64_t rows = 0;
    for (const auto& one : outcome.seals) rows += one.rows;
    if (common.json) {
        return print_json(json::object{{"through", outcome.through.to_string()},
                                       {"new_seals", outcome.seals.size()},
                                       {"rows", rows},
                                       {"seals", outcome.anchor.seals},
                                       {"head", outcome.anchor.head},
                                       {"anchor_file", outcome.anchor_file}});
    }
    say(fmt::format("Sealed through {}: {} rows under {} new seals.", outcome.through.to_string(),
                    grouped(rows), grouped(static_cast<std::int64_t>(outcome.seals.size()))));
    say("  head " + outcome.anchor.head);
    say("  anchored in " + outcome.anchor_file + "; keep a copy where this office cannot write");
    return 0;
}

/// Works on the database alone, so that an auditor needs no key and no utility.
Result<int> verify(const Common& common, const Options& options) {
    TRY(const auto database, storage::Database::open(common.database, storage::OpenMode::existing));
    TRY(const auto proof, app::prove_seals(*database, options.anchor));
    const int exit_code = proof.broken.empty() ? 0 : static_cast<int>(ExitCode::invalid);
    if (common.json) {
        json::array broken(proof.broken.begin(), proof.broken.end());
        print_json(json::object{{"ok", proof.broken.empty()},
                                {"through", proof.through.to_string()},
                                {"seals", proof.seals},
                                {"rows", proof.rows},
                                {"anchors", proof.anchors},
                                {"head", proof.head},
                                {"broken", std::move(broken)}});
        return exit_code;
    }
    for (const auto& what : proof.broken) say("BROKEN  " + what);
    say(proof.broken.empty()
            ? fmt::format("The trail through {} is whole: {} rows under {} seals, {} anchors met.",
                          proof.through.to_string(), grouped(proof.rows), grouped(proof.seals),
                          grouped(proof.anchors))
            : fmt::format("The trail is broken in {} places.", proof.broken.size()));
    return exit_code;
}

using Command = Result<int> (*)(const Common&, const Options&);

}  // namespace

void add_audit(CLI::App& app, Common& common) {
    static Options options;
    auto* audit = app.add_subcommand("audit", "Who did what; seals that prove it unchanged");
    audit->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, Command run) {
        auto* command = audit->add_subcommand(name, what);
        add_common(*command, common);
        command->callback([&common, run] {
            common.command = [&common, run] {
                const auto answer = run(common, options);
                return answer ? *answer : refuse(common, answer.error());
            };
        });
        return command;
    };
    auto* listing = add("list", "Changes: by whom, from what, to what, why", list);
    listing->add_option("--account", options.account, "Of one account");
    listing->add_option("--by", options.by, "Of one user");
    listing->add_option("--subject", options.subject, "Of what begins so: user:, program:, file:");
    listing->add_option("--since", options.since, "From this business date on");
    listing->add_option("--until", options.until, "Through this business date");
    auto* sealing = add("seal", "Seal the days that are over and anchor the chain", seal);
    sealing->add_option("--through", options.through, "The last day; else the day before today's");
    sealing->add_option("--anchor", options.anchor, "The anchor file; else DATABASE.anchors");
    auto* verifying = add("verify", "Prove every sealed row unchanged; needs no server", verify);
    verifying->add_option("--anchor", options.anchor, "The anchor file that was kept apart");
    audit->footer(
        "Examples:\n  watthour audit list --account 10000000017 --since 2026-06-01\n"
        "  watthour audit seal --through 2026-06-14\n"
        "  watthour audit verify --db sqlite:copy.db --anchor kept/watthour.db.anchors");
}

}  // namespace watthour::cli
