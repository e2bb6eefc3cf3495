// SPDX-License-Identifier: Apache-2.0
#include "app/audit_trail.hpp"

#include "audit/errors.hpp"
#include "base/files.hpp"

#include <filesystem>

namespace watthour::app {

void record(Office& office, const access::Permission& permission, const Change& change) {
    audit::AuditEntry entry;
    entry.account = change.account;
    entry.subject = change.subject;
    entry.use_case = permission.slug;
    entry.before = change.before;
    entry.after = change.after;
    entry.why = change.why;
    entry.approval = change.approval;
    entry.by = office.actor().name;
    entry.changed_at = office.clock().now();
    office.audit().add(entry);
}

void record_export(Office& office, const access::Permission& permission, const std::string& list,
                   std::size_t rows, const std::string& format) {
    storage::Transaction transaction(office.database(), office.business_date());
    record(office, permission,
           {0, "export:" + list, "", std::to_string(rows) + " rows as " + format, "", 0});
    transaction.commit();
}

Result<SealOutcome> seal_days(Office& office, Date through, const std::string& anchor_file) {
    if (through > office.business_date()) {
        return Error(audit::errors::seal_ahead,
                     {{"day", through.to_string()}, {"date", office.business_date().to_string()}});
    }
    // A file that cannot be gone on with is refused before anything is sealed.
    std::string lines;
    if (std::filesystem::exists(anchor_file)) {
        TRY(lines, read_file(anchor_file));
    }
    TRY(const auto anchors, audit::read_anchors(lines, anchor_file));

    storage::SealRows rows(office.database());
    SealOutcome outcome;
    outcome.anchor_file = anchor_file;
    outcome.seals = rows.seal_through(through);
    outcome.through = office.database().sealed_through();
    const auto chain = rows.chain();
    outcome.anchor = {outcome.through, static_cast<std::int64_t>(chain.size()),
                      chain.empty() ? std::string(audit::first_head) : chain.back().head};
    if (anchors.empty() || !(anchors.back() == outcome.anchor)) {
        keep_file(anchor_file, lines + audit::to_line(outcome.anchor));
    }
    return outcome;
}

Result<SealProof> prove_seals(storage::Database& database, const std::string& anchor_file) {
    SealProof proof;
    std::vector<audit::Anchor> anchors;
    if (!anchor_file.empty()) {
        TRY(const std::string lines, read_file(anchor_file));
        TRY(anchors, audit::read_anchors(lines, anchor_file));
    }
    storage::SealRows rows(database);
    const auto chain = rows.chain();
    proof.seals = static_cast<std::int64_t>(chain.size());
    proof.anchors = static_cast<std::int64_t>(anchors.size());
    proof.through = database.sealed_through();
    for (const auto& seal : chain) proof.rows += seal.rows;
    proof.head = chain.empty() ? std::string(audit::first_head) : chain.back().head;
    proof.broken = audit::broken_links(chain, anchors);
    for (auto& what : rows.changed_since_sealed()) proof.broken.push_back(std::move(what));
    return proof;
}

Result<std::string> default_anchor_file(const std::string& url) {
    TRY(const std::string path, storage::local_path(url));
    return path + ".anchors";
}

}  // namespace watthour::app
