// SPDX-License-Identifier: Apache-2.0
#include "app/case_correction.hpp"

#include "app/bill_account.hpp"
#include "app/rate_again.hpp"
#include "investigation/errors.hpp"
#include "metering/registration.hpp"
#include "rating/plan_book.hpp"
#include "storage/meter_shop_rows.hpp"

#include <algorithm>
#include <map>

namespace watthour::app {
namespace {

using investigation::Correction;
using investigation::Direction;

/// Energy that some days of a period were billed too little, or too much when it is negative.
struct DaysDifference {
    DateRange days;
    Energy difference;
};

/// What is wrong with a billed period.
struct PeriodError {
    std::vector<DaysDifference> parts;
    std::vector<rating::TouSegmentUse> tou;             ///< of the other meter, of the whole period
    std::vector<std::pair<std::string, Energy>> shape;  ///< by period, where none was billed
    std::optional<Demand> demand;

    /// What of it lies in some days.
    [[nodiscard]] Energy within(DateRange days) const {
        Energy sum;
        for (const DaysDifference& part : parts) {
            sum += investigation::share_of(part.difference, part.days, days);
        }
        return sum;
    }
};

/// Energy by time-of-use period brought to another sum, in the same shares; what rounding leaves
/// goes to the largest.
void scale(std::vector<rating::TouSegmentUse>& tou, Energy sum, Energy wanted) {
    Energy given;
    Energy* largest = nullptr;
    for (auto& piece : tou) {
        for (auto& [name, energy] : piece.by_period) {
            energy = Energy::watt_hours(round_divide(i128{energy.wh()} * wanted.wh(), sum.wh(),
                                                     Rounding::half_away_from_zero));
            given += energy;
            if (largest == nullptr || *largest < energy) largest = &energy;
        }
    }
    if (largest != nullptr) *largest += wanted - given;
}

class Corrector {
public:
    Corrector(Office& office, const CaseSubject& subject, const CorrectionRequest& request)
        : office_(office),
          subject_(subject),
          request_(request),
          bills_(office, office.catalogue(), BillsAgain::RecordedLater::as_known_now),
          plans_(office.catalogue()),
          runs_(office.zone()) {}

    Result<CaseCorrection> all() {
        const auto& policy = office_.catalogue().policies.investigation;
        if (!policy) return Error(investigation::errors::policy_missing, {});
        TRY_DONE(collect_factors());
        TRY(const Energy whole, whole_difference());
        CaseCorrection made;
        made.account = subject_.account_id();
        made.error = request_.error;
        TRY(const bool residential, is_residential());
        made.months = investigation::months_allowed(
            *policy, request_.claim, residential,
            whole < Energy() ? Direction::overcharge : Direction::undercharge);
        made.allowed =
            investigation::days_allowed(request_.error, request_.discovered, made.months);
        TRY_DONE(rate_all(made));
        made.beyond = whole - made.difference;
        return made;
    }

private:
    Result<bool> is_residential() const {
        TRY(const auto* schedule,
            office_.catalogue().find_schedule(subject_.served->agreement.schedule));
        return schedule->rate_class == "residential";
    }

    Result<void> collect_factors() {
        if (request_.how == Correction::multiplier) {
            if (!request_.multiplier || request_.multiplier->units() <= 0) {
                return Error(investigation::errors::factor_missing,
                             {{"finding", "of a wrong multiplier"},
                              {"what", "right multiplier"},
                              {"option", "--multiplier 120"}});
            }
        }
        if (request_.how == Correction::exchange && request_.other == nullptr) {
            return Error(investigation::errors::other_meter_missing, {});
        }
        if (request_.how != Correction::registration) return {};
        if (request_.registration) {
            registration_ = metering::AverageRegistration{*request_.registration, 1};
            return {};
        }
        const auto tests = storage::MeterShopRows(office_.database()).tests(subject_.meter.id);
        if (tests.empty()) {
            return Error(investigation::errors::factor_missing,
                         {{"finding", "of a wrong registration"},
                          {"what", "average registration, as no test is recorded"},
                          {"option", "--registration 104.1, or watthour meter test"}});
        }
        TRY(registration_, metering::average_registration(tests.back().method, tests.back().loads));
        return {};
    }

    [[nodiscard]] std::vector<investigation::ReferenceUse> billed_uses() const {
        std::vector<investigation::ReferenceUse> uses;
        for (const auto& one : subject_.billed) {
            uses.push_back({one.segment.period, one.segment.delivered});
        }
        return uses;
    }

    /// Days outside the error were billed right, so that all that is missing lies within it.
    Result<PeriodError> estimated(const billing::BillSegment& segment) const {
        PeriodError error;
        const int days = segment.period.days();
        Energy right;
        if (request_.use_a_day) {
            const Decimal& kwh = *request_.use_a_day;
            right = Energy::watt_hours(round_divide(i128{kwh.units()} * days * 1000,
                                                    power_of_ten(kwh.scale()),
                                                    Rounding::half_away_from_zero));
        } else {
            const auto reference =
                investigation::reference_for(segment.period, request_.error.from, billed_uses());
            if (!reference) {
                return Error(investigation::errors::no_reference_use,
                             {{"date", request_.error.from.to_string()}});
            }
            right = investigation::estimated_use(*reference, days);
            for (const auto& one : subject_.billed) {
                if (one.segment.period == reference->period) error.shape = one.segment.by_tou;
            }
        }
        error.parts.push_back(
            {segment.period.intersection(request_.error), right - segment.delivered});
        return error;
    }

    /// What a meter counted in some days, as the schedule of a segment measures it.
    Result<billing::MeasuredUse> counted(const CaseSubject& by, const billing::BillSegment& segment,
                                         DateRange days) {
        if (!by.installed) return Error(investigation::errors::other_meter_missing, {});
        std::vector<metering::ChannelId> channels;
        for (const auto& channel : by.installed->channels) channels.push_back(channel.id);
        const auto& reading = office_.catalogue().policies.reading;
        billing::ReadShelf shelf;
        shelf.put(office_.meters().reads(channels, {days.from - reading.window_days_before,
                                                    days.until + reading.window_days_after + 1}));
        shelf.put(office_.meters().blocks(channels, days.from.first_of_month(),
                                          (days.until - 1).first_of_month()));
        TRY(const auto* schedule, office_.catalogue().find_schedule(segment.schedule));
        const std::vector<metering::InstalledMeter> meters{*by.installed};
        const int minutes = billing::interval_minutes_of(*schedule, meters);
        const auto* calendar = tariff::tou_calendar_of(office_.catalogue(), *schedule, days.from);
        if (calendar != nullptr && minutes != 0) runs_.prepare(*calendar, days, minutes);
        const billing::MeasureContext context{&office_.catalogue(), &office_.zone(), &runs_, &shelf,
                                              nullptr};
        service::ServedAgreement served = *subject_.served;
        served.agreement.schedule = segment.schedule;
        served.agreement.option = segment.option;
        return billing::measure(context, served, meters, days);
    }

    /// What the other meter counted in the days of the error in place of what this one did.
    Result<PeriodError> exchanged(const billing::BillSegment& segment) {
        const DateRange days = segment.period.intersection(request_.error);
        TRY(auto use, counted(*request_.other, segment, days));
        PeriodError error;
        Energy own = segment.delivered;
        if (days == segment.period) {
            error.tou = std::move(use.tou);
            error.demand = use.measured_demand;
        } else {
            TRY(const auto mine, counted(subject_, segment, days));
            own = mine.delivered;
        }
        error.parts.push_back({days, use.delivered - own});
        return error;
    }

    /// What the meter of the case itself contributed, read by read.
    Result<PeriodError> of_own_reads(const billing::BillSegment& segment) const {
        PeriodError error;
        for (const auto& read : segment.reads) {
            if (read.meter != subject_.meter.serial) continue;
            Energy right;
            if (request_.how == Correction::registration) {
                TRY(right, metering::corrected_energy(read.meter, read.energy, registration_));
            } else {
                const auto recorded = Decimal::parse(read.multiplier);
                if (!recorded || recorded->units() <= 0) continue;
                right = investigation::remultiplied(read.energy, *recorded, *request_.multiplier);
            }
            error.parts.push_back({read.period, right - read.energy});
        }
        return error;
    }

    Result<PeriodError> error_of(const billing::BillSegment& segment) {
        switch (request_.how) {
            case Correction::estimate: return estimated(segment);
            case Correction::exchange: return exchanged(segment);
            case Correction::registration:
            case Correction::multiplier: return of_own_reads(segment);
            case Correction::none: break;
        }
        return PeriodError{};
    }

    /// Over the whole error, as if there were no limit.
    Result<Energy> whole_difference() {
        Energy sum;
        for (const auto& one : subject_.billed) {
            const auto& segment = one.segment;
            if (segment.period.intersection(request_.error).is_empty()) continue;
            TRY(auto error, error_of(segment));
            sum += error.within(request_.error);
            errors_.emplace(segment.period.from, std::move(error));
        }
        return sum;
    }

    Result<void> rate_all(CaseCorrection& made) {
        std::optional<Error> failed;
        std::optional<Error> lost;
        std::size_t found = 0;
        const auto agreement = subject_.served->agreement.id;
        bills_.of_account(subject_.account->id, {Date(), end_of_time},
                          [&](const Result<RatedAgain>& again) {
                              if (failed) return;
                              if (!again) {
                                  lost = again.error();
                                  return;
                              }
                              const auto error = errors_.find(again->segment->period.from);
                              if (again->segment->agreement != agreement || error == errors_.end())
                                  return;
                              ++found;
                              const auto one = corrected(*again, error->second, made);
                              if (!one) failed = one.error();
                          });
        if (failed) return *failed;
        // Of another agreement a bill may be beyond rebuilding; of this one none may be left out.
        if (lost && found < errors_.size()) return *lost;
        return {};
    }

    Result<void> corrected(const RatedAgain& again, const PeriodError& error,
                           CaseCorrection& made) {
        const billing::BillSegment& segment = *again.segment;
        CorrectedBill bill;
        bill.bill = again.bill->number;
        bill.period = segment.period;
        bill.days = segment.period.intersection(made.allowed);
        if (bill.days.is_empty()) return {};
        bill.billed = segment.delivered;
        bill.corrected = std::max(Energy(), segment.delivered + error.within(made.allowed));
        if (bill.corrected == bill.billed) return {};
        rating::RatingRequest request = again.request;
        TRY_DONE(put_use(request, error, segment, bill.corrected));
        TRY(const auto rated, plans_.rate(request));
        bill.then = segment.current_charges;
        bill.now = rated.current_charges;
        made.difference += bill.corrected - bill.billed;
        made.amount += bill.now - bill.then;
        made.bills.push_back(std::move(bill));
        return {};
    }

    /// The corrected use in the place of the billed one, by period where the schedule asks for it.
    Result<void> put_use(rating::RatingRequest& request, const PeriodError& error,
                         const billing::BillSegment& segment, Energy wanted) const {
        Energy sum = request.delivered;
        if (!error.tou.empty()) {
            request.tou = error.tou;
            sum = segment.delivered + error.within(segment.period);
        }
        const bool by_period = !request.tou.empty();
        if (by_period && sum.is_zero()) {
            sum = shape_like(request.tou, error.shape);
            if (sum.is_zero()) {
                return Error(investigation::errors::no_reference_use,
                             {{"date", request_.error.from.to_string()}});
            }
        }
        if (by_period) scale(request.tou, sum, wanted);
        request.delivered = wanted;
        if (request.measured_max && error.demand) request.measured_max = error.demand;
        const bool scales =
            request_.how == Correction::multiplier || request_.how == Correction::registration;
        if (request.measured_max && scales && !segment.delivered.is_zero()) {
            request.measured_max = Demand::milliwatts(
                round_divide(i128{request.measured_max->mw()} * wanted.wh(), segment.delivered.wh(),
                             Rounding::half_away_from_zero));
        }
        return {};
    }

    /// Gives pieces without use the shares of a reference period. Returns their sum.
    static Energy shape_like(std::vector<rating::TouSegmentUse>& tou,
                             const std::vector<std::pair<std::string, Energy>>& shape) {
        Energy sum;
        for (auto& piece : tou) {
            for (auto& [name, energy] : piece.by_period) {
                for (const auto& [known, share] : shape) {
                    if (known != name) continue;
                    energy = Energy::watt_hours(share.wh() * piece.segment.days());
                    sum += energy;
                }
            }
        }
        return sum;
    }

    Office& office_;
    const CaseSubject& subject_;
    const CorrectionRequest& request_;
    BillsAgain bills_;
    rating::PlanBook plans_;
    tariff::TouRunCache runs_;
    metering::AverageRegistration registration_;
    std::map<Date, PeriodError> errors_;  ///< by the first day of the period
};

}  // namespace

Result<CaseCorrection> correct_bills(Office& office, const CaseSubject& subject,
                                     const CorrectionRequest& request) {
    CaseCorrection nothing;
    nothing.account = subject.account_id();
    nothing.error = request.error;
    if (!subject.served || !subject.account) return nothing;
    return Corrector(office, subject, request).all();
}

}  // namespace watthour::app
