// SPDX-License-Identifier: Apache-2.0
#include "finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace watthour::tidy {
namespace {

auto key(const Finding& finding) {
    return std::tie(finding.file, finding.line, finding.rule, finding.what);
}

}  // namespace

std::string to_text(const Finding& finding) {
    return fmt::format("{}:{}: {}: {}; {}", finding.file, finding.line, finding.rule, finding.what,
                       finding.instead);
}

void sort_findings(Findings& findings) {
    std::sort(findings.begin(), findings.end(),
              [](const Finding& a, const Finding& b) { return key(a) < key(b); });
    findings.erase(std::unique(findings.begin(), findings.end(),
                               [](const Finding& a, const Finding& b) { return key(a) == key(b); }),
                   findings.end());
}

}  // namespace watthour::tidy
