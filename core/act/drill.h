// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"

#include <QList>
#include <QString>

namespace mha {

// A drill: a switchover and another one back, told from others in the history by the begin of its reason.

/// The reason that both moves are recorded with.
QString drillReason(const QString& reason);

/// Pure: the moves there and back of the last drill that was done whole; empty: there is none. `moves` from old to new.
QList<ActionRecord> lastDrill(const QList<ActionRecord>& moves);

/// Pure: "Outage there and back: 1.02 s and 0.98 s. The drill of 2026-01-02T03:04:05Z: 1.10 s and 1.05 s."
QString drillSummary(const QList<ActionRecord>& moves, const QList<ActionRecord>& last);

} // namespace mha
