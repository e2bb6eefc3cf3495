// SPDX-License-Identifier: Apache-2.0
#include "app/retire_usage.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "storage/archive_rows.hpp"
#include "storage/tariff_rows.hpp"
#include "tariff/retention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using storage::ArchivedBlock;
using storage::ArchiveRows;

/// Blocks of one archive file: some 10 MB.
constexpr std::size_t blocks_a_file = 5000;
constexpr std::string_view head_line = "watthour-intervals 1";
constexpr std::string_view digest_word = "sha256 ";

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4];
        hex += digits[byte & 15U];
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit(hex[i]);
        const int low = digit(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

/// Serial, channel, month, block and sums by tabs, one block a line; the digest of all before it
/// at the end.
std::string archive_text(const std::vector<ArchivedBlock>& blocks) {
    std::string text(head_line);
    text += '\n';
    for (const ArchivedBlock& b : blocks) {
        text += fmt::format("{}\t{}\t{}\t{}\t{}\n", b.serial, b.code, b.month.to_string(),
                            to_hex(b.block), to_hex(b.sums));
    }
    return text + std::string(digest_word) + sha256_hex(text) + "\n";
}

/// The policies in force: of the tariffs adopted last, else the program's own.
Result<tariff::RetentionPolicy> policy_of(Office& office) {
    storage::TariffRows tariffs(office.database());
    std::string text;
    if (const auto in_force = tariffs.in_force()) {
        for (auto& [name, content] : tariffs.files(*in_force)) {
            if (name == "policies.yaml") text = std::move(content);
        }
    } else {
        for (const EmbeddedFile& file : tariff_files::files()) {
            if (file.name == "policies.yaml") text = file.text;
        }
    }
    if (text.find("\nretention:") == std::string::npos) {
        return Error(errors::retention_not_stated, {});
    }
    return tariff::retention_of(text);
}

class Retirement {
public:
    Retirement(Office& office, const RetireRequest& request, const tariff::RetentionPolicy& policy,
               RetireOutcome& outcome)
        : office_(office),
          request_(request),
          policy_(policy),
          outcome_(outcome),
          rows_(office.database()),
          first_billed_(rows_.first_billed(policy.rebills_from(office.business_date()))) {}

    void run() {
        metering::ChannelId channel{std::numeric_limits<std::int64_t>::min()};
        Date month = Date::ymd(1, 1, 1);
        for (;;) {
            auto blocks = rows_.before(outcome_.before, channel, month, blocks_a_file);
            if (blocks.empty()) return;
            channel = blocks.back().channel;
            month = blocks.back().month;
            std::erase_if(blocks, [this](const ArchivedBlock& b) { return stays(b); });
            if (!blocks.empty()) take(blocks);
        }
    }

private:
    bool stays(const ArchivedBlock& b) {
        const DateRange days{b.month, b.month.first_of_next_month()};
        if (policy_.holds_meter(b.serial, days)) {
            ++outcome_.held;
            return true;
        }
        const auto billed = first_billed_.find(b.channel);
        if (billed == first_billed_.end() || days.until <= billed->second) return false;
        ++outcome_.billed;
        return true;
    }

    void take(const std::vector<ArchivedBlock>& blocks) {
        for (const ArchivedBlock& b : blocks) {
            const auto view = metering::BlockView::open(b.block);
            WH_CHECK(view.has_value(), "a stored interval block is damaged");
            ++outcome_.blocks;
            outcome_.intervals += view->count();
            outcome_.bytes += static_cast<std::int64_t>(b.block.size());
            if (channels_.insert(b.channel.value).second) ++outcome_.channels;
        }
        if (request_.dry_run) return;
        UsageArchive archive;
        const std::string text = archive_text(blocks);
        archive.sha256 = sha256_hex(text);
        archive.blocks = static_cast<std::int64_t>(blocks.size());
        archive.file = (std::filesystem::path(request_.out) /
                        fmt::format("usage-before-{}-{}.txt", outcome_.before.to_string(),
                                    archive.sha256.substr(0, 12)))
                           .string();
        keep_file(archive.file, text);
        storage::Transaction transaction(office_.database(), office_.business_date());
        const std::int64_t removed = rows_.remove(blocks);
        record(office_, access::permissions::database_move,
               {0, "usage-archive:" + archive.sha256,
                fmt::format("{} blocks before {}", archive.blocks, outcome_.before.to_string()),
                fmt::format("{} taken out, in {}", removed, archive.file), "retention", 0});
        transaction.commit();
        outcome_.files.push_back(std::move(archive));
    }

    Office& office_;
    const RetireRequest& request_;
    const tariff::RetentionPolicy& policy_;
    RetireOutcome& outcome_;
    ArchiveRows rows_;
    std::map<metering::ChannelId, Date> first_billed_;
    std::set<std::int64_t> channels_;
};

}  // namespace

Result<RetireOutcome> retire_usage(Office& office, const RetireRequest& request) {
    TRY_DONE(authorize(office, access::permissions::database_move));
    TRY(const auto policy, policy_of(office));
    const Date keeps = policy.keeps_from(office.business_date());
    RetireOutcome outcome;
    outcome.before = request.before.value_or(keeps).first_of_month();
    if (outcome.before > keeps) {
        return Error(errors::retention_too_early,
                     {{"before", request.before->to_string()},
                      {"months", std::to_string(policy.interval_months)},
                      {"keeps", keeps.to_string()}});
    }
    if (!request.dry_run) std::filesystem::create_directories(request.out);
    Retirement(office, request, policy, outcome).run();
    return outcome;
}

namespace {

Error malformed(const std::string& path, std::size_t line, const char* why) {
    return Error(errors::archive_malformed,
                 {{"file", path}, {"line", std::to_string(line)}, {"why", why}});
}

/// Everything is read and tested before anything is written.
Result<std::vector<ArchivedBlock>> read_archive(Office& office, const std::string& path) {
    TRY(const std::string text, read_file(path));
    const std::size_t end = text.rfind(digest_word);
    if (!text.starts_with(head_line) || end == std::string::npos) {
        return malformed(path, 1, "it is no archive of intervals");
    }
    const std::string_view body = std::string_view(text).substr(0, end);
    if (trimmed(std::string_view(text).substr(end + digest_word.size())) != sha256_hex(body)) {
        return malformed(path, 1, "its digest is not that of its lines");
    }
    std::map<std::pair<std::string, std::string>, metering::ChannelId> channels;
    for (auto& address : office.meters().channel_addresses()) {
        if (address.interval_minutes > 0) {
            channels.emplace(std::pair(address.serial, address.code), address.channel);
        }
    }
    std::vector<ArchivedBlock> blocks;
    std::size_t number = 0;
    for (const std::string_view line : split_text(body, '\n')) {
        if (++number == 1 || line.empty()) continue;
        const auto parts = split_text(line, '\t');
        const auto month = parts.size() == 5 ? Date::parse(parts[2]) : Result<Date>(Date());
        const auto block = parts.size() == 5 ? from_hex(parts[3]) : std::nullopt;
        const auto sums = parts.size() == 5 ? from_hex(parts[4]) : std::nullopt;
        if (!block || !sums || !month || *month != month->first_of_month() ||
            !metering::BlockView::open(*block) ||
            !(sums->empty() || metering::decode_sums(*sums, *month))) {
            return malformed(path, number, "it does not hold a block of a month");
        }
        const auto channel = channels.find({std::string(parts[0]), std::string(parts[1])});
        if (channel == channels.end()) {
            return Error(errors::archive_unknown_meter, {{"file", path},
                                                         {"line", std::to_string(number)},
                                                         {"meter", std::string(parts[0])},
                                                         {"channel", std::string(parts[1])}});
        }
        blocks.push_back(
            {channel->second, channel->first.first, channel->first.second, *month, *block, *sums});
    }
    return blocks;
}

}  // namespace

Result<RestoreOutcome> restore_usage(Office& office, const std::string& path, bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::database_move));
    TRY(const auto blocks, read_archive(office, path));
    RestoreOutcome outcome;
    outcome.blocks = static_cast<std::int64_t>(blocks.size());
    storage::Transaction transaction(office.database(), office.business_date());
    outcome.restored = ArchiveRows(office.database()).restore(blocks);
    if (dry_run || outcome.restored == 0) return outcome;
    TRY(const std::string text, read_file(path));
    record(office, access::permissions::database_move,
           {0, "usage-archive:" + sha256_hex(text), fmt::format("{} blocks", outcome.blocks),
            fmt::format("{} put back from {}", outcome.restored, path), "restored", 0});
    transaction.commit();
    return outcome;
}

}  // namespace watthour::app
