// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/choice.h"

#include <QButtonGroup>
#include <QPushButton>

namespace mha {

namespace {

constexpr int kSegmentPadding = 12; ///< with its border, as in the style sheet

} // namespace

QPushButton* makeSegment(const QString& text, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setProperty("look", "segment");
    button->setCheckable(true);
    QFont chosen = button->font();
    chosen.setBold(true);
    button->setMinimumWidth(QFontMetrics(chosen).horizontalAdvance(text) + 2 * kSegmentPadding);
    return button;
}

void tabStopsAtTheChosen(QButtonGroup& group) {
    const auto set = [](QAbstractButton* button, bool chosen) {
        button->setFocusPolicy(chosen ? Qt::StrongFocus : Qt::ClickFocus);
    };
    for (QAbstractButton* button : group.buttons())
        set(button, button->isChecked());
    QObject::connect(&group, &QButtonGroup::buttonToggled, &group, set);
}

} // namespace mha
