// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

namespace mha {

class Paper;

/// Writes the report onto it.
void writeReport(Paper& paper, const ReportModel& report);
/// The report as PDF, A4, light: what toHtml() says, without what is folded away there. Needs a QGuiApplication; any
/// thread.
QByteArray toPdf(const ReportModel& report);

} // namespace mha
