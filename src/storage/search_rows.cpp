// SPDX-License-Identifier: Apache-2.0
#include "storage/search_rows.hpp"

#include <map>

namespace watthour::storage {
namespace {

const Query select_accounts(
    "SELECT a.account_id, a.name, a.mailing_street, p.phone, p.name FROM accounts a "
    "JOIN people p ON p.person_id = a.person_id ORDER BY a.account_id");
const Query select_places(
    "SELECT a.account_id, r.street, r.unit, m.serial FROM service_agreements a "
    "JOIN service_points s ON s.service_point_id = a.service_point_id "
    "JOIN premises r ON r.premise_id = s.premise_id "
    "LEFT JOIN meter_installations i ON i.service_point_id = s.service_point_id "
    "AND i.superseded_on = '9999-12-31' AND i.active_until = '9999-12-31' "
    "LEFT JOIN meters m ON m.meter_id = i.meter_id "
    "WHERE a.superseded_on = '9999-12-31' ORDER BY a.account_id, a.active_from");
const Query select_count("SELECT count(*) FROM accounts");

}  // namespace

std::vector<SearchDocument> search_documents(Database& database) {
    std::vector<SearchDocument> documents;
    std::map<std::int64_t, std::size_t> places;
    Statement accounts = database.prepare(select_accounts);
    while (accounts.step()) {
        places[accounts.integer(0)] = documents.size();
        documents.push_back({{accounts.integer(0)},
                             accounts.text(1),
                             accounts.text(2),
                             accounts.text(3) + " " + accounts.text(4)});
    }
    Statement served = database.prepare(select_places);
    while (served.step()) {
        const auto found = places.find(served.integer(0));
        if (found == places.end()) continue;
        SearchDocument& document = documents[found->second];
        document.words += " " + document.street;
        document.street = served.text(1);
        document.words += " " + served.text(2);
        if (!served.is_null(3)) document.words += " " + served.text(3);
    }
    return documents;
}

std::int64_t count_accounts(Database& database) {
    Statement select = database.prepare(select_count);
    return select.step() ? select.integer(0) : 0;
}

}  // namespace watthour::storage
