// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QFrame>
#include <QList>

class QPushButton;
class QVBoxLayout;

namespace mha {

class IconView;
class Label;

/// Who serves, is it safe, since when, why: readable in two seconds from across the room. Shows the worst reason with
/// its remedy; the others unfold. GUI thread; the clock is handed in.
class VerdictBanner : public QFrame {
    Q_OBJECT

public:
    explicit VerdictBanner(QWidget* parent = nullptr);

    void showPicture(const Picture& picture, const Pair& pair, Instant now);
    /// Lets the ages count.
    void tick(Instant now);
    /// Before anything has been seen.
    void showNothing(const QString& headline, const QString& text);

    /// Health that lasts is told in minutes: nothing moves in the window while nothing happens.
    static bool toldInMinutes(VerdictLevel level, Duration lasted);
    QString headline() const;
    QString sinceText() const;

    bool expanded() const { return expanded_; }

    void setExpanded(bool expanded);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void showReasons();
    void applyColors();
    QColor ground() const;
    QColor ink() const;

    Verdict verdict_;
    Instant since_;
    Instant now_;
    bool known_ = false;
    bool expanded_ = false;

    IconView* icon_;
    Label* headline_;
    Label* safety_;
    Label* for_;
    Label* sinceLabel_;
    QPushButton* more_;
    QVBoxLayout* reasonsLayout_;
    QList<Label*> reasonLabels_;
    QList<Label*> ageLabels_;
};

} // namespace mha
