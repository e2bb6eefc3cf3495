// SPDX-License-Identifier: Apache-2.0
#include "sample/create_sample.hpp"

#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/office.hpp"
#include "sample/meter_files.hpp"
#include "sample/meter_stock.hpp"
#include "sample/sample_utility.hpp"
#include "storage/meter_shop_rows.hpp"
#include "storage/route_rows.hpp"

namespace watthour::sample {
namespace {

/// The day on which a newcomer meets the sample utility (design, section 4).
constexpr Date sample_business_date = Date::ymd(2026, 6, 15);

/// All routes of the city, also those that a small sample leaves empty. Who walks is R07.
void make_routes(app::Office& office, const tariff::Utility& utility) {
    storage::RouteRows rows(office.database());
    for (const tariff::Route& route : utility.routes) {
        metering::ReadRoute made;
        made.code = route.code;
        made.cycle = route.cycle;
        if (route.kind == tariff::RouteKind::manual) {
            made.kind = metering::RouteKind::opt_out;
            made.method = "keyed";
            made.reader = "R07";
        }
        rows.put(made);
    }
}

}  // namespace

Result<CreateOutcome> create_sample(const CreateRequest& request, const Clock& clock) {
    TRY(const auto office, app::Office::open_empty(request.database, clock));
    if (const auto existing = office->service().utility()) {
        return Error(app::errors::utility_exists,
                     {{"database", request.database}, {"name", existing->name}});
    }
    const tariff::Catalogue& catalogue = office->catalogue();
    TRY(const TimeZone zone, TimeZone::load(catalogue.utility.time_zone));
    TRY(const SampleUtility sample,
        make_sample(catalogue, zone, request.accounts, request.seed, sample_business_date));

    CreateOutcome outcome;
    outcome.accounts = static_cast<std::int64_t>(sample.accounts.size());
    outcome.meters = static_cast<std::int64_t>(sample.meters.size());
    outcome.awkward = sample.awkward;
    outcome.meter_files = write_meter_files(sample, catalogue, zone, reads_begin,
                                            sample_business_date, request.out_folder + "/meters");

    storage::Transaction transaction(office->database(), reads_begin);
    service::UtilityRecord utility;
    utility.name = catalogue.utility.name;
    utility.time_zone = catalogue.utility.time_zone;
    utility.currency = catalogue.utility.currency;
    utility.business_date = sample_business_date;
    utility.seed = request.seed;
    utility.catalogue_hash = catalogue.content_hash;
    utility.sample = true;
    office->service().create_utility(utility);
    office->accounts().add(sample.people, sample.accounts, sample.mandates);
    make_routes(*office, catalogue.utility);
    office->service().add(sample.premises, sample.points, sample.agreements);
    office->meters().add(sample.meters, sample.channels, sample.installations);
    storage::MeterShopRows shop(office->database());
    shop.add(sample.details);
    const MeterStock stock = make_stock();
    office->meters().add(stock.meters, stock.channels, {});
    shop.add(stock.details);
    shop.add(stock.states);
    for (const auto& test : stock.tests) shop.add(test);
    app::add_first_users(*office, true);
    transaction.commit();
    return outcome;
}

}  // namespace watthour::sample
