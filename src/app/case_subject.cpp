// SPDX-License-Identifier: Apache-2.0
#include "app/case_subject.hpp"

#include "app/errors.hpp"
#include "app/meter_shop.hpp"
#include "storage/case_rows.hpp"
#include "storage/meter_shop_rows.hpp"

#include <algorithm>

namespace watthour::app {
namespace {

/// The last installation that is believed.
std::optional<metering::MeterInstallation> last_installation(storage::MeterShopRows& shop,
                                                             metering::MeterId meter) {
    std::optional<metering::MeterInstallation> last;
    for (const auto& known : shop.installations(meter)) {
        if (known.superseded_on != end_of_time) continue;
        if (!last || last->active.from <= known.installation.active.from) {
            last = known.installation;
        }
    }
    return last;
}

void find_place(Office& office, storage::MeterShopRows& shop, Date day, CaseSubject& subject) {
    const auto last = last_installation(shop, subject.meter.id);
    if (!last) return;
    for (auto& installed : office.meters().installed_at({last->service_point})) {
        if (installed.meter.id == subject.meter.id &&
            installed.installation.active.from == last->active.from) {
            subject.installed = std::move(installed);
        }
    }
    for (const auto& point : office.service().points()) {
        if (point.id == last->service_point) subject.point = point;
    }
    subject.premise = storage::CaseRows(office.database()).premise_of(last->service_point);
    const Date there = std::min(day, last->active.until - 1);
    for (const auto account : shop.served_at(last->service_point, there)) {
        for (auto& served : office.service().agreements_of_account(account, service::now_known)) {
            if (served.point.id == last->service_point && served.agreement.active.contains(there)) {
                subject.served = std::move(served);
            }
        }
    }
}

void find_billed(Office& office, CaseSubject& subject) {
    const auto account = subject.served->agreement.account;
    const auto accounts = office.accounts().accounts({account});
    if (!accounts.empty()) subject.account = accounts.front();
    auto bills = office.bills().of_account(account);
    std::sort(bills.begin(), bills.end(), [](const auto& a, const auto& b) {
        return std::tie(a.period.until, a.number) < std::tie(b.period.until, b.number);
    });
    if (bills.size() > most_billed) {
        bills.erase(bills.begin(), bills.end() - static_cast<std::ptrdiff_t>(most_billed));
    }
    for (const auto& summary : bills) {
        auto bill = office.bills().find(summary.number);
        if (!bill) continue;
        for (auto& segment : bill->segments) {
            if (segment.agreement != subject.served->agreement.id) continue;
            subject.billed.push_back({bill->number, bill->cycle, std::move(segment)});
        }
    }
}

}  // namespace

std::string CaseSubject::address() const {
    if (!premise) return {};
    return premise->street + (premise->unit.empty() ? "" : " " + premise->unit) + ", " +
           premise->city;
}

Result<CaseSubject> case_subject(Office& office, const std::string& serial, Date day) {
    CaseSubject subject;
    TRY(subject.meter, find_meter(office, serial));
    storage::MeterShopRows shop(office.database());
    find_place(office, shop, day, subject);
    if (subject.served) find_billed(office, subject);
    return subject;
}

Result<std::string> meter_of_account(Office& office, customers::AccountId account, Date day) {
    if (office.accounts().accounts({account}).empty()) {
        return Error(errors::account_unknown, {{"account", customers::account_number(account)}});
    }
    for (const auto& served : office.service().agreements_of_account(account, service::now_known)) {
        if (!served.agreement.active.contains(day)) continue;
        for (const auto& installed : office.meters().installed_at({served.point.id})) {
            if (installed.installation.active.contains(day) &&
                installed.installation.role == metering::MeterRole::additive) {
                return installed.meter.serial;
            }
        }
    }
    return Error(errors::account_without_meter,
                 {{"account", customers::account_number(account)}, {"date", day.to_string()}});
}

}  // namespace watthour::app
