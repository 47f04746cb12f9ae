// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QTableView>

class QFrame;

namespace mha {

/// A table in the window's look: whole rows, sortable, one row chosen at a time, no grid.
QTableView* makeTable(QWidget* parent);
/// The last column takes what is left.
void setColumnWidths(QTableView& table, const QList<int>& widths);
/// The table within a card.
QFrame* inCard(QTableView* table);

} // namespace mha
