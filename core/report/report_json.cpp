// SPDX-License-Identifier: GPL-3.0-or-later

// The report as one JSON object.

#include "report/availability.h"
#include "report/json.h"
#include "report/report.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QJsonObject toJson(const QPair<Instant, Instant>& span) {
    return {{u"from"_s, toIso(span.first)},
            {u"until"_s, toIso(span.second)},
            {u"duration_s"_s, toSeconds(span.second - span.first)}};
}

QJsonObject toJson(const AvailabilitySpan& span) {
    return {{u"from"_s, toIso(span.from)},
            {u"until"_s, toIso(span.until)},
            {u"covered_s"_s, toSeconds(span.covered)},
            {u"outage_s"_s, toSeconds(span.outage)},
            {u"planned_outage_s"_s, toSeconds(span.plannedOutage)},
            {u"availability"_s, span.availability ? QJsonValue(*span.availability) : QJsonValue()},
            {u"budget_s"_s, toSeconds(span.budget)},
            {u"budget_left_s"_s, toSeconds(span.budget - span.outage)}};
}

template <typename T> QJsonArray arrayOf(const QList<T>& values) {
    QJsonArray array;
    for (const T& value : values)
        array.append(toJson(value));
    return array;
}

QJsonValue toJson(const std::optional<Percentiles>& figures) {
    if (!figures)
        return {};
    return QJsonObject{{u"count"_s, figures->count},
                       {u"p50_s"_s, toSeconds(figures->p50)},
                       {u"p95_s"_s, toSeconds(figures->p95)},
                       {u"p99_s"_s, toSeconds(figures->p99)},
                       {u"worst_s"_s, toSeconds(figures->worst)}};
}

QJsonValue orNull(std::optional<Duration> duration) {
    return duration ? QJsonValue(toSeconds(*duration)) : QJsonValue();
}

} // namespace

QByteArray toJson(const ReportModel& report) {
    const QJsonObject object{
        {u"pair"_s, report.pair},
        {u"vip"_s, report.vip},
        {u"from"_s, toIso(report.from)},
        {u"until"_s, toIso(report.until)},
        {u"made_at"_s, toIso(report.madeAt)},
        {u"rto_s"_s, toSeconds(report.rto)},
        {u"covered_s"_s, toSeconds(report.covered)},
        {u"reconstructed_s"_s, toSeconds(report.reconstructed)},
        {u"outage_s"_s, toSeconds(report.outage)},
        {u"planned_outage_s"_s, toSeconds(report.plannedOutage)},
        {u"availability"_s, report.availability ? QJsonValue(*report.availability) : QJsonValue()},
        {u"target"_s, report.target},
        {u"availability_by_day"_s, arrayOf(availabilityBy(report, CalendarUnit::Day, QTimeZone::utc()))},
        {u"availability_by_week"_s, arrayOf(availabilityBy(report, CalendarUnit::Week, QTimeZone::utc()))},
        {u"availability_by_month"_s, arrayOf(availabilityBy(report, CalendarUnit::Month, QTimeZone::utc()))},
        {u"recovery_unplanned"_s, toJson(report.unplannedRecovery)},
        {u"recovery_planned"_s, toJson(report.plannedRecovery)},
        {u"unplanned"_s, report.unplanned},
        {u"planned"_s, report.planned},
        {u"rto_missed"_s, report.rtoMissed},
        {u"median_s"_s, orNull(report.median)},
        {u"worst_s"_s, orNull(report.worst)},
        {u"failovers"_s, arrayOf(report.failovers)},
        {u"actions"_s, arrayOf(report.actions)},
        {u"events"_s, arrayOf(report.events)},
        {u"gaps"_s, arrayOf(report.gaps)},
        {u"unended_outages"_s, arrayOf(report.unended)},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace mha
