# SPDX-License-Identifier: Apache-2.0
# watthour_room(NAME USES rooms... LIBS libraries... HEADERS ... SOURCES ... TESTS ...)
#
# One room: a static library watthour::NAME, its headers as a file set, its unit tests.
# A room may use only rooms that stand above it in src/CMakeLists.txt.
set_property(GLOBAL PROPERTY WATTHOUR_ROOMS "")

function(watthour_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBS;HEADERS;SOURCES;TESTS" ${ARGN})
  get_property(above GLOBAL PROPERTY WATTHOUR_ROOMS)
  foreach(used IN LISTS ROOM_USES)
    if(NOT used IN_LIST above)
      message(FATAL_ERROR "room ${name} uses ${used}, which does not stand above it in src/CMakeLists.txt")
    endif()
  endforeach()

  set(sources ${ROOM_SOURCES})
  if(NOT sources)
    # A room of headers alone still compiles each of them once.
    foreach(header IN LISTS ROOM_HEADERS)
      string(REPLACE "/" "_" flat ${header})
      set(unit ${CMAKE_CURRENT_BINARY_DIR}/alone/${flat}.cpp)
      file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n" @ONLY)
      list(APPEND sources ${unit})
    endforeach()
  endif()
  add_library(watthour_${name} STATIC ${sources})
  add_library(watthour::${name} ALIAS watthour_${name})
  target_sources(watthour_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${CMAKE_SOURCE_DIR}/src FILES ${ROOM_HEADERS})
  target_include_directories(watthour_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND watthour::)
  target_link_libraries(watthour_${name} PUBLIC ${ROOM_USES} ${ROOM_LIBS} PRIVATE watthour::warnings)
  if(NOT name STREQUAL "base")
    target_link_libraries(watthour_${name} PUBLIC watthour::base)
  endif()
  set_property(GLOBAL APPEND PROPERTY WATTHOUR_ROOMS ${name})

  if(WATTHOUR_TESTS AND ROOM_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE watthour::${name} watthour::warnings
      GTest::gtest GTest::gmock GTest::gtest_main)
    add_test(NAME unit.${name} COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
