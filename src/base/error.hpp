// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour {

/// Exit codes of every command (quality bar G2).
enum class ExitCode : int {
    done = 0,
    some_rejected = 1,
    usage = 2,
    not_found = 3,
    refused = 4,
    stale = 5,
    needs_approval = 6,
    invalid = 7,
    duplicate = 8,
    resumable = 9,
    unavailable = 69,
    defect = 70,
    io = 74,
    retry = 75,
    interrupted = 130,
};

/// One refusal of a room, listed once in its errors.def. Slugs are stable: room.noun_problem.
struct ErrorKind {
    std::string_view slug;
    ExitCode exit;
    std::string_view sentence;  ///< with named holes: "Meter {meter}: ..."
    std::string_view next;      ///< what to do
};

using Facts = std::vector<std::pair<std::string_view, std::string>>;

/// A refusal with the facts that fill its holes. Holds no secrets and no bank numbers.
class Error {
public:
    Error(const ErrorKind& kind, Facts facts) : kind_(&kind), facts_(std::move(facts)) {}

    [[nodiscard]] const ErrorKind& kind() const { return *kind_; }
    [[nodiscard]] std::string_view slug() const { return kind_->slug; }
    [[nodiscard]] const Facts& facts() const { return facts_; }
    [[nodiscard]] bool is(const ErrorKind& kind) const { return kind_->slug == kind.slug; }
    /// The sentence with its holes filled.
    [[nodiscard]] std::string message() const;
    /// The next step with its holes filled.
    [[nodiscard]] std::string next() const;

private:
    const ErrorKind* kind_;
    Facts facts_;
};

}  // namespace watthour
