// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/lever.h"
#include "act/plan.h"

#include <chrono>

namespace mha {

/// A node that was not heard for longer than this is not taken as seen now.
inline constexpr std::chrono::milliseconds kHeardWithin{2000};
/// A fact older than this decides nothing (the slow poll that reconciles the streams is well below it).
inline constexpr std::chrono::milliseconds kSeenWithin{15000};
/// Younger than this, a transition of keepalived may still have its notify scripts at work: refused.
inline constexpr std::chrono::milliseconds kScriptsMayRun{3000};
/// Younger than this, a transition is worth a warning.
inline constexpr std::chrono::milliseconds kRecentTransition{60000};

/// Pure: the checks of a switchover from `from` (-1: nobody serves) to `to`, in the order in which an operator would
/// make them. When a node is not seen the list ends there, since all further checks would only say the same again.
QList<Check> switchoverChecks(const Picture& picture, const Pair& pair, int from, int to, const Lever& lever);

/// Pure: the checks of a takeover by `to`. The other node need not be seen; then it is said what that may mean.
QList<Check> takeoverChecks(const Picture& picture, const Pair& pair, int to, const Lever& lever);

} // namespace mha
