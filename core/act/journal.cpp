// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/journal.h"

namespace mha {

namespace {

QString nodeName(const Pair& pair, int node) {
    return node == 0 || node == 1 ? pair.nodes[static_cast<std::size_t>(node)].name : QString();
}

} // namespace

Journal::Journal(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
                 const std::function<void(const ActionRecord&)>& progress)
    : record_(std::move(record)), world_(world), progress_(progress) {
    record_.pair = pair.name;
    record_.kind = plan.kind;
    record_.from = nodeName(pair, plan.from);
    record_.to = nodeName(pair, plan.to);
    record_.startedAt = world_.now();
    record_.outcome = Outcome::Running;
    record_.steps.clear();
    for (const PlanStep& step : plan.steps)
        record_.steps.append({step.name, StepState::Waiting, {}, {}, {}});
    tell();
}

void Journal::begin(qsizetype step) {
    record_.steps[step].state = StepState::Running;
    record_.steps[step].startedAt = world_.now();
    remarks_.clear();
    tell();
}

void Journal::end(qsizetype step, StepState state, const QString& detail) {
    record_.steps[step].state = state;
    record_.steps[step].endedAt = world_.now();
    record_.steps[step].detail = remarks_.isEmpty() ? detail : remarks_ + u' ' + detail;
    tell();
}

Result<void> Journal::undoStep(const QString& name, const std::function<Result<QString>()>& work) {
    const qsizetype index = record_.steps.size();
    record_.steps.append({QStringLiteral("Undo: ") + name, StepState::Waiting, {}, {}, {}});
    begin(index);
    const Result<QString> detail = work();
    end(index, detail ? StepState::Done : StepState::Failed, detail ? *detail : toSentence(detail.error()));
    if (!detail)
        return std::unexpected(detail.error());
    return {};
}

void Journal::remark(const QString& text) {
    if (!remarks_.isEmpty())
        remarks_ += u' ';
    remarks_ += text;
}

void Journal::markUndone(qsizetype steps) {
    for (qsizetype i = 0; i < steps && i < record_.steps.size(); ++i) {
        if (record_.steps.at(i).state == StepState::Done)
            record_.steps[i].state = StepState::Undone;
    }
}

ActionRecord Journal::finish(Outcome outcome, const QString& text) {
    for (StepRecord& step : record_.steps) {
        if (step.state == StepState::Waiting)
            step.state = StepState::Skipped;
    }
    record_.outcome = outcome;
    record_.text = text;
    record_.outage = outcome == Outcome::Refused ? std::nullopt : world_.outage();
    record_.endedAt = world_.now();
    tell();
    return record_;
}

void Journal::tell() {
    if (progress_)
        progress_(record_);
}

} // namespace mha
