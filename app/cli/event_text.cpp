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

/// What was rebuilt is known less well, and says so.
QString recoveryText(const Failover& failover) {
    const QString time = toText(failover.recovery());
    return failover.reconstructed() ? u"%1 ± %2"_s.arg(time, toText(failover.error)) : time;
}

QString orDash(const QString& text) {
    return text.isEmpty() ? u"-"_s : text;
}

} // namespace

QString eventText(const Event& event, bool colours) {
    const QString severity = event.severity == Severity::Info ? QString() : severityName(event.severity) + u": "_s;
    const QString node = event.node.isEmpty() ? QString() : event.node + u": "_s;
    return toIso(event.at) + u"  "_s + shaded(severity + node + event.text, shadeOf(event.severity), colours) +
           u" ["_s + event.code + (event.source == u"reconstructed" ? u", reconstructed]"_s : u"]"_s);
}

QStringList failoverTable(const QList<Failover>& failovers) {
    if (failovers.isEmpty())
        return {u"No failover is recorded in this period."_s};
    QList<QStringList> rows{
        {u"BEGIN"_s, u"KIND"_s, u"FROM"_s, u"TO"_s, u"RECOVERY"_s, u"TRIGGER"_s, u"SOURCE"_s, u"REASON"_s}};
    for (const Failover& f : failovers) {
        rows.append({toIso(f.startedAt), failoverKindName(f.kind), orDash(f.from), orDash(f.to), recoveryText(f),
                     orDash(f.trigger), f.source, orDash(f.reason)});
    }
    return alignColumns(rows);
}

} // namespace mha::cli
