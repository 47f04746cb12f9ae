// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/runner.h"

namespace mha {

/// The record of a run as it grows. Each change is told before the runner goes on, so that a step is in the history
/// before it changes the world. Used by the runner's thread only.
class Journal {
public:
    Journal(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
            const std::function<void(const ActionRecord&)>& progress);

    const ActionRecord& record() const { return record_; }

    void begin(qsizetype step);
    void end(qsizetype step, StepState state, const QString& detail);
    /// One step of an undo, at the end of the record: `work` gives its detail, or why it failed.
    Result<void> undoStep(const QString& name, const std::function<Result<QString>()>& work);
    /// Goes into the detail of the step that runs.
    void remark(const QString& text);
    /// The first `steps` steps as taken back: what was done is undone.
    void markUndone(qsizetype steps);
    /// Ends the record; a step that never began is skipped.
    ActionRecord finish(Outcome outcome, const QString& text);

private:
    void tell();

    ActionRecord record_;
    World& world_;
    const std::function<void(const ActionRecord&)>& progress_;
    QString remarks_;
};

} // namespace mha
