// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "arguments.h"
#include "model/coverage.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QList>

#include <optional>

namespace mha::cli {

/// How far back a gap in the history is told.
inline constexpr std::chrono::days kHistoryLookedAt{7};

/// Pure: the finding "history-gap", where for some time since the first span nobody recorded the pair and the nodes'
/// logs did not tell either. `spans` are of the last kHistoryLookedAt; without any the pair was never recorded, which
/// is no finding.
std::optional<Reason> historyFinding(const QList<Coverage>& spans, Instant now);

/// The same of the history that the arguments name; one that is not there was never asked for.
std::optional<Reason> historyFinding(const Arguments& arguments, const Pair& pair, Instant now);

} // namespace mha::cli
