// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

#include <QString>
#include <QTimeZone>

namespace mha {

// The words of the HTML report. All pure; all times UTC.

/// "2026-03-01", "12:00:05", and both.
QString dayText(Instant at);
QString clockText(Instant at);
QString momentText(Instant at);

/// "2026-03-01 12:00:05.250 UTC", and without the word in any other zone: a window shows local time throughout.
QString zonedText(Instant at, const QTimeZone& zone);

/// "1 outage", "3 outages".
QString counted(qint64 count, const QString& one, const QString& several);
/// "99.989 %": rounded down, with as many digits as keep an outage from vanishing.
QString percentText(double fraction);
/// "4.4 s" with its parts kept on one line.
QString lengthText(Duration length);
/// "5 s", "2.5 s": a length that somebody chose, not one that was measured.
QString objectiveText(Duration objective);
/// "± 30 ms"
QString errorText(Duration error);

/// "Failover", "Recovered in place", "Switchover", "Failback".
QString kindText(const Failover& failover);
/// "master → backup", "on master", "to backup"; "between unknown nodes" where nothing is known.
QString wayText(const QString& from, const QString& to);
/// "container died"
QString triggerWords(const QString& trigger);

/// Outages that clients saw: moves without one are not among them, outages without an end are.
qsizetype outageCount(const ReportModel& report);
bool hadOutage(const Failover& failover);
bool missedRto(const Failover& failover, Duration rto);

/// What the period was like, in two or three sentences.
QString summaryText(const ReportModel& report);

} // namespace mha
