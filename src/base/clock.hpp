// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace watthour {

/// Tells the time; the only source of "now" in the program, so that any day can be simulated.
class Clock {
public:
    virtual ~Clock() = default;
    /// Seconds since 1970-01-01 00:00 UTC.
    [[nodiscard]] virtual std::int64_t now() const = 0;
};

/// The machine's clock. Made in main only.
class SystemClock final : public Clock {
public:
    [[nodiscard]] std::int64_t now() const override;
};

/// A clock that stands where it was put.
class FixedClock final : public Clock {
public:
    explicit FixedClock(std::int64_t now) : now_(now) {}
    [[nodiscard]] std::int64_t now() const override { return now_; }
    void set(std::int64_t now) { now_ = now; }

private:
    std::int64_t now_;
};

}  // namespace watthour
