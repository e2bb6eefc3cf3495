// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "billing/bill.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// billing::BillStore over bills, bill_segments, segment_reads, charge_lines and cycle_runs.
class BillRows final : public billing::BillStore {
public:
    explicit BillRows(Database& database) : database_(database) {}
    std::map<service::AgreementId, Date> billed_until(const std::string& cycle, Date on,
                                                      customers::AccountRange accounts) override;
    std::set<std::pair<service::AgreementId, Date>> billed_periods(
        const std::vector<customers::AccountId>& accounts, Date from) override;
    void add(const std::vector<billing::Bill>& bills) override;
    std::vector<std::string> taken_numbers(const std::vector<std::string>& numbers) override;
    void add_run(const billing::CycleRun& run) override;
    std::vector<billing::CycleRun> runs() override;
    std::map<service::AgreementId, std::vector<billing::PeriodUse>> history(
        const std::vector<customers::AccountId>& accounts, Date before) override;
    std::map<customers::AccountId, std::vector<billing::BilledTax>> billed_lines(
        const std::vector<customers::AccountId>& accounts, const std::string& code,
        Date from) override;
    std::map<customers::AccountId, billing::BillSummary> last_bills(
        const std::vector<customers::AccountId>& accounts) override;
    std::map<customers::AccountId, std::vector<billing::Activity>> unbilled_activity(
        const std::vector<customers::AccountId>& accounts) override;
    std::optional<billing::Bill> find(const std::string& number) override;
    std::vector<billing::BillSummary> issued(DateRange bill_dates, Date known_on) override;
    /// A page of the register: those of a range of bill dates in order of date, account and number,
    /// after one of them.
    [[nodiscard]] std::vector<billing::BillSummary> issued_after(DateRange bill_dates,
                                                                 Date after_date,
                                                                 customers::AccountId after_account,
                                                                 const std::string& after_number,
                                                                 std::size_t most);
    std::vector<billing::BillSummary> due(DateRange due_dates) override;
    std::vector<billing::BillSummary> of_account(customers::AccountId account) override;

private:
    void read_segments(billing::Bill& bill);
    Database& database_;
};

}  // namespace watthour::storage
