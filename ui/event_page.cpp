// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event_page.h"

#include "ui/empty_state.h"
#include "ui/label.h"
#include "ui/table.h"
#include "ui/wording.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace mha {

EventPage::EventPage(QWidget* parent)
    : QWidget(parent), model_(new EventModel(this)), filter_(new EventFilter(this)), table_(makeTable(this)),
      search_(new QLineEdit(this)), node_(new QComboBox(this)), kind_(new QComboBox(this)),
      severity_(new QComboBox(this)), follow_(new QCheckBox(tr("F&ollow live"), this)),
      stack_(new QStackedWidget(this)), empty_(new EmptyState(u"events"_s, this)) {
    filter_->setSourceModel(model_);
    table_->setModel(filter_);
    table_->setAccessibleName(tr("Events"));
    table_->sortByColumn(EventModel::Time, Qt::DescendingOrder);
    setColumnWidths(*table_, {204, 116, 124, 110, 300});
    stack_->addWidget(inCard(table_));
    stack_->addWidget(empty_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(makeFilter());
    column->addWidget(stack_, 1);

    // Scrolling away by hand means reading: what comes in must not move the page then.
    connect(table_->verticalScrollBar(), &QScrollBar::actionTriggered, this,
            [this] { follow_->setChecked(table_->verticalScrollBar()->sliderPosition() == 0); });
    connect(follow_, &QCheckBox::toggled, this, [this](bool on) {
        if (on)
            table_->scrollToTop();
    });
    applyFilter();
}

QWidget* EventPage::makeFilter() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    search_->setPlaceholderText(tr("Filter by words in the text"));
    search_->setAccessibleName(tr("Filter the events"));
    search_->setToolTip(tr("Filter the events (Ctrl+F)"));
    search_->setClearButtonEnabled(true);
    node_->setAccessibleName(tr("Node"));
    node_->addItem(tr("Any node"));
    kind_->setAccessibleName(tr("Kind of event"));
    kind_->addItem(tr("Any kind"), -1);
    for (int kind = 0; kind <= int(EventKind::Config); ++kind)
        kind_->addItem(Wording::eventKind(EventKind(kind)), kind);
    severity_->setAccessibleName(tr("Least severity"));
    severity_->addItem(tr("Any severity"), int(Severity::Info));
    severity_->addItem(tr("Warnings and errors"), int(Severity::Warning));
    severity_->addItem(tr("Errors only"), int(Severity::Error));
    follow_->setChecked(true);
    follow_->setToolTip(tr("Keep the newest event in sight"));
    row->addWidget(search_, 1);
    row->addWidget(node_);
    row->addWidget(kind_);
    row->addWidget(severity_);
    row->addSpacing(kUnit);
    row->addWidget(follow_);
    connect(search_, &QLineEdit::textChanged, this, &EventPage::applyFilter);
    for (QComboBox* box : {node_, kind_, severity_})
        connect(box, &QComboBox::currentIndexChanged, this, &EventPage::applyFilter);
    return bar;
}

void EventPage::setNodes(const QString& first, const QString& second) {
    if (node_->count() == 3 && node_->itemText(1) == first && node_->itemText(2) == second)
        return;
    while (node_->count() > 1)
        node_->removeItem(1);
    node_->addItem(first, first);
    node_->addItem(second, second);
}

void EventPage::setEvents(const QList<Event>& events) {
    model_->setEvents(events);
    showCount();
    if (follow_->isChecked())
        table_->scrollToTop();
}

void EventPage::addEvents(const QList<Event>& events) {
    const QPersistentModelIndex top = table_->indexAt(QPoint(0, 0));
    model_->addEvents(events);
    showCount();
    if (follow_->isChecked())
        table_->scrollToTop();
    else if (top.isValid())
        table_->scrollTo(top, QAbstractItemView::PositionAtTop);
}

void EventPage::applyFilter() {
    filter_->setText(search_->text());
    filter_->setNode(node_->currentData().toString());
    const int kind = kind_->currentIndex() > 0 ? kind_->currentData().toInt() : -1;
    filter_->setKind(kind < 0 ? std::nullopt : std::optional(EventKind(kind)));
    filter_->setAtLeast(Severity(severity_->currentData().toInt()));
    showCount();
}

void EventPage::showCount() {
    if (model_->rowCount() == 0)
        empty_->setTexts(
            tr("Nothing has happened yet"),
            tr("Every change of VIP, VRRP, container, Milvus and storage is listed here as it is seen, and kept "
               "in the history."));
    else
        empty_->setTexts(tr("No event matches the filter"),
                         tr("Clear the filter to see all %1 events.").arg(model_->rowCount()));
    stack_->setCurrentIndex(filter_->rowCount() == 0 ? 1 : 0);
}

void EventPage::focusFilter() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

} // namespace mha
