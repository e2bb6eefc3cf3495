// SPDX-License-Identifier: Apache-2.0
#include "app/check_books.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

int check(const Common& common, const std::string& since_text) {
    const auto office = common.office_for(access::permissions::books_check);
    if (!office) return refuse(common, office.error());
    std::optional<Date> since;
    if (!since_text.empty()) {
        const auto day = Date::parse(since_text);
        if (!day) return refuse(common, day.error());
        since = *day;
    }
    const auto results = app::check_books(**office, since);
    json::array invariants;
    json::array broken;
    for (const auto& result : results) {
        json::array violations;
        for (const auto& violation : result.violations) violations.emplace_back(violation.what);
        if (!result.violations.empty()) broken.emplace_back(result.invariant.name);
        if (!common.json && (!common.quiet || !result.violations.empty())) {
            say(fmt::format("{}  {:<34} {}", result.violations.empty() ? "ok    " : "BROKEN",
                            result.invariant.name, result.invariant.meaning));
            for (const auto& violation : result.violations) say("        " + violation.what);
        }
        invariants.push_back(json::object{{"name", result.invariant.name},
                                          {"meaning", result.invariant.meaning},
                                          {"ok", result.violations.empty()},
                                          {"violations", std::move(violations)}});
    }
    const bool ok = broken.empty();
    if (common.json) {
        print_json(json::object{
            {"ok", ok}, {"broken", std::move(broken)}, {"invariants", std::move(invariants)}});
    } else {
        say(ok ? fmt::format("All {} invariants hold.", results.size())
               : fmt::format("{} of {} invariants are broken.", broken.size(), results.size()));
    }
    return ok ? 0 : static_cast<int>(ExitCode::invalid);
}

}  // namespace

void add_check(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand("check", "Prove that the books and the data are whole");
    add_common(*command, common);
    static std::string since;
    command->add_option("--since", since,
                        "Only accounts, files and months that changed since this business date");
    command->footer(
        "Examples:\n  watthour check\n  watthour check --since 2026-06-15 --json\n"
        "  watthour check --db sqlite:/var/lib/watthour/city.db");
    command->callback([&common] { common.command = [&common] { return check(common, since); }; });
}

}  // namespace watthour::cli
