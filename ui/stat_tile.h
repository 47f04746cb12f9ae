// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QFrame>

namespace mha {

class Label;

/// One figure with its name.
class StatTile : public QFrame {
    Q_OBJECT

public:
    explicit StatTile(const QString& name, QWidget* parent = nullptr);
    void showFigure(const QString& figure, const QString& toolTip = {}, Tone tone = Tone::Plain);
    QString figure() const;

private:
    Label* figure_;
    QString name_;
};

} // namespace mha
