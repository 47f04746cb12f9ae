// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>

namespace mha {

enum class CheckResult { Pass, Warn, Refuse };

struct Check {
    QString code; ///< e.g. "one-writer", "target-keepalived"
    CheckResult result = CheckResult::Pass;
    QString text; ///< what was found, with the remedy when refused
    bool operator==(const Check&) const = default;
};

/// What a step does to the world; data, so that a plan can be printed, dry-run and compared.
enum class StepKind {
    TakeLock,       ///< the operation lock, on both nodes or, where the other is out of sight, on `to`
    ShareNonce,     ///< what is written to the shared folder on `from` is read on `to`
    SettleVip,      ///< of a takeover: what keepalived has begun already ends, its notify script with it
    ArmFlag,        ///< a timer on `node` that clears the FAULT flag at `Plan::flagExpiry`, desktop or not
    HoldStandby,    ///< the FAULT flag on `node` = `to`, with its timer: its keepalived starts nothing
    HandOver,       ///< milvus-ha-node on `node` is told to give Milvus and the VIP to the other node
    StopMilvus,     ///< docker stop on `node`; the flag is raised at the same time where `Plan::flagMoment` says so
    ProveStopped,   ///< container not running and port closed on `node`
    ReleaseStandby, ///< that flag cleared
    StartMilvus,    ///< docker start on `node`; with the lever of the flag, it is raised on `from` at the same time
    AwaitVip,       ///< VIP on `node` and on no other
    AwaitServing,   ///< Milvus answers through the VIP, `node` holding it
    ClearFlag,      ///< the FAULT flag on `node` cleared; on `from`, as soon as that does not bring the VIP back
    Verify,         ///< one writer, one holder, verdict no worse than before
};

/// When the FAULT flag goes up. The VIP needs keepalived's skew time to move; Milvus needs its start.
enum class FlagMoment {
    AtStop,     ///< as Milvus is told to stop: only where nothing on the other node starts Milvus when the VIP comes
    WithStart,  ///< as it starts: both go on at once
    AfterStart, ///< with fast adverts the VIP is there in no time, and its scripts would only slow the start
};

struct PlanStep {
    StepKind kind = StepKind::Verify;
    int node = -1;
    QString name;    ///< "Stop Milvus on master"
    QString command; ///< what is called, for a reader: "POST /containers/milvus/stop?t=10 on master"
    QString effect;  ///< what is to be seen afterwards
    QString undo;    ///< what undo does, empty: nothing to undo
    std::chrono::milliseconds deadline{};
    bool operator==(const PlanStep&) const = default;
};

/// A switchover as a value: dry run, runbook and what the runner executes are the same thing.
struct Plan {
    QString pair;
    QString kind; ///< "switchover", "failback" (to the node of the higher priority) or "takeover"
    int from = -1;
    int to = -1;
    QString lever;                     ///< how the VIP is made to move, in a sentence
    std::chrono::seconds flagExpiry{}; ///< of the FAULT flag where the lever is the flag; else 0
    FlagMoment flagMoment = FlagMoment::WithStart;
    bool byProgram = false; ///< milvus-ha-node on `from` does it, and its undo
    bool vipFirst = false;  ///< the flag being up, Milvus is started only when the VIP has come
    /// Nobody can say that Milvus is stopped on `from`: a takeover from a node that does not answer.
    bool withoutProof = false;
    QStringList overrides{}; ///< codes of checks that the operator has overridden
    QList<Check> checks;
    QList<PlanStep> steps;
    Instant madeAt;

    bool refused() const;
    /// The refusing checks' texts as one sentence each, joined.
    QString refusal() const;
    bool isTakeover() const;
    bool operator==(const Plan&) const = default;
};

/// Pure: the plan to move service to `to` (-1: the other node than the active one) from what the picture shows now.
/// Always gives a plan; a plan that must not be run has refusing checks and says why.
Plan planSwitchover(const Picture& picture, const Pair& pair, int to);

/// Pure: the plan to make `to` serve from whatever state the pair is in: half-way after an operation that was
/// interrupted, with nobody serving, or with the other node gone. Has no undo: there is no good state to go back to.
Plan planTakeover(const Picture& picture, const Pair& pair, int to);

/// Pure: the plan with the refusals of these checks as warnings; those that nobody may override (whether there are one
/// writer, one holder, two nodes in sight, a target) refuse as before.
Plan withOverrides(Plan plan, const QStringList& codes);

/// Pure: the codes of the checks that refuse, where each of them may be overridden; else nothing.
QStringList overridable(const Plan& plan);

/// Pure: the same plan made anew from what the picture shows now, with the same overrides.
Plan planAgain(const Plan& plan, const Picture& picture, const Pair& pair);

} // namespace mha
