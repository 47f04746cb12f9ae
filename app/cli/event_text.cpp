// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_text.h"

#include "output.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

Shade shadeOf(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return Shade::Plain;
    case Severity::Warning:
        return Shade::Caution;
    case Severity::Error:
        return Shade::Bad;
    }
    return Shade::Plain;
}

QString orDash(const QString& text) {
    return text.isEmpty() ? u"-"_s : text;
}

} // namespace

QString eventText(const Event& event, bool colours) {
    const QString severity = event.severity == Severity::Info ? QString() : severityName(event.severity) + u": "_s;
    const QString node = event.node.isEmpty() ? QString() : event.node + u": "_s;
    return toIso(event.at) + u"  "_s + shaded(severity + node + event.text, shadeOf(event.severity), colours) +
           u" ["_s + event.code + u']';
}

QStringList failoverTable(const QList<Failover>& failovers) {
    if (failovers.isEmpty())
        return {u"No failover is recorded in this period."_s};
    QList<QStringList> rows{{u"BEGIN"_s, u"KIND"_s, u"FROM"_s, u"TO"_s, u"RECOVERY"_s, u"TRIGGER"_s, u"REASON"_s}};
    for (const Failover& f : failovers) {
        rows.append({toIso(f.startedAt), failoverKindName(f.kind), orDash(f.from), orDash(f.to), toText(f.recovery()),
                     orDash(f.trigger), orDash(f.reason)});
    }
    return alignColumns(rows);
}

} // namespace mha::cli
