// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "print/drawing_painter.h"
#include "ui/theme.h"

class QPointF;
class QRectF;

namespace mha {

// A chart's values in the colours of a theme, and what is under the pointer in it. All pure; GUI thread.

QColor inkColor(const Theme& theme, Ink ink);
Inks inksOf(const Theme& theme);
/// A legend's pattern, as in the charts themselves.
void paintKey(QPainter& painter, const QRectF& box, Ink ink);

/// Indices of the marks that have something to say, from left to right.
QList<qsizetype> tellingMarks(const Drawing& drawing);
/// Of the uppermost mark at this place, with some room around small ones; -1: none has anything to say there.
qsizetype tellingMarkAt(const Drawing& drawing, const QPointF& place);
QString tipOf(const Mark& mark);
/// Where it is painted.
QRectF boundsOf(const Mark& mark);

} // namespace mha
