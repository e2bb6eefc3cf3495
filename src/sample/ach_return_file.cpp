// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/nacha.hpp"
#include "formats/scan_line.hpp"
#include "sample/chance.hpp"
#include "sample/customers_pay.hpp"
#include "tariff/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::sample {
namespace {

constexpr std::size_t bank_digits = 8;
constexpr const char* their_bank = "99110000";  // the clearing's end; belongs to no bank
constexpr std::size_t drafts_per_return = 60;

struct Return {
    payments::DraftEntry entry;
    std::string reason;
};

std::vector<Return> by_chance(const std::vector<payments::DraftEntry>& drafted, Date settlement,
                              std::int64_t seed) {
    std::vector<Return> returns;
    Chance chance(seed, settlement.days(), "usual returns");
    for (const auto& draft : drafted) {
        if (chance.between(0, static_cast<int>(drafts_per_return)) == 0) {
            returns.push_back({draft, "R01"});
        }
    }
    return returns;
}

/// Who is returned: in the order of the drafts, so that the file can be read beside them.
std::vector<Return> chosen(const std::vector<payments::DraftEntry>& drafted, Date settlement,
                           std::int64_t seed) {
    std::vector<std::size_t> order(drafted.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    Chance chance(seed, settlement.days(), "returns");
    chance.shuffle(order);
    const std::size_t short_of_funds = std::max<std::size_t>(1, drafted.size() / drafts_per_return);
    const std::set<std::size_t> funds(order.begin(),
                                      order.begin() + static_cast<std::ptrdiff_t>(short_of_funds));
    std::vector<Return> returns;
    for (std::size_t i = 0; i < drafted.size(); ++i) {
        if (funds.contains(i)) {
            returns.push_back({drafted[i], "R01"});
        } else if (order.size() > short_of_funds && i == order[short_of_funds]) {
            returns.push_back({drafted[i], "R03"});
        }
    }
    payments::DraftEntry stranger;
    stranger.trace = drafted.front().trace.substr(0, bank_digits) + "9999999";
    stranger.account = {parse_integer(nobodys_account).value_or(0)};
    stranger.amount = Money::minor(chance.between(3000, 15000));
    returns.push_back({stranger, "R01"});
    return returns;
}

/// The entry as it comes home: our bank receives it, the addenda names the draft's own trace.
formats::NachaEntry returned(const Return& back, const std::string& our_bank, std::size_t number) {
    formats::NachaEntry entry;
    entry.code = "26";
    entry.routing = our_bank + formats::routing_check_digit(our_bank);
    entry.account = "000420017";
    entry.amount = back.entry.amount;
    entry.individual_id = customers::account_number(back.entry.account);
    entry.name = "CUSTOMER";
    entry.trace = fmt::format("{}{:07}", their_bank, number);
    formats::NachaAddenda& why = entry.addenda.emplace_back();
    why.type = "99";
    why.reason = back.reason;
    why.original_trace = back.entry.trace;
    why.original_bank = their_bank;
    why.trace = entry.trace;
    return entry;
}

}  // namespace

std::string ach_return_file(const std::vector<payments::DraftEntry>& drafted, Date settlement,
                            std::int64_t seed, Trouble trouble) {
    if (drafted.empty()) return {};
    const auto returns = trouble == Trouble::planted ? chosen(drafted, settlement, seed)
                                                     : by_chance(drafted, settlement, seed);
    if (returns.empty()) return {};
    const std::string our_bank = drafted.front().trace.substr(0, bank_digits);
    formats::NachaFile file;
    file.immediate_destination = " " + our_bank + formats::routing_check_digit(our_bank);
    file.immediate_origin =
        std::string(" ") + their_bank + formats::routing_check_digit(their_bank);
    file.created = settlement;
    file.created_time = "0600";
    const tariff::Utility& utility = tariff::valdoro().utility;
    file.destination_name = utility.draft_bank.name;
    file.origin_name = "INVENTED CLEARING";
    formats::NachaBatch& batch = file.batches.emplace_back();
    batch.service_class = "225";
    batch.company_name = utility.short_name;
    batch.company_id = utility.draft_bank.company_id;
    batch.sec = "PPD";
    batch.description = "UTIL PMT";
    batch.effective = settlement;
    batch.settlement = fmt::format("{:03}", settlement - Date::ymd(settlement.year(), 1, 1) + 1);
    batch.originating_bank = their_bank;
    for (const Return& back : returns) {
        batch.entries.push_back(returned(back, our_bank, batch.entries.size() + 1));
    }
    return formats::write_nacha(file);
}

}  // namespace watthour::sample
