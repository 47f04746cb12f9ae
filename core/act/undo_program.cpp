// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/patience.h"
#include "act/undo.h"
#include "act/watch.h"

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

class ProgramUndo {
public:
    ProgramUndo(const Plan& plan, const Pair& pair, Journal& journal, World& world)
        : plan_(plan), pair_(pair), journal_(journal), world_(world), steps_(plan.steps.size()) {}

    ActionRecord carryOut(const QString& why);

private:
    bool isBack(const Picture& picture, Instant since) const;
    void handBack();

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    const Plan& plan_;
    const Pair& pair_;
    Journal& journal_;
    World& world_;
    qsizetype steps_;
};

bool ProgramUndo::isBack(const Picture& picture, Instant since) const {
    return servesThrough(picture, plan_.from, since) &&
           (holdsAlone(picture, plan_.from) || !nodeOf(picture, plan_.to).reachable());
}

/// Of a hand-over that was done, and whose end did not stand the look at it.
void ProgramUndo::handBack() {
    const NodePicture target = nodeOf(world_.look(), plan_.to);
    if (!target.reachable() || !target.hasProgram() || !target.vip || !target.vip->held)
        return; // it does not have service, or gives it up by itself
    static_cast<void>(
        journal_.undoStep(u"let milvus-ha-node on %1 hand back"_s.arg(name(plan_.to)), [this]() -> Result<QString> {
            const auto done =
                world_.handOver(plan_.to, u"undo of a switchover"_s, deadlineOf(plan_, StepKind::HandOver));
            if (!done)
                return std::unexpected(done.error());
            return u"done"_s;
        }));
}

ActionRecord ProgramUndo::carryOut(const QString& why) {
    const auto failed = [&](const Picture& last) {
        return journal_.finish(Outcome::Incomplete,
                               u"%1 Going back to %2 failed. %3 %4"_s.arg(why, name(plan_.from), whereNow(last, pair_),
                                                                          wayOn(last, pair_, plan_.from)));
    };
    const auto inSight = [this](const Picture& p) { return nodeOf(p, plan_.from).reachable(); };
    // Where nothing is seen of it, nothing is moved to it.
    if (const Picture seen = world_.waitUntil(inSight, kLinkReturns); !inSight(seen))
        return failed(seen);
    static_cast<void>(journal_.undoStep(
        u"let milvus-ha-node on %1 take part again"_s.arg(name(plan_.from)), [this]() -> Result<QString> {
            const auto let = patiently(world_, kLinkReturns, [this] { return world_.letTakePart(plan_.from, kAsk); });
            if (!let)
                return std::unexpected(let.error());
            return u"it does"_s;
        }));
    // Not while it takes service back already.
    const Instant begin = world_.now();
    const Picture soon = world_.waitUntil([&](const Picture& p) { return isBack(p, begin); }, kAsk);
    if (!isBack(soon, begin))
        handBack();
    const auto awaited = deadlineOf(plan_, StepKind::AwaitVip) + deadlineOf(plan_, StepKind::AwaitServing);
    const Picture last = world_.waitUntil([&](const Picture& p) { return isBack(p, begin); }, awaited);
    if (isBack(last, begin)) {
        journal_.markUndone(steps_);
        return journal_.finish(Outcome::RolledBack,
                               u"%1 Rolled back: Milvus serves on %2 again."_s.arg(why, name(plan_.from)));
    }
    return failed(last);
}

} // namespace

ActionRecord undoByProgram(const Plan& plan, const Pair& pair, const Changes& changes, const QString& failed,
                           const Error& cause, Journal& journal, World& world) {
    const QString why = u"%1: %2"_s.arg(failed, toSentence(cause));
    if (!changes.sourceTouched)
        return journal.finish(Outcome::RolledBack, why + u" Nothing was changed."_s);
    return ProgramUndo(plan, pair, journal, world).carryOut(why);
}

} // namespace mha
