// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QButtonGroup;
class QPushButton;
class QWidget;

namespace mha {

/// A button of a row of which one is chosen; wide enough for its text when it is, in bold.
QPushButton* makeSegment(const QString& text, QWidget* parent);

/// Tab stops once in an exclusive group, at the chosen button, and the arrows choose another. Qt by itself stops at the
/// first one, and then no longer at the chosen one: it looks at the group only when the focus is already there. Call
/// when the group is complete and one is chosen.
void tabStopsAtTheChosen(QButtonGroup& group);

} // namespace mha
