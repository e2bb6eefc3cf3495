# SPDX-License-Identifier: Apache-2.0
watthour_room(investigation
  USES vee metering tariff customers calendar quantity
  HEADERS investigation/back_bill.hpp investigation/case_rules.hpp investigation/case_store.hpp
    investigation/errors.hpp
  SOURCES investigation/back_bill.cpp investigation/case_rules.cpp investigation/case_store.cpp
  TESTS investigation/investigation_test.cpp)
