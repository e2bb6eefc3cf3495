// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter_shop.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// metering::MeterShopStore over meter_details, meter_states, meter_tests, meter_seals and
/// meter_comments, with the installations of single meters and what was billed at their points.
class MeterShopRows final : public metering::MeterShopStore {
public:
    explicit MeterShopRows(Database& database) : database_(database) {}
    std::optional<metering::Meter> find(const std::string& serial) override;
    std::vector<metering::Channel> channels(metering::MeterId meter) override;
    void add(const std::vector<metering::MeterDetails>& details) override;
    void supersede(metering::MeterId meter, Date active_from,
                   const std::vector<metering::MeterDetails>& instead) override;
    void add(const std::vector<metering::StateChange>& changes) override;
    void add(const metering::MeterTest& test) override;
    void add(const metering::SealEvent& event) override;
    void put(const metering::MeterComment& comment) override;
    std::vector<metering::MeterDetails> details(metering::MeterId meter, Date known_on) override;
    std::vector<metering::StateChange> states(metering::MeterId meter) override;
    std::vector<metering::MeterTest> tests(metering::MeterId meter) override;
    std::vector<metering::SealEvent> seals(metering::MeterId meter) override;
    std::vector<metering::MeterComment> comments(metering::MeterId meter, Date known_on) override;
    std::vector<metering::MeterComment> comments(service::ServicePointId point,
                                                 Date known_on) override;
    std::optional<metering::MeterComment> comment(metering::CommentId id) override;
    std::vector<metering::KnownInstallation> installations(metering::MeterId meter) override;
    void put(const metering::MeterInstallation& installation) override;
    std::vector<metering::InventoryRow> inventory(std::optional<metering::StockState> state,
                                                  const std::string& after,
                                                  std::size_t most) override;
    std::vector<metering::BilledDays> billed_after(service::ServicePointId point,
                                                   Date day) override;
    std::vector<customers::AccountId> served_at(service::ServicePointId point, Date day) override;
    std::vector<metering::IntervalCorrection> corrections(metering::ChannelId channel) override;
    std::vector<metering::InventoryRow> believed_details() override;
    std::vector<metering::DialFace> dial_faces() override;

private:
    std::vector<metering::InventoryRow> inventory_after(const std::string& after, std::size_t most);
    std::vector<metering::MeterComment> comments_by(const Query& query, std::int64_t id,
                                                    Date known_on);
    Database& database_;
};

}  // namespace watthour::storage
