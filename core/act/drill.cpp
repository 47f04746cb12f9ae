// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/drill.h"

#include <QStringList>

#include <ranges>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

const QString kBegin = QStringLiteral("drill: ");

QString outages(const QList<ActionRecord>& moves) {
    QStringList texts;
    for (const ActionRecord& move : moves)
        texts += move.outage ? toText(*move.outage) : u"not measured"_s;
    return texts.join(u" and "_s);
}

} // namespace

QString drillReason(const QString& reason) {
    return kBegin + reason.trimmed();
}

QList<ActionRecord> lastDrill(const QList<ActionRecord>& moves) {
    QList<ActionRecord> drill;
    for (const ActionRecord& move : moves | std::views::reverse) {
        if (move.reason.startsWith(kBegin) && move.outcome == Outcome::Done)
            drill.prepend(move);
        if (drill.size() == 2)
            return drill.first().to == drill.last().from ? drill : QList<ActionRecord>();
    }
    return {};
}

QString drillSummary(const QList<ActionRecord>& moves, const QList<ActionRecord>& last) {
    const QString now = u"Outage there and back: %1."_s.arg(outages(moves));
    return last.isEmpty() ? now : now + u" The drill of %1: %2."_s.arg(toIso(last.first().startedAt), outages(last));
}

} // namespace mha
