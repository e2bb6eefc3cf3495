// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct _xmlNode;
struct _xmlTextReader;

namespace watthour::formats {

/// Walks through an XML text element by element, without a tree. Namespaces are passed over: the
/// formats of the trade come with several. A document type or an entity ends the walk, for a
/// meter file has no use for either and an attacker has.
class XmlWalk {
public:
    enum class Event { start, end, text, done };

    /// `bytes` must outlive the walk.
    explicit XmlWalk(std::string_view bytes);
    ~XmlWalk();
    XmlWalk(const XmlWalk&) = delete;
    XmlWalk& operator=(const XmlWalk&) = delete;

    /// Goes on to the next event; `done` at the end and at the first fault, see `fault`.
    Event next();

    /// Local name of the element that starts or ends. Valid until `next`.
    [[nodiscard]] std::string_view name() const;
    /// Characters of a text event. Valid until `next`.
    [[nodiscard]] std::string_view text() const;
    /// The attribute of the element that starts; "" = none.
    [[nodiscard]] std::string attribute(const char* name) const;
    /// All attributes of the element that starts, by local name; namespaces are not among them.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> attributes() const;
    [[nodiscard]] std::int64_t line() const;

    /// What ended the walk early, in words; "" = nothing did.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// The fault is a document type or an entity.
    [[nodiscard]] bool is_forbidden() const { return forbidden_; }

private:
    static void keep_error(void* walk, const char* message, int severity, void* locator);
    Event stop(std::string fault, bool forbidden);

    _xmlTextReader* reader_ = nullptr;
    const _xmlNode* node_ = nullptr;  ///< of the event
    std::vector<const _xmlNode*> open_;
    bool empty_element_ = false;  ///< its end comes as an event of its own
    bool forbidden_ = false;
    std::string fault_;
};

}  // namespace watthour::formats
