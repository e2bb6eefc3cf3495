// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace watthour::formats {

/// How the characters of a text file are written.
enum class TextEncoding { utf_8, utf_16_le, utf_16_be, latin_1 };

/// By the mark at the beginning; without one by the bytes: zeros at every second place are UTF-16,
/// what is no UTF-8 is Latin-1, in which every byte is a character.
[[nodiscard]] TextEncoding detect_encoding(std::string_view bytes);

/// "UTF-8", "UTF-16", "Latin-1".
[[nodiscard]] std::string_view encoding_name(TextEncoding encoding);

/// The text of a file as UTF-8 without a mark; of a UTF-8 file no byte is copied. Latin-1 is read
/// as Windows-1252, its superset; what is no character becomes U+FFFD.
class FileCharacters {
public:
    explicit FileCharacters(std::string_view bytes);
    [[nodiscard]] std::string_view text() const {
        return encoding_ == TextEncoding::utf_8 ? bytes_ : std::string_view(changed_);
    }
    [[nodiscard]] TextEncoding encoding() const { return encoding_; }

private:
    TextEncoding encoding_;
    std::string_view bytes_;
    std::string changed_;
};

}  // namespace watthour::formats
