// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QJsonValue orNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue orNull(std::optional<Instant> at) {
    return at && *at != Instant{} ? QJsonValue(toIso(*at)) : QJsonValue();
}

QJsonValue orNull(std::optional<Duration> duration) {
    return duration ? QJsonValue(toSeconds(*duration)) : QJsonValue();
}

QJsonObject toJson(const Phase& phase) {
    return {{u"name"_s, phase.name},
            {u"start_s"_s, toSeconds(phase.start)},
            {u"duration_s"_s, toSeconds(phase.duration)},
            {u"error_s"_s, toSeconds(phase.error)},
            {u"node"_s, orNull(phase.node)},
            {u"parallel"_s, phase.parallel}};
}

QJsonObject toJson(const Move& move) {
    return {{u"from"_s, orNull(move.from)}, {u"to"_s, orNull(move.to)}, {u"at"_s, toIso(move.at)}};
}

QJsonObject toJson(const StepRecord& step) {
    const auto duration =
        step.startedAt && step.endedAt ? std::optional(*step.endedAt - *step.startedAt) : std::nullopt;
    return {{u"name"_s, step.name},
            {u"state"_s, stepStateName(step.state)},
            {u"started_at"_s, orNull(step.startedAt)},
            {u"ended_at"_s, orNull(step.endedAt)},
            {u"duration_s"_s, orNull(duration)},
            {u"detail"_s, orNull(step.detail)}};
}

template <typename T> QJsonArray arrayOf(const QList<T>& values) {
    QJsonArray array;
    for (const T& value : values)
        array.append(toJson(value));
    return array;
}

/// An error's place counts as a node, unless the code is one of our own files or of a wrong command line.
bool mayBeOfNode(ErrorCode code) {
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::BadPairFile:
    case ErrorCode::Storage:
    case ErrorCode::Internal:
        return false;
    case ErrorCode::Unreachable:
    case ErrorCode::TimedOut:
    case ErrorCode::Refused:
    case ErrorCode::HostKeyUnknown:
    case ErrorCode::HostKeyChanged:
    case ErrorCode::NotFound:
    case ErrorCode::Protocol:
        break;
    }
    return true;
}

} // namespace

QJsonObject toJson(const Failover& failover) {
    return {{u"id"_s, failover.id},
            {u"pair"_s, failover.pair},
            {u"kind"_s, failoverKindName(failover.kind)},
            {u"planned"_s, failover.planned()},
            {u"trigger"_s, orNull(failover.trigger)},
            {u"from"_s, orNull(failover.from)},
            {u"to"_s, orNull(failover.to)},
            {u"started_at"_s, toIso(failover.startedAt)},
            {u"ended_at"_s, toIso(failover.endedAt)},
            {u"recovery_s"_s, toSeconds(failover.recovery())},
            {u"error_s"_s, toSeconds(failover.error)},
            {u"phases"_s, arrayOf(failover.phases)},
            {u"moves"_s, arrayOf(failover.moves)},
            {u"source"_s, failover.source},
            {u"operator"_s, orNull(failover.operatorName)},
            {u"reason"_s, orNull(failover.reason)}};
}

QJsonObject toJson(const Event& event) {
    return {{u"id"_s, event.id},
            {u"at"_s, toIso(event.at)},
            {u"pair"_s, event.pair},
            {u"node"_s, orNull(event.node)},
            {u"kind"_s, eventKindName(event.kind)},
            {u"severity"_s, severityName(event.severity)},
            {u"code"_s, event.code},
            {u"text"_s, event.text},
            {u"source"_s, event.source}};
}

QJsonObject toJson(const ActionRecord& action) {
    return {{u"id"_s, action.id},
            {u"pair"_s, action.pair},
            {u"outcome"_s, outcomeName(action.outcome)},
            {u"kind"_s, action.kind},
            {u"from"_s, orNull(action.from)},
            {u"to"_s, orNull(action.to)},
            {u"owner"_s, orNull(action.owner)},
            {u"reason"_s, orNull(action.reason)},
            {u"started_at"_s, orNull(action.startedAt)},
            {u"ended_at"_s, orNull(action.endedAt)},
            {u"outage_s"_s, orNull(action.outage)},
            {u"text"_s, action.text},
            {u"steps"_s, arrayOf(action.steps)}};
}

QJsonObject toJson(const Reason& reason) {
    return {{u"code"_s, reason.code},
            {u"node"_s, orNull(reason.node)},
            {u"text"_s, reason.text},
            {u"seen_at"_s, orNull(reason.seenAt)}};
}

QJsonObject toJson(const Error& error, const Pair* pair) {
    const bool ofNode = pair != nullptr ? pair->indexOf(error.where) >= 0 : mayBeOfNode(error.code);
    return {{u"code"_s, errorCodeName(error.code)},
            {u"text"_s, error.text},
            {u"remedy"_s, orNull(error.remedy)},
            {u"node"_s, ofNode ? orNull(error.where) : QJsonValue()},
            {u"where"_s, orNull(error.where)}};
}

} // namespace mha
