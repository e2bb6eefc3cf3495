// SPDX-License-Identifier: Apache-2.0
#include "app/head_end_settings.hpp"

#include "app/errors.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sys/stat.h>

namespace watthour::app {
namespace {

constexpr std::size_t shortest_secret = 16;
constexpr std::int64_t longest_patience = 7 * 86'400;
constexpr std::int64_t most_attempts = 20;

/// Reads one object field by field; the first fault is kept.
class Fields {
public:
    explicit Fields(const json::object& object) : object_(object) {}

    std::string text(const char* name, std::string otherwise = {}) {
        seen_.insert(name);
        const auto* value = object_.if_contains(name);
        if (value == nullptr) return otherwise;
        if (!value->is_string()) {
            wrong(fmt::format("{} is no text", name));
            return otherwise;
        }
        return std::string(value->as_string());
    }

    std::int64_t number(const char* name, std::int64_t otherwise, std::int64_t most) {
        seen_.insert(name);
        const auto* value = object_.if_contains(name);
        if (value == nullptr) return otherwise;
        if (!value->is_int64() || value->as_int64() < 1 || value->as_int64() > most) {
            wrong(fmt::format("{} is not 1 to {}", name, most));
            return otherwise;
        }
        return value->as_int64();
    }

    std::vector<std::string> texts(const char* name) {
        seen_.insert(name);
        std::vector<std::string> list;
        const auto* value = object_.if_contains(name);
        if (value == nullptr) return list;
        if (!value->is_array()) {
            wrong(fmt::format("{} is no list", name));
            return list;
        }
        for (const auto& one : value->as_array()) {
            if (!one.is_string()) {
                wrong(fmt::format("{} holds something else than texts", name));
                return list;
            }
            list.emplace_back(one.as_string());
        }
        return list;
    }

    void wrong(const std::string& why) {
        if (fault_.empty()) fault_ = why;
    }

    /// What nobody asked for is a mistyped field.
    std::string fault() {
        for (const auto& pair : object_) {
            if (!seen_.contains(std::string(pair.key()))) {
                wrong(fmt::format("there is no field {}", std::string_view(pair.key())));
            }
        }
        return fault_;
    }

private:
    const json::object& object_;
    std::set<std::string> seen_;
    std::string fault_;
};

bool is_address(const std::string& url) {
    return (url.starts_with("http://") && url.size() > 7) ||
           (url.starts_with("https://") && url.size() > 8);
}

HeadEndSystem system_of(Fields& fields) {
    HeadEndSystem system;
    system.name = fields.text("name");
    const std::string protocol = fields.text("protocol");
    system.protocol =
        protocol == "iec61968" ? HeadEndProtocol::iec61968 : HeadEndProtocol::multispeak;
    system.version = fields.text("version", "3.0");
    system.url = fields.text("url");
    system.user = fields.text("user");
    system.password = fields.text("password");
    system.reply_url = fields.text("reply_url");
    system.reply_user = fields.text("reply_user", system.name);
    system.reply_password = fields.text("reply_password");
    system.reply_secret = fields.text("reply_secret");
    system.serial_prefixes = fields.texts("serial_prefixes");
    auto& patience = system.patience;
    patience.answer_seconds =
        fields.number("answer_seconds", patience.answer_seconds, longest_patience);
    patience.expires_seconds =
        fields.number("expires_seconds", patience.expires_seconds, longest_patience);
    patience.most_attempts =
        static_cast<int>(fields.number("most_attempts", patience.most_attempts, most_attempts));
    if (system.name.empty() || system.name.size() > 40) fields.wrong("name is not 1 to 40 letters");
    if (protocol != "multispeak" && protocol != "iec61968") {
        fields.wrong("protocol is neither multispeak nor iec61968");
    }
    if (system.version != "3.0" && system.version != "4.1") {
        fields.wrong("version is neither 3.0 nor 4.1");
    }
    if (!is_address(system.url)) fields.wrong("url is no address");
    if (!system.reply_url.empty() && !is_address(system.reply_url)) {
        fields.wrong("reply_url is no address");
    }
    const auto is_weak = [](const std::string& secret) {
        return !secret.empty() && (secret.size() < shortest_secret ||
                                   secret.find_first_of("/?#% ") != std::string::npos);
    };
    if (is_weak(system.reply_secret)) {
        fields.wrong("reply_secret has not 16 letters, or one that an address cannot hold");
    }
    if (!system.reply_password.empty() && system.reply_password.size() < shortest_secret) {
        fields.wrong("reply_password has not 16 letters");
    }
    return system;
}

/// Alike for every text of the same length: the digests are compared to their end.
bool is_same(std::string_view given, std::string_view secret) {
    const std::string a = sha256_hex(given);
    const std::string b = sha256_hex(secret);
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned>(a[i]) ^ static_cast<unsigned>(b[i]);
    }
    return difference == 0;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8U) |
                    (i < count ? static_cast<unsigned char>(bytes[at + i]) : std::uint32_t{0});
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= count ? letters[(group >> (18U - 6U * i)) & 63U] : '=';
        }
    }
    return out;
}

}  // namespace

std::string_view protocol_name(HeadEndProtocol protocol) {
    return protocol == HeadEndProtocol::multispeak ? "multispeak" : "iec61968";
}

std::string HeadEndSystem::reply_address() const {
    if (reply_url.empty()) return {};
    std::string root = reply_url;
    while (root.ends_with('/')) root.pop_back();
    std::string address = fmt::format("{}/head-end/{}", root, protocol_name(protocol));
    if (!reply_secret.empty()) address += "/" + reply_secret;
    return address;
}

const HeadEndSystem* HeadEndSettings::find(std::string_view name) const {
    for (const HeadEndSystem& system : systems) {
        if (system.name == name) return &system;
    }
    return nullptr;
}

const HeadEndSystem* HeadEndSettings::of_meter(std::string_view serial) const {
    for (const HeadEndSystem& system : systems) {
        const auto& prefixes = system.serial_prefixes;
        const bool own = std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
            return serial.starts_with(prefix);
        });
        if (prefixes.empty() || own) return &system;
    }
    return nullptr;
}

Result<HeadEndSettings> parse_head_end_settings(std::string_view text, const std::string& path) {
    const auto malformed = [&](const std::string& why) {
        return Error(errors::head_end_settings_malformed, {{"file", path}, {"why", why}});
    };
    const auto parsed = parse_json(text, path);
    // The place alone: what stands there may be a password.
    if (!parsed) return malformed("it is no JSON");
    const auto* root = parsed->if_object();
    const auto* list = root == nullptr ? nullptr : root->if_contains("systems");
    if (list == nullptr || !list->is_array() || list->as_array().empty()) {
        return malformed("it has no list of systems");
    }
    HeadEndSettings settings;
    for (const auto& one : list->as_array()) {
        if (!one.is_object()) return malformed("a system is no object");
        Fields fields(one.as_object());
        HeadEndSystem system = system_of(fields);
        if (const auto fault = fields.fault(); !fault.empty()) {
            return malformed(fmt::format("of system {}: {}", settings.systems.size() + 1, fault));
        }
        if (settings.find(system.name) != nullptr) {
            return malformed(fmt::format("two systems have the name {}", system.name));
        }
        settings.systems.push_back(std::move(system));
    }
    return settings;
}

Result<std::string> head_end_settings_path(Office& office) {
    if (const char* path = std::getenv("WATTHOUR_HEAD_END"); path != nullptr && *path != '\0') {
        return std::string(path);
    }
    TRY(const std::string path, storage::local_path(office.database().url()));
    return path + ".head-end.json";
}

Result<HeadEndSettings> read_head_end_settings(Office& office) {
    TRY(const std::string path, head_end_settings_path(office));
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
        return Error(errors::head_end_settings_missing, {{"file", path}});
    }
    if ((found.st_mode & 077U) != 0) {
        return Error(errors::head_end_settings_open, {{"file", path}});
    }
    TRY(const std::string text, read_file(path));
    return parse_head_end_settings(text, path);
}

std::string basic_authorization(const std::string& user, const std::string& password) {
    return "Basic " + base64(user + ":" + password);
}

const HeadEndSystem* who_answers(const HeadEndSettings& settings, HeadEndProtocol protocol,
                                 std::string_view secret, std::string_view authorization) {
    const HeadEndSystem* who = nullptr;
    for (const HeadEndSystem& system : settings.systems) {
        const bool by_address =
            is_same(secret, system.reply_secret) && !system.reply_secret.empty();
        const std::string basic = basic_authorization(system.reply_user, system.reply_password);
        const bool by_header = is_same(authorization, basic) && !system.reply_password.empty();
        if (system.protocol == protocol && (by_address || by_header)) who = &system;
    }
    return who;
}

}  // namespace watthour::app
