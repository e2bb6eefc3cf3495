// SPDX-License-Identifier: Apache-2.0
#include "tidy/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <fstream>

namespace {

using namespace watthour::tidy;

constexpr const char* usage =
    "usage: tidy ROOT                  checks the tree; exit 1 when it finds something\n"
    "       tidy --capabilities ROOT   writes docs/capabilities.md and lists what no scenario "
    "covers\n"
    "       tidy --sources ROOT        lists Source: ids that docs/sources.md does not know\n";

void print_all(const Findings& findings) {
    for (const Finding& finding : findings) fmt::print("{}\n", to_text(finding));
}

int check(const Tree& tree) {
    const Findings findings = check_all(tree);
    print_all(findings);
    const CapabilityPage page = capability_page(tree);
    fmt::print("tidy: {} files, {} findings; {} of {} capabilities are shown by a scenario\n",
               tree.files.size(), findings.size(), page.covered,
               page.covered + page.uncovered.size());
    return findings.empty() ? 0 : 1;
}

int write_capabilities(const Tree& tree) {
    const CapabilityPage page = capability_page(tree);
    std::ofstream out(tree.root / "docs/capabilities.md", std::ios::binary);
    out << page.text;
    if (!out.flush()) {
        fmt::print(stderr, "tidy: docs/capabilities.md cannot be written\n");
        return 74;
    }
    fmt::print("covered {}, not yet {}: {}\n", page.covered, page.uncovered.size(),
               fmt::join(page.uncovered, " "));
    return 0;
}

int list_sources(const Tree& tree) {
    const SourceReport report = report_sources(tree);
    print_all(report.unknown);
    fmt::print("sources: {} not listed; {} listed and named nowhere: {}\n", report.unknown.size(),
               report.unused.size(), fmt::join(report.unused, " "));
    return report.unknown.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (argc == 3 && first == "--capabilities") return write_capabilities(read_tree(argv[2]));
    if (argc == 3 && first == "--sources") return list_sources(read_tree(argv[2]));
    if (argc == 2 && !first.starts_with('-')) return check(read_tree(argv[1]));
    fmt::print(stderr, "{}", usage);
    return 2;
} catch (const std::exception& error) {
    fmt::print(stderr, "tidy: {}\n", error.what());
    return 74;
}
