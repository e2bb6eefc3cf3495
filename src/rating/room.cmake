# SPDX-License-Identifier: Apache-2.0
watthour_room(rating
  USES tariff money quantity calendar
  HEADERS rating/charge_line.hpp rating/deposit_interest.hpp rating/errors.hpp rating/numbers.hpp
    rating/plan.hpp rating/plan_book.hpp rating/plan_maker.hpp rating/rating.hpp rating/statement_json.hpp
    rating/trace.hpp
  SOURCES rating/charge_line.cpp rating/deposit_interest.cpp rating/explain.cpp
    rating/fill_inputs.cpp rating/make_plan.cpp rating/numbers.cpp rating/plan_book.cpp rating/plan_demand.cpp
    rating/plan_energy.cpp rating/plan_percent.cpp rating/plan_rider.cpp
    rating/print_statement.cpp rating/rate.cpp rating/run_plan.cpp rating/statement_json.cpp
    rating/trace.cpp
  TESTS rating/properties_test.cpp rating/rating_test.cpp)
