// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"

#include <QBrush>
#include <QColor>
#include <QFont>

#include <functional>

class QPainter;

namespace mha {

/// What a chart is painted with: a theme's, or paper's.
struct Inks {
    std::function<QColor(Ink)> color;
    QColor surface;     ///< below the chart
    QColor plannedSoft; ///< between the stripes of what is planned
    QColor gapSoft;     ///< likewise of what nobody watched
    QFont font;
};

/// Light colours on white.
Inks paperInks(const QFont& font);

/// A plain colour, or stripes where things that lie side by side must differ without colour.
QBrush inkBrush(const Inks& inks, Ink ink);
void paintDrawing(QPainter& painter, const Drawing& drawing, const Inks& inks);

} // namespace mha
