# SPDX-License-Identifier: Apache-2.0
watthour_room(usage
  USES metering tariff quantity calendar
  HEADERS usage/errors.hpp usage/interval_use.hpp usage/register_use.hpp usage/tou_use.hpp
  SOURCES usage/interval_use.cpp usage/register_use.cpp usage/tou_use.cpp
  TESTS usage/usage_test.cpp)
