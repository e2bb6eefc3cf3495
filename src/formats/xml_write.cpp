// SPDX-License-Identifier: Apache-2.0
#include "formats/xml_write.hpp"

#include "base/check.hpp"

namespace watthour::formats {

namespace {

void append_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            default: {
                const bool forbidden =
                    static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
                out += forbidden ? '?' : c;
            }
        }
    }
}

}  // namespace

XmlWriter::XmlWriter() : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") {}

void XmlWriter::begin(std::string_view name, const Attributes& attributes) {
    text_ += '<';
    text_ += name;
    for (const auto& [key, value] : attributes) {
        text_ += ' ';
        text_ += key;
        text_ += "=\"";
        append_escaped(value, text_);
        text_ += '"';
    }
}

void XmlWriter::open(std::string_view name, const Attributes& attributes) {
    begin(name, attributes);
    text_ += '>';
    open_.emplace_back(name);
}

void XmlWriter::close() {
    WH_CHECK(!open_.empty(), "an element is closed that nobody opened");
    text_ += "</" + open_.back() + ">";
    open_.pop_back();
}

void XmlWriter::leaf(std::string_view name, std::string_view text, const Attributes& attributes) {
    begin(name, attributes);
    if (text.empty()) {
        text_ += "/>";
        return;
    }
    text_ += '>';
    append_escaped(text, text_);
    text_ += "</";
    text_ += name;
    text_ += '>';
}

void XmlWriter::leaf_if(std::string_view name, std::string_view text) {
    if (!text.empty()) leaf(name, text);
}

std::string XmlWriter::take() {
    WH_CHECK(open_.empty(), "an element was left open");
    return std::move(text_);
}

}  // namespace watthour::formats
