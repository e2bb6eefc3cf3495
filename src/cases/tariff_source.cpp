// SPDX-License-Identifier: Apache-2.0
#include "cases/tariff_source.hpp"

#include "base/files.hpp"
#include "cases/errors.hpp"
#include "formats/urdb_tariff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace watthour::cases {

namespace {

namespace fs = std::filesystem;

Error refused(const std::string& path, const Problem& problem) {
    return Error(errors::record_refused, {{"file", path},
                                          {"line", std::to_string(problem.line)},
                                          {"rule", problem.rule},
                                          {"message", problem.message},
                                          {"remedy", problem.remedy}});
}

/// The folder of tariffs that a file lies in; empty when it stands alone.
fs::path folder_of(const fs::path& file) {
    fs::path folder = fs::absolute(file).parent_path();
    for (int i = 0; i < 3 && !folder.empty(); ++i) {
        if (fs::exists(folder / "utility.yaml") && fs::exists(folder / "calendars.yaml")) {
            return folder;
        }
        folder = folder.parent_path();
    }
    return {};
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> tariff_texts(const std::string& folder) {
    std::vector<std::pair<std::string, std::string>> texts;
    std::error_code failure;
    for (fs::recursive_directory_iterator at(folder, failure), end; at != end;
         at.increment(failure)) {
        const fs::path& path = at->path();
        if (!at->is_regular_file() || (path.extension() != ".yaml" && path.extension() != ".tsv")) {
            continue;
        }
        TRY(std::string text, read_file(path.string()));
        texts.emplace_back(fs::relative(path, folder).generic_string(), std::move(text));
    }
    // The order of the files decides nothing but the content hash.
    std::sort(texts.begin(), texts.end());
    return texts;
}

Result<tariff::Catalogue> load_tariff_folder(const std::string& folder) {
    TRY(const auto texts, tariff_texts(folder));
    std::vector<EmbeddedFile> files;
    for (const auto& [name, text] : texts) files.push_back({name, text});
    return tariff::load_catalogue(files);
}

Result<ImportedTariff> import_urdb(const std::string& path,
                                   const std::map<std::string, std::string>& answers) {
    TRY(const std::string bytes, read_file(path));
    const formats::UrdbFile file = formats::read_urdb(bytes);
    if (!file.problems.empty()) return refused(path, file.problems.front());
    const formats::UrdbRecord& record = file.records.front();
    Problems problems;
    const formats::UrdbTerms terms = formats::urdb_terms(record, answers, problems);
    if (!problems.empty()) return refused(path, problems.front());
    ImportedTariff imported;
    imported.schedule = terms.schedule;
    imported.text = fmt::format(
                        "# Imported from a rate record{}{}. Questions that nobody has "
                        "answered are listed under open_questions.\n",
                        record.label.empty() ? "" : " ", record.label) +
                    formats::urdb_tariff_text(record, terms);
    for (const formats::UrdbQuestion& question : formats::urdb_questions(record)) {
        if (answers.contains(question.key)) continue;
        imported.asked.emplace_back(
            question.key, fmt::format("{} ({}{}proposed: {})", question.text, question.choices,
                                      question.choices.empty() ? "" : "; ", question.proposal));
    }
    return imported;
}

Result<LoadedTariff> load_tariff(const std::string& path, const std::string& schedule) {
    LoadedTariff loaded;
    if (fs::is_directory(path)) {
        TRY(loaded.catalogue, load_tariff_folder(path));
        return loaded;
    }
    const fs::path file(path);
    if (file.extension() != ".yaml" && file.extension() != ".yml") {
        TRY(const ImportedTariff imported, import_urdb(path, {{"schedule", schedule}}));
        TRY(loaded.catalogue, tariff::load_tariff_file(path, imported.text));
        for (const auto& [key, question] : imported.asked) {
            loaded.open_questions.push_back(key + ": " + question);
        }
        return loaded;
    }
    if (const fs::path folder = folder_of(file); !folder.empty()) {
        TRY(loaded.catalogue, load_tariff_folder(folder.string()));
        return loaded;
    }
    TRY(const std::string text, read_file(path));
    TRY(loaded.catalogue, tariff::load_tariff_file(path, text));
    for (const tariff::RateSchedule& one : loaded.catalogue.schedules) {
        loaded.open_questions.insert(loaded.open_questions.end(), one.open_questions.begin(),
                                     one.open_questions.end());
    }
    return loaded;
}

}  // namespace watthour::cases
