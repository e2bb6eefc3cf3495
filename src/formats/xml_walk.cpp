// SPDX-License-Identifier: Apache-2.0
#include "formats/xml_walk.hpp"

#include <libxml/xmlreader.h>
#include <limits>
#include <utility>

namespace watthour::formats {

namespace {

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is_blank(const xmlChar* text) {
    if (text == nullptr) return true;
    while (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t') ++text;
    return *text == 0;
}

/// Faults outside a parser, of a wrong encoding, libxml2 would print with bytes of the file.
void keep_silent(void* /*context*/, const char* /*format*/, ...) {}

}  // namespace

XmlWalk::XmlWalk(std::string_view bytes) {
    // The reader counts in int; larger files are fed through a stream by their importers.
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        fault_ = "the file has more than 2 GB";
        return;
    }
    xmlSetGenericErrorFunc(nullptr, keep_silent);
    reader_ = xmlReaderForMemory(
        bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
        XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES | XML_PARSE_NOBLANKS);
    if (reader_ == nullptr) {
        fault_ = "the file is empty";
        return;
    }
    xmlTextReaderSetErrorHandler(
        reader_,
        [](void* walk, const char* message, xmlParserSeverities severity,
           xmlTextReaderLocatorPtr locator) { keep_error(walk, message, severity, locator); },
        this);
}

XmlWalk::~XmlWalk() {
    if (reader_ != nullptr) xmlFreeTextReader(reader_);
}

void XmlWalk::keep_error(void* walk, const char* message, int severity, void* /*locator*/) {
    if (severity == XML_PARSER_SEVERITY_WARNING) return;
    auto& fault = static_cast<XmlWalk*>(walk)->fault_;
    if (!fault.empty() || message == nullptr) return;
    fault = message;
    while (!fault.empty() && fault.back() == '\n') fault.pop_back();
}

XmlWalk::Event XmlWalk::stop(std::string fault, bool forbidden) {
    fault_ = std::move(fault);
    forbidden_ = forbidden;
    return Event::done;
}

XmlWalk::Event XmlWalk::next() {
    if (std::exchange(empty_element_, false)) return Event::end;
    if (reader_ == nullptr || forbidden_) return Event::done;
    int more = 0;
    while ((more = xmlTextReaderRead(reader_)) == 1) {
        node_ = xmlTextReaderCurrentNode(reader_);
        // Most nodes are numbers and the white space between elements.
        if (node_->type == XML_TEXT_NODE) {
            if (is_blank(node_->content)) continue;
            return Event::text;
        }
        if (node_->type == XML_ELEMENT_NODE) {
            // An element comes again at its end; between, only those within it come.
            if (!open_.empty() && open_.back() == node_) {
                open_.pop_back();
                return Event::end;
            }
            empty_element_ = xmlTextReaderIsEmptyElement(reader_) == 1;
            if (!empty_element_) open_.push_back(node_);
            return Event::start;
        }
        switch (xmlTextReaderNodeType(reader_)) {
            case XML_READER_TYPE_CDATA: return Event::text;
            case XML_READER_TYPE_DOCUMENT_TYPE:
                return stop("the file has a document type (DTD)", true);
            case XML_READER_TYPE_ENTITY_REFERENCE:
                return stop("the file refers to an entity", true);
            default: break;  // white space, comments, instructions for a browser
        }
    }
    if (more < 0 && fault_.empty()) fault_ = "the text is not in the encoding that it names";
    return Event::done;
}

// The reader would look each name up in its dictionary and each text in its node.
std::string_view XmlWalk::name() const { return view(node_->name); }

std::string_view XmlWalk::text() const { return view(node_->content); }

std::string XmlWalk::attribute(const char* name) const {
    xmlChar* value = xmlTextReaderGetAttribute(reader_, reinterpret_cast<const xmlChar*>(name));
    std::string text(view(value));
    xmlFree(value);
    return text;
}

std::vector<std::pair<std::string, std::string>> XmlWalk::attributes() const {
    std::vector<std::pair<std::string, std::string>> all;
    while (xmlTextReaderMoveToNextAttribute(reader_) == 1) {
        if (xmlTextReaderIsNamespaceDecl(reader_) == 1) continue;
        all.emplace_back(view(xmlTextReaderConstLocalName(reader_)),
                         view(xmlTextReaderConstValue(reader_)));
    }
    xmlTextReaderMoveToElement(reader_);
    return all;
}

std::int64_t XmlWalk::line() const {
    if (reader_ == nullptr) return 0;
    if (!fault_.empty()) return xmlTextReaderGetParserLineNumber(reader_);
    // The parser itself is ahead of the element in hand, which beyond line 65,535 may not know
    // its own and then says that of the last thing read.
    const auto* node = xmlTextReaderCurrentNode(reader_);
    return node == nullptr ? xmlTextReaderGetParserLineNumber(reader_) : xmlGetLineNo(node);
}

}  // namespace watthour::formats
