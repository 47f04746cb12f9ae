// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <optional>

namespace mha {

/// Adds up how long clients of the VIP were without an answer, from the probe's answers in the order of their times.
/// One interruption lasts from the last good answer before a missing one to the next good one. Pure, single thread.
class OutageMeter {
public:
    /// A probe's answer; one that was seen before changes nothing.
    void see(const VipProbeSeen& probe);
    /// A good answer that came at `at`, known by other means than its probe.
    void answered(Instant at);
    /// Nothing before the first good answer; zero when none was missing. An interruption that has not ended counts up
    /// to the last question.
    std::optional<Duration> total() const;

private:
    std::optional<Instant> lastGood_;
    std::optional<Instant> lastMissing_; ///< while an interruption lasts
    Duration ended_{};
};

} // namespace mha
