// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/key_figures.h"

#include "report/html_words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

using Tone = KeyFigure::Tone;

QString shareOfPeriod(const ReportModel& report) {
    const Duration period = report.until - report.from;
    if (report.gaps.isEmpty() || period <= Duration::zero())
        return u"of the whole period"_s;
    return u"of the %1 that were watched, %2 of the period"_s.arg(
        lengthText(report.covered), percentText(toSeconds(report.covered) / toSeconds(period)));
}

QString outageNote(const ReportModel& report) {
    const auto quiet =
        std::ranges::count_if(report.failovers, [](const Failover& failover) { return !hadOutage(failover); });
    const auto planned = std::ranges::count_if(
        report.failovers, [](const Failover& failover) { return hadOutage(failover) && failover.planned(); });
    QString note = u"%1 unplanned, %2 planned"_s.arg(outageCount(report) - planned).arg(planned);
    if (outageCount(report) > 0)
        note += u"; %1 without service"_s.arg(lengthText(report.outage));
    return quiet > 0 ? note + u". %1 without an outage"_s.arg(counted(quiet, u"move"_s, u"moves"_s)) : note;
}

KeyFigure availability(const ReportModel& report) {
    if (!report.availability)
        return {u"Availability"_s, u"not known"_s, u"nobody watched"_s};
    return {u"Availability"_s, percentText(*report.availability), shareOfPeriod(report)};
}

KeyFigure outages(const ReportModel& report) {
    if (report.covered == Duration::zero() && report.failovers.isEmpty())
        return {u"Outages"_s, u"not known"_s, u"nobody watched"_s};
    return {u"Outages"_s, QString::number(outageCount(report)), outageNote(report)};
}

KeyFigure rtoMet(const ReportModel& report, qsizetype measured) {
    const QString rto = objectiveText(report.rto);
    if (measured == 0)
        return {u"RTO met"_s, u"–"_s, u"no outage to measure; the RTO is %1"_s.arg(rto)};
    const QString figure = u"%1 of %2"_s.arg(measured - report.rtoMissed).arg(measured);
    if (report.rtoMissed == 0)
        return {u"RTO met"_s, figure, u"within %1"_s.arg(rto), Tone::Good};
    return {u"RTO met"_s, figure, u"%1 took longer than %2"_s.arg(QString::number(report.rtoMissed), rto), Tone::Bad};
}

KeyFigure worst(const ReportModel& report) {
    if (!report.worst)
        return {u"Worst recovery"_s, u"–"_s, u"no outage"_s};
    const QString rto = objectiveText(report.rto);
    if (*report.worst > report.rto)
        return {u"Worst recovery"_s, lengthText(*report.worst), u"longer than the RTO of %1"_s.arg(rto), Tone::Bad};
    return {u"Worst recovery"_s, lengthText(*report.worst), u"within the RTO of %1"_s.arg(rto)};
}

} // namespace

QList<KeyFigure> keyFigures(const ReportModel& report) {
    const qsizetype measured = std::ranges::count_if(report.failovers, hadOutage);
    const KeyFigure median{u"Median recovery"_s, report.median ? lengthText(*report.median) : u"–"_s,
                           measured > 0 ? u"of %1"_s.arg(counted(measured, u"outage"_s, u"outages"_s))
                                        : u"no outage"_s};
    return {availability(report), outages(report), rtoMet(report, measured), median, worst(report)};
}

} // namespace mha
