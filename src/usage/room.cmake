# SPDX-License-Identifier: Apache-2.0
watthour_room(usage
  USES tariff money quantity calendar
  HEADERS usage/day_split.hpp usage/errors.hpp usage/register_use.hpp usage/tou_use.hpp
  SOURCES usage/day_split.cpp usage/register_use.cpp usage/tou_use.cpp
  TESTS usage/usage_test.cpp)
