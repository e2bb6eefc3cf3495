// SPDX-License-Identifier: Apache-2.0
#include "api/openapi.hpp"

#include "api/route.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace watthour::api {
namespace {

/// A schema as "name:type name:type ...". Types: text, money, date, whole, flag, any, texts;
/// [Name] a list of another schema; a trailing ? may be null, a leading ? may be left out.
struct Schema {
    std::string_view name;
    std::string_view fields;
};

constexpr Schema schemas[] = {
    {"Health", "status:text"},
    {"Readiness", "status:text utility:text business_date:date"},
    {"Contract", "openapi:text info:any servers:any security:any paths:any components:any"},
    {"User", "user:text full_name:text active:flag roles:texts"},
    {"Users", "items:[User]"},
    {"Grant",
     "role:text valid_from:text valid_until:text? recorded_at:text granted_by:text "
     "approved_by:text why:text ?revoked_by:text ?revoked_why:text"},
    {"UserWithGrants", "user:text full_name:text active:flag roles:texts grants:[Grant]"},
    {"AddedUser", "user:text full_name:text active:flag roles:texts waits:text?"},
    {"Link", "user:text link:text expires_at:whole"},
    {"Role", "role:text for:text limit:money? permissions:texts"},
    {"Roles", "items:[Role]"},
    {"Session", "user:text full_name:text active:flag roles:texts token:text expires_at:whole"},
    {"Me",
     "user:text full_name:text active:flag roles:texts permissions:texts utility:text "
     "business_date:date currency:text"},
    {"SecondFactor", "secret:text address:text"},
    {"Key", "key:text name:text created_at:whole used_at:whole expires_at:whole"},
    {"Keys", "items:[Key]"},
    {"NewKey", "name:text token:text expires_at:whole"},
    {"SearchResult", "account:text name:text street:text"},
    {"SearchResults", "items:[SearchResult]"},
    {"AccountRow",
     "account:text name:text street:text schedule:text cycle:text language:text balance:money"},
    {"Accounts", "items:[AccountRow]"},
    {"Program", "kind:text code:text from:date until:date?"},
    {"Meter", "serial:text make:text from:date until:date? channels:texts"},
    {"Agreement",
     "schedule:text option:text from:date until:date? cycle:text route:text address:text "
     "reading:text programs:[Program] meters:[Meter]"},
    {"BillSummary",
     "bill:text bill_date:date due_date:date current_charges:money amount_due:money"},
    {"BillRow",
     "bill:text account:text cycle:text bill_date:date due_date:date from:date until:date "
     "previous_balance:money current_charges:money amount_due:money autopay:flag"},
    {"Bills", "items:[BillRow]"},
    {"Payment", "date:date channel:text amount:money allocated:money returned:flag"},
    {"Account",
     "account:text name:text language:text balance:money autopay:text? open_work:whole "
     "agreements:[Agreement] bills:[BillSummary] payments:[Payment]"},
    {"PastEntry", "date:date kind:text reference:text text:text amount:money? by:text"},
    {"Past", "items:[PastEntry]"},
    {"LedgerEntry", "date:date kind:text reference:text memo:text amount:money balance:money"},
    {"Ledger", "items:[LedgerEntry]"},
    {"UsagePoint", "from:text until:text kwh:text mark:text read_types:text? last_year:text?"},
    {"Usage", "resolution:text from:date until:date points:[UsagePoint]"},
    {"KnownUsageRow",
     "from:text until:text kwh:text not_counted:whole statuses:text read_types:text? method:text? "
     "by:text? changed_on:date?"},
    {"KnownUsage",
     "account:text? point:text? meter:text? quantity:text from:text until:text step:text "
     "known_on:date? kwh:text not_counted:whole meters:texts left_out:texts "
     "rows:[KnownUsageRow]"},
    {"UsageChange",
     "meter:text quantity:text from:text until:text intervals:whole kwh_before:text "
     "kwh_after:text status_before:text status_after:text why:text by:text recorded_on:date"},
    {"UsageChanges",
     "account:text? point:text? meter:text? quantity:text from:text until:text known_on:date "
     "and_on:date kwh_before:text kwh_after:text kwh_difference:text changes:[UsageChange]"},
    {"ScheduleVersion", "effective:date clause:text"},
    {"Schedule", "schedule:text name_en:text name_es:text class:text versions:[ScheduleVersion]"},
    {"Schedules", "items:[Schedule]"},
    {"SheetRow", "code:text charge:text what:text price:text unit:text"},
    {"RateSheet",
     "schedule:text name:text applies_to:text effective:date clause:text "
     "versions:[ScheduleVersion] rows:[SheetRow] terms:texts"},
    {"RateChange", "charge:text what:text unit:text before:text after:text"},
    {"RateChanges", "schedule:text from:date until:date changes:[RateChange]"},
    {"BillAmount", "until:date amount:money"},
    {"ScheduleChoice",
     "schedule:text option:text name_en:text name_es:text current:flag available:flag reason:text "
     "rule:text total:money difference:money bills:[BillAmount]"},
    {"ScheduleComparison",
     "account:text from:date until:date billed:money choices:[ScheduleChoice]"},
    {"TariffSet",
     "hash:text proposed_by:text why:text state:text adopted_by:text recorded_on:date"},
    {"TariffSets", "items:[TariffSet]"},
    {"Contact",
     "name:text language:text phone:text email:text mailing_street:text mailing_city:text "
     "mailing_state:text mailing_zip:text"},
    {"ChargeLine",
     "seq:whole code:text description:text description_es:text amount:money group:text "
     "gl_account:text clause:text ?from:date ?until:date ?quantity:text ?unit:text ?rate:text "
     "?factor:text ?base:money ?words:text"},
    {"Explanation", "items:[ChargeLine]"},
    {"Reason", "reason:text amount:money words:text"},
    {"Comparison",
     "first:text second:text first_charges:money second_charges:money difference:money "
     "first_kwh:text second_kwh:text first_days:whole second_days:whole estimated:flag "
     "reasons:[Reason]"},
    {"Read",
     "meter:text from:date until:date from_read:text until_read:text type:text multiplier:text "
     "kwh:text"},
    {"Segment",
     "number:whole schedule:text state:text from:date until:date kwh:text current_charges:money "
     "inputs_hash:text reads:[Read] lines:[ChargeLine] ?billed_kw:text ?measured_kw:text"},
    {"Activity", "date:date kind:text memo:text amount:money"},
    {"Bill",
     "bill:text account:text cycle:text bill_date:date due_date:date from:date until:date "
     "language:text previous_balance:money activity_total:money current_charges:money "
     "amount_due:money autopay:flag activity:[Activity] segments:[Segment]"},
    {"MeterRow",
     "meter:text state:text since:date maker:text model:text form:text? dials:whole decimals:whole "
     "multiplier:text point:text?"},
    {"Meters", "items:[MeterRow]"},
    {"MeterCommand",
     "request:text kind:text meter:text system:text state:text attempts:whole asked_at:text "
     "sent_at:text expires_at:text answered_at:text? result:text by:text why:text joined:flag "
     "dry_run:flag"},
    {"HeadEndChange", "at:text event:text note:text by:text"},
    {"HeadEndRequest",
     "request:text kind:text meter:text system:text state:text attempts:whole asked_at:text "
     "sent_at:text expires_at:text answered_at:text? result:text by:text why:text "
     "changes:[HeadEndChange]"},
    {"HeadEndRequests", "items:[HeadEndRequest]"},
    {"SilentMeterAsked",
     "meter:text quantities:text route:text account:text? last_day:date? days_silent:whole "
     "age:text head_end:text? no_power_since:text? last_request:any"},
    {"SilentMeters", "day:date by_age:any meters:[SilentMeterAsked]"},
    {"PingedMeter", "meter:text request:text? state:text? joined:flag refused:text?"},
    {"PingedMeters", "asked:whole pinged:[PingedMeter] dry_run:flag"},
    {"ProposedOrders", "proposed:whole dry_run:flag"},
    {"MeterChannel", "code:text kind:text minutes:whole? reading_type:text?"},
    {"MeterDetails",
     "maker:text model:text form:text? dials:whole decimals:whole ct_ratio:text? pt_ratio:text? "
     "register_constant:text multiplier:text program:text? tou_program:text? from:date "
     "until:date?"},
    {"MeterInstallation",
     "point:text address:text from:date until:date? set_read:text? removal_read:text? role:text "
     "version:whole known_from:date known_until:date?"},
    {"MeterState", "number:whole state:text since:date why:text by:text recorded_on:date"},
    {"MeterStateChange",
     "number:whole state:text since:date why:text by:text recorded_on:date dry_run:flag"},
    {"MeterTest",
     "number:whole on:date standard:text tester:text method:text full_load:text? light_load:text? "
     "power_factor:text? average:text limits:text verdict:text by:text recorded_on:date"},
    {"MeterTestDone",
     "number:whole on:date standard:text tester:text method:text full_load:text? light_load:text? "
     "power_factor:text? average:text limits:text verdict:text by:text recorded_on:date "
     "dry_run:flag"},
    {"MeterSeal", "number:whole seal:text event:text on:date why:text by:text recorded_on:date"},
    {"MeterSealDone",
     "number:whole seal:text event:text on:date why:text by:text recorded_on:date dry_run:flag"},
    {"MeterComment",
     "comment:text of:text kind:text text:text from:date until:date? by:text recorded_on:date"},
    {"MeterCommentDone",
     "comment:text of:text kind:text text:text from:date until:date? by:text recorded_on:date "
     "dry_run:flag"},
    {"MeterRead", "date:date channel:text type:text reading:text"},
    {"IntervalCorrection",
     "channel:text start:text old_kwh:text new_kwh:text old_status:text new_status:text why:text"},
    {"MeterChange", "date:date before:text after:text why:text by:text"},
    {"MeterEvent", "at:text code:text name:text? detail:text? recorded_on:date"},
    {"ServiceCapacity", "kind:text kw:text from:date why:text by:text recorded_on:date"},
    {"ServiceCapacityDone",
     "kind:text kw:text from:date why:text by:text recorded_on:date dry_run:flag"},
    {"DetailChange", "detail:text before:text? after:text?"},
    {"BillOfMeter",
     "account:text bill:text from:date until:date billed_kwh:text kwh:text? billed:money "
     "amount:money? difference:money? why_not:text?"},
    {"MeterCorrection",
     "meter:text from:date until:date? changes:[DetailChange] second_person:flag "
     "bills:[BillOfMeter] difference:money work_items:whole dry_run:flag"},
    {"MeterWithHistory",
     "meter:text state:text maker:text model:text form:text? dials:whole decimals:whole "
     "ct_ratio:text? pt_ratio:text? register_constant:text multiplier:text program:text? "
     "tou_program:text? point:text? role:text? address:text? accounts:texts followers:texts "
     "details:[MeterDetails] channels:[MeterChannel] installations:[MeterInstallation] "
     "states:[MeterState] tests:[MeterTest] seals:[MeterSeal] comments:[MeterComment] "
     "reads:[MeterRead] corrections:[IntervalCorrection] events:[MeterEvent] "
     "changes:[MeterChange] capacities:[ServiceCapacity]"},
    {"Case",
     "case:text kind:text state:text account:text? meter:text other_meter:text? "
     "discovered_on:date finding:text? why:text opened_by:text"},
    {"CaseRow",
     "case:text kind:text state:text account:text? meter:text other_meter:text? "
     "discovered_on:date finding:text? why:text opened_by:text age_days:whole owner:text "
     "next_step:text? next_asks:any at_stake:money?"},
    {"Cases", "items:[CaseRow]"},
    {"CaseEvidence", "fact:text words:text facts:any"},
    {"CaseStep",
     "step:text asks:any order:text? result:text? found:text? by:text? on:date? "
     "evidence:[CaseEvidence]"},
    {"CaseFinding", "finding:text name:any after:text corrects_bills:flag"},
    {"CaseProposal", "kind:text account:text? work_item:text facts:any"},
    {"CaseChange",
     "number:whole kind:text step:text? result:text? found:text state:text by:text on:date"},
    {"CaseWithSteps",
     "case:text kind:text state:text account:text? meter:text other_meter:text? "
     "discovered_on:date finding:text? why:text opened_by:text name:any next_step:text? "
     "followers:texts steps:[CaseStep] findings:[CaseFinding] proposals:[CaseProposal] "
     "changes:[CaseChange]"},
    {"CaseCorrection",
     "account:text from:date until:date bills:whole kwh:text beyond_kwh:text amount:money"},
    {"EvidenceWords", "step:text words:text"},
    {"CaseDone",
     "case:text kind:text state:text account:text? meter:text other_meter:text? "
     "discovered_on:date finding:text? why:text opened_by:text evidence:[EvidenceWords] "
     "proposals:[CaseProposal] corrections:[CaseCorrection] follows:text? dry_run:flag"},
    {"ReadRoute",
     "route:text cycle:text kind:text reader:text? read_method:text every:whole from:date? "
     "until:date? ?dry_run:flag"},
    {"RouteRow",
     "route:text cycle:text kind:text reader:text? read_method:text every:whole from:date? "
     "until:date? points:whole read_date:date meters:whole read:whole estimated:whole unread:whole "
     "days_left:whole"},
    {"RouteRows", "items:[RouteRow]"},
    {"WalkComment", "kind:text text:text"},
    {"WalkRegister",
     "quantity:text last_reading:text? last_date:date? last_type:text? low:text? high:text? "
     "reading:text? read_on:date? type:text?"},
    {"WalkStop",
     "order:whole meter:text? account:text? address:text reading:text state:text skip:text? "
     "troubles:texts visited_on:date? estimates_in_a_row:whole proposal:text? "
     "comments:[WalkComment] registers:[WalkRegister]"},
    {"WalkExport",
     "number:whole layout:text meters:whole registers:whole sha256:text by:text at:text"},
    {"RouteWalk",
     "route:text cycle:text kind:text reader:text? read_method:text every:whole from:date? "
     "until:date? read_date:date previous_read_date:date? next_read_date:date? window_from:date "
     "window_until:date days_left:whole "
     "estimated_period:flag closed:flag unread:whole counts:any exports:[WalkExport] "
     "stops:[WalkStop]"},
    {"ReroutedPoint",
     "meter:text account:text? from_route:text from_cycle:text order:whole last_read:date? "
     "first_read:date? days:whole? verdict:text"},
    {"RouteLoad", "route:text cycle:text before:whole after:whole"},
    {"BridgeStep", "cycle:text move_on:date read:date days:whole"},
    {"Rerouted",
     "from:date to_route:text to_cycle:text proposed:date? way:[BridgeStep] renumbered:flag "
     "counts:any load:[RouteLoad] points:[ReroutedPoint] dry_run:flag"},
    {"OptedOut",
     "from:date to_route:text to_cycle:text proposed:date? way:[BridgeStep] renumbered:flag "
     "counts:any load:[RouteLoad] points:[ReroutedPoint] reading:text read_on:date fee_code:text? "
     "fee:money work_items:whole dry_run:flag"},
    {"Resequenced", "route:text changed:whole dry_run:flag"},
    {"RouteClosing", "route:text read_date:date state:text dry_run:flag"},
    {"RouteExport",
     "route:text read_date:date number:whole layout:text meters:whole registers:whole sha256:text "
     "by:text at:text file:text again:flag text:text dry_run:flag"},
    {"FollowedUp", "meter:text outcome:text reading:text? why_not:text?"},
    {"FollowUp",
     "route:text read_date:date proposed:whole there:whole estimated:whole refused:whole "
     "meters:[FollowedUp] dry_run:flag"},
    {"MissedRead",
     "key:text meter:text route:text cycle:text read_date:date address:text account:text? "
     "state:text came_on:date? business_days:whole age:text estimates_in_a_row:whole"},
    {"MissedReads", "items:[MissedRead]"},
    {"MissedOutcome", "missed:whole opened:whole closed:whole dry_run:flag"},
    {"CalendarRead", "read:date calc:date mail:date due:date late:date days:whole? inside:flag"},
    {"CalendarCycle", "cycle:text reads:[CalendarRead]"},
    {"CalendarFinding", "line:whole cycle:text field:text rule:text message:text remedy:text"},
    {"ReadCalendar",
     "year:whole years:any gap_min:whole gap_max:whole cycles:[CalendarCycle] "
     "findings:[CalendarFinding]"},
    {"CalendarFindings", "ok:flag findings:[CalendarFinding]"},
    {"CalendarProposal", "year:whole rows:whole findings:[CalendarFinding] text:text"},
    {"CalendarSet", "hash:text dry_run:flag"},
    {"CaseDetection", "seen:whole opened:[Case] dry_run:flag"},
    {"MeterWork", "point:text on:date account:text? role:text? balance:any dry_run:flag"},
    {"ProgramChange",
     "agreement:whole kind:text code:text from:date until:date? dry_run:flag billed_before:texts"},
    {"Receipt",
     "payment:text account:text name:text receipt:text amount:money tender:text date:date "
     "balance_before:money balance_after:money dry_run:flag"},
    {"FileProblem", "line:whole field:text rule:text message:text remedy:text raw:text"},
    {"TakenFile",
     "file:text format:text dry_run:flag sha256:text records:whole posted:whole parked:whole "
     "rejected:whole repeated:whole declared_total:money posted_total:money parked_total:money "
     "work_items:whole corrections:whole different_reads:whole returned:whole notes:any "
     "problems:[FileProblem] file_id:text encoding:text profile_name:text profile_version:whole "
     "failed_rows:whole repaired:whole failed_again:whole meters_known:whole meters_unknown:whole "
     "first:text last:text kwh:text causes:[ProblemCause] rows:[StoredRow]"},
    {"ProblemCause", "rule:text field:text rows:whole first_line:whole example:text remedy:text"},
    {"StoredRow", "line:whole meter:text channel:text start:text minutes:whole kwh:text flag:text"},
    {"FileColumn", "number:whole header:text role:text reason:text why:text sample:texts"},
    {"FileQuestion", "code:text column:whole word:text text:text"},
    {"ReadProfile",
     "name:text version:whole state:text format:text fingerprint:text profile:text why:text "
     "by:text date:date"},
    {"ReadProfiles", "items:[ReadProfile]"},
    {"ReadProfileVersions",
     "name:text version:whole state:text format:text fingerprint:text profile:text why:text "
     "by:text date:date versions:[ReadProfile]"},
    {"FileLook",
     "file:text encoding:text format:text reason:text by_columns:flag columns_guessed:flag "
     "returned_rows:whole returned_from:text fingerprint:text columns:[FileColumn] "
     "questions:[FileQuestion] remembered:[ReadProfile] profile:text"},
    {"FileCheck", "file:text format:text ok:flag problems:any notes:any"},
    {"RowsSetAside", "file:text rows:whole dry_run:flag"},
    {"Determinant",
     "account:text agreement:text point:text schedule:text determinant:text quantity:text "
     "unit:text from:date until:date quality:text estimated_share:text statuses:text reads:text "
     "source:text billed_quantity:text"},
    {"DeterminantFailure",
     "account:text agreement:text from:date until:date cause:text message:text next:text"},
    {"Determinants", "failures:[DeterminantFailure] items:[Determinant]"},
    {"File",
     "file:text name:text format:text business_date:date records:whole posted:whole "
     "parked:whole rejected:whole repeated:whole declared_total:money posted_total:money "
     "parked_total:money state:text failed_rows:whole waiting:whole repaired:whole "
     "failed_again:whole set_aside:whole meters_known:whole meters_unknown:whole first:text "
     "last:text kwh:text by:text profile_name:text profile_version:whole encoding:text"},
    {"FilePage",
     "file:text name:text format:text business_date:date records:whole posted:whole "
     "parked:whole rejected:whole repeated:whole declared_total:money posted_total:money "
     "parked_total:money state:text failed_rows:whole waiting:whole repaired:whole "
     "failed_again:whole set_aside:whole meters_known:whole meters_unknown:whole first:text "
     "last:text kwh:text by:text profile_name:text profile_version:whole encoding:text "
     "causes:[ProblemCause] profile:text meter:text error_file:text"},
    {"Files", "items:[File]"},
    {"Reject",
     "row:text line:whole field:text rule:text message:text raw:text state:text "
     "by_file:text why:text"},
    {"Rejects", "items:[Reject]"},
    {"DraftBatch", "batch:text name:text text:text"},
    {"DraftBatches", "entries:whole total:money skipped:whole batches:[DraftBatch] dry_run:flag"},
    {"CashLine", "channel:text batch:text count:whole posted:money declared:money?"},
    {"CashDay",
     "date:date lines:[CashLine] posted:money ledger_movement:money suspense_balance:money "
     "ties:flag"},
    {"WorkItem",
     "id:text kind:text cause:text account:text? evidence:text next_step:text at_stake:money "
     "opened_on:date owner:text due_on:date? snoozed_until:date? state:text ?resolution:text "
     "?why:text ?resolved_by:text ?resolved_on:date"},
    {"WorkItems", "items:[WorkItem]"},
    {"WorkCause", "kind:text cause:text count:whole at_stake:money oldest:date"},
    {"WorkCauses", "items:[WorkCause]"},
    {"WorkChange", "kind:text value:text why:text by:text on:date"},
    {"WorkItemWithHistory",
     "id:text kind:text cause:text account:text? evidence:text next_step:text at_stake:money "
     "opened_on:date owner:text due_on:date? snoozed_until:date? state:text ?resolution:text "
     "?why:text ?resolved_by:text ?resolved_on:date history:[WorkChange]"},
    {"Skipped", "id:text why:text"},
    {"RouteFreshness",
     "route:text channels:whole came:whole partly:whole silent:whole percent:text"},
    {"HeadEndFreshness",
     "head_end:text channels:whole came:whole partly:whole silent:whole percent:text"},
    {"SilentMeter",
     "meter:text quantity:text route:text head_end:text? account:text? last_day:date? "
     "days_silent:whole no_power_since:text?"},
    {"Freshness",
     "day:date channels:whole came:whole partly:whole percent:text routes:[RouteFreshness] "
     "head_ends:[HeadEndFreshness] silent:[SilentMeter]"},
    {"FoundByCheck",
     "meter:text quantity:text group:text check:text rule:text verdict:text account:text? "
     "from:text until:text"},
    {"Validation",
     "channels:whole channel_days:whole without_rules:whole found:any closed_by_rule:whole "
     "sampled:whole taken_out:whole "
     "estimated:whole not_estimated:whole waiting:whole work_items:whole findings:[FoundByCheck] "
     "dry_run:flag"},
    {"FindingInterval",
     "start:text day:date time:text kwh:text status:text concerned:flag week_before:text? "
     "year_before:text? neighbours:text? estimate:text?"},
    {"RegisterMark", "day:date kwh:text"},
    {"FindingCorrection",
     "start:text old_kwh:text new_kwh:text old_status:text new_status:text why:text by:text "
     "on:date"},
    {"Finding",
     "item:text meter:text quantity:text check:text rule:text minutes:whole from:text until:text "
     "intervals:[FindingInterval] register_marks:[RegisterMark] neighbours:whole "
     "events:[MeterEvent] changes:[FindingCorrection]"},
    {"MeterInterval", "start:text day:date time:text kwh:text status:text"},
    {"MeterIntervals", "meter:text quantity:text minutes:whole intervals:[MeterInterval]"},
    {"ChangedInterval", "start:text old_kwh:text new_kwh:text old_status:text new_status:text"},
    {"DecidedReads",
     "item:any kwh_before:text kwh_after:text intervals:[ChangedInterval] dry_run:flag"},
    {"EditedReads", "worth:money intervals:[ChangedInterval] dry_run:flag"},
    {"EnteredRead",
     "meter:text date:date reading:text type:text previous_date:date? previous_reading:text "
     "previous_type:text kwh:text worth:money stands:flag rolled_over:flag usual_kwh:text? "
     "looks:text? dry_run:flag"},
    {"EstimatedRead",
     "meter:text date:date reading:text type:text previous_date:date? previous_reading:text "
     "previous_type:text kwh:text worth:money stands:flag rolled_over:flag usual_kwh:text? "
     "looks:text? dry_run:flag reference_kwh:text days:whole multiplier:text dial_units:whole "
     "kwh_a_day:text reference_from:date reference_until:date basis:text in_a_row:whole "
     "order_proposed:flag warned:flag"},
    {"CheckVerdict", "check:text rule:text verdict:text close:any"},
    {"RulesOfGroup", "group:text checks:[CheckVerdict]"},
    {"ValidationRules", "effective:date? groups:[RulesOfGroup]"},
    {"PreviewedCheck", "check:text rule:text now:any proposed:any"},
    {"ClassProfile",
     "class:text effective:date source:text channels:whole channel_days:whole months_without:any "
     "file:text"},
    {"SafeClose", "check:text kwh:text dollars:money alerts:whole"},
    {"RulesPreview",
     "from:date until:date channels:whole channel_days:whole checks:[PreviewedCheck] "
     "may_close_by_themselves:texts safe_to_close:[SafeClose]"},
    {"BulkResolution",
     "count:whole at_stake:money skipped:[Skipped] sample:[WorkItem] largest:[WorkItem] "
     "dry_run:flag"},
    {"Approval",
     "id:text use_case:text parameters:text amount:money? maker:text why:text state:text "
     "checker:text decided_why:text"},
    {"Approvals", "items:[Approval]"},
    {"CycleDue", "cycle:text read_date:date run:flag held:whole"},
    {"CyclesDue", "items:[CycleDue]"},
    {"CycleRun",
     "run:text cycle:text read_date:date run_date:date billed:whole held:whole amount:money"},
    {"CycleRuns", "items:[CycleRun]"},
    {"LineTotal", "code:text lines:whole amount:money"},
    {"RunBill",
     "bill:text account:text from:date until:date previous_balance:money activity:money "
     "current_charges:money amount_due:money ?last_charges:money?"},
    {"RunException", "account:text cause:text evidence:text next_step:text at_stake:money"},
    {"CycleReport",
     "cycle:text read_date:date bill_date:date due_date:date dry_run:flag billed:whole held:whole "
     "already_billed:whole merged:whole kwh:text current_charges:money lines:[LineTotal] "
     "bills:[RunBill] exceptions:[RunException]"},
    {"Job",
     "job:text kind:text parameters:text state:text requested_by:text units:whole waiting:whole "
     "claimed:whole done:whole parked:whole seconds_left:whole? waits_for:[AwaitedJob]"},
    {"AwaitedJob", "job:text kind:text stuck:flag problem:text"},
    {"Jobs", "items:[Job]"},
    {"FailedUnit", "unit:text why:text"},
    {"JobWithResult",
     "job:text kind:text parameters:text state:text requested_by:text units:whole waiting:whole "
     "claimed:whole done:whole parked:whole seconds_left:whole? waits_for:[AwaitedJob] "
     "result:any failed:[FailedUnit]"},
    {"ReportName", "report:text"},
    {"Reports", "items:[ReportName]"},
    {"Report", "report:text as_of:date known_on:date? rows:any totals:any"},
    {"AuditEntry",
     "entry:text recorded_on:date subject:text use_case:text before:text after:text why:text "
     "by:text account:text? approval:whole? changed_at:whole?"},
    {"AuditEntries", "items:[AuditEntry]"},
    {"Check", "name:text meaning:text ok:flag violations:texts"},
    {"Checks", "items:[Check]"},
    {"Problem",
     "type:text title:text status:whole detail:text next:text ?exit_code:whole ?request_id:text"},
};

json::object reference(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

json::object type_of(std::string_view type) {
    if (type == "money") return {{"type", "string"}, {"pattern", "^-?[0-9]+[.][0-9]{2}$"}};
    if (type == "date") return {{"type", "string"}, {"format", "date"}};
    if (type == "whole") return {{"type", "integer"}};
    if (type == "flag") return {{"type", "boolean"}};
    if (type == "any") return {};
    if (type == "texts") return {{"type", "array"}, {"items", json::object{{"type", "string"}}}};
    if (type.starts_with('[')) {
        return {{"type", "array"}, {"items", reference(type.substr(1, type.size() - 2))}};
    }
    return {{"type", "string"}};
}

std::string_view name_of(Type type) {
    switch (type) {
        case Type::money: return "money";
        case Type::date: return "date";
        case Type::whole: return "whole";
        case Type::flag: return "flag";
        case Type::texts: return "texts";
        case Type::file_text:
        case Type::text: break;
    }
    return "text";
}

json::object to_schema(std::string_view fields) {
    json::object properties;
    json::array required;
    std::string whole(fields);
    // A page of a list says whether more rows follow, and where.
    if (fields.starts_with("items:[")) whole += " has_more:flag cursor:text?";
    for (std::string_view field : split_text(whole, ' ')) {
        const bool optional = field.starts_with('?');
        if (optional) field.remove_prefix(1);
        const std::size_t colon = field.find(':');
        std::string_view type = field.substr(colon + 1);
        const bool nullable = type.ends_with('?');
        if (nullable) type.remove_suffix(1);
        json::object schema = type_of(type);
        if (nullable) schema["type"] = json::array{schema.at("type"), "null"};
        properties[field.substr(0, colon)] = std::move(schema);
        if (!optional) required.emplace_back(field.substr(0, colon));
    }
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", std::move(required)},
            {"properties", std::move(properties)}};
}

json::object body_schema(const Route& route) {
    json::object properties;
    json::array required;
    for (const Field& field : route.body) {
        json::object schema = type_of(name_of(field.type));
        schema["description"] = field.meaning;
        properties[field.name] = std::move(schema);
        if (field.required) required.emplace_back(field.name);
    }
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", std::move(required)},
            {"properties", std::move(properties)}};
}

json::array parameters_of(const Route& route) {
    json::array parameters;
    for (std::string_view part : split_text(route.pattern, '/')) {
        if (!part.starts_with('{')) continue;
        parameters.push_back(json::object{{"name", part.substr(1, part.size() - 2)},
                                          {"in", "path"},
                                          {"required", true},
                                          {"schema", json::object{{"type", "string"}}}});
    }
    for (const Field& field : query_of(route)) {
        parameters.push_back(json::object{{"name", field.name},
                                          {"in", "query"},
                                          {"required", field.required},
                                          {"description", field.meaning},
                                          {"schema", type_of(name_of(field.type))}});
    }
    if (route.if_match) {
        parameters.push_back(json::object{{"name", "If-Match"},
                                          {"in", "header"},
                                          {"required", true},
                                          {"description", "The ETag of the record that was edited"},
                                          {"schema", json::object{{"type", "string"}}}});
    }
    if (route.idempotency_key) {
        parameters.push_back(
            json::object{{"name", "Idempotency-Key"},
                         {"in", "header"},
                         {"required", true},
                         {"description", "One key, one effect; asked again, the same answer"},
                         {"schema", json::object{{"type", "string"}, {"maxLength", 200}}}});
    }
    return parameters;
}

json::object operation_of(const Route& route) {
    const bool is_json = route.answer.find('/') == std::string_view::npos;
    json::object content;
    content[is_json ? std::string_view("application/json") : route.answer] =
        is_json ? json::object{{"schema", reference(route.answer)}}
                : json::object{{"schema", json::object{{"type", "string"}, {"format", "binary"}}}};
    json::object responses;
    responses[std::to_string(route.status)] =
        json::object{{"description", route.summary}, {"content", content}};
    // A dry run creates nothing and answers 200.
    if (route.dry_run && route.status != 200) {
        responses["200"] =
            json::object{{"description", "What would be done"}, {"content", content}};
    }
    responses["default"] =
        json::object{{"description", "A refusal, with what to do next"},
                     {"content", json::object{{"application/problem+json",
                                               json::object{{"schema", reference("Problem")}}}}}};
    json::object operation{{"operationId", route.operation},
                           {"summary", route.summary},
                           {"parameters", parameters_of(route)},
                           {"responses", std::move(responses)},
                           {"x-idempotency-key", route.idempotency_key}};
    if (route.raw_body) {
        operation["requestBody"] = json::object{
            {"required", true},
            {"content",
             json::object{{"application/octet-stream",
                           json::object{{"schema", json::object{{"type", "string"},
                                                                {"format", "binary"}}}}}}}};
    } else if (!route.body.empty()) {
        operation["requestBody"] = json::object{
            {"required", true},
            {"content",
             json::object{{"application/json", json::object{{"schema", body_schema(route)}}}}}};
    }
    if (route.access == Access::open) operation["security"] = json::array();
    operation["x-permission"] =
        route.access == Access::permission
            ? json::value(route.permission->slug)
            : json::value(route.access == Access::open ? "open" : "signed in");
    return operation;
}

json::object make_contract() {
    json::object paths;
    for (const Route& route : routes()) {
        auto& path = paths[route.pattern];
        if (!path.is_object()) path = json::object();
        path.as_object()[method_name(route.method)] = operation_of(route);
    }
    json::object components;
    for (const Schema& schema : schemas) components[schema.name] = to_schema(schema.fields);
    return {{"openapi", "3.1.0"},
            {"info", json::object{{"title", "Watthour"},
                                  {"version", "1"},
                                  {"license", json::object{{"name", "Apache-2.0"},
                                                           {"identifier", "Apache-2.0"}}}}},
            {"servers", json::array{json::object{{"url", "/"}}}},
            {"security", json::array{json::object{{"bearer", json::array()}},
                                     json::object{{"cookie", json::array()}}}},
            {"paths", std::move(paths)},
            {"components",
             json::object{
                 {"schemas", std::move(components)},
                 {"securitySchemes",
                  json::object{{"bearer", json::object{{"type", "http"}, {"scheme", "bearer"}}},
                               {"cookie", json::object{{"type", "apiKey"},
                                                       {"in", "cookie"},
                                                       {"name", "watthour_session"}}}}}}}};
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string fields_of(const char* title, const std::vector<Field>& fields) {
    if (fields.empty()) return {};
    std::string rows;
    for (const Field& field : fields) {
        rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                            escaped(field.name), name_of(field.type),
                            field.required ? "needed" : "", escaped(field.meaning));
    }
    return fmt::format("<h3>{}</h3><table>{}</table>", title, rows);
}

std::string example_of(const Route& route) {
    std::string line = "curl";
    if (route.method == Method::post) line += " -X POST";
    if (route.method == Method::put) line += " -X PUT";
    if (route.method == Method::remove) line += " -X DELETE";
    if (route.access != Access::open) line += " -H \"Authorization: Bearer $TOKEN\"";
    if (route.idempotency_key) line += " -H \"Idempotency-Key: $(uuidgen)\"";
    if (route.if_match) line += " -H \"If-Match: $ETAG\"";
    if (route.raw_body) {
        line += " --data-binary @FILE";
    } else if (!route.body.empty()) {
        json::object body;
        for (const Field& field : route.body) {
            if (field.required) body[field.name] = "...";
        }
        line += " -H \"Content-Type: application/json\" -d '" + to_text(body) + "'";
    }
    return line + " http://127.0.0.1:8080" + std::string(route.pattern);
}

std::string make_page() {
    std::string page =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Watthour API</title>"
        "<link rel=\"stylesheet\" href=\"/docs.css\"></head><body><main><h1>Watthour API</h1>"
        "<p>The contract itself is <a href=\"/openapi.json\">openapi.json</a>. Money and "
        "quantities "
        "are text, days are year-month-day. A refusal is <code>application/problem+json</code> "
        "with "
        "a title to act on, a sentence, and what to do next.</p>";
    for (const Route& route : routes()) {
        page += fmt::format(
            "<section id=\"{0}\"><h2><code>{1} {2}</code></h2><p>{3}. Needs: {4}.{5}</p>{6}{7}"
            "<pre>{8}</pre><p>Answers <code>{9}</code>.</p></section>",
            escaped(route.operation), escaped(method_name(route.method)), escaped(route.pattern),
            escaped(route.summary),
            route.access == Access::open        ? "nothing, it is public"
            : route.access == Access::signed_in ? "to be signed in"
                                                : escaped(route.permission->slug),
            route.idempotency_key ? " One Idempotency-Key, one effect." : "",
            fields_of("Parameters", query_of(route)), fields_of("Body", route.body),
            escaped(example_of(route)), escaped(route.answer));
    }
    return page + "</main></body></html>\n";
}

}  // namespace

const json::object& openapi() {
    static const json::object contract = make_contract();
    return contract;
}

std::vector<std::string> columns_of(const json::object& contract, std::string_view list) {
    const auto& all = contract.at("components").as_object().at("schemas").as_object();
    const auto& items = all.at(list).at("properties").at("items").at("items").as_object();
    std::string_view name = items.at("$ref").as_string();
    name.remove_prefix(name.rfind('/') + 1);
    std::vector<std::string> columns;
    for (const auto& [column, schema] : all.at(name).at("properties").as_object()) {
        columns.emplace_back(column);
    }
    return columns;
}

const std::string& openapi_page() {
    static const std::string page = make_page();
    return page;
}

}  // namespace watthour::api
