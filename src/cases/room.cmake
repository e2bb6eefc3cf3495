# SPDX-License-Identifier: Apache-2.0
watthour_room(cases
  USES formats rating usage tariff metering quantity money calendar
  HEADERS cases/errors.hpp cases/export_urdb.hpp cases/rate_case.hpp cases/rate_case_input.hpp cases/rate_usage.hpp
    cases/rate_year.hpp cases/read_year_case.hpp cases/tariff_source.hpp cases/watthour_rating.h
  SOURCES cases/export_urdb.cpp cases/rate_case.cpp cases/rate_case_input.cpp cases/rate_case_usage.cpp
    cases/rate_usage.cpp cases/rate_year.cpp cases/read_year_case.cpp cases/tariff_source.cpp cases/watthour_rating.cpp)
set_source_files_properties(cases/watthour_rating.cpp PROPERTIES
  COMPILE_DEFINITIONS WATTHOUR_VERSION="${PROJECT_VERSION}")

include(cases/library.cmake)
