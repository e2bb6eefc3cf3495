# SPDX-License-Identifier: Apache-2.0
# The formats room; included by src/CMakeLists.txt, paths relative to src/.
watthour_room(formats
  USES money calendar quantity
  LIBS fmt::fmt LibXml2::LibXml2 PkgConfig::XLSX
  HEADERS formats/error_file.hpp formats/guess_format.hpp formats/text_encoding.hpp formats/guess_profile.hpp formats/profile_columns.hpp formats/profile_reads.hpp formats/profile_times.hpp formats/read_profile.hpp formats/usage_export.hpp formats/as_cmep.hpp formats/urdb.hpp formats/urdb_parts.hpp formats/urdb_tariff.hpp formats/cmep.hpp formats/cmep_fields.hpp formats/csv.hpp formats/errors.hpp formats/event_codes.hpp formats/fields.hpp formats/format.hpp formats/handheld_codes.hpp formats/handheld_route.hpp
    formats/format_json.hpp formats/json_parts.hpp formats/green_button.hpp formats/handheld.hpp formats/iec61968.hpp formats/iec61968_parts.hpp formats/layout.hpp formats/lockbox.hpp
    formats/multispeak.hpp formats/multispeak_parts.hpp formats/nacha.hpp formats/nacha_records.hpp formats/nem12.hpp formats/reading_type.hpp formats/scan_line.hpp formats/table_file.hpp formats/xml_record.hpp formats/iec61968_write.hpp formats/message_login.hpp formats/multispeak_write.hpp formats/xml_walk.hpp formats/xml_write.hpp
  SOURCES formats/cmep_tou.cpp formats/error_file.cpp formats/guess_format.cpp formats/text_encoding.cpp formats/guess_profile.cpp formats/profile_columns.cpp formats/profile_reads.cpp formats/profile_rows.cpp formats/profile_times.cpp formats/read_profile.cpp formats/green_button_write.cpp formats/usage_csv_write.cpp formats/as_cmep.cpp formats/as_cmep_messages.cpp formats/event_codes.cpp formats/iec61968.cpp formats/iec61968_parts.cpp formats/message_json.cpp formats/multispeak.cpp formats/multispeak_parts.cpp formats/reading_type.cpp formats/urdb.cpp formats/urdb_csv.cpp formats/urdb_object.cpp formats/urdb_tariff.cpp formats/urdb_write.cpp formats/cmep.cpp formats/cmep_fields.cpp formats/cmep_write.cpp formats/csv.cpp formats/fields.cpp formats/format.cpp formats/handheld_codes.cpp formats/handheld_route.cpp
    formats/format_json.cpp formats/green_button.cpp formats/handheld.cpp formats/handheld_write.cpp formats/layout.cpp
    formats/lockbox.cpp formats/lockbox_write.cpp formats/nacha.cpp formats/nacha_controls.cpp
    formats/nacha_lines.cpp formats/nacha_records.cpp formats/nacha_write.cpp formats/nem12.cpp formats/read_json.cpp formats/scan_line.cpp
    formats/table_file.cpp formats/xml_record.cpp formats/iec61968_write.cpp formats/multispeak_write.cpp formats/xml_walk.cpp formats/xml_write.cpp
  TESTS formats/error_file_test.cpp formats/guess_format_test.cpp formats/guess_profile_test.cpp formats/profile_reads_test.cpp formats/read_profile_test.cpp formats/usage_export_test.cpp formats/cmep_test.cpp formats/cut_test.cpp formats/format_test.cpp
    formats/handheld_test.cpp formats/layout_test.cpp formats/lockbox_test.cpp formats/handheld_route_test.cpp
    formats/green_button_test.cpp formats/iec61968_test.cpp formats/multispeak_test.cpp formats/reading_type_test.cpp formats/xml_record_test.cpp formats/nacha_samples_test.cpp formats/nacha_test.cpp formats/nem12_test.cpp formats/scan_line_test.cpp formats/table_file_test.cpp
    formats/message_write_test.cpp formats/test_files.hpp)
watthour_embed(TARGET watthour_formats NAMESPACE watthour::formats::layouts
  BASE ${CMAKE_CURRENT_SOURCE_DIR}/formats/layouts FILES mvrs-126.json bai-lockbox.json)
watthour_embed(TARGET watthour_formats NAMESPACE watthour::formats::codes
  BASE ${CMAKE_CURRENT_SOURCE_DIR}/formats/codes FILES end-device-events.json)
watthour_embed(TARGET watthour_formats NAMESPACE watthour::formats::reader_codes
  BASE ${CMAKE_CURRENT_SOURCE_DIR}/formats/codes FILES handheld-codes.json)
watthour_embed(TARGET watthour_formats NAMESPACE watthour::formats::profiles
  BASE ${CMAKE_CURRENT_SOURCE_DIR}/formats/layouts/profiles
  FILES csv-intervals.json csv-registers.json green-button-csv.json mv90.json)
