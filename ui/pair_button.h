// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace mha {

/// A pair to be opened, as one wide button: its name, and below it what tells it from the others.
class PairButton : public QAbstractButton {
    Q_OBJECT

public:
    PairButton(const QString& name, const QString& detail, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString detail_;
};

} // namespace mha
