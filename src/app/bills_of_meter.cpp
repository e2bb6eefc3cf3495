// SPDX-License-Identifier: Apache-2.0
#include "app/bills_of_meter.hpp"

#include "app/bill_account.hpp"
#include "app/rate_again.hpp"
#include "rating/plan_book.hpp"
#include "storage/meter_shop_rows.hpp"

#include <algorithm>
#include <tuple>

namespace watthour::app {
namespace {

using metering::Meter;

class Bills {
public:
    Bills(Office& office, const std::vector<ReadDifferently>& changed)
        : office_(office), changed_(changed), shop_(office.database()) {}

    std::vector<BillOfMeter> all() {
        find_bills();
        compute_again();
        return std::move(bills_);
    }

private:
    /// The installation whose register a bill has read, if it is one that counts differently.
    [[nodiscard]] const ReadDifferently* installation_of(const billing::SegmentRead& read) const {
        if (read.meter != changed_.front().after.meter.serial || read.from_read.empty())
            return nullptr;
        for (const ReadDifferently& one : changed_) {
            if (one.after.installation.active.contains(read.period.from)) return &one;
        }
        return nullptr;
    }

    void find_bills() {
        std::vector<std::string> numbers;
        for (const ReadDifferently& one : changed_) {
            const auto& installation = one.after.installation;
            for (const auto& billed :
                 shop_.billed_after(installation.service_point, installation.active.from)) {
                if (billed.period.from < installation.active.until) numbers.push_back(billed.bill);
            }
        }
        std::sort(numbers.begin(), numbers.end());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        for (const std::string& number : numbers) {
            const auto bill = office_.bills().find(number);
            if (!bill) continue;
            for (const auto& segment : bill->segments) {
                const bool rests =
                    std::any_of(segment.reads.begin(), segment.reads.end(),
                                [&](const auto& read) { return installation_of(read) != nullptr; });
                if (!rests) continue;
                BillOfMeter row;
                row.account = bill->account;
                row.bill = number;
                row.segment = segment.number;
                row.period = segment.period;
                row.billed_use = segment.delivered;
                row.billed = segment.current_charges;
                row.why_not = "what it was computed from is not known any more";
                bills_.push_back(std::move(row));
            }
        }
        std::sort(bills_.begin(), bills_.end(), [](const auto& a, const auto& b) {
            return std::tie(a.account, a.period.from, a.bill) <
                   std::tie(b.account, b.period.from, b.bill);
        });
    }

    /// What the segment would have counted with the corrected dials and multiplier.
    Result<Energy> right_use(const billing::BillSegment& segment) const {
        Energy use = segment.delivered;
        for (const auto& read : segment.reads) {
            const ReadDifferently* one = installation_of(read);
            if (one == nullptr) continue;
            TRY(const auto counted, usage::register_use(read.from_read, read.until_read,
                                                        face_of(office_, one->after.meter)));
            const bool deducted = one->after.installation.role == metering::MeterRole::subtractive;
            use += (deducted ? -counted.energy : counted.energy) - read.energy;
        }
        return use;
    }

    Result<void> rate_right(const RatedAgain& again, rating::PlanBook& plans,
                            BillOfMeter& row) const {
        billing::MeasuredUse use = again.use;
        TRY(use.delivered, right_use(*again.segment));
        TRY(const auto rated, plans.rate(rating_request(office_.catalogue(), again.due, use)));
        row.use = use.delivered;
        row.amount = rated.current_charges;
        row.why_not.clear();
        return {};
    }

    void compute_again() {
        rating::PlanBook plans(office_.catalogue());
        BillsAgain again(office_, office_.catalogue(), BillsAgain::RecordedLater::as_known_now);
        for (auto row = bills_.begin(); row != bills_.end();) {
            const auto account = row->account;
            const auto end = std::find_if(
                row, bills_.end(), [&](const auto& other) { return other.account != account; });
            again.of_account(account, {Date(), end_of_time}, [&](const Result<RatedAgain>& one) {
                if (!one) return;
                const auto found = std::find_if(row, end, [&](const auto& bill) {
                    return bill.bill == one->bill->number && bill.segment == one->segment->number;
                });
                if (found == end) return;
                const auto rated = rate_right(*one, plans, *found);
                if (!rated) found->why_not = rated.error().message();
            });
            row = end;
        }
    }

    Office& office_;
    const std::vector<ReadDifferently>& changed_;
    storage::MeterShopRows shop_;
    std::vector<BillOfMeter> bills_;
};

}  // namespace

usage::RegisterFace face_of(Office& office, const Meter& meter) {
    return usage::face_of(meter, office.catalogue().policies.reading.rollover_max_fraction);
}

std::vector<BillOfMeter> bills_of_meter(Office& office,
                                        const std::vector<ReadDifferently>& changed) {
    if (changed.empty()) return {};
    return Bills(office, changed).all();
}

}  // namespace watthour::app
