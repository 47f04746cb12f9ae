// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"

#include <QWidget>

class QVBoxLayout;

namespace mha {

class ElidedLabel;
class IconView;
class Label;

/// The steps of a plan, each with what is called and how it is undone; while it runs, with state and time. Steps that
/// the undo adds appear at the end.
class StepList : public QWidget {
    Q_OBJECT

public:
    explicit StepList(QWidget* parent = nullptr);

    void showPlan(const Plan& plan);
    void showRecord(const ActionRecord& record, Instant now);

    int rowCount() const { return static_cast<int>(rows_.size()); }

    /// The row of the step that runs or ran last, to be kept in sight.
    QWidget* currentRow() const { return current_; }

private:
    struct Row {
        QWidget* box = nullptr;
        IconView* icon = nullptr;
        Label* name = nullptr;
        Label* time = nullptr;
        Label* first = nullptr;
        Label* second = nullptr;
    };

    Row& row(int index);
    void trim(int count);

    QVBoxLayout* column_;
    QList<Row> rows_;
    QWidget* current_ = nullptr;
};

} // namespace mha
