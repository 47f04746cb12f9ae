// SPDX-License-Identifier: GPL-3.0-or-later

// The pure half of DockerApi: what the Engine's JSON says.

#include "docker/docker_api.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

Error notUnderstood(const QString& what) {
    return {ErrorCode::Protocol, u"Docker's answer could not be understood: %1."_s.arg(what), u"Docker Engine API"_s,
            u"Check that the node runs Docker Engine 20.10 or later."_s};
}

std::optional<ContainerState> stateFromStatus(const QString& status) {
    struct Row {
        QLatin1String status;
        ContainerState state;
    };

    static constexpr Row rows[] = {
        {"created"_L1, ContainerState::Created}, {"running"_L1, ContainerState::Running},
        {"paused"_L1, ContainerState::Paused},   {"restarting"_L1, ContainerState::Restarting},
        {"exited"_L1, ContainerState::Exited},   {"removing"_L1, ContainerState::Dead},
        {"dead"_L1, ContainerState::Dead},
    };
    for (const Row& row : rows) {
        if (row.status == status)
            return row.state;
    }
    return std::nullopt;
}

bool hasEnded(ContainerState state) {
    return state == ContainerState::Exited || state == ContainerState::Dead || state == ContainerState::Restarting;
}

QList<QString> mountsOf(const QJsonArray& mounts) {
    QList<QString> result;
    for (const QJsonValue mount : mounts)
        result.append(mount["Source"_L1].toString() + u':' + mount["Destination"_L1].toString());
    result.sort();
    return result;
}

QStringList environmentOf(const QJsonArray& variables) {
    QStringList result;
    for (const QJsonValue variable : variables) {
        const QString text = variable.toString();
        const QByteArray value = text.section(u'=', 1).toUtf8();
        const QByteArray hash = QCryptographicHash::hash(value, QCryptographicHash::Sha256).toHex().first(4);
        result.append(text.section(u'=', 0, 0) + u'#' + QString::fromLatin1(hash));
    }
    result.sort();
    return result;
}

} // namespace

Result<ContainerSeen> parseInspect(const QByteArray& json) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return std::unexpected(notUnderstood(problem.errorString()));
    const QJsonObject object = document.object();
    const QJsonObject state = object["State"_L1].toObject();
    const std::optional<ContainerState> status = stateFromStatus(state["Status"_L1].toString());
    if (!status)
        return std::unexpected(notUnderstood(u"it names no known state of the container"_s));

    ContainerSeen seen;
    seen.name = object["Name"_L1].toString();
    if (seen.name.startsWith(u'/'))
        seen.name.remove(0, 1);
    seen.state = *status;
    seen.id = object["Id"_L1].toString();
    seen.image = object["Config"_L1]["Image"_L1].toString();
    seen.imageId = object["Image"_L1].toString();
    seen.restartPolicy = object["HostConfig"_L1]["RestartPolicy"_L1]["Name"_L1].toString();
    seen.mounts = mountsOf(object["Mounts"_L1].toArray());
    seen.environment = environmentOf(object["Config"_L1]["Env"_L1].toArray());
    if (hasEnded(*status) && state["ExitCode"_L1].isDouble())
        seen.exitCode = state["ExitCode"_L1].toInt();
    seen.startedAt = fromIso(state["StartedAt"_L1].toString());
    seen.finishedAt = fromIso(state["FinishedAt"_L1].toString());
    return seen;
}

Result<ContainerProcess> parseInspectProcess(const QByteArray& json) {
    auto seen = parseInspect(json);
    if (!seen)
        return std::unexpected(seen.error());
    const QJsonObject state = QJsonDocument::fromJson(json).object()["State"_L1].toObject();
    return ContainerProcess{std::move(*seen), state["Pid"_L1].toInt()};
}

std::optional<ContainerEventSeen> parseEvent(const QByteArray& json) {
    static constexpr QLatin1String interesting[] = {"create"_L1, "start"_L1,   "die"_L1,    "stop"_L1,
                                                    "kill"_L1,   "oom"_L1,     "pause"_L1,  "unpause"_L1,
                                                    "rename"_L1, "restart"_L1, "destroy"_L1};
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    if (object["Type"_L1].toString() != "container"_L1)
        return std::nullopt;
    ContainerEventSeen seen;
    seen.action = object["Action"_L1].toString();
    if (std::ranges::none_of(interesting, [&](QLatin1String action) { return action == seen.action; }))
        return std::nullopt;
    const qint64 nanoseconds = object["timeNano"_L1].toInteger();
    seen.happenedAt = nanoseconds > 0 ? Instant{std::chrono::microseconds(nanoseconds / 1000)}
                                      : Instant{std::chrono::seconds(object["time"_L1].toInteger())};
    bool ok = false;
    const int exitCode = object["Actor"_L1]["Attributes"_L1]["exitCode"_L1].toString().toInt(&ok);
    if (ok)
        seen.exitCode = exitCode;
    return seen;
}

} // namespace mha
