// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/journal.h"
#include "act/patience.h"
#include "act/undo.h"
#include "act/watch.h"

namespace mha {

/// One run of a plan, forward. What it changed on the nodes decides what the undo must take back.
class Run {
public:
    Run(const Plan& plan, const Pair& pair, Journal& journal, World& world)
        : plan_(plan), pair_(pair), journal_(journal), world_(world) {}

    ActionRecord carryOut();

private:
    using Detail = Result<QString>;
    class Ended;

    std::optional<QString> changedSince();
    Detail doStep(const PlanStep& step);
    Detail takeLock(const PlanStep& step);
    Detail shareNonce(const PlanStep& step);
    Detail settleVip(const PlanStep& step);
    Detail armFlag(const PlanStep& step);
    Detail handOver(const PlanStep& step);
    Detail holdStandby(const PlanStep& step);
    Detail releaseStandby(const PlanStep& step);
    Detail stop(const PlanStep& step);
    Detail prove(const PlanStep& step);
    Detail startOn(const PlanStep& step);
    Detail awaitVip(const PlanStep& step);
    Detail awaitServing(const PlanStep& step);
    Detail clearLeftFlag(const PlanStep& step);
    Detail clearFlag(const PlanStep& step);
    Detail verify(const PlanStep& step);
    Result<Picture> await(const PictureCondition& condition, std::chrono::milliseconds deadline, const QString& what);
    ActionRecord failed(qsizetype index, const Error& cause);
    ActionRecord takeoverFailed(const PlanStep& step, const Error& cause);
    Result<void> stopWhatCameBack();
    bool cameBack(const Picture& picture) const;
    Error endedError(const Picture& picture) const;
    std::optional<Error> neededOutOfSight(const Picture& picture) const;
    bool onTarget(const Picture& picture) const;
    Result<void> proveSource(std::chrono::milliseconds deadline);
    std::function<Result<void>()> raiseFlag();
    /// The new node's shared folder has gone since the checks: Milvus would serve other data there, or none.
    std::optional<Error> storageLost() const;

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    Error cancelError() const { return {ErrorCode::Usage, QStringLiteral("cancelled by the operator."), {}, {}}; }

    const Plan& plan_;
    const Pair& pair_;
    Journal& journal_;
    World& world_;
    Changes changes_;
    std::optional<Instant> sourceProvedAt_;
    bool stoppedAgain_ = false;
    bool flagUp_ = false;
    bool wouldReturn_ = false; ///< with the flag cleared the VIP would go back to the old node
};

} // namespace mha
