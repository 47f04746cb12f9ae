// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mha {

/// How long a peer has been silent, judged at each heartbeat. Pure: the clock is handed in. A time in which our own
/// thread was not run (the heartbeat itself came late) is not held against the peer: it was not asked either.
class Silence {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class Verdict { Heard, Silent, Lost };

    /// Heartbeats further apart than they should be by this mean that we were held up, not the peer.
    static constexpr std::chrono::milliseconds kLate{300};

    explicit Silence(Time now) : lastHeard_(now), lastJudged_(now) {}

    void heard(Time now) {
        lastHeard_ = std::max(lastHeard_, now);
        lastJudged_ = std::max(lastJudged_, now); // our thread runs
    }

    /// Call no later than kHeartbeatEvery after the last call or the last heard(), after everything received has been
    /// read.
    Verdict judge(Time now) {
        const auto late = now - std::exchange(lastJudged_, now) - kHeartbeatEvery;
        if (late > kLate)
            lastHeard_ = std::min(now, lastHeard_ + late);
        const auto silent = now - lastHeard_;
        if (silent >= kLostAfter)
            return Verdict::Lost;
        return silent >= kSilentAfter ? Verdict::Silent : Verdict::Heard;
    }

    Time lastHeard() const { return lastHeard_; }

private:
    Time lastHeard_;
    Time lastJudged_;
};

} // namespace mha
