// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watthour::documents {

/// What Cairo 1.16 cannot write into a PDF.
struct PdfFacts {
    std::string_view language;  ///< "en-US"
    std::string title;
    std::vector<std::string> figure_texts;  ///< in the order drawn
};

/// Completes a PDF of Cairo: language, title shown, XMP, texts of figures, scope of table heads,
/// an identity made from the content. Small objects are packed into one compressed stream.
///
/// QPDF can do the same but takes as long as drawing the page (3 ms against 0.4); the unit test
/// reads the outcome with QPDF. Errors: bytes that are not of Cairo are a defect.
[[nodiscard]] std::string finish_pdf(std::string_view cairo_pdf, const PdfFacts& facts);

}  // namespace watthour::documents
