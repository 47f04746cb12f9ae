// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"

#include <QWidget>

class QVBoxLayout;

namespace mha {

/// The checks of a plan, worst first: refusals and warnings in bold, passes quietly below. Each by shape and word.
class CheckList : public QWidget {
    Q_OBJECT

public:
    explicit CheckList(QWidget* parent = nullptr);

    void showChecks(const QList<Check>& checks);
    /// "10 passed, 1 warning, 2 refuse".
    static QString summary(const QList<Check>& checks);

private:
    QVBoxLayout* column_;
    QList<Check> shown_;
};

} // namespace mha
