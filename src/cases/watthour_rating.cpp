// SPDX-License-Identifier: Apache-2.0
#include "cases/watthour_rating.h"

#include "base/json.hpp"
#include "cases/rate_case.hpp"
#include "cases/tariff_source.hpp"
#include "tariff/rate_sheet.hpp"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

struct watthour_tariffs {
    watthour::tariff::Catalogue catalogue;
};

namespace {

using namespace watthour;

/// A copy that a C program may free; null when there is no memory.
char* copy_of(const std::string& text) {
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

std::nullptr_t refused(char** problem, std::string_view rule, const std::string& message,
                       const std::string& next) {
    if (problem != nullptr) {
        *problem =
            copy_of(to_text(json::object{{"rule", rule}, {"message", message}, {"next", next}}));
    }
    return nullptr;
}

std::nullptr_t refused(char** problem, const Error& error) {
    return refused(problem, error.slug(), error.message(), error.next());
}

/// Nothing that C++ throws may pass into C.
template <typename Work>
auto guarded(char** problem, const Work& work) -> decltype(work()) {
    if (problem != nullptr) *problem = nullptr;
    try {
        return work();
    } catch (const std::exception& defect) {
        return refused(problem, "base.defect", defect.what(),
                       "Report it with the case that shows it.");
    }
}

}  // namespace

extern "C" {

const char* watthour_rating_version(void) { return WATTHOUR_VERSION; }

watthour_tariffs* watthour_tariffs_open(const char* path, char** problem) {
    return guarded(problem, [&]() -> watthour_tariffs* {
        auto loaded = cases::load_tariff(path, "");
        if (!loaded) return refused(problem, loaded.error());
        return new watthour_tariffs{std::move(loaded->catalogue)};
    });
}

watthour_tariffs* watthour_tariffs_read(const char* name, const char* yaml, char** problem) {
    return guarded(problem, [&]() -> watthour_tariffs* {
        auto loaded = tariff::load_tariff_file(name, yaml);
        if (!loaded) return refused(problem, loaded.error());
        return new watthour_tariffs{*std::move(loaded)};
    });
}

void watthour_tariffs_close(watthour_tariffs* tariffs) { delete tariffs; }

char* watthour_rate(const watthour_tariffs* tariffs, const char* case_json, char** problem) {
    return guarded(problem, [&]() -> char* {
        const auto answer = cases::rate_case(case_json, "case", tariffs->catalogue);
        if (!answer) return refused(problem, answer.error());
        return copy_of(to_text(*answer));
    });
}

char* watthour_rate_sheet(const watthour_tariffs* tariffs, const char* schedule, const char* day,
                          const char* language, char** problem) {
    return guarded(problem, [&]() -> char* {
        const auto found = tariffs->catalogue.find_schedule(schedule);
        if (!found) return refused(problem, found.error());
        const auto date = Date::parse(day);
        if (!date) return refused(problem, date.error());
        const bool spanish = std::string_view(language) == "es";
        const auto sheet =
            tariff::rate_sheet(tariffs->catalogue, **found, *date,
                               spanish ? tariff::Language::spanish : tariff::Language::english);
        if (!sheet) return refused(problem, sheet.error());
        return copy_of(to_text(tariff::to_json(*sheet)));
    });
}

void watthour_text_free(char* text) { std::free(text); }

}  // extern "C"
