# SPDX-License-Identifier: Apache-2.0
# Every outside library, found on the system and named once.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(PDF REQUIRED IMPORTED_TARGET cairo-pdf pangocairo libqpdf)

find_library(WATTHOUR_ZINT_LIB zint REQUIRED)
find_path(WATTHOUR_ZINT_INC zint.h REQUIRED)
add_library(watthour_zint INTERFACE)
target_link_libraries(watthour_zint INTERFACE ${WATTHOUR_ZINT_LIB})
target_include_directories(watthour_zint SYSTEM INTERFACE ${WATTHOUR_ZINT_INC})

find_library(WATTHOUR_CCTZ_LIB cctz REQUIRED)
find_path(WATTHOUR_CCTZ_INC cctz/time_zone.h REQUIRED)
add_library(watthour_cctz INTERFACE)
target_link_libraries(watthour_cctz INTERFACE ${WATTHOUR_CCTZ_LIB})
target_include_directories(watthour_cctz SYSTEM INTERFACE ${WATTHOUR_CCTZ_INC})

if(WATTHOUR_TESTS)
  find_package(GTest REQUIRED)
endif()
