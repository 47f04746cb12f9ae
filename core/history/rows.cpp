// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/rows.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlQuery>
#include <QVariant>

namespace mha {

namespace {

QString toColumn(const QJsonArray& array) {
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QJsonArray arrayOf(const QVariant& column) {
    return QJsonDocument::fromJson(column.toString().toUtf8()).array();
}

QVariant toColumn(std::optional<Instant> at) {
    return at ? QVariant(mha::toColumn(*at)) : QVariant();
}

QJsonValue toJson(std::optional<Instant> at) {
    return at ? QJsonValue(mha::toColumn(*at)) : QJsonValue(QJsonValue::Null);
}

std::optional<Instant> optionalInstant(const QJsonValue& value) {
    return value.isDouble() ? std::optional(instantOf(value.toInteger())) : std::nullopt;
}

std::optional<StepState> stepStateFromName(const QString& name) {
    for (const StepState state : {StepState::Waiting, StepState::Running, StepState::Done, StepState::Failed,
                                  StepState::Undone, StepState::Skipped}) {
        if (stepStateName(state) == name)
            return state;
    }
    return std::nullopt;
}

QJsonArray toJson(const QList<Phase>& phases) {
    QJsonArray array;
    for (const Phase& phase : phases) {
        array.append(QJsonObject{{QStringLiteral("name"), phase.name},
                                 {QStringLiteral("start"), qint64(phase.start.count())},
                                 {QStringLiteral("duration"), qint64(phase.duration.count())},
                                 {QStringLiteral("error"), qint64(phase.error.count())},
                                 {QStringLiteral("node"), phase.node},
                                 {QStringLiteral("parallel"), phase.parallel}});
    }
    return array;
}

QJsonArray toJson(const QList<Move>& moves) {
    QJsonArray array;
    for (const Move& move : moves) {
        array.append(QJsonObject{{QStringLiteral("from"), move.from},
                                 {QStringLiteral("to"), move.to},
                                 {QStringLiteral("at"), mha::toColumn(move.at)}});
    }
    return array;
}

QJsonArray toJson(const QList<StepRecord>& steps) {
    QJsonArray array;
    for (const StepRecord& step : steps) {
        array.append(QJsonObject{{QStringLiteral("name"), step.name},
                                 {QStringLiteral("state"), stepStateName(step.state)},
                                 {QStringLiteral("started"), toJson(step.startedAt)},
                                 {QStringLiteral("ended"), toJson(step.endedAt)},
                                 {QStringLiteral("detail"), step.detail}});
    }
    return array;
}

} // namespace

QString marks(const char* columns) {
    const qsizetype count = QByteArrayView(columns).count(',') + 1;
    return QStringList(count, QStringLiteral("?")).join(QStringLiteral(", "));
}

QString notNull(const QString& text) {
    return text.isNull() ? QStringLiteral("") : text;
}

qint64 toColumn(Instant at) {
    return at.time_since_epoch().count();
}

Instant instantOf(qint64 column) {
    return Instant(Duration(column));
}

void bindEvent(QSqlQuery& query, const Event& event, qint64 wording) {
    query.addBindValue(toColumn(event.at));
    query.addBindValue(event.pair);
    query.addBindValue(notNull(event.node));
    query.addBindValue(eventKindName(event.kind));
    query.addBindValue(static_cast<int>(event.severity));
    query.addBindValue(notNull(event.code));
    query.addBindValue(wording);
    query.addBindValue(notNull(event.source));
}

Event readEvent(const QSqlQuery& query) {
    Event event;
    event.id = query.value(0).toLongLong();
    event.at = instantOf(query.value(1).toLongLong());
    event.pair = query.value(2).toString();
    event.node = query.value(3).toString();
    event.kind = eventKindFromName(query.value(4).toString()).value_or(EventKind::Config);
    event.severity = static_cast<Severity>(qBound(0, query.value(5).toInt(), static_cast<int>(Severity::Error)));
    event.code = query.value(6).toString();
    event.text = query.value(7).toString();
    event.source = query.value(8).toString();
    return event;
}

void bindFailover(QSqlQuery& query, const Failover& failover) {
    query.addBindValue(failover.pair);
    query.addBindValue(failoverKindName(failover.kind));
    query.addBindValue(notNull(failover.trigger));
    query.addBindValue(notNull(failover.from));
    query.addBindValue(notNull(failover.to));
    query.addBindValue(toColumn(failover.startedAt));
    query.addBindValue(toColumn(failover.endedAt));
    query.addBindValue(qint64(failover.error.count()));
    query.addBindValue(toColumn(toJson(failover.phases)));
    query.addBindValue(notNull(failover.source));
    query.addBindValue(notNull(failover.operatorName));
    query.addBindValue(notNull(failover.reason));
    query.addBindValue(toColumn(toJson(failover.moves)));
}

Failover readFailover(const QSqlQuery& query) {
    Failover failover;
    failover.id = query.value(0).toLongLong();
    failover.pair = query.value(1).toString();
    failover.kind = failoverKindFromName(query.value(2).toString()).value_or(FailoverKind::Failover);
    failover.trigger = query.value(3).toString();
    failover.from = query.value(4).toString();
    failover.to = query.value(5).toString();
    failover.startedAt = instantOf(query.value(6).toLongLong());
    failover.endedAt = instantOf(query.value(7).toLongLong());
    failover.error = Duration(query.value(8).toLongLong());
    for (const auto& value : arrayOf(query.value(9))) {
        const QJsonObject phase = value.toObject();
        failover.phases.append({phase[QLatin1String("name")].toString(),
                                Duration(phase[QLatin1String("start")].toInteger()),
                                Duration(phase[QLatin1String("duration")].toInteger()),
                                Duration(phase[QLatin1String("error")].toInteger()),
                                phase[QLatin1String("node")].toString(), phase[QLatin1String("parallel")].toBool()});
    }
    failover.source = query.value(10).toString();
    failover.operatorName = query.value(11).toString();
    failover.reason = query.value(12).toString();
    for (const auto& value : arrayOf(query.value(13))) {
        const QJsonObject move = value.toObject();
        failover.moves.append({move[QLatin1String("from")].toString(), move[QLatin1String("to")].toString(),
                               instantOf(move[QLatin1String("at")].toInteger())});
    }
    return failover;
}

void bindAction(QSqlQuery& query, const ActionRecord& action) {
    query.addBindValue(action.pair);
    query.addBindValue(notNull(action.kind));
    query.addBindValue(notNull(action.from));
    query.addBindValue(notNull(action.to));
    query.addBindValue(notNull(action.owner));
    query.addBindValue(notNull(action.reason));
    query.addBindValue(toColumn(action.startedAt));
    query.addBindValue(toColumn(action.endedAt));
    query.addBindValue(outcomeName(action.outcome));
    query.addBindValue(notNull(action.text));
    query.addBindValue(action.outage ? QVariant(qint64(action.outage->count())) : QVariant());
    query.addBindValue(toColumn(toJson(action.steps)));
}

ActionRecord readAction(const QSqlQuery& query) {
    ActionRecord action;
    action.id = query.value(0).toLongLong();
    action.pair = query.value(1).toString();
    action.kind = query.value(2).toString();
    action.from = query.value(3).toString();
    action.to = query.value(4).toString();
    action.owner = query.value(5).toString();
    action.reason = query.value(6).toString();
    action.startedAt = instantOf(query.value(7).toLongLong());
    if (!query.value(8).isNull())
        action.endedAt = instantOf(query.value(8).toLongLong());
    action.outcome = outcomeFromName(query.value(9).toString()).value_or(Outcome::Interrupted);
    action.text = query.value(10).toString();
    if (!query.value(11).isNull())
        action.outage = Duration(query.value(11).toLongLong());
    for (const auto& value : arrayOf(query.value(12))) {
        const QJsonObject step = value.toObject();
        action.steps.append({step[QLatin1String("name")].toString(),
                             stepStateFromName(step[QLatin1String("state")].toString()).value_or(StepState::Waiting),
                             optionalInstant(step[QLatin1String("started")]),
                             optionalInstant(step[QLatin1String("ended")]), step[QLatin1String("detail")].toString()});
    }
    return action;
}

} // namespace mha
