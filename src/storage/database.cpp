// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"

#include "storage/errors.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/sqlite/connection.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>

namespace watthour::storage {
namespace {

const Query select_sealed_through("SELECT sealed_through FROM seal_state");

bool is_postgresql(const std::string& url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

/// The path inside a `sqlite:` URL; a bare path is taken as one.
Result<std::string> sqlite_path(const std::string& url) {
    const std::size_t colon = url.find(':');
    const std::string_view word = std::string_view(url).substr(0, colon);
    const bool names_a_kind =
        colon != std::string::npos && word.find_first_of("/.") == std::string_view::npos;
    if (!names_a_kind && !url.empty()) return url;
    if (word == "sqlite" && url.size() > colon + 1) return url.substr(colon + 1);
    return Error(errors::url_unknown, {{"url", postgres::without_password(url)}});
}

Result<std::string> postgresql_name(const std::string& url) {
    std::string name = postgres::name_in(url);
    if (name.empty()) {
        return Error(errors::url_unknown, {{"url", postgres::without_password(url)}});
    }
    return name;
}

}  // namespace

Statement::Statement(std::unique_ptr<Prepared> prepared,
                     std::vector<std::unique_ptr<Prepared>>* shelf)
    : prepared_(std::move(prepared)), shelf_(shelf) {}

Statement::Statement(Statement&& other) noexcept = default;

Statement::~Statement() {
    if (!prepared_ || shelf_ == nullptr) return;
    prepared_->reset();
    try {
        shelf_->push_back(std::move(prepared_));
    } catch (const std::bad_alloc&) {
        // Without a place on the shelf it is prepared anew the next time.
        prepared_.reset();
    }
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    prepared_->bind(parameter, value);
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    prepared_->bind(parameter, text);
    return *this;
}

Statement& Statement::bind_bytes(int parameter, std::string_view bytes) {
    prepared_->bind_bytes(parameter, bytes);
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    prepared_->bind_null(parameter);
    return *this;
}

Statement& Statement::bind(int parameter, const std::optional<Demand>& demand) {
    return demand ? bind(parameter, demand->w()) : bind_null(parameter);
}

std::int64_t Statement::run() {
    while (prepared_->step()) {
    }
    const std::int64_t changed = prepared_->changed();
    prepared_->reset();
    return changed;
}

Statement& Statement::stream() {
    prepared_->stream();
    return *this;
}

Date Statement::date(int column) const { return *Date::parse(text_view(column)); }

std::optional<Demand> Statement::demand(int column) const {
    if (is_null(column)) return std::nullopt;
    return Demand::watts(integer(column));
}

Bulk::Bulk(Connection& connection, const Query& query)
    : writer_(connection.bulk(query)), failures_before_(std::uncaught_exceptions()) {}

Bulk::~Bulk() {
    if (finished_ || std::uncaught_exceptions() > failures_before_) return;
    // Rows that nobody finished would be lost in silence.
    std::terminate();
}

Bulk& Bulk::bind(int parameter, std::int64_t value) {
    writer_->bind(parameter, value);
    return *this;
}

Bulk& Bulk::bind(int parameter, std::string_view text) {
    writer_->bind(parameter, text);
    return *this;
}

Bulk& Bulk::bind_bytes(int parameter, std::string_view bytes) {
    writer_->bind_bytes(parameter, bytes);
    return *this;
}

Bulk& Bulk::bind_null(int parameter) {
    writer_->bind_null(parameter);
    return *this;
}

Bulk& Bulk::bind(int parameter, const std::optional<Demand>& demand) {
    return demand ? bind(parameter, demand->w()) : bind_null(parameter);
}

std::int64_t Bulk::finish() {
    finished_ = true;
    return writer_->finish();
}

Result<std::string> local_path(const std::string& url) {
    return is_postgresql(url) ? postgresql_name(url) : sqlite_path(url);
}

Result<bool> database_exists(const std::string& url) {
    if (is_postgresql(url)) {
        TRY_DONE(postgresql_name(url));
        return postgres::exists(url);
    }
    TRY(const std::string path, sqlite_path(url));
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& url, OpenMode mode) {
    return open_knowing(url, mode, newest_schema());
}

Result<std::unique_ptr<Database>> Database::open_at(const std::string& url, int version) {
    return open_knowing(url, OpenMode::create_or_open, version);
}

Result<std::unique_ptr<Database>> Database::open_knowing(const std::string& url, OpenMode mode,
                                                         int version) {
    TRY(const bool exists, database_exists(url));
    TRY(const std::string path, local_path(url));
    std::unique_ptr<Connection> connection;
    if (is_postgresql(url)) {
        if (!exists && mode == OpenMode::create_or_open) TRY_DONE(postgres::create(url));
        TRY(connection, postgres::open(url));
    } else {
        if (!exists && mode != OpenMode::create_or_open) {
            return Error(errors::database_missing, {{"path", path}});
        }
        connection = sqlite::open(path);
    }
    std::unique_ptr<Database> database(new Database(std::move(connection), url));
    TRY_DONE(database->migrate(mode, version));
    database->connection_->guard_posted_tables();
    return database;
}

Statement Database::prepare(const Query& query) {
    auto& shelf = shelves_[&query];
    if (shelf.empty()) return {connection_->prepare(query.text_for(engine())), &shelf};
    auto prepared = std::move(shelf.back());
    shelf.pop_back();
    return {std::move(prepared), &shelf};
}

Statement Database::prepare_text(const std::string& sql) {
    return {connection_->prepare(sql), nullptr};
}

std::vector<std::string> Database::tables() { return connection_->tables(); }

Date Database::recorded_on() const {
    WH_CHECK(recorded_on_.has_value(), "a row is recorded outside a transaction with a date");
    return *recorded_on_;
}

Date Database::sealed_through() {
    Statement select = prepare(select_sealed_through);
    return select.step() ? select.date(0) : Date::ymd(1, 1, 1);
}

Snapshot::Snapshot(Database& database) : database_(database) {
    database_.connection().begin_snapshot();
}

Snapshot::~Snapshot() { database_.connection().rollback(); }

Transaction::Transaction(Database& database) : database_(database) {
    database_.connection().begin();
}

Transaction::Transaction(Database& database, Date business_date) : Transaction(database) {
    database_.connection().hold_days(false);
    database_.recorded_on_ = std::max(business_date, database_.sealed_through() + 1);
}

Transaction::~Transaction() {
    database_.recorded_on_.reset();
    if (open_) database_.connection().rollback();
}

void Transaction::commit() {
    database_.connection().commit();
    open_ = false;
}

}  // namespace watthour::storage
