// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/check_list.h"
#include "ui/label.h"
#include "ui/live_pair.h"
#include "ui/notice.h"
#include "ui/step_list.h"
#include "ui/switchover_dialog.h"
#include "ui/when_choice.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace mha {

// Where the parts of the dialog stand.

namespace {

constexpr int kLongestReason = 200;

void makeScrolling(QScrollArea& area, QWidget* widget) {
    area.setWidget(widget);
    area.setWidgetResizable(true);
    area.setFrameShape(QFrame::NoFrame);
    area.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area.viewport()->setAutoFillBackground(false);
    widget->setAutoFillBackground(false);
}

QScrollArea* scrolled(QWidget* widget, QWidget* parent) {
    auto* area = new QScrollArea(parent);
    makeScrolling(*area, widget);
    return area;
}

} // namespace

QWidget* SwitchoverDialog::makeHeading() {
    auto* box = new QWidget(this);
    title_->setWordWrap(true);
    effect_->setSentence();
    lever_->setSentence();
    lever_->setMuted();
    targetBox_->addItem(tr("to %1").arg(pair_.nodes[0].name));
    targetBox_->addItem(tr("to %1").arg(pair_.nodes[1].name));
    targetBox_->setAccessibleName(tr("Node that shall serve"));
    targetBox_->hide();
    auto* top = new QHBoxLayout;
    top->addWidget(title_, 1);
    top->addWidget(targetBox_);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(effect_);
    column->addWidget(lever_);
    return box;
}

QWidget* SwitchoverDialog::makeMiddle() {
    auto* box = new QWidget(this);
    const auto card = [box](const QList<QWidget*>& heading, QWidget* body) {
        auto* frame = new QFrame(box);
        frame->setProperty("look", "card");
        auto* top = new QHBoxLayout;
        top->setSpacing(kUnit);
        for (QWidget* widget : heading)
            top->addWidget(widget, 0, Qt::AlignBaseline);
        top->addStretch(1);
        auto* column = new QVBoxLayout(frame);
        column->setContentsMargins(20, kGap, 12, 12);
        column->setSpacing(12);
        column->addLayout(top);
        column->addWidget(body, 1);
        return frame;
    };
    leftSummary_->setMuted();
    makeScrolling(*stepArea_, steps_);
    left_->addWidget(scrolled(checks_, this));
    left_->addWidget(live_);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    row->addWidget(card({leftTitle_, leftSummary_}, left_), 4);
    row->addWidget(card({new Label(tr("What is done"), TypeSize::Title, this)}, stepArea_), 5);
    return box;
}

/// Shown only where a node is out of sight or a check is overridden: a name must be typed, so that no habit of the hand
/// confirms it.
QWidget* SwitchoverDialog::makeConfirmation() {
    confirmLabel_->setTone(Tone::Bad);
    confirmLabel_->setTextFormat(Qt::AutoText);
    confirmLabel_->setBuddy(confirm_);
    confirm_->setObjectName(u"confirm"_s);
    confirm_->setAccessibleName(tr("Name of the node that is asked for"));
    auto* row = new QHBoxLayout(confirmation_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(confirmLabel_);
    row->addWidget(confirm_, 1);
    confirmation_->hide();
    return confirmation_;
}

QWidget* SwitchoverDialog::makeFoot() {
    auto* box = new QWidget(this);
    reasonLabel_->setText(tr("&Reason"));
    reasonLabel_->setTextFormat(Qt::AutoText);
    reasonLabel_->setBuddy(reason_);
    reason_->setMaxLength(kLongestReason);
    reason_->setPlaceholderText(
        tr("Why, for the history and the report: kernel update on %1").arg(pair_.nodes[0].name));
    reason_->setAccessibleName(tr("Reason of the switchover"));
    hint_->setMuted();
    hint_->setWordWrap(true);
    start_->setProperty("look", "primary");
    cancel_->setProperty("look", "danger");
    // Return in the reason field must never start it: the button wants to be meant.
    takeOver_->setText(tr("&Take over instead…"));
    takeOver_->setToolTip(tr("Makes a node serve from whatever state the pair is in. It has no undo."));
    overrule_->setText(tr("&Go on against it…"));
    overrule_->setToolTip(tr("Overrides the checks that refuse. It is recorded."));
    for (QPushButton* button : {start_, cancel_, close_, takeOver_, overrule_})
        button->setAutoDefault(false);
    cancel_->setText(tr("&Cancel and undo"));
    cancel_->setToolTip(tr("Takes back what was done so far, until %1 serves as before").arg(pair_.nodes[0].name));

    auto* why = new QHBoxLayout;
    why->setSpacing(12);
    why->addWidget(reasonLabel_);
    why->addWidget(reason_, 1);
    why->addWidget(when_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    buttons->addWidget(hint_, 1);
    buttons->addWidget(overrule_);
    buttons->addWidget(takeOver_);
    buttons->addWidget(close_);
    buttons->addWidget(cancel_);
    buttons->addWidget(start_);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(why);
    column->addWidget(makeConfirmation());
    column->addLayout(buttons);
    return box;
}

} // namespace mha
