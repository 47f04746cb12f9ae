// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/failover_detail.h"

#include "report/waterfall.h"
#include "ui/chart_view.h"
#include "ui/empty_state.h"
#include "ui/label.h"
#include "ui/moment_delegate.h"
#include "ui/moment_model.h"
#include "ui/table.h"
#include "ui/wording.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QEvent>
#include <QHeaderView>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kMomentRow = 24;

Instant momentBegin(const Failover& failover) {
    return failover.startedAt - kMomentBefore;
}

Instant momentEnd(const Failover& failover) {
    return failover.endedAt + kMomentAfter;
}

} // namespace

FailoverDetail::FailoverDetail(QWidget* parent)
    : QWidget(parent), stack_(new QStackedWidget(this)), empty_(new EmptyState(u"failovers"_s, this)),
      title_(new Label(TypeSize::Caption, this)), logBox_(new QCheckBox(this)),
      state_(new Label(TypeSize::Caption, this)), waterfall_(new ChartView(this)), model_(new MomentModel(this)),
      table_(mha::makeTable(this)) {
    waterfall_->setAccessibleName(tr("Phases of the failover"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(waterfall_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false); // the card's ground
    waterfall_->setAutoFillBackground(false);

    title_->setMuted();
    title_->setSentence();
    logBox_->setChecked(true);
    logBox_->setToolTip(tr("Show what keepalived, Docker, the kernel and others wrote into the nodes' logs"));
    state_->setSentence();
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    head->addWidget(title_, 1);
    head->addWidget(logBox_);
    auto* sides = new QSplitter(this);
    sides->setHandleWidth(kGap);
    sides->setChildrenCollapsible(false);
    sides->addWidget(scroll);
    sides->addWidget(makeTable());
    sides->setSizes({1000, 1000}); // halves
    auto* both = new QWidget(this);
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kHalf);
    column->addLayout(head);
    column->addWidget(state_);
    column->addWidget(sides, 1);
    empty_->setTexts(tr("No failover is chosen"), tr("Choose one in the table below, or a bar of the other charts."));
    stack_->addWidget(empty_);
    stack_->addWidget(both);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(stack_);
    connect(logBox_, &QCheckBox::toggled, this, &FailoverDetail::fillTable);
    showState();
}

QWidget* FailoverDetail::makeTable() {
    table_->setModel(model_);
    table_->setAccessibleName(tr("Events and log lines around the failover"));
    table_->setSortingEnabled(false);
    table_->setWordWrap(true);
    table_->setItemDelegate(new MomentDelegate(table_));
    table_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel); // a long line may be higher than the table
    table_->verticalHeader()->setDefaultSectionSize(kMomentRow);
    setColumnWidths(*table_, {84, 72, 132});
    table_->horizontalHeader()->setSectionResizeMode(MomentModel::Text, QHeaderView::Stretch); // narrow as well
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        atBegin_ = atBegin_ && !now.isValid();
        showWhole(now.row());
        if (!now.isValid())
            return;
        table_->doItemsLayout(); // for the row's new height to be there to scroll to
        const bool high = table_->rowHeight(now.row()) > table_->viewport()->height();
        table_->scrollTo(now, high ? QAbstractItemView::PositionAtTop : QAbstractItemView::EnsureVisible);
    });
    connect(table_->horizontalHeader(), &QHeaderView::sectionResized, this, [this] { showWhole(whole_); });
    connect(table_->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] { atBegin_ = false; });
    connect(table_->verticalScrollBar(), &QScrollBar::rangeChanged, this, &FailoverDetail::placeAtBegin);
    return table_;
}

/// However long its line is.
void FailoverDetail::showWhole(int row) {
    if (whole_ >= 0)
        table_->setRowHeight(whole_, kMomentRow);
    whole_ = row;
    if (row < 0)
        return;
    table_->resizeRowToContents(row);
    table_->setRowHeight(row, std::max(table_->rowHeight(row), kMomentRow));
}

/// What came right before the outage on top.
void FailoverDetail::placeAtBegin() {
    if (!atBegin_ || !failover_)
        return;
    int row = 0;
    while (row + 1 < model_->rowCount() && model_->at(row + 1).at < failover_->startedAt)
        ++row;
    table_->scrollTo(model_->index(row, 0), QAbstractItemView::PositionAtTop);
}

void FailoverDetail::showFailover(const std::optional<Failover>& failover, Duration rto) {
    const bool same = failover_ && failover && failover_->id == failover->id;
    const bool sameSpan =
        same && failover_->startedAt == failover->startedAt && failover_->endedAt == failover->endedAt;
    failover_ = failover;
    rto_ = rto;
    stack_->setCurrentIndex(failover ? 1 : 0);
    if (!same) {
        moment_.clear();
        atBegin_ = true;
    }
    if (!sameSpan)
        log_.reset();
    fillTable();
    if (!failover) {
        waterfall_->setChart(nullptr);
        return;
    }
    title_->setText(tr("%1: %2 from %3 to %4, %5, recovered in %6, give or take %7")
                        .arg(Wording::dayAndClock(failover->startedAt), Wording::failoverKind(*failover),
                             failover->from.isEmpty() ? tr("an unknown node") : failover->from,
                             failover->to.isEmpty() ? tr("an unknown node") : failover->to,
                             Wording::trigger(failover->trigger), Wording::exact(failover->recovery()),
                             Wording::milliseconds(failover->error)));
    waterfall_->setChart(
        [this](const QSizeF& size) {
            return mha::waterfall(*failover_, moment_, rto_, QTimeZone::systemTimeZone(), size.width());
        },
        ChartView::Height::OfContent);
    Q_EMIT momentWanted(failover->id, momentBegin(*failover), momentEnd(*failover));
    if (!sameSpan)
        askForLog();
}

void FailoverDetail::askForLog() {
    if (failover_ && source_ == LogSource::Nodes)
        Q_EMIT logWanted(failover_->id, momentBegin(*failover_), momentEnd(*failover_));
}

void FailoverDetail::showMoment(qint64 id, const QList<Event>& events) {
    if (!failover_ || failover_->id != id || moment_ == events)
        return;
    moment_ = events;
    fillTable();
    waterfall_->refresh();
}

void FailoverDetail::showLog(const MomentLog& log) {
    if (source_ != LogSource::Nodes || !failover_ || log.failover != failover_->id ||
        log.from != momentBegin(*failover_) || log.until != momentEnd(*failover_))
        return;
    log_ = log;
    fillTable();
}

void FailoverDetail::setLogSource(LogSource source) {
    source_ = source;
    log_.reset();
    fillTable();
    askForLog();
}

QString FailoverDetail::logState() const {
    if (source_ == LogSource::None)
        return tr("No session with the nodes is open: their log lines of this moment cannot be read.");
    if (source_ == LogSource::Replay)
        return tr("In a replay no node is asked: their log lines of this moment are not here.");
    QStringList states;
    for (const NodeLog& node : log_ ? log_->nodes : std::array<NodeLog, 2>{}) {
        if (node.error)
            states += tr("%1: cannot be read: %2 %3").arg(node.node, node.error->text, node.error->remedy).trimmed();
        if (!node.note.isEmpty())
            states += tr("%1: %2").arg(node.node, node.note);
    }
    return states.join(u' ');
}

void FailoverDetail::showState() {
    const QList<LogEntry> lines = log_ ? linesOf(*log_) : QList<LogEntry>();
    const bool waiting = source_ == LogSource::Nodes && (!log_ || std::ranges::any_of(log_->nodes, &NodeLog::waiting));
    logBox_->setText(source_ != LogSource::Nodes ? tr("Lo&g lines")
                     : waiting                   ? tr("Lo&g lines (%1, reading…)").arg(lines.size())
                                                 : tr("Lo&g lines (%1)").arg(lines.size()));
    logBox_->setEnabled(source_ == LogSource::Nodes);
    if (source_ == LogSource::Nodes) {
        state_->setTone(Tone::Warn);
    } else {
        state_->setMuted();
    }
    state_->showText(logState());
}

void FailoverDetail::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        model_->repaint();
}

/// Where the reader is stays in place: the chosen row, or else the one on top. Until then: where the outage begins.
void FailoverDetail::fillTable() {
    showState();
    const auto at = [this](const QModelIndex& index) {
        return index.isValid() ? std::optional(model_->at(index.row())) : std::nullopt;
    };
    const std::optional<MomentRow> chosen = at(table_->currentIndex());
    const std::optional<MomentRow> top = at(table_->indexAt(QPoint(0, 0)));
    const bool withLog = log_ && logBox_->isChecked();
    const QList<MomentRow> rows = momentRows(moment_, withLog ? linesOf(*log_) : QList<LogEntry>());
    const Instant lastGood = failover_ ? failover_->startedAt : Instant{};
    showWhole(-1);
    if (!model_->show(lastGood, rows)) {
        showWhole(table_->currentIndex().row());
        return;
    }
    if (rows.isEmpty())
        return;
    table_->doItemsLayout();
    placeAtBegin();
    if (atBegin_)
        return;
    if (const qsizetype row = top ? rows.indexOf(*top) : -1; row >= 0)
        table_->scrollTo(model_->index(static_cast<int>(row), 0), QAbstractItemView::PositionAtTop);
    if (const qsizetype row = chosen ? rows.indexOf(*chosen) : -1; row >= 0)
        table_->selectRow(static_cast<int>(row));
}

} // namespace mha
