# SPDX-License-Identifier: Apache-2.0
set(METERING_BLOCK_HEADERS metering/day_sums.hpp metering/errors.hpp metering/interval_block.hpp
  metering/interval_kernels.hpp metering/varint.hpp)
set(METERING_BLOCK_SOURCES metering/day_sums.cpp metering/interval_block.cpp metering/interval_kernels.cpp)
set(METERING_BLOCK_TESTS metering/day_sums_test.cpp metering/interval_block_test.cpp)
