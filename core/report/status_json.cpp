// SPDX-License-Identifier: GPL-3.0-or-later

// The picture as `status --json` prints it.

#include "report/json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QJsonValue textOrNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue timeOrNull(std::optional<Instant> at) {
    return at && *at != Instant{} ? QJsonValue(toIso(*at)) : QJsonValue();
}

QJsonValue numberOrNull(int number) {
    return number < 0 ? QJsonValue() : QJsonValue(number);
}

QJsonValue bytesOrNull(qint64 bytes) {
    return bytes < 0 ? QJsonValue() : QJsonValue(bytes);
}

QJsonValue secondsOrNull(Duration duration) {
    return duration > Duration::zero() ? QJsonValue(toSeconds(duration)) : QJsonValue();
}

QJsonValue countersOf(const VrrpCounts& counts) {
    return QJsonObject{{u"sent"_s, counts.sent},
                       {u"received"_s, counts.received},
                       {u"rejected"_s, counts.rejected},
                       {u"became_master"_s, counts.becameMaster},
                       {u"left_master"_s, counts.leftMaster},
                       {u"resigned"_s, counts.resigned}};
}

QJsonValue valueOf(const VipSeen& vip) {
    return vip.held;
}

QJsonValue valueOf(const VrrpSeen& vrrp) {
    const VrrpState state = vrrp.running ? vrrp.state : VrrpState::Stopped;
    const QJsonValue maintenance = vrrp.maintenance ? QJsonObject{{u"owner"_s, vrrp.maintenance->owner},
                                                                  {u"reason"_s, vrrp.maintenance->reason},
                                                                  {u"until"_s, toIso(vrrp.maintenance->until)}}
                                                    : QJsonValue();
    return QJsonObject{{u"engine"_s, vrrp.engine},
                       {u"state"_s, state == VrrpState::Unknown ? QJsonValue() : QJsonValue(vrrpStateName(state))},
                       {u"priority"_s, numberOrNull(vrrp.priority)},
                       {u"effective_priority"_s, numberOrNull(vrrp.effectivePriority)},
                       {u"since"_s, timeOrNull(vrrp.since)},
                       {u"running"_s, vrrp.running},
                       {u"vrid"_s, numberOrNull(vrrp.vrid)},
                       {u"source"_s, textOrNull(vrrp.source)},
                       {u"maintenance"_s, maintenance},
                       {u"advert_interval_s"_s, secondsOrNull(vrrp.advertInterval)},
                       {u"master_down_s"_s, secondsOrNull(vrrp.masterDown)},
                       {u"counters"_s, vrrp.counts ? countersOf(*vrrp.counts) : QJsonValue()}};
}

/// milvus-ha-node: false where it does not run.
QJsonValue valueOf(const NodeProgramSeen& program) {
    if (!program.running)
        return false;
    return QJsonObject{{u"version"_s, program.version},
                       {u"engine"_s, program.engine},
                       {u"milvus"_s, program.milvus},
                       {u"hold"_s, textOrNull(program.hold)},
                       {u"hold_reason"_s, textOrNull(program.holdReason)},
                       {u"isolated"_s, program.isolated},
                       {u"peer_answers"_s, program.peerSpeaks ? QJsonValue(program.peerAnswers) : QJsonValue()},
                       {u"stop_deadline_s"_s, secondsOrNull(program.stopDeadline)}};
}

QJsonValue valueOf(const ContainerSeen& container) {
    const auto since = [&]() -> std::optional<Instant> {
        switch (container.state) {
        case ContainerState::Running:
        case ContainerState::Paused:
        case ContainerState::Restarting:
            return container.startedAt;
        case ContainerState::Exited:
        case ContainerState::Dead:
            return container.finishedAt;
        case ContainerState::Missing:
        case ContainerState::Created:
            break;
        }
        return std::nullopt;
    };
    const bool ended = container.state == ContainerState::Exited || container.state == ContainerState::Dead ||
                       container.state == ContainerState::Restarting;
    return QJsonObject{{u"name"_s, container.name},
                       {u"state"_s, containerStateName(container.state)},
                       {u"since"_s, timeOrNull(since())},
                       {u"exit_code"_s, ended && container.exitCode ? QJsonValue(*container.exitCode) : QJsonValue()},
                       {u"image"_s, textOrNull(container.image)},
                       {u"restart_policy"_s, textOrNull(container.restartPolicy)}};
}

QJsonValue valueOf(const MilvusSeen& milvus) {
    return QJsonObject{{u"serving"_s, milvus.serving},
                       {u"version"_s, textOrNull(milvus.version)},
                       {u"latency_s"_s, milvus.serving ? QJsonValue(toSeconds(milvus.latency)) : QJsonValue()},
                       {u"detail"_s, textOrNull(milvus.detail)},
                       {u"queryable"_s, milvus.serving ? QJsonValue(milvus.queried) : QJsonValue()},
                       {u"alive_only_because"_s, textOrNull(milvus.notQueried)}};
}

QJsonValue valueOf(const StorageSeen& storage) {
    return QJsonObject{{u"path"_s, storage.path},
                       {u"mounted"_s, storage.mounted},
                       {u"writable"_s, storage.writable},
                       {u"id"_s, textOrNull(storage.id)},
                       {u"free_bytes"_s, bytesOrNull(storage.freeBytes)},
                       {u"total_bytes"_s, bytesOrNull(storage.totalBytes)}};
}

QJsonValue valueOf(const ClockSeen& clock) {
    return toSeconds(clock.offset);
}

/// A node's facts: what is known now, and of the rest why it is not, and what was known last.
class NodeJson {
public:
    NodeJson(const NodePicture& node, const Pair& pair) : node_(node), pair_(pair) {}

    QJsonObject take() {
        add(u"clock_offset_s"_s, u"clock"_s, node_.clock);
        add(u"vrrp"_s, u"vrrp"_s, node_.vrrp);
        add(u"node_program"_s, u"program"_s, node_.program);
        add(u"holds_vip"_s, u"vip"_s, node_.vip);
        add(u"container"_s, u"container"_s, node_.container);
        add(u"milvus"_s, u"milvus"_s, node_.milvus);
        if (pair_.storagePath.isEmpty()) {
            object_.insert(u"storage"_s, QJsonValue());
            unseen_.insert(u"storage"_s, u"The pair file names no storage path, so the storage is not watched."_s);
        } else {
            add(u"storage"_s, u"storage"_s, node_.storage);
        }
        // How exactly the offset was known at its last reading, and how fast it grows.
        const bool clockKnown = !object_[u"clock_offset_s"_s].isNull();
        object_.insert(u"clock_error_s"_s, clockKnown ? QJsonValue(toSeconds(node_.clock->error)) : QJsonValue());
        object_.insert(u"clock_drift_ppm"_s, clockKnown ? QJsonValue(node_.clock->driftPpm) : QJsonValue());
        object_.insert(u"vip_answers_here"_s,
                       node_.reachable() && node_.vipFromHere ? QJsonValue(node_.vipFromHere->good) : QJsonValue());
        object_.insert(u"name"_s, node_.name);
        object_.insert(u"reachable"_s, node_.reachable());
        object_.insert(u"link"_s, link());
        object_.insert(u"unseen"_s, unseen_);
        object_.insert(u"seen_at"_s, seenAt_);
        object_.insert(u"last_known"_s, lastKnown_);
        return std::move(object_);
    }

private:
    QJsonObject link() const {
        return {{u"state"_s, linkStateName(node_.link.state)},
                {u"since"_s, timeOrNull(node_.linkSince)},
                {u"heard_at"_s, timeOrNull(node_.heardAt)},
                {u"error"_s, node_.link.error ? QJsonValue(toJson(*node_.link.error, &pair_)) : QJsonValue()}};
    }

    QString whyNot(const std::optional<Error>& unknownBecause) const {
        if (!node_.reachable()) {
            const Error error = node_.link.error.value_or(Error{});
            return u"%1 is out of sight. %2 %3"_s.arg(node_.name, error.text, error.remedy).simplified();
        }
        return unknownBecause ? toSentence(*unknownBecause) : u"It has not been looked at yet."_s;
    }

    template <typename T> void add(const QString& key, const QString& subject, const Fact<T>& fact) {
        const bool ofNow = fact.seenAt >= node_.upSince;
        const bool known = node_.reachable() && fact && ofNow;
        object_.insert(key, known ? valueOf(*fact.value) : QJsonValue());
        seenAt_.insert(subject, timeOrNull(fact.seenAt));
        if (known)
            return;
        unseen_.insert(subject, whyNot(ofNow ? fact.unknownBecause : std::nullopt));
        if (fact)
            lastKnown_.insert(key, valueOf(*fact.value));
    }

    const NodePicture& node_;
    const Pair& pair_;
    QJsonObject object_;
    QJsonObject unseen_;
    QJsonObject seenAt_;
    QJsonObject lastKnown_;
};

/// The names of those who are seen to hold it. Null where nobody is seen to, and not every node can be seen.
QJsonValue holdersOf(const Picture& picture, const QJsonArray& nodes) {
    QJsonArray names;
    for (const int holder : picture.holders())
        names.append(picture.nodes[static_cast<std::size_t>(holder)].name);
    if (!names.isEmpty())
        return names;
    for (const auto& node : nodes) {
        if (node.toObject()[u"holds_vip"].isNull())
            return {};
    }
    return names;
}

QJsonObject vipOf(const Picture& picture, const Pair& pair, const QJsonArray& nodes) {
    const Fact<VipProbeSeen>& probe = picture.vipProbe;
    const bool good = probe && probe->good;
    const QString unseen =
        probe.unknownBecause ? toSentence(*probe.unknownBecause) : u"Milvus has not been asked through the VIP yet."_s;
    return {{u"address"_s, pair.vip},
            {u"holders"_s, holdersOf(picture, nodes)},
            {u"answers"_s, probe ? QJsonValue(good) : QJsonValue()},
            {u"version"_s, good ? textOrNull(probe->version) : QJsonValue()},
            {u"latency_s"_s, good ? QJsonValue(toSeconds(probe->latency)) : QJsonValue()},
            {u"detail"_s, probe ? textOrNull(probe->detail) : QJsonValue()},
            {u"queryable"_s, good ? QJsonValue(probe->queriedAt.has_value()) : QJsonValue()},
            {u"alive_only_because"_s, good ? textOrNull(probe->notQueried) : QJsonValue()},
            {u"seen_at"_s, timeOrNull(probe.seenAt)},
            {u"good_at"_s, timeOrNull(picture.vipGoodAt)},
            {u"bad_since"_s, timeOrNull(picture.vipBadSince)},
            {u"unseen"_s, probe ? QJsonValue() : QJsonValue(unseen)}};
}

QJsonValue operationOf(const Picture& picture) {
    if (!picture.operation || !picture.operation->running)
        return {};
    const OperationSeen& operation = *picture.operation;
    return QJsonObject{{u"kind"_s, operation.kind},
                       {u"from"_s, operation.from},
                       {u"to"_s, operation.to},
                       {u"owner"_s, textOrNull(operation.owner)},
                       {u"reason"_s, textOrNull(operation.reason)}};
}

} // namespace

QJsonObject toJson(const Picture& picture, const Pair& pair) {
    QJsonArray nodes;
    for (const NodePicture& node : picture.nodes)
        nodes.append(NodeJson(node, pair).take());
    QJsonArray reasons;
    for (const Reason& reason : picture.verdict.reasons)
        reasons.append(toJson(reason));
    QJsonArray findings;
    for (const Reason& finding : picture.verdict.findings)
        findings.append(toJson(finding));
    const bool known = picture.active >= 0 && picture.active < static_cast<int>(picture.nodes.size());
    return {
        {u"pair"_s, pair.name},
        {u"at"_s, toIso(picture.at)},
        {u"verdict"_s, verdictName(picture.verdict.level)},
        {u"verdict_since"_s, timeOrNull(picture.verdictSince)},
        {u"watching_since"_s, timeOrNull(picture.watchingSince)},
        {u"reasons"_s, reasons},
        {u"findings"_s, findings},
        {u"vip"_s, vipOf(picture, pair, nodes)},
        {u"active"_s, known ? QJsonValue(picture.nodes[static_cast<std::size_t>(picture.active)].name) : QJsonValue()},
        {u"operation"_s, operationOf(picture)},
        {u"nodes"_s, nodes}};
}

} // namespace mha
