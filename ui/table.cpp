// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table.h"

#include "ui/theme.h"

#include <QHeaderView>
#include <QVBoxLayout>

namespace mha {

QTableView* makeTable(QWidget* parent) {
    auto* table = new QTableView(parent);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSortingEnabled(true);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setIconSize(QSize(16, 16));
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(kControlHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

void setColumnWidths(QTableView& table, const QList<int>& widths) {
    for (int column = 0; column < widths.size(); ++column)
        table.setColumnWidth(column, widths.at(column));
    table.horizontalHeader()->setStretchLastSection(true);
}

QFrame* inCard(QTableView* table) {
    auto* card = new QFrame(table->parentWidget());
    card->setProperty("look", "card");
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(kUnit, kHalf, kUnit, kUnit);
    column->addWidget(table);
    return card;
}

} // namespace mha
