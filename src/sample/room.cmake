# SPDX-License-Identifier: Apache-2.0
watthour_room(sample
  USES app storage formats payments billing metering service customers tariff money calendar quantity
  LIBS fmt::fmt
  HEADERS sample/chance.hpp sample/channel_load.hpp
    sample/create_sample.hpp sample/customers.hpp sample/customers_pay.hpp sample/errors.hpp
    sample/let_staff_in.hpp sample/live_through.hpp sample/meter_files.hpp sample/meter_stock.hpp
    sample/meters.hpp sample/names.hpp sample/route_files.hpp sample/sample_utility.hpp
    sample/shapes.hpp sample/slots.hpp
  SOURCES sample/ach_return_file.cpp sample/channel_load.cpp
    sample/create_sample.cpp sample/customers.cpp sample/let_staff_in.cpp sample/live_through.cpp sample/lockbox_file.cpp sample/meter_files.cpp sample/meter_stock.cpp sample/meters.cpp
    sample/names.cpp sample/plan_payments.cpp sample/route_files.cpp sample/sample_utility.cpp
    sample/shapes.cpp sample/slots.cpp
  TESTS sample/customers_pay_test.cpp sample/meter_files_test.cpp sample/sample_utility_test.cpp
    sample/shapes_test.cpp)

watthour_embed(TARGET watthour_sample NAMESPACE watthour::sample_files
  BASE ${CMAKE_SOURCE_DIR}/data/interval
  FILES fontana-building_1.csv fontana-building_2.csv fontana-building_4.csv
    nrel-commercial-load-kw-hourly.csv)
