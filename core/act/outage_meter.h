// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <optional>

namespace mha {

/// Adds up how long clients of the VIP were without an answer, from the probe's answers in the order in which they were
/// asked. One interruption lasts from the last good answer before the first missing one to the next good one. Pure,
/// single thread.
class OutageMeter {
public:
    /// The newest answer; one that was seen before is taken no notice of.
    void see(const VipProbeSeen& probe);
    /// Nothing before the first good answer; zero when none was missing. An interruption that has not ended counts up
    /// to the last question.
    std::optional<Duration> total() const;

private:
    std::optional<Instant> lastGood_;
    std::optional<Instant> lastAsked_;
    bool interrupted_ = false;
    Duration ended_{};
};

} // namespace mha
