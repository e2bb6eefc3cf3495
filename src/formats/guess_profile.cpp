// SPDX-License-Identifier: Apache-2.0
#include "formats/guess_profile.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"
#include "formats/profile_columns.hpp"
#include "formats/profile_times.hpp"
#include "formats/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::formats {
namespace {

constexpr std::size_t most_lines = 300;
constexpr std::size_t most_sample_rows = 5;

struct KnownName {
    std::string_view name;  ///< upper case, blanks between words
    std::string_view role;
    std::string_view quantity = "KWH";
};

/// Names of columns in English and Spanish, as exports of meter systems and portals have them.
constexpr std::array known_names{KnownName{"METER", "meter"},
                                 KnownName{"METER ID", "meter"},
                                 KnownName{"METER NUMBER", "meter"},
                                 KnownName{"METER NO", "meter"},
                                 KnownName{"METER SERIAL", "meter"},
                                 KnownName{"METERID", "meter"},
                                 KnownName{"SERIAL", "meter"},
                                 KnownName{"SERIAL NUMBER", "meter"},
                                 KnownName{"DEVICE ID", "meter"},
                                 KnownName{"MEDIDOR", "meter"},
                                 KnownName{"NUMERO DE MEDIDOR", "meter"},
                                 KnownName{"NO MEDIDOR", "meter"},
                                 KnownName{"NRO MEDIDOR", "meter"},
                                 KnownName{"CONTADOR", "meter"},
                                 KnownName{"SERIE", "meter"},
                                 KnownName{"START", "moment"},
                                 KnownName{"START DATE TIME", "moment"},
                                 KnownName{"INTERVAL START", "moment"},
                                 KnownName{"TIMESTAMP", "moment"},
                                 KnownName{"DATETIME", "moment"},
                                 KnownName{"DATE TIME", "moment"},
                                 KnownName{"INICIO", "moment"},
                                 KnownName{"FECHA HORA", "moment"},
                                 KnownName{"FECHA Y HORA", "moment"},
                                 KnownName{"END", "moment end"},
                                 KnownName{"INTERVAL END", "moment end"},
                                 KnownName{"INTERVAL ENDING", "moment end"},
                                 KnownName{"FIN", "moment end"},
                                 KnownName{"END DATE TIME", "moment end"},
                                 KnownName{"END DATETIME", "moment end"},
                                 KnownName{"INTERVAL END TIME", "moment end"},
                                 KnownName{"ENDING", "moment end"},
                                 KnownName{"PERIOD END", "moment end"},
                                 KnownName{"FECHA HORA FIN", "moment end"},
                                 KnownName{"FIN DE INTERVALO", "moment end"},
                                 KnownName{"DATE", "date"},
                                 KnownName{"READ DATE", "date"},
                                 KnownName{"DAY", "date"},
                                 KnownName{"FECHA", "date"},
                                 KnownName{"FECHA DE LECTURA", "date"},
                                 KnownName{"FECHA LECTURA", "date"},
                                 KnownName{"DIA", "date"},
                                 KnownName{"TIME", "time"},
                                 KnownName{"START TIME", "time"},
                                 KnownName{"HOUR", "time"},
                                 KnownName{"HORA", "time"},
                                 KnownName{"HORA INICIO", "time"},
                                 KnownName{"HORA DE INICIO", "time"},
                                 KnownName{"HOUR ENDING", "time end"},
                                 KnownName{"END TIME", "end_time"},
                                 KnownName{"HORA FIN", "end_time"},
                                 KnownName{"HORA DE FIN", "end_time"},
                                 KnownName{"QUANTITY", "quantity"},
                                 KnownName{"CHANNEL", "quantity"},
                                 KnownName{"REGISTER", "quantity"},
                                 KnownName{"CANAL", "quantity"},
                                 KnownName{"REGISTRO", "quantity"},
                                 KnownName{"MAGNITUD", "quantity"},
                                 KnownName{"UNIT", "unit"},
                                 KnownName{"UNITS", "unit"},
                                 KnownName{"UOM", "unit"},
                                 KnownName{"UNIDAD", "unit"},
                                 KnownName{"UNIDADES", "unit"},
                                 KnownName{"QUALITY", "quality"},
                                 KnownName{"STATUS", "quality"},
                                 KnownName{"CALIDAD", "quality"},
                                 KnownName{"ESTADO", "quality"},
                                 KnownName{"MULTIPLIER", "multiplier"},
                                 KnownName{"MULTIPLICADOR", "multiplier"},
                                 KnownName{"FACTOR", "multiplier"},
                                 KnownName{"KWH", "value"},
                                 KnownName{"USAGE", "value"},
                                 KnownName{"USAGE KWH", "value"},
                                 KnownName{"KWH USAGE", "value"},
                                 KnownName{"KWH DELIVERED", "value"},
                                 KnownName{"DELIVERED", "value"},
                                 KnownName{"DELIVERED KWH", "value"},
                                 KnownName{"IMPORT", "value"},
                                 KnownName{"IMPORT KWH", "value"},
                                 KnownName{"CONSUMPTION", "value"},
                                 KnownName{"CONSUMPTION KWH", "value"},
                                 KnownName{"ENERGY", "value"},
                                 KnownName{"VALUE", "value"},
                                 KnownName{"CONSUMO", "value"},
                                 KnownName{"CONSUMO KWH", "value"},
                                 KnownName{"ENERGIA", "value"},
                                 KnownName{"ENERGIA KWH", "value"},
                                 KnownName{"VALOR", "value"},
                                 KnownName{"WH", "value"},
                                 KnownName{"KW", "value"},
                                 KnownName{"READING", "reading"},
                                 KnownName{"READ", "reading"},
                                 KnownName{"LECTURA", "reading"},
                                 KnownName{"KWH RECEIVED", "value", "GKWH"},
                                 KnownName{"RECEIVED", "value", "GKWH"},
                                 KnownName{"RECEIVED KWH", "value", "GKWH"},
                                 KnownName{"EXPORT", "value", "GKWH"},
                                 KnownName{"EXPORT KWH", "value", "GKWH"},
                                 KnownName{"EXPORTACION", "value", "GKWH"},
                                 KnownName{"INYECCION", "value", "GKWH"},
                                 KnownName{"INYECTADA", "value", "GKWH"},
                                 KnownName{"KVARH", "value", "KVARH"},
                                 KnownName{"REACTIVA", "value", "KVARH"},
                                 KnownName{"ENERGIA REACTIVA", "value", "KVARH"}};

const std::vector<std::string> moment_forms{
    "ISO",           "YYYY-MM-DD HH:mm", "YYYYMMDDHHmm",  "YYYY/MM/DD HH:mm", "M/D/YYYY H:mm",
    "D/M/YYYY H:mm", "M/D/YYYY h:mm AM", "D.M.YYYY H:mm", "M/D/YYYY H:mm:ss", "D/M/YYYY H:mm:ss"};
const std::vector<std::string> date_forms{"YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD",
                                          "M/D/YYYY",   "D/M/YYYY", "M/D/YY",
                                          "D/M/YY",     "D.M.YYYY", "D-M-YYYY"};
const std::vector<std::string> time_forms{"H:mm", "H:mm:ss", "h:mm AM", "HHmm"};

/// "Energía_kWh (import)" as "ENERGIA KWH IMPORT".
std::string plain_name(std::string_view header) {
    std::string plain;
    for (const char c : upper_case(plain_ascii(header))) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter) {
            plain += c;
        } else if (!plain.empty() && plain.back() != ' ') {
            plain += ' ';
        }
    }
    while (!plain.empty() && plain.back() == ' ') plain.pop_back();
    return plain;
}

/// "TIMESTAMP UTC": the clock of a column of times, behind its name.
bool says_utc(std::string_view header) {
    const std::string plain = plain_name(header);
    return plain.ends_with(" UTC") || plain.ends_with(" GMT") || plain == "UTC";
}

const KnownName* known_name(std::string_view header) {
    std::string plain = plain_name(header);
    for (const std::string_view clock : {" UTC", " GMT", " LOCAL"}) {
        if (plain.ends_with(clock)) plain.resize(plain.size() - clock.size());
    }
    for (const KnownName& each : known_names) {
        if (each.name == plain) return &each;
    }
    return nullptr;
}

bool is_spanish(std::string_view name) {
    constexpr std::string_view words[] = {"MEDIDOR", "CONTADOR", "FECHA",  "HORA",  "LECTURA",
                                          "CONSUMO", "ENERGIA",  "INICIO", "VALOR", "CALIDAD"};
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view word) { return name.find(word) != name.npos; });
}

/// Digits with a sign and at most one point or comma.
bool is_number(std::string_view text) {
    return read_number(text, '.').has_value() || read_number(text, ',').has_value();
}

class Guesser {
public:
    explicit Guesser(std::string_view bytes) : characters_(bytes) {
        LineReader lines(characters_.text());
        while (lines_.size() < most_lines && lines.next()) {
            if (lines.ended() || lines_.empty()) lines_.push_back(lines.text());
        }
    }

    ProfileGuess guess() {
        choose_delimiter();
        collect_rows();
        name_columns();
        find_wide();
        choose_times();
        choose_values();
        choose_codes();
        finish();
        return std::move(guess_);
    }

private:
    void choose_delimiter() {
        int best = 0;
        for (const char delimiter : std::string_view(";\t|,")) {
            std::map<std::size_t, int> counts;
            for (const std::string_view line : lines_) {
                if (cells_.cut(line, delimiter, true) && cells_.count() > 1) {
                    ++counts[cells_.count()];
                }
            }
            for (const auto& [count, times] : counts) {
                if (times <= best) continue;
                best = times;
                guess_.profile.delimiter = delimiter;
                width_ = count;
            }
        }
    }

    static bool is_time_or_number(std::string_view cell) {
        if (is_number(cell)) return true;
        return TimeReader(moment_forms).read(cell) || TimeReader(date_forms).read(cell) ||
               TimeReader(time_forms).read(cell);
    }

    /// The names are the first line of the common width, where nothing in it is a number or a time,
    /// or where it has words above what are numbers or times: days in a row name their hours.
    void collect_rows() {
        for (const std::string_view line : lines_) {
            if (!cells_.cut(line, guess_.profile.delimiter, true) || cells_.count() != width_) {
                continue;
            }
            std::vector<std::string> row;
            bool any = false;
            for (std::size_t i = 0; i < width_; ++i) {
                row.emplace_back(cells_.at(static_cast<int>(i)));
                any = any || !row.back().empty();
            }
            if (any) rows_.push_back(std::move(row));
        }
        if (!rows_.empty() && are_names()) {
            names_ = std::move(rows_.front());
            rows_.erase(rows_.begin());
        }
        guess_.profile.has_names = !names_.empty();
    }

    [[nodiscard]] bool are_names() const {
        const auto& first = rows_.front();
        const bool words = std::none_of(first.begin(), first.end(), [](const std::string& cell) {
            return !cell.empty() && is_time_or_number(cell);
        });
        if (words || rows_.size() < 2) return words;
        for (std::size_t i = 0; i < width_; ++i) {
            const std::string& below = rows_[1][i];
            if (first[i].empty() || is_time_or_number(first[i]) || below.empty()) continue;
            if (is_time_or_number(below)) return true;
        }
        return false;
    }

    /// Of how many of the filled cells of a column a test does not hold, and how many are filled.
    template <class Test>
    std::pair<std::size_t, std::size_t> misses_of(std::size_t column, Test test) const {
        std::size_t misses = 0;
        std::size_t filled = 0;
        for (const auto& row : rows_) {
            if (row[column].empty()) continue;
            ++filled;
            misses += test(std::string_view(row[column])) ? 0U : 1U;
        }
        return {misses, filled};
    }

    /// A bad cell among many must not hide what the column is: one in five may be bad.
    template <class Test>
    bool all_cells(std::size_t column, Test test) const {
        const auto [misses, filled] = misses_of(column, test);
        return filled > 0 && misses * 5 <= filled;
    }

    /// The forms that fit as many cells as any does.
    std::vector<std::string> forms_of(std::size_t column,
                                      const std::vector<std::string>& forms) const {
        std::vector<std::string> good;
        std::size_t fewest = rows_.size();
        for (const std::string& form : forms) {
            TimeReader reader({form});
            const auto fits = [&](std::string_view cell) { return reader.read(cell).has_value(); };
            const auto [misses, filled] = misses_of(column, fits);
            if (filled == 0 || misses * 5 > filled || misses > fewest) continue;
            if (misses < fewest) good.clear();
            fewest = misses;
            good.push_back(form);
        }
        return good;
    }

    /// What the values of a column look like.
    std::string_view shape_of(std::size_t column) const {
        if (!forms_of(column, moment_forms).empty()) return "moment";
        if (!forms_of(column, date_forms).empty()) return "date";
        const bool colons = all_cells(
            column, [](std::string_view cell) { return cell.find(':') != std::string_view::npos; });
        if (colons && !forms_of(column, time_forms).empty()) return "time";
        if (all_cells(column, is_number)) return "value";
        return "";
    }

    static bool fits(std::string_view role, std::string_view shape) {
        if (role.starts_with("moment")) return shape == "moment" || shape == "date";
        if (role == "date") return shape == "date" || shape == "moment";
        if (role.starts_with("time") || role == "end_time") {
            return shape == "time" || shape == "value";
        }
        if (role == "value" || role == "reading" || role == "multiplier") {
            return shape == "value" || shape == "date";
        }
        return true;
    }

    void name_columns() {
        for (std::size_t i = 0; i < width_; ++i) {
            ColumnGuess& made = guess_.columns.emplace_back();
            made.number = static_cast<int>(i) + 1;
            const std::string_view shape = shape_of(i);
            if (!names_.empty()) made.header = names_[i];
            const KnownName* known = names_.empty() ? nullptr : known_name(names_[i]);
            if (known != nullptr) spanish_ = spanish_ || is_spanish(known->name);
            shapes_.emplace_back(shape);
            quantities_.emplace_back(known != nullptr ? known->quantity : "KWH");
            if (known != nullptr && fits(known->role, shape)) {
                made.role = known->role;
                made.why = "name";
                made.reason = fmt::format("the name {} is that of a {}{}", shown(made.header),
                                          known->role == "reading" ? "register read" : known->role,
                                          shape.empty() ? "" : ", and the values fit");
                // A date with its time in one is a moment, whatever its name.
                if (made.role == "date" && shape == "moment") made.role = "moment";
                if (made.role.starts_with("moment") && shape == "date") made.role = "date";
            } else if (known != nullptr) {
                made.why = "name_differs";
                made.reason = fmt::format("the name {} is that of a {}, but the values are not",
                                          shown(made.header), known->role);
            } else if (shape.empty()) {
                made.why = "unknown";
                made.reason = "neither the name nor the values are known";
            }
        }
        for (const std::string_view shape : {"moment", "date", "time"}) fill_by_shape(shape);
        if (count_of("value") + count_of("reading") == 0) fill_by_shape("value");
    }

    [[nodiscard]] int count_of(std::string_view role) const {
        int count = 0;
        for (const auto& column : guess_.columns) count += column.role.starts_with(role) ? 1 : 0;
        return count;
    }

    /// The first column of a shape takes a role that no name took; of numbers the last, because
    /// those before are rather of meters and accounts.
    void fill_by_shape(std::string_view shape) {
        const bool has_moment = count_of("moment") > 0;
        if ((shape == "moment" || shape == "date") && (has_moment || count_of("date") > 0)) return;
        if (shape == "time" && (has_moment || count_of("time") > 0 || count_of("date") == 0)) {
            return;
        }
        for (std::size_t i = 0; i < width_; ++i) {
            const std::size_t place = shape == "value" ? width_ - 1 - i : i;
            ColumnGuess& column = guess_.columns[place];
            if (!column.role.empty() || shapes_[place] != shape) continue;
            column.role = std::string(shape);
            column.why = "values";
            column.reason = fmt::format("its values have the form of a {}: {}", shape,
                                        shown(rows_.empty() ? "" : rows_.front()[place]));
            return;
        }
    }

    ColumnGuess* column_of(std::string_view role) {
        for (ColumnGuess& column : guess_.columns) {
            if (column.role == role) return &column;
        }
        return nullptr;
    }

    /// A day in a row: a date and at least 24 columns of numbers that stand together.
    void find_wide() {
        if (count_of("date") == 0 || count_of("time") > 0) return;
        std::size_t begin = 0;
        std::size_t length = 0;
        for (std::size_t i = 0; i < width_; ++i) {
            std::size_t end = i;
            while (end < width_ && guess_.columns[end].role != "date" &&
                   guess_.columns[end].role != "meter" &&
                   (shapes_[end] == "value" || shapes_[end] == "date" || shapes_[end].empty())) {
                ++end;
            }
            if (end - i > length) {
                begin = i;
                length = end - i;
            }
            i = end;
        }
        for (const std::size_t columns : {96U, 48U, 24U}) {
            if (length < columns || length > columns + 8) continue;
            guess_.profile.wide_minutes = static_cast<int>(1440 / columns);
            for (std::size_t i = begin; i < begin + length; ++i) {
                guess_.columns[i].role = "";
                guess_.columns[i].reason = "one of the intervals of the day";
                guess_.columns[i].why = "in_day";
            }
            guess_.columns[begin].role = "value";
            guess_.columns[begin].why = "day";
            guess_.columns[begin].reason = fmt::format(
                "{} columns of numbers stand behind a date: a day of intervals of {} "
                "minutes",
                length, 1440 / columns);
            guess_.profile.autumn = length > columns ? AutumnHour::doubled : AutumnHour::lost;
            return;
        }
    }

    ProfileColumn place(const ColumnGuess& column) const {
        ProfileColumn made;
        if (names_.empty() || column.header.empty()) {
            made.number = column.number;
        } else {
            made.names = {column.header};
        }
        return made;
    }

    /// Of dates that may be read either way the month is taken to come first, and asked for.
    std::vector<std::string> settled(std::vector<std::string> forms, const ColumnGuess& column) {
        const auto is = [&](std::string_view order) {
            return std::find_if(forms.begin(), forms.end(),
                                [&](const std::string& form) { return form.starts_with(order); });
        };
        const auto day_first = is("D/M");
        if (is("M/D") != forms.end() && day_first != forms.end()) {
            // Names in Spanish are of those who write the day first.
            if (spanish_) std::iter_swap(forms.begin(), day_first);
            guess_.questions.push_back(
                {"order", column.number, spanish_ ? "day" : "month",
                 fmt::format(
                     "Column {}: does the month or the day come first? The lines seen allow "
                     "both; the {} is taken.",
                     column.number, spanish_ ? "day" : "month")});
        }
        if (forms.size() > 1) forms.resize(1);
        return forms;
    }

    void choose_times() {
        ReadProfile& profile = guess_.profile;
        profile.zone = ProfileZone::local;
        ColumnGuess* moment = column_of("moment");
        if (moment == nullptr) moment = column_of("moment end");
        bool ends = false;
        if (moment != nullptr) {
            ends = moment->role == "moment end";
            moment->role = "moment";
            const auto at = static_cast<std::size_t>(moment->number) - 1;
            profile.moment = place(*moment);
            profile.moment_formats = settled(forms_of(at, moment_forms), *moment);
            TimeReader reader({"ISO"});
            if (all_cells(at, [&](std::string_view cell) {
                    const auto wall = reader.read(cell);
                    return wall && wall->has_offset;
                })) {
                profile.zone = ProfileZone::in_text;
            } else if (says_utc(moment->header)) {
                profile.zone = ProfileZone::utc;
            }
            if (!ends) ends = ends_by_content_ = begins_after_midnight(at, profile.moment_formats);
        } else if (ColumnGuess* date = column_of("date")) {
            profile.date = place(*date);
            profile.date_formats =
                settled(forms_of(static_cast<std::size_t>(date->number) - 1, date_forms), *date);
            ColumnGuess* time = column_of("time");
            if (time == nullptr && (time = column_of("time end")) != nullptr) {
                ends = true;
                time->role = "time";
            }
            if (time != nullptr) choose_clock(*time);
            if (time != nullptr && says_utc(time->header)) profile.zone = ProfileZone::utc;
            if (time != nullptr && !ends && !profile.end_time.is_set()) {
                ends = ends_by_content_ = begins_after_midnight(
                    static_cast<std::size_t>(time->number) - 1, profile.time_formats);
            }
        }
        if (ends) profile.label = TimeLabel::end;
    }

    /// The first time of the file is one step after midnight, and 24:00 or the midnight after
    /// stands in it: by their ends, a day's intervals go from 00:15 to 24:00.
    [[nodiscard]] bool begins_after_midnight(std::size_t column,
                                             const std::vector<std::string>& forms) const {
        constexpr std::int64_t day_seconds = 86'400;
        TimeReader reader(forms);
        std::int64_t first = -1;
        for (const auto& row : rows_) {
            const auto wall = reader.read(row[column]);
            if (!wall) continue;
            if (row[column].find("24:00") != std::string::npos) return true;
            if (first < 0) {
                first = wall->seconds % day_seconds;
                continue;
            }
            const std::int64_t step = wall->seconds % day_seconds - first;
            if (step != 0) return first > 0 && step == first;
        }
        return false;
    }

    void choose_clock(const ColumnGuess& time) {
        ReadProfile& profile = guess_.profile;
        profile.time = place(time);
        profile.time_formats =
            settled(forms_of(static_cast<std::size_t>(time.number) - 1, time_forms), time);
        if (const ColumnGuess* end = column_of("end_time")) profile.end_time = place(*end);
    }

    void choose_values() {
        ReadProfile& profile = guess_.profile;
        std::size_t commas = 0;
        std::size_t points = 0;
        for (const ColumnGuess& column : guess_.columns) {
            if (column.role != "value" && column.role != "reading") continue;
            const auto at = static_cast<std::size_t>(column.number) - 1;
            for (const auto& row : rows_) {
                commas += row[at].find(',') != std::string::npos ? 1U : 0U;
                points += row[at].find('.') != std::string::npos ? 1U : 0U;
            }
            ProfileValue& value = profile.values.emplace_back();
            value.column = place(column);
            value.column.optional = profile.values.size() > 1;
            value.quantity = quantities_[at];
            const std::string name = " " + plain_name(column.header) + " ";
            for (const char* unit : {"MWh", "Wh", "kW"}) {
                if (name.find(" " + upper_case(unit) + " ") != std::string::npos) value.unit = unit;
            }
            if (value.quantity == "KVARH") value.unit = "kVArh";
            if (column.role == "reading") profile.kind = ReadKind::registers;
        }
        if (commas > points) profile.decimal_mark = ',';
        const bool dated_only = profile.date.is_set() && !profile.time.is_set();
        if (dated_only && profile.wide_minutes == 0) profile.kind = ReadKind::registers;
        if (profile.kind == ReadKind::registers) profile.blank = BlankValue::refused;
    }

    void choose_codes() {
        ReadProfile& profile = guess_.profile;
        for (ColumnGuess& column : guess_.columns) {
            ProfileColumn* target = column.role == "meter"        ? &profile.meter
                                    : column.role == "unit"       ? &profile.unit
                                    : column.role == "quality"    ? &profile.quality
                                    : column.role == "quantity"   ? &profile.quantity
                                    : column.role == "multiplier" ? &profile.multiplier
                                                                  : nullptr;
            if (target == nullptr || target->is_set()) continue;
            *target = place(column);
            const auto at = static_cast<std::size_t>(column.number) - 1;
            if (column.role == "quality") code_qualities(at, column.number);
            if (column.role == "quantity") name_quantities(at, column.number);
        }
    }

    [[nodiscard]] std::vector<std::string> words_of(std::size_t column) const {
        std::vector<std::string> words;
        for (const auto& row : rows_) {
            std::string word = upper_case(row[column]);
            if (std::find(words.begin(), words.end(), word) == words.end()) {
                words.push_back(std::move(word));
            }
        }
        return words;
    }

    void code_qualities(std::size_t column, int number) {
        for (const std::string& word : words_of(column)) {
            const char first = word.empty() ? 'A' : plain_ascii(word)[0];
            const bool known = std::string_view("AEVM").find(first) != std::string_view::npos;
            guess_.profile.qualities.emplace_back(word, known ? first : 'E');
            if (!known) {
                guess_.questions.push_back(
                    {"quality", number, word,
                     fmt::format("Column {}: what does the quality {} mean? Estimated is taken.",
                                 number, shown(word))});
            }
        }
    }

    void name_quantities(std::size_t column, int number) {
        for (const std::string& word : words_of(column)) {
            if (word.empty()) continue;
            const KnownName* known = known_name(word);
            const bool is_code = word == "KWH" || word == "GKWH" || word == "NKWH" ||
                                 word == "KVARH" || word == "KW";
            const bool named = known != nullptr && known->role == "value";
            guess_.profile.quantities.emplace_back(
                word, is_code ? word : std::string(named ? known->quantity : "KWH"));
            if (!is_code && !named) {
                guess_.questions.push_back(
                    {"quantity", number, word,
                     fmt::format("Column {}: what is the quantity {}? Delivered kWh is taken.",
                                 number, shown(word))});
            }
        }
    }

    void finish() {
        ReadProfile& profile = guess_.profile;
        profile.name = "guessed";
        profile.comment = "Proposed from the first lines of a file; to be confirmed.";
        guess_.encoding = encoding_name(characters_.encoding());
        guess_.fingerprint = fingerprint();
        for (const auto& row : rows_) {
            if (guess_.sample.size() == most_sample_rows) break;
            guess_.sample.push_back(row);
        }
        if (profile.kind == ReadKind::intervals) {
            if (profile.zone == ProfileZone::local) {
                guess_.questions.push_back(
                    {"clock", 0, "",
                     "Times have no offset from UTC: is it the utility's clock, and is the hour "
                     "that comes twice in autumn written twice or once?"});
            }
            if (profile.label == TimeLabel::start && !profile.end_time.is_set() &&
                profile.wide_minutes == 0) {
                guess_.questions.push_back(
                    {"label", 0, "",
                     "Does a time name the beginning of an interval, or its end? The beginning is "
                     "taken."});
            }
            if (ends_by_content_) {
                guess_.questions.push_back({"label_end", 0, "",
                                            "The first time is one step after midnight, so times "
                                            "are taken for the ends of "
                                            "intervals. Is that so?"});
            }
        }
        guess_.usable = parse_read_profile(profile_text(profile), profile.name).has_value();
        if (!guess_.usable) {
            guess_.questions.insert(
                guess_.questions.begin(),
                {"nothing", 0, "", "No column of times or none of values was found."});
        }
    }

    /// The header as plain words; without one the shapes of the values.
    [[nodiscard]] std::string fingerprint() const {
        std::string text(1, guess_.profile.delimiter == '\t' ? 't' : guess_.profile.delimiter);
        for (std::size_t i = 0; i < width_; ++i) {
            text += '|';
            text += names_.empty() ? shapes_[i] : plain_name(names_[i]);
        }
        return names_.empty() ? "#" + text : text;
    }

    FileCharacters characters_;
    std::vector<std::string_view> lines_;
    CellRow cells_;
    std::size_t width_ = 0;
    std::vector<std::string> names_;
    std::vector<std::vector<std::string>> rows_;
    std::vector<std::string> shapes_;
    std::vector<std::string> quantities_;
    bool spanish_ = false;
    bool ends_by_content_ = false;
    ProfileGuess guess_;
};

}  // namespace

ProfileGuess guess_read_profile(std::string_view first_lines) {
    return Guesser(first_lines).guess();
}

}  // namespace watthour::formats
