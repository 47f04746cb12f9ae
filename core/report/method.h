// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

namespace mha {

/// How the figures of a report come about, with how exact they are in this one: a term and its sentences each. Pure.
QList<QPair<QString, QString>> methodOf(const ReportModel& report);

} // namespace mha
