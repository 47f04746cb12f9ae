// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"
#include "report/drawing.h"

#include <QTimeZone>

namespace mha {

/// One failover on its time axis, 0 s at its begin: the outage with its error bar, below it a row a phase
/// with node, bar, error bar and figure, a row for its moves and one for the events of each node. Phases that ran
/// beside the others are hollow. Moments are told in `zone`. The RTO is a line across all. Height follows from the
/// rows. Pure.
Drawing waterfall(const Failover& failover, const QList<Event>& events, Duration rto, const QTimeZone& zone,
                  double width);

/// How far around an outage its events are looked for: what led to it, and what came of it.
inline constexpr Duration kMomentBefore = std::chrono::seconds(10);
inline constexpr Duration kMomentAfter = std::chrono::seconds(10);

/// RFC 4180: a row for the outage, each phase and each move.
QByteArray waterfallCsv(const Failover& failover);

} // namespace mha
