// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

namespace mha {

/// One of the numbers that stand above everything else.
struct KeyFigure {
    enum class Tone { Plain, Good, Bad };

    QString label;
    QString figure;
    QString note;
    Tone tone = Tone::Plain;
};

/// Availability, outages, RTO met, median and worst recovery. Pure.
QList<KeyFigure> keyFigures(const ReportModel& report);

} // namespace mha
