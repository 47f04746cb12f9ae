// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/switchover.h"

#include "act/node_world.h"
#include "act/operation_lock.h"
#include "act/pair_lock.h"
#include "act/runner.h"
#include "link/link.h"
#include "model/operation_note.h"

#include <QSemaphore>
#include <QTimer>

#include <memory>
#include <thread>

namespace mha {

namespace {

constexpr std::chrono::milliseconds kNoteDeadline{5000};
/// So long the notes are waited for; none of it is an outage.
constexpr std::chrono::milliseconds kNotesFor{400};

} // namespace

struct Switchover::State {
    State(Pair ofPair, Plan ofPlan, std::array<Link*, 2> ofNodes)
        : pair(std::move(ofPair)), plan(std::move(ofPlan)), links(ofNodes), world(pair, ofNodes) {}

    /// Leaves a line in both nodes' logs, so that a recorder elsewhere can tell this move as the planned one it is:
    /// its beginning before Milvus stops, its end before this program may end. In the worker's thread. A node that
    /// takes no note holds nothing up.
    void noteOnNodes(const OperationSeen& operation) const {
        const auto notes = std::make_shared<QSemaphore>();
        const Command note{{QStringLiteral("logger"), QStringLiteral("-t"), QLatin1String(kNoteTag),
                            QStringLiteral("--"), toNote(operation)}};
        for (Link* link : links)
            link->exec(note, kNoteDeadline, [notes](const Result<ExecResult>&) { notes->release(); });
        notes->tryAcquire(static_cast<int>(links.size()), static_cast<int>(kNotesFor.count()));
    }

    OperationSeen operation(bool now) const {
        return {now, record.kind, record.from, record.to, record.reason, record.owner};
    }

    Pair pair;
    Plan plan;
    std::array<Link*, 2> links;
    ActionRecord record;
    NodeWorld world;
    std::unique_ptr<PairLock> lock;
    std::thread worker;
    QTimer renewal; ///< of the operation lock
    bool running = false;
};

Switchover::Switchover(Pair pair, Plan plan, QString owner, QString reason, std::array<Link*, 2> links, QObject* parent)
    : QObject(parent), state_(std::make_unique<State>(std::move(pair), std::move(plan), links)) {
    qRegisterMetaType<ActionRecord>();
    connect(&state_->renewal, &QTimer::timeout, this, [this] { state_->world.renewLocks(); });
    const Plan& p = state_->plan;
    ActionRecord& record = state_->record;
    record.pair = state_->pair.name;
    record.kind = p.kind;
    record.from = p.from < 0 ? QString() : state_->pair.nodes[static_cast<std::size_t>(p.from)].name;
    record.to = p.to < 0 ? QString() : state_->pair.nodes[static_cast<std::size_t>(p.to)].name;
    record.owner = std::move(owner);
    record.reason = std::move(reason);
}

Switchover::~Switchover() {
    state_->renewal.stop();
    state_->world.cancel();
    if (state_->worker.joinable())
        state_->worker.join();
}

void Switchover::start() {
    State& s = *state_;
    if (s.running || s.worker.joinable())
        return;
    Result<std::unique_ptr<PairLock>> lock = PairLock::take(s.pair);
    if (!lock) {
        s.record.startedAt = wallClockNow();
        s.record.endedAt = s.record.startedAt;
        s.record.outcome = Outcome::Refused;
        s.record.text = toSentence(lock.error());
        QMetaObject::invokeMethod(this, [this] { Q_EMIT finished(state_->record); }, Qt::QueuedConnection);
        return;
    }
    s.lock = std::move(*lock);
    s.running = true;
    s.renewal.start(kOperationLockRenewal);
    // Before the first step: the verdict must say "switching" while the pair is moved.
    const bool noted = !s.plan.refused();
    const OperationSeen begun = s.operation(true);
    if (noted)
        Q_EMIT operationChanged(begun);
    s.worker = std::thread([this, noted, begun] {
        if (noted)
            state_->noteOnNodes(begun);
        const auto progress = [this, noted, begun](const ActionRecord& record) {
            if (noted && record.outcome != Outcome::Running)
                state_->noteOnNodes(begun.ended());
            QMetaObject::invokeMethod(this, [this, record] { tell(record); }, Qt::QueuedConnection);
        };
        runPlan(state_->plan, state_->pair, state_->record, state_->world, progress);
    });
}

void Switchover::tell(const ActionRecord& record) {
    State& s = *state_;
    s.record = record;
    Q_EMIT progressed(record);
    if (record.outcome == Outcome::Running)
        return;
    s.renewal.stop();
    s.worker.join();
    s.running = false;
    s.lock.reset();
    if (!s.plan.refused())
        Q_EMIT operationChanged(s.operation(false));
    Q_EMIT finished(record);
}

bool Switchover::running() const {
    return state_->running;
}

const ActionRecord& Switchover::record() const {
    return state_->record;
}

void Switchover::updatePicture(const Picture& picture) {
    state_->world.updatePicture(picture);
}

void Switchover::cancel() {
    state_->world.cancel();
}

} // namespace mha
