// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace watthour::tidy {
namespace {

/// Upper case at the front, or lower case with a second word that only SQL has.
bool is_sql(const std::string& text) {
    static const std::regex upper(R"(^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE)(\s|\\n|$))");
    static const std::regex lower(
        R"(^\s*(select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(unique\s+)?(table|index|view)\s))",
        std::regex::icase);
    // A bare "DELETE" may be a word of HTTP.
    const bool one_word = trimmed(text).find(' ') == std::string_view::npos &&
                          text.find('\n') == std::string::npos &&
                          text.find('\\') == std::string::npos;
    return std::regex_search(text, lower) || (!one_word && std::regex_search(text, upper));
}

struct Construct {
    std::regex pattern;
    std::string_view name;
    std::string_view instead;
};

Construct any_case(const char* pattern, std::string_view name, std::string_view instead) {
    return {std::regex(pattern, std::regex::icase), name, instead};
}

/// Words that are English too count in capitals only.
Construct capitals(const char* pattern, std::string_view name, std::string_view instead) {
    return {std::regex(pattern), name, instead};
}

const std::vector<Construct>& constructs() {
    constexpr std::string_view dialect = "let storage/dialect carry the difference";
    constexpr std::string_view of_program = "let the program make the id and bind it";
    constexpr std::string_view grouped = "write one grouped query for each level";
    static const std::vector<Construct> all = {
        any_case(R"([\w)'"]::[a-z])", "the cast ::", "write CAST(x AS type)"),
        any_case(R"(\bILIKE\b)", "ILIKE", "compare lower(a) with lower(b)"),
        any_case(R"(\bAUTOINCREMENT\b)", "AUTOINCREMENT", of_program),
        capitals(R"(\b(BIG)?SERIAL\b)", "SERIAL", of_program),
        any_case(R"(\bGENERATED\s+(ALWAYS|BY DEFAULT)\s+AS\s+IDENTITY\b)", "IDENTITY", of_program),
        any_case(R"(\blast_insert_rowid\b)", "last_insert_rowid", of_program),
        capitals(R"(\bTRIGGER\b)", "TRIGGER", "enforce it in the program and by CHECK"),
        any_case(R"(\bGROUPING\s+SETS\b)", "GROUPING SETS", grouped),
        capitals(R"(\b(ROLLUP|CUBE)\b)", "ROLLUP", grouped),
        any_case(R"(\bINSERT\s+OR\s+(REPLACE|IGNORE|ABORT|FAIL|ROLLBACK)\b)", "INSERT OR",
                 "write ON CONFLICT"),
        capitals(R"((^|;|\n)\s*REPLACE\s+INTO\b)", "REPLACE INTO", "write ON CONFLICT DO UPDATE"),
        capitals(R"(\bMERGE\s+INTO\b)", "MERGE", "write ON CONFLICT DO UPDATE"),
        any_case(R"(\b(group_concat|string_agg)\b)", "group_concat or string_agg",
                 "join the rows in the program"),
        capitals(R"(\bTRUNCATE\b)", "TRUNCATE", "write DELETE FROM"),
        capitals(R"(\bLATERAL\b)", "LATERAL", "join a grouped subquery"),
        any_case(R"(\bDELETE\s+FROM\s+\w+\s+USING\b)", "DELETE USING",
                 "write WHERE key IN (SELECT ...)"),
        any_case(R"(\bADD\s+CONSTRAINT\b)", "ADD CONSTRAINT",
                 "state the constraint in CREATE TABLE"),
        any_case(R"(\bFETCH\s+FIRST\b)", "FETCH FIRST", "write LIMIT"),
        any_case(R"(\bgreatest\s*\()", "greatest", "write CASE WHEN"),
        any_case(R"(\bINTERVAL\s+')", "interval arithmetic", "bind the computed date"),
        any_case(R"(->>)", "a JSON operator", "keep what is queried in columns"),
        any_case(R"(\b(strftime|julianday)\s*\()", "a date function", "bind the computed date"),
        capitals(R"(\bSET\s+(account_id|channel_id)\s*=)", "a changed distribution column",
                 "write a new row under the other id"),
        capitals(R"((^|[^{\w])(STRICT|WITHOUT\s+ROWID)\b)", "STRICT or WITHOUT ROWID", dialect),
    };
    return all;
}

std::string without_sql_comments(std::string_view text) {
    std::string plain;
    for (const std::string_view line : split_lines(text)) {
        plain += line.substr(0, line.find("--"));
        plain += '\n';
    }
    return plain;
}

void look(const File& file, std::size_t first_line, const std::string& text, Findings& findings) {
    for (const Construct& construct : constructs()) {
        for (std::sregex_iterator hit(text.begin(), text.end(), construct.pattern), none;
             hit != none; ++hit) {
            // A pattern may begin with the blank before its word.
            const auto word =
                text.find_first_not_of("; \n\t", static_cast<std::size_t>(hit->position()));
            const auto before =
                std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(word),
                              [](char c) { return c == '\n'; });
            findings.push_back({file.path, first_line + static_cast<std::size_t>(before),
                                "movable-sql",
                                fmt::format("{} is not SQL of both engines", construct.name),
                                std::string(construct.instead)});
        }
    }
}

/// Where the differences of the engines live.
bool is_dialect(const File& file) {
    return file.under("src/storage/dialect.") || file.under("src/storage/sqlite/") ||
           file.under("src/storage/postgres/");
}

}  // namespace

void check_sql_place(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        if (!file.under("src/") || file.under("src/storage/") || file.is_test()) continue;
        for (const Literal& literal : file.cpp.literals) {
            if (!is_sql(literal.text)) continue;
            findings.push_back({file.path, literal.line, "sql-outside-storage",
                                fmt::format("the text \"{}\" is SQL", literal.text.substr(0, 40)),
                                "declare a store in this room and write its SQL in src/storage"});
        }
    }
}

void check_sql_movable(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        if (!file.under("src/storage/") || is_dialect(file) || file.is_test()) continue;
        if (file.ends_with(".sql")) look(file, 1, without_sql_comments(file.text), findings);
        for (const Literal& literal : file.cpp.literals)
            look(file, literal.line, literal.text, findings);
    }
}

}  // namespace watthour::tidy
