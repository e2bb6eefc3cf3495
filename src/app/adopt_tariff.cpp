// SPDX-License-Identifier: Apache-2.0
#include "app/adopt_tariff.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/check_tariff.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "cases/tariff_source.hpp"
#include "storage/tariff_rows.hpp"

#include <algorithm>

namespace watthour::app {

namespace {

using tariff::Catalogue;

/// Every dated version of a catalogue by "R-1 2025-07-01", with the hash of what it says.
std::map<std::string, std::pair<Date, std::string>> versions_of(const Catalogue& catalogue) {
    std::map<std::string, std::pair<Date, std::string>> all;
    const auto put = [&](const std::string& code, Date effective, const std::string& hash) {
        all[code + " " + effective.to_string()] = {effective, hash};
    };
    for (const auto& schedule : catalogue.schedules) {
        for (const auto& one : schedule.versions) {
            put(schedule.code, one.effective, one.content_hash);
        }
    }
    for (const auto& rider : catalogue.riders) {
        for (const auto& one : rider.charges.versions) {
            put(rider.code, one.effective, one.content_hash);
        }
    }
    for (const auto& adjustment : catalogue.adjustments) {
        for (const auto& one : adjustment.versions) {
            put(adjustment.code, one.effective, one.clause);
        }
    }
    for (const auto& tax : catalogue.taxes) {
        for (const auto& one : tax.versions) put(tax.code, one.effective, one.clause);
    }
    for (const auto& one : catalogue.fees.versions) put("fees", one.effective, one.clause);
    for (const auto& one : catalogue.discounts) {
        // A discount has no versions: what it gives holds for all days, so a new one needs a name.
        all["discount " + one.code] = {Date(), one.clause};
    }
    return all;
}

Result<void> check_versions(const Catalogue& before, const Catalogue& after, Date today) {
    const auto old_ones = versions_of(before);
    const auto new_ones = versions_of(after);
    for (const auto& [name, version] : old_ones) {
        if (!(version.first <= today)) continue;  // not in force yet: it may still be corrected
        const auto kept = new_ones.find(name);
        if (kept == new_ones.end() || kept->second.second != version.second) {
            return Error(errors::tariff_version_edited, {{"version", name}});
        }
    }
    for (const auto& [name, version] : new_ones) {
        if (old_ones.contains(name) || !(version.first < today)) continue;
        if (version.first == Date()) continue;  // a new discount: nobody has it yet
        return Error(errors::tariff_too_early, {{"version", name}, {"today", today.to_string()}});
    }
    return {};
}

Result<Catalogue> catalogue_of(const storage::TariffRows::Files& texts) {
    std::vector<EmbeddedFile> files;
    for (const auto& [name, text] : texts) files.push_back({name, text});
    return tariff::load_catalogue(files);
}

Result<TariffProposal> look_at(Office& office, const Catalogue& proposed) {
    const Problems problems = check_tariff(proposed, office.business_date());
    if (!problems.empty()) {
        return Error(errors::tariff_not_whole, {{"finding", problems.front().message},
                                                {"count", std::to_string(problems.size())}});
    }
    TRY_DONE(check_versions(office.catalogue(), proposed, office.business_date()));
    if (proposed.content_hash == office.catalogue().content_hash) {
        return Error(errors::tariff_unchanged, {{"hash", proposed.content_hash.substr(0, 16)}});
    }
    return TariffProposal{proposed.content_hash,
                          tariff::tariff_changes(office.catalogue(), proposed)};
}

}  // namespace

Result<TariffProposal> look_at_tariffs(Office& office, const std::string& folder) {
    TRY(const storage::TariffRows::Files texts, cases::tariff_texts(folder));
    TRY(const Catalogue proposed, catalogue_of(texts));
    return look_at(office, proposed);
}

Result<TariffProposal> propose_tariffs(Office& office, const std::string& folder,
                                       const std::string& why) {
    TRY(const storage::TariffRows::Files texts, cases::tariff_texts(folder));
    return propose_texts(office, texts, why);
}

Result<TariffProposal> look_at_texts(Office& office, const TariffTexts& texts) {
    TRY(const Catalogue proposed, catalogue_of(texts));
    return look_at(office, proposed);
}

TariffTexts texts_in_force(Office& office) {
    storage::TariffRows rows(office.database());
    if (const auto hash = rows.in_force()) return rows.files(*hash);
    TariffTexts texts;
    for (const EmbeddedFile& file : tariff_files::files()) {
        texts.emplace_back(std::string(file.name), std::string(file.text));
    }
    return texts;
}

Result<TariffProposal> propose_texts(Office& office, const TariffTexts& texts,
                                     const std::string& why) {
    if (trimmed(why).empty()) return Error(access::errors::reason_missing, {});
    TRY(const Catalogue proposed, catalogue_of(texts));
    TRY(TariffProposal proposal, look_at(office, proposed));
    {
        storage::Transaction transaction(office.database(), office.business_date());
        storage::TariffRows(office.database())
            .add({proposal.hash, office.actor().name, why, office.clock().now(), {}, 0, {}}, texts);
        transaction.commit();
    }
    Request request;
    request.parameters = to_text(json::object{{"set", proposal.hash}});
    request.why = why;
    TRY_DONE(authorize(office, access::permissions::tariff_adopt, request));
    TRY_DONE(adopt_tariffs(office, proposal.hash, why, 0));
    return proposal;
}

Result<Catalogue> tariffs_of_set(Office& office, const std::string& hash) {
    const storage::TariffRows::Files texts = storage::TariffRows(office.database()).files(hash);
    if (texts.empty()) return Error(errors::tariff_set_unknown, {{"hash", hash}});
    return catalogue_of(texts);
}

Result<void> adopt_tariffs(Office& office, const std::string& hash, const std::string& why,
                           std::int64_t approval) {
    storage::TariffRows rows(office.database());
    TRY(const Catalogue proposed, tariffs_of_set(office, hash));
    if (rows.in_force() == hash) return {};
    // What was right when it was put forward may have been overtaken since.
    TRY_DONE(check_versions(office.catalogue(), proposed, office.business_date()));
    storage::Transaction transaction(office.database(), office.business_date());
    if (rows.adopt(hash, office.actor().name, office.clock().now())) {
        record(office, access::permissions::tariff_adopt,
               {0, "tariffs", office.catalogue().content_hash.substr(0, 16), hash.substr(0, 16),
                why, approval});
    }
    transaction.commit();
    return office.reload();
}

json::array tariff_history(Office& office) {
    json::array sets;
    const auto in_force = storage::TariffRows(office.database()).in_force();
    for (const auto& set : storage::TariffRows(office.database()).history()) {
        sets.push_back(json::object{{"hash", set.hash},
                                    {"proposed_by", set.proposed_by},
                                    {"why", set.why},
                                    {"state", set.adopted_by.empty() ? "proposed"
                                              : set.hash == in_force ? "in force"
                                                                     : "replaced"},
                                    {"adopted_by", set.adopted_by},
                                    {"recorded_on", set.recorded_on}});
    }
    return sets;
}

}  // namespace watthour::app
