// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/failover_chart.h"

#include "ui/chart_paint.h"
#include "ui/wording.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QDateTime>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kBarOfSlot = 0.55;
/// Of the whole plot: a lone failover is a bar like any other, not a wall.
constexpr double kWidestBar = 0.06;

/// 1, 2 or 5 times a power of ten: the step that divides `top` into at most five.
double niceStep(double top) {
    const double raw = top / 5.0;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= raw)
            return power * factor;
    }
    return power * 10.0;
}

} // namespace

FailoverChart::FailoverChart(QWidget* parent)
    : QChartView(parent), bars_(new QStackedBarSeries(this)), unplanned_(new QBarSet(tr("Unplanned"), this)),
      planned_(new QBarSet(tr("Planned"), this)), rtoLine_(new QLineSeries(this)), times_(new QBarCategoryAxis(this)),
      seconds_(new QValueAxis(this)) {
    setAccessibleName(tr("Chart of recovery times"));
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setMinimumHeight(140);
    // Bars are reached through the table; QGraphicsView gives its viewport a focus of its own.
    setFocusPolicy(Qt::NoFocus);
    viewport()->setFocusPolicy(Qt::NoFocus);

    bars_->append(unplanned_);
    bars_->append(planned_);
    QChart* plot = chart();
    plot->setAnimationOptions(QChart::NoAnimation);
    plot->setMargins(QMargins(0, 0, kUnit, 0));
    plot->layout()->setContentsMargins(0, 0, 0, 0);
    plot->setBackgroundRoundness(0);
    plot->addSeries(bars_);
    plot->addSeries(rtoLine_);
    plot->addAxis(times_, Qt::AlignBottom);
    plot->addAxis(seconds_, Qt::AlignLeft);
    for (QAbstractSeries* series : {static_cast<QAbstractSeries*>(bars_), static_cast<QAbstractSeries*>(rtoLine_)}) {
        series->attachAxis(times_);
        series->attachAxis(seconds_);
    }
    times_->setGridLineVisible(false);
    seconds_->setMinorGridLineVisible(false);
    plot->legend()->hide();
    connect(unplanned_, &QBarSet::clicked, this, &FailoverChart::clicked);
    connect(planned_, &QBarSet::clicked, this, &FailoverChart::clicked);
    applyTheme();
}

void FailoverChart::showFailovers(const QList<Failover>& failovers, Duration rto) {
    shown_ = failovers;
    rto_ = rto;
    std::ranges::sort(shown_, {}, &Failover::startedAt);
    if (shown_.size() > kMostBars)
        shown_ = shown_.last(kMostBars);

    unplanned_->remove(0, unplanned_->count());
    planned_->remove(0, planned_->count());
    QStringList times;
    double top = toSeconds(rto) * 1.1;
    const bool roomForDay = shown_.size() <= 10;
    for (const Failover& failover : std::as_const(shown_)) {
        const double recovery = toSeconds(failover.recovery());
        unplanned_->append(failover.planned() ? 0.0 : recovery);
        planned_->append(failover.planned() ? recovery : 0.0);
        top = std::max(top, recovery * 1.05);
        const QString whole = Wording::dayAndClock(failover.startedAt);
        QString label = roomForDay ? whole.sliced(5, 11) : whole.sliced(11, 5);
        // The axis knows its categories by their text: a second failover in the same minute needs another one.
        while (times.contains(label))
            label += QChar(0x200b);
        times += label;
    }
    times_->setCategories(times);
    bars_->setBarWidth(std::min(kBarOfSlot, kWidestBar * static_cast<double>(std::max<qsizetype>(shown_.size(), 1))));
    times_->setLabelsAngle(shown_.size() > 16 ? -90 : 0);
    const double step = niceStep(std::max(top, 0.01));
    const double end = std::ceil(top / step) * step;
    seconds_->setRange(0, end);
    seconds_->setTickCount(static_cast<int>(std::lround(end / step)) + 1);
    seconds_->setLabelFormat(step < 1 ? tr("%.1f s") : tr("%.0f s"));
    rtoLine_->replace(
        QList<QPointF>{{-0.5, toSeconds(rto)}, {static_cast<double>(shown_.size()) - 0.5, toSeconds(rto)}});
    const auto slow = std::ranges::count_if(shown_, [&](const Failover& one) { return one.recovery() > rto; });
    setAccessibleDescription(
        tr("%1 recoveries shown, %2 took longer than the RTO of %3").arg(shown_.size()).arg(slow).arg(toText(rto)));
    applySelection();
}

void FailoverChart::select(qint64 id) {
    selected_ = id;
    applySelection();
}

void FailoverChart::applySelection() {
    unplanned_->deselectAllBars();
    planned_->deselectAllBars();
    for (qsizetype i = 0; i < shown_.size(); ++i) {
        if (shown_.at(i).id == selected_ && selected_ != 0)
            (shown_.at(i).planned() ? planned_ : unplanned_)->selectBar(static_cast<int>(i));
    }
}

void FailoverChart::clicked(int bar) {
    if (bar >= 0 && bar < shown_.size())
        Q_EMIT barClicked(shown_.at(bar).id);
}

void FailoverChart::applyTheme() {
    const Theme& t = theme();
    setBackgroundBrush(t.surface);
    chart()->setBackgroundBrush(t.surface);
    chart()->setPlotAreaBackgroundVisible(false);
    unplanned_->setBrush(inkColor(t, Ink::Unplanned));
    unplanned_->setPen(QPen(t.bad, 1));
    planned_->setBrush(inkBrush(inksOf(t), Ink::Planned));
    planned_->setPen(QPen(t.accent, 1));
    // A selected bar turns to the ink of the text; hatch and outline stay.
    unplanned_->setSelectedColor(t.text);
    planned_->setSelectedColor(t.text);
    rtoLine_->setPen(QPen(inkColor(t, Ink::Rto), 2, Qt::DashLine));
    const QFont caption = typeFont(TypeSize::Caption);
    for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(times_), static_cast<QAbstractAxis*>(seconds_)}) {
        axis->setLabelsColor(t.muted);
        axis->setLabelsFont(caption);
        axis->setGridLineColor(t.border);
        axis->setLinePen(QPen(t.border, 1));
    }
    applySelection(); // a bar takes the new ink only as it is selected
}

void FailoverChart::changeEvent(QEvent* event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyTheme();
}

} // namespace mha
