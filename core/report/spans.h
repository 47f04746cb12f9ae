// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QList>
#include <QPair>

namespace mha {

/// A span of time, begin and end; empty or turned round it counts as nothing.
using Span = QPair<Instant, Instant>;

// Sets of time as lists of spans. All pure; what they return is sorted, without overlap and without empty spans.

/// What any of the spans covers, within `whole`.
QList<Span> joined(QList<Span> spans, const Span& whole);
/// What both cover. Both must be as joined() returns them.
QList<Span> common(const QList<Span>& a, const QList<Span>& b);
/// What `spans` leaves of `whole`. `spans` must be as joined() returns it.
QList<Span> rest(const QList<Span>& spans, const Span& whole);
/// How long they are together. `spans` must be as joined() returns it.
Duration length(const QList<Span>& spans);

} // namespace mha
