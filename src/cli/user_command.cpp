// SPDX-License-Identifier: Apache-2.0
#include "access/decide.hpp"
#include "access/errors.hpp"
#include "app/change_users.hpp"
#include "app/sign_in.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string name;
    std::string full_name;
    std::string role;
    std::string why;
};

using Step = Result<void> (*)(const Common&, app::Office&, const Options&);

int run(const Common& common, const Options& options, Step step) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto done = step(common, **office, options);
    return done ? 0 : refuse(common, done.error());
}

Instant now(const Common& common) { return {common.clock->now()}; }

Result<void> may(app::Office& office, const access::Permission& permission) {
    const auto decision = access::decide(office.actor(), permission, std::nullopt);
    if (decision.refusal) return *decision.refusal;
    return {};
}

Result<access::User> find(const Common& common, app::Office& office, const std::string& name) {
    auto user = office.users().find(name, now(common));
    if (!user) return Error(access::errors::user_unknown, {{"user", name}});
    return *std::move(user);
}

std::string joined(const std::vector<std::string>& names) {
    return names.empty() ? "-" : fmt::format("{}", fmt::join(names, ", "));
}

json::object to_json(const access::User& user) {
    json::array roles;
    for (const auto& role : user.roles) roles.push_back(json::value(role));
    return {{"name", user.name},
            {"full_name", user.full_name},
            {"active", user.active},
            {"roles", std::move(roles)}};
}

Result<void> list(const Common& common, app::Office& office, const Options&) {
    TRY_DONE(may(office, access::permissions::user_view));
    const auto users = office.users().list(now(common));
    if (common.json) {
        json::array rows;
        for (const auto& user : users) rows.push_back(to_json(user));
        print_json(json::object{{"users", std::move(rows)}});
        return {};
    }
    for (const auto& user : users) {
        say(fmt::format("{:<20} {:<9} {}  ({})", user.name, user.active ? "active" : "disabled",
                        joined(user.roles), user.full_name));
    }
    say(fmt::format("{} users.", grouped(static_cast<std::int64_t>(users.size()))));
    return {};
}

Result<void> show(const Common& common, app::Office& office, const Options& options) {
    TRY_DONE(may(office, access::permissions::user_view));
    TRY(const access::User user, find(common, office, options.name));
    const auto grants = office.users().grants(user.id);
    if (common.json) {
        json::array rows;
        for (const auto& grant : grants) rows.push_back(app::to_json(grant));
        json::object object = to_json(user);
        object["grants"] = std::move(rows);
        print_json(object);
        return {};
    }
    say(fmt::format("{} ({}), {}", user.name, user.full_name, user.active ? "active" : "disabled"));
    say("Roles: " + joined(user.roles));
    for (const auto& grant : grants) {
        say(fmt::format("  {:<19} from {} until {}, granted by {}, approved by {}: {}", grant.role,
                        to_iso_utc(grant.valid_from),
                        grant.valid_until == access::without_end ? "further notice"
                                                                 : to_iso_utc(grant.valid_until),
                        grant.granted_by, grant.approved_by.empty() ? "-" : grant.approved_by,
                        grant.why));
        if (!grant.revoked_by.empty()) {
            say(fmt::format("  {:<19} taken back by {}: {}", "", grant.revoked_by,
                            grant.revoked_why));
        }
    }
    return {};
}

/// Rows are permissions, columns the roles by number; 2 = takes a second person every time.
Result<void> roles(const Common& common, app::Office& office, const Options&) {
    TRY_DONE(may(office, access::permissions::user_view));
    if (common.json) {
        json::array rows;
        for (const auto& role : access::all_roles()) rows.push_back(app::to_json(role));
        print_json(json::object{{"roles", std::move(rows)}});
        return {};
    }
    std::string head = fmt::format("{:<24}", "");
    int number = 0;
    for (const auto& role : access::all_roles()) {
        say(fmt::format("{} {:<19} {:>12}  {}", ++number, role.name,
                        role.limit ? dollars(*role.limit) : "any amount", role.sentence));
        head += fmt::format("{:>3}", number);
    }
    say(head);
    for (const auto& permission : access::all_permissions()) {
        std::string row = fmt::format("{:<24}", permission.slug);
        const bool two = permission.second_person == access::SecondPerson::always;
        for (const auto& role : access::all_roles()) {
            row += fmt::format("{:>3}", !role.allows(permission) ? "." : two ? "2" : "x");
        }
        say(fmt::format("{}  {}", row, permission.sentence));
    }
    say("The limit is the largest amount in one act; above it, and where the column says 2, a "
        "second person must agree.");
    return {};
}

Result<void> add(const Common& common, app::Office& office, const Options& options) {
    TRY(const auto outcome, app::add_user(office, {options.name, options.why, common.dry_run},
                                          options.full_name, options.role));
    const char* done = common.dry_run ? "would be added" : "is added";
    if (outcome.waits && !common.dry_run) {
        note(fmt::format("The user {} {}, without the role {} so far.", outcome.user.name, done,
                         options.role));
        return *outcome.waits;
    }
    if (common.json) {
        json::object object = to_json(outcome.user);
        object["dry_run"] = common.dry_run;
        print_json(object);
        return {};
    }
    say(fmt::format("The user {} {}.", outcome.user.name, done));
    if (outcome.waits) {
        say(fmt::format("The role {} would wait for a second person.", options.role));
    }
    return {};
}

Result<void> grant(const Common& common, app::Office& office, const Options& options) {
    TRY(const auto outcome,
        app::ask_for_role(office, {options.name, options.why, common.dry_run}, options.role));
    if (!common.dry_run) return *outcome.waits;
    if (common.json) {
        json::object object = to_json(outcome.user);
        object["would_ask_for"] = options.role;
        object["dry_run"] = true;
        print_json(object);
        return {};
    }
    say(fmt::format("Would ask a second person to give {} the role {}.", outcome.user.name,
                    options.role));
    return {};
}

/// A link by which the user sets a password, once, within a day.
Result<void> link(const Common& common, app::Office& office, const Options& options) {
    TRY_DONE(may(office, access::permissions::user_manage));
    TRY(const auto entrance, app::make_link(office, options.name));
    if (common.json) {
        print_json(json::object{{"user", options.name}, {"link", entrance.token}});
        return {};
    }
    say(
        fmt::format("{} sets a password with this, once, within a day. In the workbench:\n"
                    "  <its address>/#/password/{}",
                    options.name, entrance.token));
    return {};
}

Result<void> answer_change(const Common& common, access::User user, const std::string& sentence) {
    if (!common.json) {
        say(sentence);
        return {};
    }
    json::object object = to_json(user);
    object["dry_run"] = common.dry_run;
    print_json(object);
    return {};
}

Result<void> revoke(const Common& common, app::Office& office, const Options& options) {
    TRY(access::User user,
        app::revoke_role(office, {options.name, options.why, common.dry_run}, options.role));
    const auto sentence = fmt::format("The role {} {} taken back from {}.", options.role,
                                      common.dry_run ? "would be" : "is", user.name);
    return answer_change(common, std::move(user), sentence);
}

Result<void> disable(const Common& common, app::Office& office, const Options& options) {
    TRY(access::User user, app::disable_user(office, {options.name, options.why, common.dry_run}));
    const auto sentence =
        fmt::format("The user {} {} disabled.", user.name, common.dry_run ? "would be" : "is");
    return answer_change(common, std::move(user), sentence);
}

CLI::App* add_step(CLI::App& user, Common& common, Options& options, const char* name,
                   const char* what, Step step) {
    auto* command = user.add_subcommand(name, what);
    add_common(*command, common);
    command->callback([&common, &options, step] {
        common.command = [&common, &options, step] { return run(common, options, step); };
    });
    return command;
}

void take_name(CLI::App& command, Options& options) {
    command.add_option("name", options.name, "Name that the user signs in with")->required();
}

void take_role(CLI::App& command, Options& options) {
    command.add_option("role", options.role, "Role; watthour user roles lists them")->required();
}

void take_reason(CLI::App& command, Options& options) {
    command.add_option("--why", options.why, "The reason, kept with the change")->required();
}

/// A new key for the sealed fields, for those who keep the keys.
int rotate_key(const Common& common) {
    const auto office = common.office_for(access::permissions::sensitive_rotate_key);
    if (!office) return refuse(common, office.error());
    const auto count = (*office)->rotate_key();
    if (!count) return refuse(common, count.error());
    if (common.json) return print_json(json::object{{"sealed", *count}});
    say(
        fmt::format("{} bank accounts are sealed under a new key. Copy the key file to its safe "
                    "place now; the old copy opens nothing any more.",
                    grouped(*count)));
    return 0;
}

}  // namespace

void add_sensitive(CLI::App& app, Common& common) {
    auto* sensitive = app.add_subcommand("sensitive", "Sealed fields: bank account numbers");
    sensitive->require_subcommand(1);
    auto* rotating = sensitive->add_subcommand("rotate-key", "Seal all of them under a new key");
    add_common(*rotating, common);
    rotating->callback([&common] { common.command = [&common] { return rotate_key(common); }; });
    sensitive->footer(
        "Examples:\n  watthour sensitive rotate-key\n  watthour sensitive rotate-key --json\n"
        "  WATTHOUR_KEY_FILE=/etc/watthour/office.key watthour sensitive rotate-key");
}

void add_user(CLI::App& app, Common& common) {
    static Options options;
    auto* user = app.add_subcommand("user", "Who may do what, and up to which amount");
    user->require_subcommand(1);
    add_step(*user, common, options, "list", "Users with their roles", list);
    auto* showing = add_step(*user, common, options, "show", "One user with every grant", show);
    take_name(*showing, options);
    add_step(*user, common, options, "roles", "The roles: permissions and limits", roles);
    auto* adding = add_step(*user, common, options, "add", "Add a user", add);
    take_name(*adding, options);
    adding->add_option("--full-name", options.full_name, "Name of the person")->required();
    adding->add_option("--role", options.role, "Ask for this role too; a second person must agree");
    adding->add_option("--why", options.why, "The reason, kept with the user");
    auto* granting = add_step(*user, common, options, "grant",
                              "Ask for a role; a second person must agree", grant);
    take_name(*granting, options);
    take_role(*granting, options);
    take_reason(*granting, options);
    auto* revoking = add_step(*user, common, options, "revoke", "Take a role back at once", revoke);
    take_name(*revoking, options);
    take_role(*revoking, options);
    take_reason(*revoking, options);
    auto* disabling =
        add_step(*user, common, options, "disable", "Let a user do nothing any more", disable);
    take_name(*disabling, options);
    take_reason(*disabling, options);
    take_name(*add_step(*user, common, options, "link",
                        "A link by which a user sets a password, once", link),
              options);
    for (CLI::App* command : {adding, granting, revoking, disabling}) {
        add_dry_run(*command, common);
    }
    user->footer(
        "Examples:\n  watthour user roles\n  watthour user link m.ortiz\n"
        "  watthour user add m.ortiz --full-name \"Maria Ortiz\" --role cashier\n"
        "  watthour user revoke m.ortiz cashier --why \"moved to the billing office\"");
}

}  // namespace watthour::cli
