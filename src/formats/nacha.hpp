// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "formats/fields.hpp"
#include "money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// A 7 record. Types 05 (payment text), 98 (notice of change) and 99 (return) are taken apart;
/// any other keeps all behind its type in `text`.
struct NachaAddenda {
    std::int64_t line = 0;
    std::string type = "05";
    std::string reason;          ///< R01 of a return, C01 of a notice of change
    std::string original_trace;  ///< of the entry that comes back: match on this and the amount
    std::string original_bank;   ///< first eight digits of the bank that had received it
    std::string date_of_death;   ///< YYMMDD, only with R14 and R15
    std::string corrected_data;  ///< of a notice of change; may hold an account number
    std::string text;
    std::string trace;  ///< of the return itself
    int sequence = 1;   ///< of type 05
    friend bool operator==(const NachaAddenda&, const NachaAddenda&) = default;
};

/// A 6 record.
struct NachaEntry {
    std::int64_t line = 0;
    std::string code;     ///< transaction code: 22 credit, 27 debit to checking ...
    std::string routing;  ///< nine digits
    std::string account;  ///< as the bank writes it; show only masked()
    Money amount;
    std::string individual_id;  ///< the utility's account number
    std::string name;
    std::string discretionary;
    std::string trace;  ///< 15 digits
    std::vector<NachaAddenda> addenda;
    [[nodiscard]] std::string masked() const { return masked_account(account); }
    [[nodiscard]] bool is_debit() const;
    friend bool operator==(const NachaEntry&, const NachaEntry&) = default;
};

/// A 5 record, its entries and its 8 record.
struct NachaBatch {
    std::int64_t line = 0;
    std::string service_class = "200";  ///< 200 mixed, 220 credits, 225 debits, 280 advices
    std::string company_name;
    std::string discretionary;
    std::string company_id;
    std::string sec;  ///< PPD, CCD, WEB, COR ...
    std::string description;
    std::string descriptive_date;
    std::optional<Date> effective;
    std::string settlement;  ///< Julian day, filled by the operator
    std::string originator_status = "1";
    std::string originating_bank;  ///< eight digits
    int number = 1;
    std::vector<NachaEntry> entries;
    friend bool operator==(const NachaBatch&, const NachaBatch&) = default;
};

struct NachaTotals {
    std::int64_t batches = 0;  ///< closed ones
    std::int64_t entries = 0;
    std::int64_t addenda = 0;
    Money debits;
    Money credits;
    std::int64_t hash = 0;
    friend bool operator==(const NachaTotals&, const NachaTotals&) = default;
};

struct NachaFile {
    std::string immediate_destination;  ///< ten characters: blank and routing number
    std::string immediate_origin;
    std::optional<Date> created;
    std::string created_time;  ///< HHMM
    std::string id_modifier = "A";
    std::string destination_name;
    std::string origin_name;
    std::string reference;
    std::vector<NachaBatch> batches;
    NachaTotals totals;  ///< as counted, not as the controls say
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad

    [[nodiscard]] bool ok() const { return problems.empty(); }
};

/// An entry that came back.
struct NachaReturn {
    std::int64_t line = 0;
    std::string reason;
    std::string original_trace;
    Money amount;
    std::string individual_id;
    friend bool operator==(const NachaReturn&, const NachaReturn&) = default;
};

/// Reads an ACH file and proves its counts, hashes and totals.
///
/// Units:    cents. Lines may end in LF, CRLF or not at all; short header and control lines are
///           padded; padding lines of nines may be missing.
/// Errors:   never; problems are nacha.record_type, record_order, line_length, not_numeric,
///           format_code, file_header, file_control, batch_header, batch_not_closed,
///           transaction_code, service_class, routing_check_digit, addenda_indicator,
///           addenda_count, addenda_type, return_reason, batch_count, batch_hash, batch_debit,
///           batch_credit, file_batches, file_count, file_hash, file_debit, file_credit,
///           control_differs, name_blank, not_ascii, unknown_reason. Notes are nacha.blocks,
///           padded, trace_order, no_line_ends, date, and unknown_reason of an entry coded as a
///           return, service_class of an IAT batch.
/// Source:   NACHA-FILE.
[[nodiscard]] NachaFile read_nacha(std::string_view bytes);

/// Writes the file in upper case ASCII with counts, hashes, totals and padding to ten lines;
/// `totals` is worked out anew. IAT and ADV batches are read but not written (a defect).
[[nodiscard]] std::string write_nacha(const NachaFile& file);

/// The entries with a return addenda (99), in the order of the file.
[[nodiscard]] std::vector<NachaReturn> returns_of(const NachaFile& file);

}  // namespace watthour::formats
