// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/choice.h"

#include <QAbstractButton>
#include <QButtonGroup>

namespace mha {

void tabStopsAtTheChosen(QButtonGroup& group) {
    const auto set = [](QAbstractButton* button, bool chosen) {
        button->setFocusPolicy(chosen ? Qt::StrongFocus : Qt::ClickFocus);
    };
    for (QAbstractButton* button : group.buttons())
        set(button, button->isChecked());
    QObject::connect(&group, &QButtonGroup::buttonToggled, &group, set);
}

} // namespace mha
