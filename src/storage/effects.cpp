// SPDX-License-Identifier: Apache-2.0
#include "storage/effects.hpp"

namespace watthour::storage {

const std::vector<Effect>& effects() {
    static const std::vector<Effect> all = {
        {"a period of an agreement is billed once", "bill_segments",
         "account_id,agreement_id,period_from"},
        {"a bill number is given once", "bill_numbers", "bill_number"},
        {"an event is in the books once", "journal_entries", "account_id,source_kind,source_key"},
        {"an entry of the books is shown on one bill", "bill_activity", "account_id,entry_id"},
        {"a file is taken once", "files", "sha256"},
        {"a row of a file that failed is repaired once", "file_repairs", "file_id,line"},
        {"a change of a mapping is one version", "read_profiles", "name,version"},
        {"a payment of a file is posted once", "payment_references", "reference"},
        {"a payment at the counter is posted once", "payment_references", "reference"},
        {"a payment is returned once", "payment_returns", "account_id,payment_id"},
        {"a bill is drafted once", "draft_entries", "bill_number"},
        {"a trace number is given once", "draft_entries", "trace"},
        {"a read has one value a version", "register_reads",
         "channel_id,read_date,read_type,version"},
        {"a work item is opened once", "work_items", "account_id,work_item_id"},
        {"a meter is set at a point once a day and version", "meter_installations",
         "service_point_id,meter_id,active_from,version"},
        {"a capacity of a point has one value a kind, day and version", "service_capacities",
         "service_point_id,kind,active_from,version"},
        {"a meter changes its state once a number", "meter_states", "meter_id,state_number"},
        {"a request to a meter changes once a number", "head_end_changes",
         "meter_id,request_id,change_number"},
        {"an event of a meter is kept once", "meter_events", "meter_id,happened_at,code"},
        {"a case is opened once", "cases", "account_id,case_id"},
        {"a case changes once a number", "case_changes", "account_id,case_id,change_number"},
        {"a route is exported once a number", "route_exports", "route,read_date,export_number"},
        {"a visit of a file is kept once", "route_visits", "meter_id,file_id,line"},
        {"a route is closed once a number", "route_closings", "route,read_date,closing_number"},
        {"a place on a route is one version", "route_places",
         "service_point_id,active_from,version"},
        {"an item is decided once", "work_resolutions", "account_id,work_item_id"},
        {"an approval is asked for once", "approvals", "account_id,approval_id"},
        {"a change of a dated fact is one version", "agreement_programs",
         "account_id,agreement_id,kind,code,active_from,version"},
        {"a change has one audit entry a number", "audit_entries",
         "account_id,subject,change_number"},
        {"a day of a table is sealed once", "seals", "day,table_name"},
        {"a note is written once", "account_notes", "account_id,note_id"},
        {"a set of tariffs is adopted once", "tariff_adoptions", "set_hash"},
        {"a request with a key is answered once", "idempotency_keys", "key_sha256"},
        {"a request is one job", "jobs", "job_id"},
        {"a migration is applied once", "schema_migrations", "version"},
    };
    return all;
}

}  // namespace watthour::storage
