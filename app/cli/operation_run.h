// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "arguments.h"
#include "history/recorder.h"
#include "model/action.h"
#include "observe/pair_monitor.h"
#include "stop_signal.h"

#include <functional>
#include <memory>

namespace mha::cli {

/// What the commands that act on a pair have in common: one watched pair, the history that keeps what is done, and
/// plans carried out with their steps printed. Runs the event loop while it waits. The arguments and the pair must
/// outlive it.
class OperationRun {
public:
    using Planner = std::function<Plan(const Picture&)>;

    OperationRun(const Arguments& arguments, const Pair& pair);
    ~OperationRun();

    /// Opens the history, records from here on, and marks what a dead program has left in it.
    std::optional<Error> record();
    /// Sees the pair once; an error where a node refuses us, or neither is reached.
    std::optional<Error> look();

    /// Is somebody else at work on the pair? Then nothing is to be planned.
    std::optional<Error> otherOperator();

    const Picture& picture() const { return monitor_.picture(); }

    History& history() { return *history_; }

    StopSignal& stop() { return stop_; }

    /// The plan, where need be a few seconds later: what refuses only because a fact is not in yet, or because
    /// keepalived has just moved, passes by itself.
    Plan planWhenSettled(const Planner& planner);
    /// Waits for a time; false at a stop signal.
    bool waitUntil(Instant time);
    /// Carries the plan out and waits until its failover is recorded. A stop signal cancels it.
    ActionRecord carryOut(const Plan& plan, const QString& reason);

private:
    void markInterrupted();
    void showProgress(const ActionRecord& record);
    void awaitFailover();

    const Arguments& arguments_;
    const Pair& pair_;
    PairMonitor monitor_;
    StopSignal stop_;
    std::unique_ptr<History> history_;
    std::unique_ptr<Recorder> recorder_;
    bool failoverSeen_ = false;
    QList<StepState> shown_;
};

/// Pure but for the terminal: what is wanting before anything may be done: a reason, and a way to confirm.
std::optional<Error> wrongUse(const Arguments& arguments);
std::optional<Error> noWayToConfirm(const Arguments& arguments);
/// Nothing where `name` is empty or a node of the pair.
std::optional<Error> unknownNode(const Pair& pair, const QString& name);
/// The outcome and the outage for people.
void printOutcome(const ActionRecord& record);

} // namespace mha::cli
