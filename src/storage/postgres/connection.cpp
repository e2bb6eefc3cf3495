// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/connection.hpp"

#include "storage/database.hpp"
#include "storage/dialect.hpp"
#include "storage/errors.hpp"
#include "storage/postgres/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <libpq-fe.h>
#include <optional>

namespace watthour::storage::postgres {
namespace {

using ResultPointer = std::unique_ptr<PGresult, decltype(&PQclear)>;

ResultPointer own(PGresult* result) { return {result, &PQclear}; }

std::string first_line(const char* message) {
    const std::string_view text = message == nullptr ? "" : message;
    return std::string(text.substr(0, text.find('\n')));
}

[[noreturn]] void lost(PGconn* connection) {
    throw ConnectionLost(static_cast<int>(ExitCode::unavailable),
                         "The database server does not answer any more (" +
                             first_line(PQerrorMessage(connection)) +
                             "). Nothing of the unfinished step was kept");
}

[[noreturn]] void fail(PGconn* connection, const PGresult* result) {
    if (PQstatus(connection) != CONNECTION_OK) lost(connection);
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view code = state == nullptr ? "" : state;
    const std::string detail =
        first_line(result == nullptr ? PQerrorMessage(connection) : PQresultErrorMessage(result));
    if (code.starts_with("08") || code.starts_with("57P")) lost(connection);
    if (code == "23505") {
        throw KeyTaken(static_cast<int>(ExitCode::defect), "It is there already: " + detail);
    }
    if (code == "40001" || code == "40P01" || code == "55P03") {
        throw Contention(static_cast<int>(ExitCode::retry),
                         "Another program is writing the same rows; try again in a moment");
    }
    if (code == "53100") {
        throw EnvironmentError(static_cast<int>(ExitCode::io),
                               "The disk of the database server is full. Nothing of the unfinished "
                               "step was kept; make room and give the same command again");
    }
    if (code == "25006") {
        throw EnvironmentError(static_cast<int>(ExitCode::io),
                               "The database server takes no writes; it may be a replica");
    }
    throw EnvironmentError(static_cast<int>(ExitCode::defect),
                           fmt::format("The database refused a statement: {}", detail));
}

bool is_good(const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_SINGLE_TUPLE || status == PGRES_COPY_IN;
}

void must(PGconn* connection, const char* sql) {
    const auto result = own(PQexec(connection, sql));
    if (!is_good(result.get())) fail(connection, result.get());
}

/// Parameters of one execution: numbers and text as text, bytes as they are.
class Parameters {
public:
    void set(int parameter, std::optional<std::string> value, bool binary) {
        const auto index = static_cast<std::size_t>(parameter - 1);
        if (values_.size() <= index) {
            values_.resize(index + 1);
            formats_.resize(index + 1, 0);
        }
        values_[index] = std::move(value);
        formats_[index] = binary ? 1 : 0;
    }
    void point() {
        pointers_.clear();
        lengths_.clear();
        for (const auto& value : values_) {
            pointers_.push_back(value ? value->c_str() : nullptr);
            lengths_.push_back(value ? static_cast<int>(value->size()) : 0);
        }
    }
    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    [[nodiscard]] const char* const* pointers() const { return pointers_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
    std::vector<std::optional<std::string>> values_;
    std::vector<const char*> pointers_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

class PostgresStatement final : public Prepared {
public:
    PostgresStatement(PGconn* connection, std::string name, const std::string& sql)
        : connection_(connection),
          name_(std::move(name)),
          takes_ids_(sql.find("= ANY(CAST($1 AS BIGINT[]))") != std::string::npos) {
        const auto result = own(PQprepare(connection_, name_.c_str(), sql.c_str(), 0, nullptr));
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail(connection_, result.get());
    }

    void bind(int parameter, std::int64_t value) override {
        parameters_.set(parameter, std::to_string(value), false);
    }
    void bind(int parameter, std::string_view text) override {
        std::string value(text);
        if (takes_ids_ && parameter == 1 && value.size() >= 2) {
            // A list of ids is [1,2] to SQLite and {1,2} here.
            value.front() = '{';
            value.back() = '}';
        }
        parameters_.set(parameter, std::move(value), false);
    }
    void bind_bytes(int parameter, std::string_view bytes) override {
        parameters_.set(parameter, std::string(bytes), true);
    }
    void bind_null(int parameter) override { parameters_.set(parameter, std::nullopt, false); }

    bool step() override {
        if (streaming_) return step_stream();
        if (!result_) {
            parameters_.point();
            result_ = own(PQexecPrepared(connection_, name_.c_str(), parameters_.count(),
                                         parameters_.pointers(), parameters_.lengths(),
                                         parameters_.formats(), 1));
            note_changes();
            row_ = -1;
        }
        return ++row_ < PQntuples(result_.get());
    }
    void reset() override {
        if (streaming_) drain();
        streaming_ = false;
        sent_ = false;
        result_.reset();
    }
    void stream() override { streaming_ = true; }
    [[nodiscard]] std::int64_t changed() const override { return changed_; }
    [[nodiscard]] bool is_null(int column) const override {
        return PQgetisnull(result_.get(), row_, column) == 1;
    }
    [[nodiscard]] std::int64_t integer(int column) const override {
        return is_null(column) ? 0 : integer_of(PQftype(result_.get(), column), raw(column));
    }
    [[nodiscard]] std::string_view text(int column) const override {
        if (is_null(column)) return {};
        const Oid type = PQftype(result_.get(), column);
        if (!is_number(type)) return raw(column);
        const auto place = static_cast<std::size_t>(column);
        if (scratch_.size() <= place) scratch_.resize(place + 1);
        scratch_[place] = std::to_string(integer_of(type, raw(column)));
        return scratch_[place];
    }
    [[nodiscard]] std::string_view bytes(int column) const override { return raw(column); }
    [[nodiscard]] int columns() const override { return PQnfields(result_.get()); }
    [[nodiscard]] ValueKind kind(int column) const override {
        if (is_null(column)) return ValueKind::null;
        const Oid type = PQftype(result_.get(), column);
        if (is_number(type)) return ValueKind::integer;
        return type == type_bytea ? ValueKind::bytes : ValueKind::text;
    }

private:
    [[nodiscard]] std::string_view raw(int column) const {
        return {PQgetvalue(result_.get(), row_, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
    }
    void note_changes() {
        if (!is_good(result_.get())) {
            const ResultPointer failed = std::exchange(result_, own(nullptr));
            fail(connection_, failed.get());
        }
        const char* changed = PQcmdTuples(result_.get());
        changed_ = changed == nullptr || *changed == '\0' ? 0 : std::atoll(changed);
    }
    bool step_stream() {
        if (!sent_) {
            parameters_.point();
            const int sent = PQsendQueryPrepared(connection_, name_.c_str(), parameters_.count(),
                                                 parameters_.pointers(), parameters_.lengths(),
                                                 parameters_.formats(), 1);
            if (sent != 1 || PQsetSingleRowMode(connection_) != 1) fail(connection_, nullptr);
            sent_ = true;
        }
        result_ = own(PQgetResult(connection_));
        row_ = 0;
        if (!result_) return false;
        note_changes();
        if (PQresultStatus(result_.get()) == PGRES_SINGLE_TUPLE) return true;
        drain();
        return false;
    }
    void drain() {
        while (const auto rest = own(PQgetResult(connection_))) {
        }
    }

    PGconn* connection_;
    std::string name_;
    bool takes_ids_;
    Parameters parameters_;
    ResultPointer result_ = own(nullptr);
    int row_ = -1;
    std::int64_t changed_ = 0;
    bool streaming_ = false;
    bool sent_ = false;
    mutable std::vector<std::string> scratch_;
};

/// Rows gathered in the binary form of COPY and sent at the end, so that several writers may be
/// open at once on one connection.
class CopyWriter final : public BulkWriter {
public:
    CopyWriter(PGconn* connection, const std::string& target)
        : connection_(connection),
          command_("COPY " + target + " FROM STDIN (FORMAT binary)"),
          fields_(static_cast<std::size_t>(std::count(target.begin(), target.end(), ',')) + 1) {
        buffer_.assign("PGCOPY\n\377\r\n\0", 11);
        buffer_.append(8, '\0');
    }
    void bind(int parameter, std::int64_t value) override {
        field(parameter) = big_endian(value, 8);
    }
    void bind(int parameter, std::string_view text) override { field(parameter) = text; }
    void bind_bytes(int parameter, std::string_view bytes) override { field(parameter) = bytes; }
    void bind_null(int parameter) override {
        fields_.at(static_cast<std::size_t>(parameter - 1)).reset();
    }
    void end_row() override {
        append_big_endian(buffer_, static_cast<std::int64_t>(fields_.size()), 2);
        for (const auto& value : fields_) {
            append_big_endian(buffer_, value ? static_cast<std::int64_t>(value->size()) : -1, 4);
            if (value) buffer_ += *value;
        }
        ++rows_;
    }
    std::int64_t finish() override {
        if (rows_ == 0) return 0;
        append_big_endian(buffer_, -1, 2);
        const auto begun = own(PQexec(connection_, command_.c_str()));
        if (PQresultStatus(begun.get()) != PGRES_COPY_IN) fail(connection_, begun.get());
        constexpr std::size_t piece = std::size_t{1} << 20U;
        for (std::size_t at = 0; at < buffer_.size(); at += piece) {
            const std::size_t size = std::min(piece, buffer_.size() - at);
            if (PQputCopyData(connection_, buffer_.data() + at, static_cast<int>(size)) != 1) {
                fail(connection_, nullptr);
            }
        }
        if (PQputCopyEnd(connection_, nullptr) != 1) fail(connection_, nullptr);
        ResultPointer failed = own(nullptr);
        while (auto ended = own(PQgetResult(connection_))) {
            if (!is_good(ended.get())) failed = std::move(ended);
        }
        if (failed) fail(connection_, failed.get());
        return rows_;
    }

private:
    std::string& field(int parameter) {
        auto& value = fields_.at(static_cast<std::size_t>(parameter - 1));
        if (!value) value.emplace();
        return *value;
    }
    PGconn* connection_;
    std::string command_;
    std::vector<std::optional<std::string>> fields_;
    std::string buffer_;
    std::int64_t rows_ = 0;
};

/// Executions of one statement in a pipeline: one round trip for a hundred rows.
class PipelineWriter final : public BulkWriter {
public:
    PipelineWriter(PGconn* connection, const std::string& sql)
        : connection_(connection), sql_(sql) {}
    void bind(int parameter, std::int64_t value) override {
        now_.set(parameter, std::to_string(value), false);
    }
    void bind(int parameter, std::string_view text) override {
        now_.set(parameter, std::string(text), false);
    }
    void bind_bytes(int parameter, std::string_view bytes) override {
        now_.set(parameter, std::string(bytes), true);
    }
    void bind_null(int parameter) override { now_.set(parameter, std::nullopt, false); }
    void end_row() override { rows_.push_back(now_); }
    std::int64_t finish() override {
        if (rows_.empty()) return 0;
        const auto prepared = own(PQprepare(connection_, "", sql_.c_str(), 0, nullptr));
        if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) fail(connection_, prepared.get());
        std::int64_t written = 0;
        constexpr std::size_t step = 100;
        for (std::size_t at = 0; at < rows_.size(); at += step) {
            written += send(at, std::min(at + step, rows_.size()));
        }
        return written;
    }

private:
    std::int64_t send(std::size_t from, std::size_t until) {
        if (PQenterPipelineMode(connection_) != 1) fail(connection_, nullptr);
        for (std::size_t at = from; at < until; ++at) {
            Parameters& row = rows_[at];
            row.point();
            if (PQsendQueryPrepared(connection_, "", row.count(), row.pointers(), row.lengths(),
                                    row.formats(), 1) != 1) {
                fail(connection_, nullptr);
            }
        }
        if (PQpipelineSync(connection_) != 1) fail(connection_, nullptr);
        std::int64_t written = 0;
        ResultPointer failed = own(nullptr);
        for (bool synced = false; !synced;) {
            auto result = own(PQgetResult(connection_));
            if (!result) {
                if (PQstatus(connection_) != CONNECTION_OK) lost(connection_);
                continue;  // the end of one statement's results
            }
            const ExecStatusType status = PQresultStatus(result.get());
            synced = status == PGRES_PIPELINE_SYNC;
            if (synced || status == PGRES_PIPELINE_ABORTED) continue;
            if (is_good(result.get())) {
                written += std::atoll(PQcmdTuples(result.get()));
            } else if (!failed) {
                failed = std::move(result);
            }
        }
        PQexitPipelineMode(connection_);
        if (failed) fail(connection_, failed.get());
        return written;
    }
    PGconn* connection_;
    std::string sql_;
    Parameters now_;
    std::vector<Parameters> rows_;
};

class PostgresConnection final : public Connection {
public:
    explicit PostgresConnection(PGconn* connection) : connection_(connection) {}
    ~PostgresConnection() override { PQfinish(connection_); }
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    [[nodiscard]] EngineKind engine() const override { return EngineKind::postgresql; }
    [[nodiscard]] std::unique_ptr<Prepared> prepare(const std::string& sql) override {
        return std::make_unique<PostgresStatement>(connection_, fmt::format("s{}", ++prepared_),
                                                   sql);
    }
    [[nodiscard]] std::unique_ptr<BulkWriter> bulk(const Query& query) override {
        if (!query.copy_target().empty()) {
            return std::make_unique<CopyWriter>(connection_, query.copy_target());
        }
        return std::make_unique<PipelineWriter>(connection_,
                                                query.text_for(EngineKind::postgresql));
    }
    void execute(const std::string& sql) override { must(connection_, sql.c_str()); }
    void begin() override { must(connection_, "BEGIN"); }
    void begin_snapshot() override {
        must(connection_, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }
    void commit() override {
        const auto result = own(PQexec(connection_, "COMMIT"));
        if (!is_good(result.get())) fail(connection_, result.get());
        // A transaction that failed before answers COMMIT with ROLLBACK, which is no success.
        if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") != 0) {
            throw EnvironmentError(static_cast<int>(ExitCode::defect),
                                   "The database rolled the transaction back");
        }
    }
    void rollback() noexcept override { PQclear(PQexec(connection_, "ROLLBACK")); }
    [[nodiscard]] std::vector<std::string> tables() override {
        std::vector<std::string> names;
        const auto select = prepare(
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema() "
            "ORDER BY tablename COLLATE \"C\"");
        while (select->step()) names.emplace_back(select->text(0));
        return names;
    }
    [[nodiscard]] std::vector<std::string> columns_of(const std::string& table) override {
        return names(
            "SELECT CAST(attname AS text) FROM pg_attribute WHERE attrelid = "
            "CAST(CAST($1 AS text) AS regclass) AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attname COLLATE \"C\"",
            table);
    }
    [[nodiscard]] std::vector<std::string> key_of(const std::string& table) override {
        return names(
            "SELECT CAST(a.attname AS text) FROM pg_index i JOIN pg_attribute a "
            "ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND "
            "i.indrelid = CAST(CAST($1 AS text) AS regclass) "
            "ORDER BY array_position(CAST(i.indkey AS smallint[]), a.attnum)",
            table);
    }
    void lock_schema() override { execute("SELECT pg_advisory_xact_lock(20260615)"); }
    void hold_days(bool exclusive) override {
        must(connection_, exclusive ? "SELECT pg_advisory_xact_lock(20260616)"
                                    : "SELECT pg_advisory_xact_lock_shared(20260616)");
    }
    [[nodiscard]] bool is_spread() override {
        if (!spread_) {
            const auto found = own(
                PQexec(connection_, "SELECT count(*) FROM pg_extension WHERE extname = 'citus'"));
            spread_ = PQresultStatus(found.get()) == PGRES_TUPLES_OK &&
                      std::string_view(PQgetvalue(found.get(), 0, 0)) == "1";
        }
        return *spread_;
    }
    void guard_posted_tables() override;

private:
    std::vector<std::string> names(const char* sql, const std::string& table) {
        std::vector<std::string> found;
        const auto select = prepare(sql);
        select->bind(1, std::string_view(table));
        while (select->step()) found.emplace_back(select->text(0));
        return found;
    }
    void grant_to_program(const std::string& posted, const std::string& open) {
        // Roles belong to the whole server: two databases made at once must not collide.
        execute(fmt::format(
            "BEGIN; SELECT pg_advisory_xact_lock(20260615); "
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = "
            "'watthour_program') THEN CREATE ROLE watthour_program NOLOGIN; END IF; END $$; "
            "GRANT SELECT, INSERT ON {} TO watthour_program; "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO watthour_program; COMMIT",
            posted, open));
    }
    PGconn* connection_;
    std::int64_t prepared_ = 0;
    std::optional<bool> spread_;
};

/// The role that works has no UPDATE or DELETE on posted tables. A superuser cannot be denied
/// anything, so the program steps down to a role of its own; an owner takes the right from itself.
void PostgresConnection::guard_posted_tables() {
    std::string posted;
    std::string open;
    for (const std::string& table : tables()) {
        std::string& list = is_posted_table(table) ? posted : open;
        if (!list.empty()) list += ", ";
        list += table;
    }
    if (posted.empty()) return;
    const auto super = own(PQexec(connection_, "SHOW is_superuser"));
    if (std::string_view(PQgetvalue(super.get(), 0, 0)) != "on") {
        // Only where the right is still there: a revoke is a write.
        const auto held =
            own(PQexec(connection_, "SELECT has_table_privilege('postings', 'UPDATE')"));
        if (*PQgetvalue(held.get(), 0, 0) == 't') {
            execute("REVOKE UPDATE, DELETE, TRUNCATE ON " + posted + " FROM CURRENT_USER");
        }
        return;
    }
    const auto missing = own(PQexec(
        connection_,
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() "
        "AND NOT has_table_privilege('watthour_program', CAST(tablename AS text), 'INSERT')"));
    const bool granted = PQresultStatus(missing.get()) == PGRES_TUPLES_OK &&
                         std::string_view(PQgetvalue(missing.get(), 0, 0)) == "0";
    if (!granted) grant_to_program(posted, open);
    execute("SET ROLE watthour_program");
}

/// A URL as libpq reads it, with the program's own settings added.
PGconn* connect(const std::string& url, const std::string& database) {
    const char* keys[] = {"dbname",          "dbname",  "application_name",
                          "connect_timeout", "options", nullptr};
    // A later dbname wins only when it is a plain name.
    const char* values[] = {url.c_str(),
                            database.empty() ? nullptr : database.c_str(),
                            "watthour",
                            "10",
                            "-c synchronous_commit=on -c client_min_messages=warning "
                            "-c search_path=public "
                            // An array of 500 ids wants another plan than one of 2.
                            "-c plan_cache_mode=force_custom_plan "
                            // Registries are divided by their own key; unknown without Citus.
                            "-c citus.enable_repartition_joins=on",
                            nullptr};
    return PQconnectdbParams(keys, values, 1);
}

Error unreachable(PGconn* connection, const std::string& url) {
    Error error(errors::server_unreachable,
                {{"url", without_password(url)}, {"why", first_line(PQerrorMessage(connection))}});
    PQfinish(connection);
    return error;
}

bool says_no_such_database(PGconn* connection) {
    const std::string_view words = PQerrorMessage(connection);
    return words.find("database \"") != std::string_view::npos &&
           words.find("does not exist") != std::string_view::npos;
}

}  // namespace

std::string without_password(const std::string& url) {
    const std::size_t begin = url.find("://");
    const std::size_t at = url.find('@');
    if (begin == std::string::npos || at == std::string::npos) return url;
    const std::size_t colon = url.find(':', begin + 3);
    if (colon == std::string::npos || colon > at) return url;
    return url.substr(0, colon) + url.substr(at);
}

Result<std::unique_ptr<Connection>> open(const std::string& url) {
    PGconn* raw = connect(url, "");
    if (PQstatus(raw) != CONNECTION_OK) {
        if (says_no_such_database(raw)) {
            PQfinish(raw);
            return Error(errors::database_missing, {{"path", without_password(url)}});
        }
        return unreachable(raw, url);
    }
    PQsetNoticeProcessor(raw, [](void*, const char*) {}, nullptr);
    return std::unique_ptr<Connection>(new PostgresConnection(raw));
}

Result<bool> exists(const std::string& url) {
    PGconn* raw = connect(url, "");
    if (PQstatus(raw) == CONNECTION_OK) {
        PQfinish(raw);
        return true;
    }
    if (!says_no_such_database(raw)) return unreachable(raw, url);
    PQfinish(raw);
    return false;
}

Result<void> create(const std::string& url) {
    const std::string name = name_in(url);
    PGconn* raw = connect(url, "postgres");
    if (PQstatus(raw) != CONNECTION_OK) return unreachable(raw, url);
    char* quoted = PQescapeIdentifier(raw, name.data(), name.size());
    const std::string sql = fmt::format(
        "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0 "
        "LC_COLLATE 'C' LC_CTYPE 'C'",
        quoted);
    PQfreemem(quoted);
    const auto made = own(PQexec(raw, sql.c_str()));
    const bool good = PQresultStatus(made.get()) == PGRES_COMMAND_OK;
    const std::string why = good ? std::string() : first_line(PQresultErrorMessage(made.get()));
    PQfinish(raw);
    if (!good) return Error(errors::database_not_made, {{"name", name}, {"why", why}});
    return {};
}

std::string name_in(const std::string& url) {
    std::string name;
    char* problem = nullptr;
    PQconninfoOption* options = PQconninfoParse(url.c_str(), &problem);
    for (PQconninfoOption* one = options; one != nullptr && one->keyword != nullptr; ++one) {
        if (std::string_view(one->keyword) == "dbname" && one->val != nullptr) name = one->val;
    }
    PQconninfoFree(options);
    PQfreemem(problem);
    return name;
}

}  // namespace watthour::storage::postgres
