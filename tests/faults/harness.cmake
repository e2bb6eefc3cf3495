# SPDX-License-Identifier: Apache-2.0
# Faults below the database: the power is cut, and the k-th write, sync, open or allocation fails.
foreach(name IN ITEMS power_cut kth_failure)
  add_executable(${name}_test ${name}_test.cpp recording_vfs.cpp)
  target_link_libraries(${name}_test PRIVATE watthour::storage watthour::warnings
    SQLite::SQLite3 GTest::gtest GTest::gtest_main)
  target_include_directories(${name}_test PRIVATE ${CMAKE_CURRENT_LIST_DIR})
  add_test(NAME faults.${name} COMMAND ${name}_test)
  set_tests_properties(faults.${name} PROPERTIES TIMEOUT 300)
endforeach()
