// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The small parts that writers of XML messages share; not for other rooms.
namespace watthour::formats {

/// Writes elements one inside the other. Text and values are escaped; what XML cannot hold becomes
/// `?`. Whoever opens an element closes it.
class XmlWriter {
public:
    using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

    XmlWriter();
    void open(std::string_view name, const Attributes& attributes = {});
    void close();
    /// An element with text alone.
    void leaf(std::string_view name, std::string_view text, const Attributes& attributes = {});
    /// The same, unless the text is empty.
    void leaf_if(std::string_view name, std::string_view text);
    [[nodiscard]] std::string take();

private:
    void begin(std::string_view name, const Attributes& attributes);

    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace watthour::formats
