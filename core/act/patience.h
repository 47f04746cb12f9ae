// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/runner.h"

#include <chrono>

namespace mha {

/// How long a node's Docker, or its program, is waited for when it is asked what runs.
inline constexpr std::chrono::milliseconds kAsk{5000};
/// How long a node that went out of sight is waited for: a link that breaks is up again within a few seconds.
inline constexpr std::chrono::milliseconds kLinkReturns{20'000};

/// Asks again for as long as the answer is that there was none (a link that is renewed, an Engine that hangs for a
/// moment), until `patience` is over. Any other answer, good or bad, is the answer.
template <typename Ask> auto patiently(World& world, std::chrono::milliseconds patience, Ask ask) -> decltype(ask()) {
    constexpr std::chrono::milliseconds kBetween{500};
    const Instant until = world.now() + patience;
    for (;;) {
        auto answer = ask();
        const bool none =
            !answer && (answer.error().code == ErrorCode::TimedOut || answer.error().code == ErrorCode::Unreachable);
        if (!none || world.now() >= until)
            return answer;
        world.waitUntil([](const Picture&) { return false; }, kBetween);
    }
}

} // namespace mha
