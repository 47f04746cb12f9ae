// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/csv.h"

#include "report/report.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// The phases that have a column of their own, in the order in which they follow each other.
constexpr const char* kPhases[] = {"detection", "election", "address", "container", "serving"};

QString quoted(QString field) {
    if (!std::ranges::any_of(field, [](QChar c) { return c == u'"' || c == u',' || c == u'\r' || c == u'\n'; }))
        return field;
    return u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

QString seconds(Duration duration) {
    return QString::number(toSeconds(duration), 'f', 3);
}

QString phaseSeconds(const Failover& failover, const char* name) {
    Duration sum{};
    bool found = false;
    for (const Phase& phase : failover.phases) {
        if (phase.name == QLatin1String(name)) {
            sum += phase.duration;
            found = true;
        }
    }
    return found ? seconds(sum) : QString();
}

QStringList rowOf(const Failover& failover, Duration rto) {
    QStringList row{csvSafe(failover.pair),
                    failoverKindName(failover.kind),
                    failover.planned() ? u"yes"_s : u"no"_s,
                    csvSafe(failover.trigger),
                    csvSafe(failover.from),
                    csvSafe(failover.to),
                    toIso(failover.startedAt),
                    toIso(failover.endedAt),
                    seconds(failover.recovery()),
                    seconds(failover.error),
                    seconds(rto),
                    failover.recovery() > rto ? u"no"_s : u"yes"_s};
    for (const char* phase : kPhases)
        row.append(phaseSeconds(failover, phase));
    return row << csvSafe(failover.source) << csvSafe(failover.operatorName) << csvSafe(failover.reason);
}

} // namespace

QString csvSafe(const QString& text) {
    static const QString kFormulaBegins = u"=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20"_s;
    return !text.isEmpty() && kFormulaBegins.contains(text.front()) ? u'\'' + text : text;
}

QString csvLine(QStringList fields) {
    std::ranges::transform(fields, fields.begin(), quoted);
    return fields.join(u',') + u"\r\n"_s;
}

QByteArray toCsv(const ReportModel& report) {
    QStringList header{u"pair"_s,       u"kind"_s,     u"planned"_s,    u"trigger"_s, u"from"_s,  u"to"_s,
                       u"started_at"_s, u"ended_at"_s, u"recovery_s"_s, u"error_s"_s, u"rto_s"_s, u"rto_met"_s};
    for (const char* phase : kPhases)
        header.append(QLatin1String(phase) + u"_s"_s);
    QString csv = csvLine(header << u"source"_s << u"operator"_s << u"reason"_s);
    for (const Failover& failover : report.failovers)
        csv += csvLine(rowOf(failover, report.rto));
    return csv.toUtf8();
}

} // namespace mha
