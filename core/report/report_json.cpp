// SPDX-License-Identifier: GPL-3.0-or-later

// The report as one JSON object.

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

template <typename T> QJsonArray arrayOf(const QList<T>& values) {
    QJsonArray array;
    for (const T& value : values)
        array.append(toJson(value));
    return array;
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
        {u"outage_s"_s, toSeconds(report.outage)},
        {u"planned_outage_s"_s, toSeconds(report.plannedOutage)},
        {u"availability"_s, report.availability ? QJsonValue(*report.availability) : QJsonValue()},
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
