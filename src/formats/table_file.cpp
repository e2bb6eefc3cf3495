// SPDX-License-Identifier: Apache-2.0
#include "formats/table_file.hpp"

#include "base/check.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/errors.hpp"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>
#include <xlsxwriter.h>

namespace watthour::formats {
namespace {

constexpr std::size_t rows_of_sheet = 1'048'576;

/// "12.50", "-3", "0.5": what a spreadsheet may take as a number without losing a digit. Numbers
/// of accounts and of longer keys stay text.
bool is_number(const std::string& text) {
    std::size_t i = text.starts_with('-') ? 1 : 0;
    std::size_t digits = 0;
    std::size_t points = 0;
    for (; i < text.size(); ++i) {
        if (text[i] == '.') {
            ++points;
        } else if (text[i] >= '0' && text[i] <= '9') {
            ++digits;
        } else {
            return false;
        }
    }
    return points == 1 && digits > 1 && digits < 15;
}

std::string cell_text(const json::object& row, const std::string& column) {
    const auto* value = row.if_contains(column);
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return std::string(value->as_string());
    return to_text(*value);
}

std::string harmless(std::string text) {
    const bool runs =
        !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    if (runs && !is_number(text) && text.find_first_not_of("-0123456789") != std::string::npos) {
        text.insert(0, 1, '\'');
    }
    return text;
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

/// A file of its own in the folder for such files, gone when it is done with.
class ScratchFile {
public:
    ScratchFile() : path_((std::filesystem::temp_directory_path() / "watthour-XXXXXX").string()) {
        const int handle = ::mkstemp(path_.data());
        if (handle < 0) {
            throw EnvironmentError(
                static_cast<int>(ExitCode::io),
                "No file can be made in " + std::filesystem::temp_directory_path().string());
        }
        ::close(handle);
    }
    ~ScratchFile() { ::unlink(path_.c_str()); }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace

Result<std::string> table_as_csv(const std::vector<std::string>& columns, const json::array& rows) {
    std::string text = "\xef\xbb\xbf";  // so that spreadsheets read accents
    const auto line = [&](const auto& cell_of) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) text += ',';
            text += quoted(cell_of(columns[i]));
        }
        text += "\r\n";
    };
    line([](const std::string& name) { return name; });
    for (const auto& row : rows) {
        line([&](const std::string& name) { return harmless(cell_text(row.as_object(), name)); });
    }
    return text;
}

Result<std::string> table_as_xlsx(const std::vector<std::string>& columns,
                                  const json::array& rows) {
    if (rows.size() >= rows_of_sheet) {
        return Error(errors::table_too_long, {{"rows", std::to_string(rows.size())}});
    }
    // The library writes to a named file alone.
    const ScratchFile scratch;
    lxw_workbook* book = workbook_new(scratch.path().c_str());
    WH_CHECK(book != nullptr, "a workbook cannot be made");
    lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
    lxw_format* bold = workbook_add_format(book);
    format_set_bold(bold);
    worksheet_freeze_panes(sheet, 1, 0);
    lxw_row_t place = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        worksheet_write_string(sheet, place, static_cast<lxw_col_t>(i), columns[i].c_str(), bold);
    }
    for (const auto& row : rows) {
        ++place;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto column = static_cast<lxw_col_t>(i);
            const std::string text = cell_text(row.as_object(), columns[i]);
            const auto* value = row.as_object().if_contains(columns[i]);
            const bool whole = value != nullptr && (value->is_int64() || value->is_uint64());
            if (whole || is_number(text)) {
                // The file format itself knows binary numbers alone; fifteen digits are exact.
                worksheet_write_number(sheet, place, column, std::strtod(text.c_str(), nullptr),
                                       nullptr);
            } else if (!text.empty()) {
                // As a string it is never run.
                worksheet_write_string(sheet, place, column, text.c_str(), nullptr);
            }
        }
    }
    if (const auto failure = workbook_close(book); failure != LXW_NO_ERROR) {
        throw EnvironmentError(
            static_cast<int>(ExitCode::io),
            std::string("The workbook cannot be written: ") + lxw_strerror(failure));
    }
    return read_file(scratch.path());
}

}  // namespace watthour::formats
