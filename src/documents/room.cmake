# SPDX-License-Identifier: Apache-2.0
watthour_room(documents
  USES money calendar quantity
  LIBS PkgConfig::PDF watthour_zint fontconfig harfbuzz z
  HEADERS documents/bill_page.hpp documents/bill_parts.hpp documents/bill_pdf.hpp
    documents/code128.hpp documents/format.hpp documents/pdf_finish.hpp documents/pen.hpp
    documents/pen_fonts.hpp
  SOURCES documents/bill_charges.cpp documents/bill_chart.cpp documents/bill_foot.cpp
    documents/bill_head.cpp documents/bill_pdf.cpp documents/bill_reads.cpp
    documents/bill_side.cpp documents/code128.cpp documents/format.cpp documents/pdf_finish.cpp
    documents/pen.cpp documents/pen_fonts.cpp
  TESTS documents/bill_pdf_test.cpp documents/bill_samples.hpp documents/bill_samples.cpp documents/format_test.cpp)
# Only the test reads with QPDF; its old smart pointers warn otherwise.
if(TARGET documents_test)
  target_compile_definitions(documents_test PRIVATE POINTERHOLDER_TRANSITION=4)
endif()
