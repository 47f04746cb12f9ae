// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/step_list.h"

#include "ui/icon.h"
#include "ui/label.h"
#include "ui/wording.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QString stepIcon(StepState state) {
    switch (state) {
    case StepState::Waiting:
        return u"waiting"_s;
    case StepState::Running:
        return u"running"_s;
    case StepState::Done:
        return u"good"_s;
    case StepState::Failed:
        return u"down"_s;
    case StepState::Undone:
        return u"undone"_s;
    case StepState::Skipped:
        return u"idle"_s;
    }
    return u"waiting"_s;
}

} // namespace

StepList::StepList(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    setProperty("look", "page");
    column_->setContentsMargins(0, 0, kUnit, 0);
    column_->setSpacing(12);
    column_->addStretch(1);
}

StepList::Row& StepList::row(int index) {
    while (rows_.size() <= index) {
        Row row;
        row.box = new QWidget(this);
        row.icon = new IconView(20, row.box);
        row.name = new Label(TypeSize::Strong, row.box);
        row.name->setWordWrap(true);
        row.time = new Label(TypeSize::Caption, row.box);
        row.time->setMuted();
        row.first = new Label(TypeSize::Caption, row.box);
        row.first->setSentence();
        row.second = new Label(TypeSize::Caption, row.box);
        row.second->setSentence();
        row.second->setMuted();
        auto* grid = new QGridLayout(row.box);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(12);
        grid->setVerticalSpacing(2);
        grid->setColumnStretch(1, 1);
        grid->addWidget(row.icon, 0, 0, Qt::AlignTop);
        grid->addWidget(row.name, 0, 1, Qt::AlignTop);
        grid->addWidget(row.time, 0, 2, Qt::AlignTop | Qt::AlignRight);
        grid->addWidget(row.first, 1, 1, 1, 2);
        grid->addWidget(row.second, 2, 1, 1, 2);
        column_->insertWidget(column_->count() - 1, row.box);
        rows_.append(row);
    }
    return rows_[index];
}

void StepList::trim(int count) {
    while (rows_.size() > count)
        delete rows_.takeLast().box;
}

void StepList::showPlan(const Plan& plan) {
    current_ = nullptr;
    trim(static_cast<int>(plan.steps.size()));
    for (int i = 0; i < plan.steps.size(); ++i) {
        const PlanStep& step = plan.steps.at(i);
        const Row& r = row(i);
        r.icon->setIcon(u"waiting"_s, Tone::Plain);
        r.name->setText(tr("%1. %2").arg(i + 1).arg(step.name));
        r.time->setText(tr("at most %1").arg(Wording::since(step.deadline)));
        r.first->setFont(monoFont(TypeSize::Caption));
        r.first->setMuted();
        r.first->showText(step.command);
        r.second->showText(step.undo.isEmpty() ? QString() : tr("Undo: %1").arg(step.undo));
        r.box->setToolTip(step.effect);
        r.box->setAccessibleName(tr("Step %1: %2. %3").arg(i + 1).arg(step.name, step.effect));
    }
}

void StepList::showRecord(const ActionRecord& record, Instant now) {
    trim(static_cast<int>(record.steps.size()));
    for (int i = 0; i < record.steps.size(); ++i) {
        const StepRecord& step = record.steps.at(i);
        const Row& r = row(i);
        const Tone tone = toneOf(step.state);
        r.icon->setIcon(stepIcon(step.state), tone);
        r.name->setText(tr("%1. %2").arg(i + 1).arg(step.name));
        QString time = Wording::stepState(step.state);
        if (step.startedAt) {
            const QString took = toText(std::max(step.endedAt.value_or(now) - *step.startedAt, Duration{}));
            time = step.state == StepState::Done ? took : tr("%1, %2").arg(time, took);
            current_ = r.box;
        }
        r.time->setText(time);
        r.time->setTone(tone);
        r.first->setFont(typeFont(TypeSize::Caption));
        if (step.state == StepState::Failed)
            r.first->setTone(Tone::Bad);
        else
            r.first->setMuted();
        r.first->showText(step.detail);
        r.second->showText({});
        r.box->setAccessibleName(tr("Step %1: %2, %3. %4").arg(i + 1).arg(step.name, time, step.detail));
    }
}

} // namespace mha
