# SPDX-License-Identifier: Apache-2.0
watthour_room(rating
  USES tariff money quantity calendar
  HEADERS rating/charge_line.hpp rating/deposit_interest.hpp rating/draft.hpp rating/errors.hpp
    rating/rating.hpp rating/statement_json.hpp rating/trace.hpp
  SOURCES rating/charge_line.cpp rating/deposit_interest.cpp rating/draft.cpp rating/energy.cpp
    rating/explain.cpp rating/percent_lines.cpp rating/rate.cpp rating/schedule_charges.cpp
    rating/statement_json.cpp rating/trace.cpp
  TESTS rating/rating_test.cpp)
