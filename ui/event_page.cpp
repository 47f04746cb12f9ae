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
using namespace std::chrono_literals;

namespace mha {

EventPage::EventPage(QWidget* parent)
    : QWidget(parent), model_(new EventModel(this)), table_(makeTable(this)), search_(new QLineEdit(this)),
      node_(new QComboBox(this)), kind_(new QComboBox(this)), severity_(new QComboBox(this)),
      period_(new QComboBox(this)), follow_(new QCheckBox(tr("F&ollow live"), this)), stack_(new QStackedWidget(this)),
      empty_(new EmptyState(u"events"_s, this)) {
    // Newest first and nothing else: the rest of the history is not here to be sorted.
    table_->setSortingEnabled(false);
    table_->setModel(model_);
    table_->setAccessibleName(tr("Events"));
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
    connect(model_, &EventModel::pageWanted, this, &EventPage::pageWanted);
    stack_->setCurrentWidget(empty_);
    read();
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
    period_->setAccessibleName(tr("Period"));
    period_->addItem(tr("Any time"), 0);
    period_->addItem(tr("Last hour"), qlonglong(Duration(1h).count()));
    period_->addItem(tr("Last 24 hours"), qlonglong(Duration(24h).count()));
    period_->addItem(tr("Last 7 days"), qlonglong(Duration(7 * 24h).count()));
    period_->addItem(tr("Last 30 days"), qlonglong(Duration(30 * 24h).count()));
    follow_->setChecked(true);
    follow_->setToolTip(tr("Keep the newest event in sight"));
    row->addWidget(search_, 1);
    row->addWidget(node_);
    row->addWidget(kind_);
    row->addWidget(severity_);
    row->addWidget(period_);
    row->addSpacing(kUnit);
    row->addWidget(follow_);
    connect(search_, &QLineEdit::textChanged, this, &EventPage::read);
    for (QComboBox* box : {node_, kind_, severity_, period_})
        connect(box, &QComboBox::currentIndexChanged, this, &EventPage::read);
    return bar;
}

void EventPage::setClock(std::function<Instant()> clock) {
    clock_ = std::move(clock);
}

void EventPage::tick(Instant now) {
    if (period_->currentIndex() == 0 || !follow_->isChecked())
        return;
    model_->dropBefore(now - period());
    showState();
}

Duration EventPage::period() const {
    return Duration(period_->currentData().toLongLong());
}

void EventPage::setNodes(const QString& first, const QString& second) {
    if (node_->count() == 3 && node_->itemText(1) == first && node_->itemText(2) == second)
        return;
    while (node_->count() > 1)
        node_->removeItem(1);
    node_->addItem(first, first);
    node_->addItem(second, second);
}

void EventPage::clear() {
    model_->clear();
    failed_.clear();
    stack_->setCurrentWidget(empty_);
    showState();
}

EventQuery EventPage::wanted() const {
    EventQuery query;
    query.text = search_->text().trimmed();
    query.node = node_->currentData().toString();
    if (kind_->currentIndex() > 0)
        query.kind = EventKind(kind_->currentData().toInt());
    if (severity_->currentIndex() > 0)
        query.atLeast = Severity(severity_->currentData().toInt());
    if (period_->currentIndex() > 0)
        query.since = clock_() - period();
    return query;
}

void EventPage::read() {
    failed_.clear();
    model_->setFilter(wanted());
    showState();
}

void EventPage::addPage(quint64 ticket, const QList<Event>& events) {
    model_->addPage(ticket, events);
    showState();
    if (moment_)
        selectMoment();
}

void EventPage::failPage(quint64 ticket, const Error& error) {
    if (!model_->failPage(ticket))
        return;
    failed_ = toSentence(error);
    showState();
}

void EventPage::addEvents(const QList<Event>& events) {
    const QPersistentModelIndex top = table_->indexAt(QPoint(0, 0));
    model_->addLive(events);
    showState();
    if (follow_->isChecked() && !moment_) {
        model_->trim();
        table_->scrollToTop();
    } else if (top.isValid()) {
        table_->scrollTo(top, QAbstractItemView::PositionAtTop);
    }
}

void EventPage::showMoment(std::optional<Instant> moment) {
    if (moment == moment_)
        return;
    moment_ = moment;
    model_->setMoment(moment);
    if (moment_) {
        selectMoment();
        return;
    }
    table_->setCurrentIndex({});
    if (follow_->isChecked())
        table_->scrollToTop();
}

/// The newest one that had happened; where so old ones have not been read yet, they are asked for and found then.
void EventPage::selectMoment() {
    int row = 0;
    while (row < model_->rowCount() && model_->at(row).at > *moment_)
        ++row;
    if (row == model_->rowCount()) {
        if (model_->canFetchMore({}))
            model_->fetchMore({});
        table_->setCurrentIndex({});
        return;
    }
    const QModelIndex last = model_->index(row, 0);
    table_->setCurrentIndex(last);
    table_->scrollTo(last, QAbstractItemView::PositionAtCenter);
}

void EventPage::showState() {
    if (model_->rowCount() > 0) {
        stack_->setCurrentIndex(0);
        return;
    }
    if (model_->waiting()) {
        // Mostly over before it could be read: the table stays, if it is there.
        empty_->setTexts(tr("Reading the history"), tr("Looking for the events that match."));
        return;
    }
    if (!failed_.isEmpty()) {
        empty_->setTexts(tr("The history cannot be read"), failed_);
    } else if (model_->filter() == EventQuery()) {
        empty_->setTexts(
            tr("Nothing has happened yet"),
            tr("Every change of VIP, VRRP, container, Milvus and storage is listed here as it is seen, and kept "
               "in the history."));
    } else {
        empty_->setTexts(tr("No event matches the filter"),
                         tr("Nothing in the history is like that. Clear the filter to see every event."));
    }
    stack_->setCurrentWidget(empty_);
}

void EventPage::focusFilter() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

} // namespace mha
