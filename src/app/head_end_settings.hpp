// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "metering/head_end_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::app {

enum class HeadEndProtocol { multispeak, iec61968 };
[[nodiscard]] std::string_view protocol_name(HeadEndProtocol protocol);

/// One head-end as the settings file describes it. Secrets stay in this value: they are in no
/// message to people, in no answer and in no table.
struct HeadEndSystem {
    std::string name;
    HeadEndProtocol protocol = HeadEndProtocol::multispeak;
    std::string version = "3.0";  ///< of MultiSpeak: 3.0 or 4.1
    std::string url;              ///< where requests go
    std::string user;             ///< that we show, inside the message
    std::string password;
    std::string reply_url;       ///< where our server is reached; "" = answers come as files
    std::string reply_user;      ///< that it shows us, as HTTP basic; "" = the name
    std::string reply_password;  ///< "" = not by basic
    std::string reply_secret;    ///< last part of the address of replies; "" = not by address
    std::vector<std::string> serial_prefixes;  ///< of its meters; none = all
    metering::HeadEndPatience patience;

    /// Where this system sends its answers.
    [[nodiscard]] std::string reply_address() const;
};

struct HeadEndSettings {
    std::vector<HeadEndSystem> systems;

    [[nodiscard]] const HeadEndSystem* find(std::string_view name) const;
    /// The first whose meters begin as this one does.
    [[nodiscard]] const HeadEndSystem* of_meter(std::string_view serial) const;
};

/// Parses the text of a settings file: JSON with a list of systems.
/// Errors: app.head_end_settings_malformed.
[[nodiscard]] Result<HeadEndSettings> parse_head_end_settings(std::string_view text,
                                                              const std::string& path);

/// WATTHOUR_HEAD_END, else beside the database and named after it: watthour.db.head-end.json.
[[nodiscard]] Result<std::string> head_end_settings_path(Office& office);
/// Reads the file anew. Errors: app.head_end_settings_missing, app.head_end_settings_open where
/// others than its owner may read it, app.head_end_settings_malformed.
[[nodiscard]] Result<HeadEndSettings> read_head_end_settings(Office& office);

/// "Basic dXNlcjpwYXNz": what shows a name and a password. Source: RFC 7617.
[[nodiscard]] std::string basic_authorization(const std::string& user, const std::string& password);

/// Who sends us an answer, by what it shows: the last part of the address or an HTTP basic header.
/// Nothing for a stranger. Takes as long for one as for the other.
[[nodiscard]] const HeadEndSystem* who_answers(const HeadEndSettings& settings,
                                               HeadEndProtocol protocol, std::string_view secret,
                                               std::string_view authorization);

}  // namespace watthour::app
