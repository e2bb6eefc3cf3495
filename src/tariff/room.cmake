# SPDX-License-Identifier: Apache-2.0
watthour_room(tariff
  USES money quantity calendar
  LIBS PkgConfig::YAML
  HEADERS tariff/catalogue.hpp tariff/charge.hpp tariff/day_split.hpp tariff/determinant.hpp tariff/errors.hpp tariff/language.hpp
    tariff/policies.hpp tariff/price_series.hpp tariff/rate_sheet.hpp tariff/readers.hpp tariff/retention.hpp tariff/rider.hpp tariff/schedule.hpp tariff/season.hpp tariff/cycle_bridge.hpp tariff/read_calendar.hpp
    tariff/surcharges.hpp tariff/tou_calendar.hpp tariff/utility.hpp tariff/vee_rules.hpp tariff/yaml_reader.hpp
  SOURCES tariff/catalogue.cpp tariff/day_split.cpp tariff/price_series.cpp tariff/rate_sheet.cpp tariff/cycle_bridge.cpp tariff/read_calendar.cpp tariff/read_calendars.cpp
    tariff/read_charge.cpp tariff/read_prices.cpp tariff/read_rider.cpp tariff/read_schedule.cpp
    tariff/read_surcharges.cpp tariff/read_tiers.cpp tariff/read_utility.cpp tariff/retention.cpp tariff/schedule.cpp tariff/season.cpp
    tariff/tou_calendar.cpp tariff/utility.cpp tariff/read_vee.cpp tariff/vee_rules.cpp tariff/yaml_reader.cpp
  TESTS tariff/catalogue_test.cpp tariff/day_split_test.cpp tariff/read_calendar_test.cpp tariff/tou_calendar_test.cpp)

watthour_embed(TARGET watthour_tariff NAMESPACE watthour::tariff_files
  BASE ${CMAKE_SOURCE_DIR}/tariffs/valdoro
  FILES utility.yaml policies.yaml vee.yaml calendars.yaml gl.yaml discounts.yaml taxes.yaml fees.yaml
    cycle-calendar.tsv profiles/residential.yaml profiles/commercial.yaml adjustments/eca.yaml schedules/r-1.yaml schedules/r-tou.yaml
    schedules/r-ev.yaml schedules/c-1.yaml schedules/c-2.yaml schedules/c-3.yaml
    schedules/sl-1.yaml schedules/u-1.yaml riders/nem-1.yaml riders/nem-2.yaml riders/nb-1.yaml
    riders/sol-v.yaml riders/vnem.yaml riders/nema.yaml)
