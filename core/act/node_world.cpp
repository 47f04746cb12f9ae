// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/node_world.h"

#include "act/fault_flag_commands.h"
#include "act/operation_lock.h"
#include "act/watch.h"
#include "docker/docker_api.h"
#include "keepalived/runtime.h"
#include "link/json_lines.h"

#include <QUuid>

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// On top of the deadline that the link itself keeps, for a link whose thread is held up.
constexpr milliseconds kMargin{2000};
/// Between two questions whether a container has ended.
constexpr milliseconds kAskEvery{100};
constexpr milliseconds kLockAnswer{2000};
/// A condition that depends on the time is evaluated at least this often.
constexpr milliseconds kLookEvery{50};

/// Where a link's thread leaves an answer for the thread that waits for it; outlives both.
template <typename T> class Answer {
public:
    void give(Result<T> result) {
        {
            const std::scoped_lock lock(mutex_);
            result_ = std::move(result);
        }
        arrived_.notify_one();
    }

    std::optional<Result<T>> wait(milliseconds deadline) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, deadline, [this] { return result_.has_value(); });
        return result_;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::optional<Result<T>> result_;
};

Error noAnswer(const QString& node) {
    return {ErrorCode::TimedOut, u"Docker did not answer in time."_s, node,
            u"Look at `systemctl status docker` there."_s};
}

Error runsOnTheOther(const QString& other, const QString& node) {
    return {ErrorCode::Refused, u"Milvus runs on %1, so it is not started here."_s.arg(other), node,
            u"Stop it on %1 first."_s.arg(other)};
}

constexpr const char* kWriteNonce = "printf '%s\\n' \"$2\" >\"$1\"";
constexpr const char* kReadNonce = "exec cat -- \"$1\"";
constexpr const char* kRemoveNonce = "exec rm -f -- \"$1\"";

/// The listener on a TCP port, if any; ss is beside ip, in sbin on some systems.
constexpr const char* kListenersScript = "PATH=$PATH:/usr/sbin:/sbin exec ss -Hltn \"sport = :$1\"";

} // namespace

/// Docker of one node. Made, used and ended in its link's thread.
struct NodeWorld::Docker {
    explicit Docker(Link& ofNode) : link(ofNode) {}

    /// Runs `start` in the link's thread and waits for the answer that it gives.
    template <typename T, typename Start>
    Result<T> ask(const QString& node, milliseconds deadline, const Start& start) {
        const auto answer = std::make_shared<Answer<T>>();
        link.post([this, answer, start] {
            if (!api)
                api = std::make_unique<DockerApi>(link);
            start(*api, [answer](Result<T> result) { answer->give(std::move(result)); });
        });
        const std::optional<Result<T>> result = answer->wait(deadline + kMargin);
        return result ? *result : std::unexpected(noAnswer(node));
    }

    Link& link;
    std::unique_ptr<DockerApi> api;
    std::unique_ptr<JsonLines> program; ///< the request to milvus-ha-node that is under way
};

NodeWorld::NodeWorld(Pair pair, std::array<Link*, 2> links) : pair_(std::move(pair)), links_(links) {
    for (std::size_t i = 0; i < 2; ++i)
        docker_[i] = std::make_shared<Docker>(*links_[i]);
}

NodeWorld::~NodeWorld() {
    for (std::size_t i = 0; i < 2; ++i) {
        const auto ended = std::make_shared<Answer<void>>();
        links_[i]->post([docker = docker_[i], ended] {
            docker->api.reset();
            docker->program.reset();
            ended->give({});
        });
        ended->wait(kMargin);
    }
}

void NodeWorld::updatePicture(const Picture& picture) {
    {
        const std::scoped_lock lock(mutex_);
        picture_ = picture;
        // Not every answer makes a new picture: the last good one before an interruption is told beside it.
        if (picture.vipGoodAt)
            meter_.answered(*picture.vipGoodAt);
        if (picture.vipProbe)
            meter_.see(*picture.vipProbe.value);
    }
    changed_.notify_all();
}

void NodeWorld::cancel() {
    cancelled_ = true;
    changed_.notify_all();
}

Instant NodeWorld::now() {
    return wallClockNow();
}

bool NodeWorld::cancelled() {
    return cancelled_;
}

std::optional<Duration> NodeWorld::outage() {
    const std::scoped_lock lock(mutex_);
    return meter_.total();
}

Result<void> NodeWorld::stopMilvus(int node, seconds grace, milliseconds deadline) {
    return docker_[static_cast<std::size_t>(node)]->ask<void>(
        name(node), deadline, [container = container(node), grace, deadline](DockerApi& docker, const auto& done) {
            docker.stopContainer(container, grace, deadline, done);
        });
}

Result<void> NodeWorld::startContainer(int node, milliseconds deadline) {
    return docker_[static_cast<std::size_t>(node)]->ask<void>(
        name(node), deadline, [container = container(node), deadline](DockerApi& docker, const auto& done) {
            docker.startContainer(container, deadline, done);
        });
}

Result<void> NodeWorld::startMilvus(int node, milliseconds deadline) {
    // The last line: whatever was proved before, the other node is asked once more, right before.
    const Result<bool> otherRuns = containerRuns(1 - node, deadline);
    if (!otherRuns)
        return std::unexpected(otherRuns.error());
    if (*otherRuns)
        return std::unexpected(runsOnTheOther(name(1 - node), name(node)));
    if (look().nodes[std::size_t(node)].hasProgram())
        return orderProgram(node, {{u"command"_s, u"peer-stopped"_s}}, deadline);
    return startContainer(node, deadline);
}

Result<QJsonObject> NodeWorld::askProgram(int node, const QJsonObject& request, milliseconds deadline) {
    const auto answer = std::make_shared<Answer<QJsonObject>>();
    const auto& there = docker_[static_cast<std::size_t>(node)];
    there->link.post([there, answer, request] {
        there->program = std::make_unique<JsonLines>(
            there->link, kNodeProgramSocket, request,
            JsonLines::Handlers{[answer](const QJsonObject& object) { answer->give(object); },
                                [answer](const Error& error) { answer->give(std::unexpected(error)); }});
    });
    const std::optional<Result<QJsonObject>> result = answer->wait(deadline);
    there->link.post([there] { there->program.reset(); });
    if (result)
        return *result;
    return std::unexpected(Error{ErrorCode::TimedOut, u"milvus-ha-node did not answer in time."_s, name(node),
                                 u"Look at `journalctl -u milvus-ha-node` there."_s});
}

Result<void> NodeWorld::orderProgram(int node, const QJsonObject& request, milliseconds deadline) {
    const Result<QJsonObject> answer = askProgram(node, request, deadline);
    if (!answer)
        return std::unexpected(answer.error());
    const QString outcome = (*answer)[u"outcome"_s].toString();
    if (outcome == u"done")
        return {};
    if (outcome == u"rolled-back") {
        return std::unexpected(Error{ErrorCode::Unreachable,
                                     u"the other node did not serve in time, and milvus-ha-node took service back."_s,
                                     name(node), u"Look at `journalctl -u milvus-ha-node` on both nodes."_s});
    }
    const QString why = (*answer)[outcome.isEmpty() ? u"error"_s : u"text"_s].toString();
    return std::unexpected(Error{ErrorCode::Refused, u"milvus-ha-node refuses: "_s + why, name(node),
                                 u"Look at `milvus-ha-node status` there."_s});
}

Result<void> NodeWorld::handOver(int node, const QString& reason, milliseconds deadline) {
    return orderProgram(node, {{u"command"_s, u"switchover"_s}, {u"reason"_s, reason}}, deadline);
}

Result<void> NodeWorld::letTakePart(int node, milliseconds deadline) {
    return orderProgram(node, {{u"command"_s, u"clear"_s}}, deadline);
}

Result<void> NodeWorld::startMilvusWithoutProof(int node, milliseconds deadline) {
    const bool seen = waitUntil([](const Picture&) { return true; }, {}).nodes[std::size_t(1 - node)].reachable();
    return seen ? startMilvus(node, deadline) : startContainer(node, deadline);
}

std::function<Result<ExecResult>()> NodeWorld::begin(int node, const Command& command, milliseconds deadline) {
    const auto answer = std::make_shared<Answer<ExecResult>>();
    links_[static_cast<std::size_t>(node)]->exec(
        command, deadline, [answer](Result<ExecResult> result) { answer->give(std::move(result)); });
    return [answer, deadline, name = name(node)]() -> Result<ExecResult> {
        const std::optional<Result<ExecResult>> result = answer->wait(deadline + kMargin);
        if (result)
            return *result;
        return std::unexpected(
            Error{ErrorCode::TimedOut, u"the node did not answer in time."_s, name, u"Look at `milvus-ha status`."_s});
    };
}

Result<QString> NodeWorld::takeLock(int node, const QString& owner, const QString& what, milliseconds deadline) {
    const OperationClaim claim{operationIdOfThisProcess(), owner, what};
    QString dead;
    for (;;) {
        const Result<ExecResult> result = begin(node, takeOperationLock(claim, dead), deadline)();
        if (!result)
            return std::unexpected(result.error());
        if (result->exitCode == 0) {
            const std::scoped_lock lock(mutex_);
            locked_ += node;
            return QString();
        }
        const std::optional<OperationHolder> holder = operationHolder(result->output);
        if (result->exitCode != kOperationLockHeld || !holder) {
            return u"%1 takes no lock (%2): a second operator is not kept away there."_s.arg(
                name(node), QString::fromUtf8(result->errors).trimmed().section(u'\n', -1));
        }
        if (dead.isEmpty() && isDeadHere(holder->claim.id)) {
            dead = holder->claim.id;
            continue;
        }
        return std::unexpected(heldError(*holder, name(node)));
    }
}

void NodeWorld::renewLocks() {
    const std::scoped_lock lock(mutex_);
    for (int node : locked_) {
        links_[static_cast<std::size_t>(node)]->exec(renewOperationLock(operationIdOfThisProcess()), kLockAnswer,
                                                     [](const Result<ExecResult>&) {});
    }
}

void NodeWorld::releaseLocks() {
    QList<int> nodes;
    {
        const std::scoped_lock lock(mutex_);
        nodes.swap(locked_);
    }
    QList<std::function<Result<ExecResult>()>> waits;
    for (int node : std::as_const(nodes)) {
        if (waitUntil([](const Picture&) { return true; }, {}).nodes[std::size_t(node)].reachable())
            waits += begin(node, releaseOperationLock(operationIdOfThisProcess()), kLockAnswer);
    }
    for (const auto& wait : std::as_const(waits))
        static_cast<void>(wait()); // it ends by itself where it could not be given back
}

Result<QString> NodeWorld::shareNonce(int from, int to, milliseconds deadline) {
    const QString nonce = QUuid::createUuid().toString(QUuid::Id128);
    const QString file = pair_.storagePath + u"/.milvus-ha-"_s + nonce;
    const Result<ExecResult> written = begin(from, scriptCommand(kWriteNonce, {file, nonce}, true), deadline)();
    if (!written)
        return std::unexpected(written.error());
    if (written->exitCode != 0) {
        return u"not tried: %1 cannot write there (%2)"_s.arg(
            name(from), QString::fromUtf8(written->errors).trimmed().section(u'\n', -1));
    }
    const Result<ExecResult> read = begin(to, scriptCommand(kReadNonce, {file}, true), deadline)();
    const Result<ExecResult> removed = begin(from, scriptCommand(kRemoveNonce, {file}, true), deadline)();
    if (!read)
        return std::unexpected(read.error());
    if (!removed)
        return std::unexpected(removed.error());
    if (read->exitCode == 0 && read->output.trimmed() == nonce.toLatin1())
        return QString();
    return std::unexpected(Error{
        ErrorCode::Refused,
        u"what was written to %1 on %2 cannot be read here: it is not the same folder, or it is not readable."_s.arg(
            pair_.storagePath, name(from)),
        name(to), u"Mount the same share on both nodes, then look with `milvus-ha doctor`."_s});
}

std::function<Result<void>()> NodeWorld::beginFlag(int node, const Command& command, milliseconds deadline) {
    return [wait = begin(node, command, deadline), name = name(node)]() -> Result<void> {
        const Result<ExecResult> result = wait();
        if (!result)
            return std::unexpected(result.error());
        if (result->exitCode == 0)
            return {};
        return std::unexpected(Error{
            ErrorCode::Refused,
            u"the FAULT flag cannot be set: %1."_s.arg(QString::fromUtf8(result->errors.trimmed()).section(u'\n', -1)),
            name, u"Let the user run sudo without a password there."_s});
    };
}

Result<void> NodeWorld::armFaultFlag(int node, seconds expiry, milliseconds deadline) {
    return beginFlag(node, armFaultFlagCommand(expiry), deadline)();
}

std::function<Result<void>()> NodeWorld::raiseFaultFlag(int node, milliseconds deadline) {
    return beginFlag(node, raiseFaultFlagCommand(), deadline);
}

Result<void> NodeWorld::clearFaultFlag(int node, milliseconds deadline) {
    return beginFlag(node, clearFaultFlagCommand(), deadline)();
}

Result<bool> NodeWorld::containerRuns(int node, milliseconds deadline) {
    const Result<ContainerSeen> seen = docker_[static_cast<std::size_t>(node)]->ask<ContainerSeen>(
        name(node), deadline, [container = container(node), deadline](DockerApi& docker, const auto& done) {
            docker.inspect(container, deadline, done);
        });
    if (!seen)
        return std::unexpected(seen.error());
    return mayWrite(*seen);
}

Result<void> NodeWorld::portClosed(int node, milliseconds deadline) {
    const Command listeners = scriptCommand(kListenersScript, {QString::number(pair_.clientPort)});
    const Result<ExecResult> result = execAndWait(*links_[static_cast<std::size_t>(node)], listeners, deadline);
    if (!result)
        return std::unexpected(result.error());
    if (result->exitCode != 0) {
        return std::unexpected(
            Error{ErrorCode::NotFound,
                  u"ss does not work, so it cannot be proved that port %1 is closed."_s.arg(pair_.clientPort),
                  name(node), u"Install iproute2 there."_s});
    }
    if (!result->output.trimmed().isEmpty()) {
        return std::unexpected(
            Error{ErrorCode::Refused,
                  u"the container does not run, but something listens on port %1."_s.arg(pair_.clientPort), name(node),
                  u"Find it with `ss -ltnp` there and stop it."_s});
    }
    return {};
}

Result<void> NodeWorld::proveStopped(int node, milliseconds deadline) {
    const Instant until = now() + deadline;
    for (;;) {
        const Result<bool> runs = containerRuns(node, deadline);
        if (!runs)
            return std::unexpected(runs.error());
        const Result<void> closed = *runs ? Result<void>() : portClosed(node, deadline);
        if (!*runs && closed)
            return {};
        if (now() >= until) {
            return closed ? std::unexpected(Error{ErrorCode::TimedOut, u"the container still runs."_s, name(node),
                                                  u"Look at `docker ps` there."_s})
                          : closed;
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kAskEvery, [] { return false; });
    }
}

Picture NodeWorld::waitUntil(const std::function<bool(const Picture&)>& condition, milliseconds deadline) {
    const Instant until = now() + deadline;
    std::unique_lock lock(mutex_);
    for (;;) {
        const Picture picture = picture_;
        lock.unlock();
        if (condition(picture) || now() >= until)
            return picture;
        lock.lock();
        changed_.wait_for(lock, kLookEvery);
    }
}

} // namespace mha
