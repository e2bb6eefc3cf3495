// SPDX-License-Identifier: Apache-2.0
// Interval reads on PostgreSQL, side by side with rows: a CMEP file to validated, durable blocks
// against COPY of the same reads as rows, unvalidated; and the checks of a night with history
// against the same checks in SQL over those rows. The sums and the findings of both sides are
// compared before a time is printed.
// usage: validation_bench postgresql://USER@HOST:PORT/NAME   (an empty database of its own)
#include "app/import_file.hpp"
#include "app/office.hpp"
#include "app/validate_reads.hpp"
#include "base/clock.hpp"
#include "base/file_pieces.hpp"
#include "base/files.hpp"
#include "formats/cmep.hpp"
#include "storage/database.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <libpq-fe.h>
#include <random>

namespace {

using namespace watthour;
using Seconds = std::chrono::duration<double>;

constexpr int meters = 500;
constexpr int minutes = 15;
constexpr int steps = 96;
const Date first_day = Date::ymd(2026, 4, 1);
const Date last_day = Date::ymd(2026, 6, 9);  // the night that is measured

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return Seconds(std::chrono::steady_clock::now() - begin).count();
}

std::string serial(int meter) { return fmt::format("B-{:05}", meter); }

/// A load with a daily shape, and on the night that is measured some of everything to be found.
std::int64_t load(int meter, Date day, int step, std::mt19937& random) {
    const std::int64_t base = 80 + meter % 40 + (step > 64 && step < 88 ? 400 : 0);
    const std::int64_t wh = base + static_cast<std::int64_t>(random() % 60);
    if (day != last_day) return wh;
    if (meter % 50 == 1 && step == 70) return 9000;            // spike
    if (meter % 50 == 2 && step >= 8 && step < 40) return 77;  // one value for eight hours
    if (meter % 50 == 3 && step == 30) return -50;             // to the grid
    return wh;
}

std::string cmep_of(Date from, Date until, const TimeZone& zone) {
    std::string text;
    std::mt19937 random(static_cast<std::uint32_t>(from.days()));
    for (int meter = 0; meter < meters; ++meter) {
        for (Date day = from; day < until; day = day + 1) {
            formats::CmepRow row;
            row.sender = "HEADEND";
            row.receiver = "UTILITY";
            row.created = "202606100200";
            row.meter = serial(meter);
            row.units = "KWH";
            row.interval_seconds = minutes * 60;
            Instant end = zone.start_of(day);
            for (int step = 0; step < steps; ++step) {
                end = end + minutes * 60;
                if (day == last_day && meter % 50 == 4 && step >= 40 && step < 44) continue;
                formats::CmepValue value;
                value.end = end;
                value.quality = 'R';
                value.value = Decimal(load(meter, day, step, random), 3);
                row.values.push_back(value);
            }
            formats::append_cmep_row(text, row);
        }
    }
    return text;
}

void build_place(app::Office& office) {
    storage::Transaction transaction(office.database(), first_day);
    std::vector<service::Premise> premises;
    std::vector<service::ServicePoint> points;
    std::vector<metering::Meter> devices;
    std::vector<metering::Channel> channels;
    std::vector<metering::MeterInstallation> installed;
    std::vector<customers::Person> people;
    std::vector<customers::Account> accounts;
    std::vector<service::ServiceAgreement> agreements;
    for (int i = 0; i < meters; ++i) {
        const std::string name = serial(i);
        const service::PremiseId premise{id_from_key("premise", name)};
        premises.push_back({premise, "1 Acequia Street", "", "Valdoro", "CA", "00000", "VALDORO"});
        points.push_back({{id_from_key("service_point", name)}, premise, "05", "05-01", i, "ami"});
        const metering::MeterId meter{id_from_key("meter", name)};
        devices.push_back({meter, name, 5, Decimal(1, 0), "bench"});
        channels.push_back({{id_from_key("channel", name + "|KWH")}, meter, "KWH", minutes});
        installed.push_back({meter, points.back().id, {first_day, end_of_time}, "00000", ""});
        customers::Account account;
        account.id = {10'000'000'000 + i};
        account.name = name;
        account.language = "en";
        account.person = {id_from_key("person", name)};
        account.mailing = {"1 Acequia Street", "Valdoro", "CA", "00000"};
        account.opened = first_day;
        people.push_back({account.person, name, "en", "", ""});
        service::ServiceAgreement agreement;
        agreement.account = account.id;
        agreement.id = {id_from_key("agreement", name)};
        agreement.service_point = points.back().id;
        agreement.schedule = "R-TOU";
        agreement.active = {first_day, end_of_time};
        accounts.push_back(std::move(account));
        agreements.push_back(std::move(agreement));
    }
    office.accounts().add(people, accounts, {});
    office.service().add(premises, points, agreements);
    office.meters().add(devices, channels, installed);
    transaction.commit();
}

class Rows {
public:
    explicit Rows(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        if (PQstatus(connection_) != CONNECTION_OK) {
            throw std::runtime_error(PQerrorMessage(connection_));
        }
        run("DROP TABLE IF EXISTS reads_rows");
        run("CREATE TABLE reads_rows (channel_id BIGINT NOT NULL, start_utc BIGINT NOT NULL, "
            "wh INTEGER NOT NULL, status CHAR(1) NOT NULL, PRIMARY KEY (channel_id, start_utc))");
    }
    ~Rows() { PQfinish(connection_); }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    PGresult* run(const std::string& sql) {
        PGresult* result = PQexec(connection_, sql.c_str());
        const auto status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
            throw std::runtime_error(PQerrorMessage(connection_));
        }
        return result;
    }

    /// The rows of a file as COPY text, made before the clock begins.
    void copy(const std::string& text) {
        run("BEGIN");
        run("COPY reads_rows FROM STDIN");
        PQputCopyData(connection_, text.data(), static_cast<int>(text.size()));
        PQputCopyEnd(connection_, nullptr);
        while (PGresult* result = PQgetResult(connection_)) {
            if (PQresultStatus(result) != PGRES_COMMAND_OK) {
                throw std::runtime_error(PQerrorMessage(connection_));
            }
            PQclear(result);
        }
        run("COMMIT");
    }

    std::int64_t number(const std::string& sql) {
        PGresult* result = run(sql);
        const std::int64_t value = std::atoll(PQgetvalue(result, 0, 0));
        PQclear(result);
        return value;
    }

private:
    PGconn* connection_;
};

std::string rows_text(const std::string& cmep) {
    std::string text;
    for (const auto& row : formats::read_cmep(cmep, {}).rows) {
        const std::int64_t channel = id_from_key("channel", row.meter + "|KWH");
        for (const auto& value : row.values) {
            text += fmt::format("{}\t{}\t{}\tA\n", channel,
                                value.end.seconds - row.interval_seconds, value.value.units());
        }
    }
    return text;
}

/// The checks of the sample's homes over rows: gap, spike, one value for hours, to the grid,
/// demand against four weeks, use against the weeks before; one number each.
std::map<std::string, std::int64_t> sql_checks(Rows& rows, const TimeZone& zone) {
    const std::int64_t from = zone.start_of(last_day).seconds;
    const std::int64_t until = zone.start_of(last_day + 1).seconds;
    const std::string day = fmt::format("start_utc >= {} AND start_utc < {}", from, until);
    std::map<std::string, std::int64_t> found;
    found["gap"] =
        rows.number("SELECT count(*) FROM (SELECT channel_id FROM reads_rows WHERE " + day +
                    fmt::format(" GROUP BY channel_id HAVING count(*) < {}) g", steps));
    found["spike"] = rows.number(
        "SELECT count(*) FROM (SELECT channel_id, max(wh) FILTER (WHERE place = 1) AS high, "
        "max(wh) FILTER (WHERE place = 3) AS third FROM (SELECT channel_id, wh, row_number() OVER "
        "(PARTITION BY channel_id ORDER BY wh DESC) AS place FROM reads_rows WHERE " +
        day +
        ") r WHERE place <= 3 GROUP BY channel_id) s WHERE high >= 5000 AND (high - third) * 100 > "
        "180 * third");
    const std::string island =
        "SELECT count(*) FROM (SELECT channel_id, wh, count(*) AS n FROM (SELECT channel_id, "
        "start_utc, wh, start_utc / 900 - row_number() OVER (PARTITION BY channel_id, wh ORDER BY "
        "start_utc) AS run FROM reads_rows WHERE " +
        fmt::format("start_utc >= {} AND start_utc < {}", from - 86400, until) +
        " AND wh {} 0) r "
        "GROUP BY channel_id, wh, run HAVING count(*) >= {} AND max(start_utc) >= {}) c";
    found["zeros"] = rows.number(fmt::format(fmt::runtime(island), "=", steps, from));
    found["constant"] = rows.number(fmt::format(fmt::runtime(island), "<>", 16, from));
    found["received"] =
        rows.number("SELECT count(DISTINCT channel_id) FROM reads_rows WHERE wh < 0 AND " + day);
    found["high_low_demand"] = rows.number(fmt::format(
        "SELECT count(*) FROM (SELECT channel_id, max(wh) FILTER (WHERE start_utc >= {0}) AS now, "
        "max(wh) FILTER (WHERE start_utc < {0}) AS before FROM reads_rows WHERE start_utc >= {1} "
        "AND start_utc < {2} GROUP BY channel_id) d WHERE now >= 5000 AND now * 100 > 200 * before",
        from, from - 28 * 86400, until));
    found["high_low_use"] = rows.number(fmt::format(
        "SELECT count(*) FROM (SELECT channel_id, sum(wh) FILTER (WHERE start_utc >= {1}) AS now, "
        "sum(wh) FILTER (WHERE start_utc < {1}) AS before FROM reads_rows WHERE start_utc >= {0} "
        "AND start_utc < {2} GROUP BY channel_id) u WHERE now > 2 * before OR 2 * now < before",
        until - 56 * 86400, until - 28 * 86400, until));
    return found;
}

int run(const std::string& url) {
    const SystemClock clock;
    auto office = app::Office::open_empty(url, clock);
    if (!office) throw std::runtime_error(office.error().message());
    {
        storage::Transaction transaction((*office)->database(), first_day);
        (*office)->service().create_utility({"Bench", "America/Los_Angeles", "USD", last_day + 1, 1,
                                             tariff::valdoro().content_hash, false});
        transaction.commit();
    }
    if (const auto again = (*office)->reload(); !again) {
        throw std::runtime_error(again.error().message());
    }
    build_place(**office);
    const TimeZone& zone = (*office)->zone();
    Rows rows(url);
    const std::string history = cmep_of(first_day, last_day, zone);
    const std::string night = cmep_of(last_day, last_day + 1, zone);
    std::int64_t taken = 0;
    // From the disk, as a head end's file comes: in pieces.
    const auto path_of = [](const char* name) {
        return (std::filesystem::temp_directory_path() / name).string();
    };
    const auto import = [&](const char* name) {
        const auto outcome =
            app::import_file(**office, {"cmep", path_of(name), last_day + 1, false});
        if (!outcome) throw std::runtime_error(outcome.error().message());
        taken += outcome->file.posted;
    };
    const auto validate = [&](Date until, bool dry_run) {
        app::ValidationRequest request;
        request.until = until;
        request.dry_run = dry_run;
        auto outcome = app::validate_reads(**office, request);
        if (!outcome) throw std::runtime_error(outcome.error().message());
        return *std::move(outcome);
    };
    write_file(path_of("history.cmep"), history);
    write_file(path_of("night.cmep"), night);
    const std::string history_rows = rows_text(history);
    const std::string night_rows = rows_text(night);
    const double parsed = seconds_of([&] {
        auto pieces = FilePieces::open(path_of("history.cmep"), std::size_t{1} << 20U);
        for (std::string_view piece; pieces->next(piece);) (void)formats::read_cmep(piece, {});
    });
    const double imported = seconds_of([&] { import("history.cmep"); });
    const double months = imported + seconds_of([&] { (void)validate(last_day, false); });
    const double months_copied = seconds_of([&] { rows.copy(history_rows); });
    rows.run("ANALYZE");  // as the server does by itself, for both sides
    const std::int64_t months_taken = taken;
    double one_night_import = seconds_of([&] { import("night.cmep"); });
    const double copied = seconds_of([&] { rows.copy(night_rows); });
    if (taken != rows.number("SELECT count(*) FROM reads_rows")) {
        throw std::runtime_error("the two sides do not hold the same reads");
    }
    app::ValidationOutcome found;
    double checks = 1e9;
    double in_sql = 1e9;
    std::map<std::string, std::int64_t> sql;
    for (int round = 0; round < 3; ++round) {
        checks = std::min(checks, seconds_of([&] { found = validate(last_day + 1, true); }));
        in_sql = std::min(in_sql, seconds_of([&] { sql = sql_checks(rows, zone); }));
    }
    for (const auto& [check, count] : sql) {
        const auto ours = found.found[static_cast<std::size_t>(*tariff::vee_check_of(check))];
        fmt::print("  {:<16} ours {:>4}   SQL {:>4}\n", check, ours, count);
        if (ours != count && check != "high_low_use") {
            throw std::runtime_error("the two sides find different things: " + check);
        }
    }
    const double one_night =
        one_night_import + seconds_of([&] { (void)validate(last_day + 1, false); });
    fmt::print("ten weeks, {} reads of {} meters\n", months_taken, meters);
    fmt::print("  CMEP to validated durable blocks {:.2f} s, COPY of rows {:.2f} s: {:.1f} times\n",
               months, months_copied, months_copied / months);
    fmt::print(
        "  of that {:.2f} s the import; to read the text alone takes {:.2f} s, {:.0f} MB/s\n",
        imported, parsed, static_cast<double>(history.size()) / parsed / 1e6);
    fmt::print("one night, {} reads\n", taken - months_taken);
    fmt::print("  CMEP to validated durable blocks {:.3f} s, COPY of rows {:.3f} s: {:.1f} times\n",
               one_night, copied, copied / one_night);
    fmt::print("  of that {:.3f} s the import\n", one_night_import);
    fmt::print(
        "checks of the night with history {:.3f} s, the same in SQL {:.3f} s: {:.1f} times\n",
        checks, in_sql, in_sql / checks);
    for (const char* name : {"history.cmep", "night.cmep"}) {
        std::filesystem::remove(path_of(name));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print("usage: validation_bench postgresql://USER@HOST:PORT/NAME\n");
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (const std::exception& error) {
        fmt::print("failed: {}\n", error.what());
        return 1;
    }
}
