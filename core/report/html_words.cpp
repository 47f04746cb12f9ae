// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_words.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QString outageText(const ReportModel& report) {
    const QString times = outageCount(report) == 1 ? u"once"_s : u"%1 times"_s.arg(outageCount(report));
    QString planned;
    if (report.plannedOutage > Duration::zero()) {
        planned = report.plannedOutage == report.outage ? u", all of it planned"_s
                                                        : u", %1 of it planned"_s.arg(lengthText(report.plannedOutage));
    }
    return u"Service was interrupted %1. In the %2 that were watched, clients were without it for %3%4: %5 available."_s
        .arg(times, lengthText(report.covered), lengthText(report.outage), planned,
             percentText(report.availability.value_or(0)));
}

QString rtoText(const ReportModel& report) {
    const qsizetype measured = std::ranges::count_if(report.failovers, hadOutage);
    if (measured == 0)
        return {};
    const QString rto = objectiveText(report.rto);
    if (report.rtoMissed == 0) {
        return measured == 1 ? u" It was back within the recovery time objective of %1."_s.arg(rto)
                             : u" Each time it was back within the recovery time objective of %1."_s.arg(rto);
    }
    if (measured == 1)
        return u" It took longer than the recovery time objective of %1."_s.arg(rto);
    return u" %1 of %2 recoveries took longer than the recovery time objective of %3."_s.arg(
        QString::number(report.rtoMissed), QString::number(measured), rto);
}

} // namespace

QString dayText(Instant at) {
    return toIso(at).left(10);
}

QString clockText(Instant at) {
    return toIso(at).mid(11, 8);
}

QString momentText(Instant at) {
    return dayText(at) + u' ' + clockText(at);
}

QString zonedText(Instant at, const QTimeZone& zone) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
    const QString text = QDateTime::fromMSecsSinceEpoch(ms, zone).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s);
    return zone == QTimeZone::utc() ? text + u" UTC"_s : text;
}

QString counted(qint64 count, const QString& one, const QString& several) {
    return QString::number(count) + u' ' + (count == 1 ? one : several);
}

QString percentText(double fraction) {
    if (fraction >= 1.0)
        return u"100"_s + QChar::Nbsp + u'%';
    const double percent = fraction * 100.0;
    int decimals = 2;
    while (decimals < 6 && 100.0 - percent < 10.0 * std::pow(10.0, -decimals))
        ++decimals;
    const double scale = std::pow(10.0, decimals);
    QString digits = QString::number(std::floor(percent * scale + 1e-6) / scale, 'f', decimals);
    for (; decimals > 2 && digits.endsWith(u'0'); --decimals)
        digits.chop(1);
    return digits + QChar::Nbsp + u'%';
}

QString lengthText(Duration length) {
    return toText(length).replace(u' ', QChar::Nbsp);
}

QString objectiveText(Duration objective) {
    const double seconds = toSeconds(objective);
    return seconds < 60 ? QString::number(seconds, 'g', 6) + QChar::Nbsp + u's' : lengthText(objective);
}

QString errorText(Duration error) {
    return u'±' + QString(QChar::Nbsp) + lengthText(error);
}

QString kindText(const Failover& failover) {
    switch (failover.kind) {
    case FailoverKind::Failover:
        return failover.from == failover.to && !failover.to.isEmpty() ? u"Recovered in place"_s : u"Failover"_s;
    case FailoverKind::Switchover:
        return u"Switchover"_s;
    case FailoverKind::Failback:
        return u"Failback"_s;
    }
    return {};
}

QString wayText(const QString& from, const QString& to) {
    if (from.isEmpty() && to.isEmpty())
        return u"between unknown nodes"_s;
    if (from == to)
        return u"on %1"_s.arg(to);
    if (from.isEmpty())
        return u"to %1"_s.arg(to);
    if (to.isEmpty())
        return u"away from %1"_s.arg(from);
    return from + u" → "_s + to;
}

QString triggerWords(const QString& trigger) {
    if (trigger.isEmpty() || trigger == u"unknown"_s)
        return u"cause not seen"_s;
    QString words = trigger;
    return words.replace(u'-', u' ');
}

bool hadOutage(const Failover& failover) {
    return failover.recovery() > Duration::zero();
}

bool missedRto(const Failover& failover, Duration rto) {
    return failover.recovery() > rto;
}

qsizetype outageCount(const ReportModel& report) {
    return std::ranges::count_if(report.failovers, hadOutage) + report.unended.size();
}

QString summaryText(const ReportModel& report) {
    if (report.covered == Duration::zero()) {
        const QString known =
            report.failovers.isEmpty()
                ? QString()
                : u" What is known of it was put together afterwards: %1."_s.arg(
                      counted(report.failovers.size(), u"interruption or move"_s, u"interruptions and moves"_s));
        return u"Nobody watched the pair in this period, so nothing can be said about its availability."_s + known;
    }
    QString text;
    if (!report.unended.isEmpty()) {
        const auto& [since, until] = report.unended.last();
        text = until == report.until
                   ? u"Milvus has not answered through the VIP since %1 UTC. "_s.arg(momentText(since))
                   : u"The outage of %1 UTC was not seen to end. "_s.arg(momentText(since));
    }
    if (outageCount(report) == 0) {
        text += u"No outage was seen in the %1 that were watched."_s.arg(lengthText(report.covered));
        if (!report.failovers.isEmpty())
            text += u" Milvus moved %1 without one."_s.arg(counted(report.failovers.size(), u"time"_s, u"times"_s));
    } else {
        text += outageText(report) + rtoText(report);
    }
    if (!report.gaps.isEmpty())
        text += u" Not everything was watched: see the gaps."_s;
    return text;
}

} // namespace mha
