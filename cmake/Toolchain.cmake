# SPDX-License-Identifier: Apache-2.0
# Compiler switches shared by every target: warnings, ccache, the fast linker.
add_library(watthour_warnings INTERFACE)
add_library(watthour::warnings ALIAS watthour_warnings)
target_compile_options(watthour_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual
  # g++ 12 sees overlapping copies in string concatenation that are not there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(WATTHOUR_WERROR)
  target_compile_options(watthour_warnings INTERFACE -Werror)
endif()

find_program(WATTHOUR_CCACHE ccache)
if(WATTHOUR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WATTHOUR_CCACHE})
endif()
find_program(WATTHOUR_MOLD mold)
if(WATTHOUR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
