// SPDX-License-Identifier: Apache-2.0
#include "app/authorize.hpp"
#include "app/move_database.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string from;
    std::string to;
    std::string file;
    std::vector<std::string> nodes;
};

json::object to_json(const app::MoveOutcome& outcome) {
    json::array tables;
    for (const auto& table : outcome.tables) {
        tables.push_back(
            json::object{{"table", table.table}, {"rows", table.rows}, {"sha256", table.sha256}});
    }
    return {{"rows", outcome.rows}, {"head", outcome.head}, {"tables", std::move(tables)}};
}

int answer(const Common& common, const std::string& what, const Result<app::MoveOutcome>& outcome) {
    if (!outcome) return refuse(common, outcome.error());
    if (common.json) return print_json(to_json(*outcome));
    say(fmt::format("{}: {} rows in {} tables, every table read back and compared", what,
                    grouped(outcome->rows),
                    grouped(static_cast<std::int64_t>(outcome->tables.size()))));
    say("  digest " + outcome->head);
    return 0;
}

storage::CopyProgress progress_of(const Common& common) {
    return [&common](const std::string& table, std::int64_t rows) {
        if (common.progress_wanted()) note(fmt::format("  {} {}", table, grouped(rows)));
    };
}

int migrate(const Common& common) {
    // Opened as it is, to say where it stood; opened again, to bring it on.
    auto before = storage::Database::open(common.database, storage::OpenMode::as_is);
    if (!before) return refuse(common, before.error());
    const int from = (*before)->schema_version();
    before->reset();
    if (!common.dry_run) {
        const auto after = storage::Database::open(common.database, storage::OpenMode::existing);
        if (!after) return refuse(common, after.error());
    }
    const int to = storage::newest_schema();
    if (common.json) {
        return print_json(json::object{{"from", from}, {"to", to}, {"dry_run", common.dry_run}});
    }
    say(from == to ? fmt::format("The schema is version {} already.", to)
                   : fmt::format("The schema {} from version {} to {}.",
                                 common.dry_run ? "would go" : "went", from, to));
    return 0;
}

/// Whole databases are moved by who may; a new or an empty one belongs to nobody yet.
Result<void> may_move(const Common& common, const std::string& url) {
    return app::authorize(url, *common.clock, access::permissions::database_move);
}

int dump(const Common& common) {
    if (const auto may = may_move(common, common.database); !may)
        return refuse(common, may.error());
    const auto database = storage::Database::open(common.database, storage::OpenMode::existing);
    if (!database) return refuse(common, database.error());
    fmt::print(stdout, "{}", storage::dump_tables(**database));
    return 0;
}

int spread(const Common& common, const Options& options) {
    if (const auto may = may_move(common, common.database); !may)
        return refuse(common, may.error());
    const auto outcome = app::spread_database(
        common.database, options.nodes, [&](const std::string& table, const std::string& where) {
            if (common.progress_wanted()) note(fmt::format("  {} {}", table, where));
        });
    if (!outcome) return refuse(common, outcome.error());
    if (common.json) {
        return print_json(
            json::object{{"nodes", json::array(outcome->nodes.begin(), outcome->nodes.end())},
                         {"divided", outcome->divided},
                         {"everywhere", outcome->everywhere},
                         {"already", outcome->already}});
    }
    say(fmt::format("Spread over {} nodes ({}): {} tables divided, {} whole everywhere, {} before.",
                    outcome->nodes.size(), fmt::join(outcome->nodes, ", "), outcome->divided,
                    outcome->everywhere, outcome->already));
    return 0;
}

void add_moves(CLI::App& db, Common& common, Options& options) {
    auto* copying = db.add_subcommand("copy", "Copy a database to a new one of either engine");
    add_common(*copying, common);
    copying->add_option("from", options.from, "URL of the source; it may be in use")->required();
    copying->add_option("to", options.to, "URL of a database that does not exist yet")->required();
    copying->callback([&common, &options] {
        common.command = [&common, &options] {
            if (const auto may = may_move(common, options.from); !may) {
                return refuse(common, may.error());
            }
            return answer(common, "Copied",
                          app::copy_database(options.from, options.to, progress_of(common)));
        };
    });
    auto* backing = db.add_subcommand("backup", "Write a backup while the office works on");
    add_common(*backing, common);
    backing->add_option("file", options.file, "The new file; FILE.manifest comes beside it")
        ->required();
    backing->callback([&common, &options] {
        common.command = [&common, &options] {
            if (const auto may = may_move(common, common.database); !may) {
                return refuse(common, may.error());
            }
            return answer(
                common, "Backed up",
                app::back_up(common.database, options.file, *common.clock, progress_of(common)));
        };
    });
    auto* restoring = db.add_subcommand("restore", "Restore a backup into a new database");
    add_common(*restoring, common);
    restoring->add_option("file", options.file, "A backup")->required();
    restoring->callback([&common, &options] {
        common.command = [&common, &options] {
            return answer(common, "Restored",
                          app::restore(options.file, common.database, progress_of(common)));
        };
    });
}

}  // namespace

void add_db(CLI::App& app, Common& common) {
    static Options options;
    auto* db = app.add_subcommand("db", "Move, back up, restore and verify databases");
    db->require_subcommand(1);
    add_moves(*db, common, options);
    auto* migrating = db->add_subcommand("migrate", "Bring a database to this release's schema");
    add_common(*migrating, common);
    add_dry_run(*migrating, common);
    migrating->callback([&common] { common.command = [&common] { return migrate(common); }; });
    auto* verifying = db->add_subcommand("verify", "Digest a database, or prove a backup whole");
    add_common(*verifying, common);
    verifying->add_option("--backup", options.file, "A backup file instead of a database");
    verifying->callback([&common] {
        common.command = [&common] {
            return options.file.empty()
                       ? answer(common, "Digested", app::verify_database(common.database))
                       : answer(common, "The backup is whole", app::verify_backup(options.file));
        };
    });
    auto* spreading = db->add_subcommand(
        "spread", "Spread a database over several machines (a PostgreSQL server with Citus)");
    add_common(*spreading, common);
    spreading->add_option("--node", options.nodes, "HOST:PORT of a further machine; repeatable");
    spreading->callback(
        [&common] { common.command = [&common] { return spread(common, options); }; });
    auto* dumping = db->add_subcommand("dump", "All rows as text, to compare two databases");
    add_common(*dumping, common);
    dumping->callback([&common] { common.command = [&common] { return dump(common); }; });
    db->footer(
        "The key of sealed fields is not part of a copy or backup: keep watthour.db.key apart.\n"
        "Examples:\n  watthour db copy sqlite:watthour.db postgresql://billing@db1/valdoro\n"
        "  watthour db backup backups/2026-06-15.backup\n"
        "  watthour db restore backups/2026-06-15.backup --db sqlite:again.db");
}

}  // namespace watthour::cli
