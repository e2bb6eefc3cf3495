# SPDX-License-Identifier: Apache-2.0
# libwatthour_rating: the rooms that rating needs as one archive, for programs that want just
# this. Installed with: cmake --install build/release --component rating --prefix DIR
set(rating_rooms base money calendar quantity customers service metering tariff usage rating formats cases)
set(rating_objects)
foreach(room IN LISTS rating_rooms)
  list(APPEND rating_objects $<TARGET_OBJECTS:watthour_${room}>)
endforeach()
add_library(watthour_rating_library STATIC EXCLUDE_FROM_ALL ${rating_objects})
set_target_properties(watthour_rating_library PROPERTIES LINKER_LANGUAGE CXX
  OUTPUT_NAME watthour_rating ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

configure_file(${CMAKE_CURRENT_LIST_DIR}/watthour-rating.pc.in
  ${CMAKE_BINARY_DIR}/lib/watthour-rating.pc @ONLY)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/watthour_rating.h DESTINATION include
  COMPONENT rating EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_BINARY_DIR}/lib/libwatthour_rating.a DESTINATION lib
  COMPONENT rating EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_BINARY_DIR}/lib/watthour-rating.pc
  DESTINATION lib/pkgconfig COMPONENT rating EXCLUDE_FROM_ALL)
foreach(room IN LISTS rating_rooms)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/src/${room}
    DESTINATION include/watthour COMPONENT rating EXCLUDE_FROM_ALL
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.def")
endforeach()
