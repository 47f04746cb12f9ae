// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/failover_detail.h"

#include "report/waterfall.h"
#include "ui/chart_view.h"
#include "ui/empty_state.h"
#include "ui/label.h"
#include "ui/wording.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableWidget>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kEventRow = 24;
constexpr int kAfterColumn = 84;
constexpr int kNodeColumn = 72;
constexpr int kWaterfallShare = 5; ///< of 8 parts of the width

/// "+1.234 s": after the last good answer.
QString afterText(Duration after) {
    return FailoverDetail::tr("%1%2 s")
        .arg(after < Duration::zero() ? u"−"_s : u"+"_s)
        .arg(std::abs(toSeconds(after)), 0, 'f', 3);
}

} // namespace

FailoverDetail::FailoverDetail(QWidget* parent)
    : QWidget(parent), stack_(new QStackedWidget(this)), empty_(new EmptyState(u"failovers"_s, this)),
      title_(new Label(TypeSize::Caption, this)), waterfall_(new ChartView(this)),
      events_(new QTableWidget(0, 3, this)) {
    waterfall_->setAccessibleName(tr("Phases of the failover"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(waterfall_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false); // the card's ground
    waterfall_->setAutoFillBackground(false);

    events_->setAccessibleName(tr("Events around the failover"));
    events_->setHorizontalHeaderLabels({tr("After"), tr("Node"), tr("What happened")});
    events_->horizontalHeaderItem(0)->setToolTip(tr("After the last good answer"));
    events_->setSelectionBehavior(QAbstractItemView::SelectRows);
    events_->setSelectionMode(QAbstractItemView::SingleSelection);
    events_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    events_->setShowGrid(false);
    events_->setWordWrap(false);
    events_->setTabKeyNavigation(false);
    events_->setFrameShape(QFrame::NoFrame);
    events_->verticalHeader()->hide();
    events_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    events_->verticalHeader()->setDefaultSectionSize(kEventRow);
    events_->horizontalHeader()->setHighlightSections(false);
    events_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    events_->horizontalHeader()->setStretchLastSection(true);
    events_->setColumnWidth(0, kAfterColumn);
    events_->setColumnWidth(1, kNodeColumn);

    title_->setMuted();
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    row->addWidget(scroll, kWaterfallShare);
    row->addWidget(events_, 8 - kWaterfallShare);
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kHalf);
    column->addWidget(title_);
    column->addLayout(row, 1);
    empty_->setTexts(tr("No failover is chosen"), tr("Choose one in the table below, or a bar of the other charts."));
    stack_->addWidget(empty_);
    stack_->addWidget(both);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(stack_);
}

void FailoverDetail::showFailover(const std::optional<Failover>& failover, Duration rto) {
    const bool same = failover_ && failover && failover_->id == failover->id;
    failover_ = failover;
    rto_ = rto;
    stack_->setCurrentIndex(failover ? 1 : 0);
    if (!same)
        moment_.clear();
    fillEvents();
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
    Q_EMIT momentWanted(failover->id, failover->startedAt - kMomentBefore, failover->endedAt + kMomentAfter);
}

void FailoverDetail::showMoment(qint64 id, const QList<Event>& events) {
    if (!failover_ || failover_->id != id || moment_ == events)
        return;
    moment_ = events;
    fillEvents();
    waterfall_->refresh();
}

void FailoverDetail::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fillEvents();
}

void FailoverDetail::fillEvents() {
    events_->setRowCount(static_cast<int>(moment_.size()));
    for (int row = 0; row < moment_.size(); ++row) {
        const Event& event = moment_.at(row);
        const QStringList cells{afterText(event.at - failover_->startedAt),
                                event.node.isEmpty() ? tr("pair") : event.node, event.text};
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(u"%1: %2"_s.arg(Wording::dayAndClockWithMilliseconds(event.at), event.text));
            if (event.severity == Severity::Error)
                item->setForeground(toneColor(theme(), Tone::Bad));
            events_->setItem(row, column, item);
        }
    }
}

} // namespace mha
