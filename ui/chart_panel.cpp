// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart_panel.h"

#include "report/waterfall.h"
#include "ui/chart_paint.h"
#include "ui/choice.h"
#include "ui/failover_chart.h"
#include "ui/failover_detail.h"
#include "ui/label.h"
#include "ui/legend.h"
#include "ui/phase_chart.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

LegendKey* keyFor(Ink ink, const QString& text, QWidget* parent) {
    return new LegendKey([ink](QPainter& painter, const QRectF& box) { paintKey(painter, box, ink); }, text, parent);
}

/// A caption at the left, the legend at the right.
QHBoxLayout* captionRow(QWidget* caption, const QList<LegendKey*>& legend) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kUnit, 0, kUnit, 0);
    row->setSpacing(kGap);
    row->addWidget(caption, 1);
    for (LegendKey* key : legend)
        row->addWidget(key);
    return row;
}

QVBoxLayout* pageOf(QWidget* page) {
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kHalf);
    return column;
}

Label* caption(const QString& text, QWidget* parent) {
    auto* label = new Label(text, TypeSize::Caption, parent);
    label->setMuted();
    return label;
}

} // namespace

ChartPanel::ChartPanel(QWidget* parent)
    : QFrame(parent), kinds_(new QButtonGroup(this)), copy_(new QPushButton(tr("Copy"), this)),
      stack_(new QStackedWidget(this)), recovery_(new FailoverChart(this)), unplannedSide_(new QWidget(this)),
      plannedSide_(new QWidget(this)), unplannedPhases_(new PhaseChart(unplannedSide_)),
      plannedPhases_(new PhaseChart(plannedSide_)), availability_(new ChartView(this)),
      availabilityTitle_(caption({}, this)), detail_(new FailoverDetail(this)) {
    setProperty("look", "card");
    stack_->addWidget(makeRecovery());
    stack_->addWidget(makePhases());
    stack_->addWidget(makeAvailability());
    stack_->addWidget(detail_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, kUnit, 12, kUnit);
    column->setSpacing(kHalf);
    column->addLayout(makeHeading());
    column->addWidget(stack_, 1);

    connect(recovery_, &FailoverChart::barClicked, this, &ChartPanel::barClicked);
    for (const PhaseChart* chart : {unplannedPhases_, plannedPhases_})
        connect(chart, &PhaseChart::barClicked, this, &ChartPanel::barClicked);
    connect(detail_, &FailoverDetail::momentWanted, this, &ChartPanel::momentWanted);
    connect(detail_, &FailoverDetail::logWanted, this, &ChartPanel::logWanted);
}

QLayout* ChartPanel::makeHeading() {
    auto* row = new QHBoxLayout;
    row->setSpacing(kHalf);
    const std::array<QString, KindCount> names{tr("Recovery times"), tr("Phases"), tr("Availability"),
                                               tr("One failover")};
    const std::array<QString, KindCount> tips{
        tr("How long each outage took"), tr("Which part of each outage took how long"),
        tr("Time without service, against the error budget"),
        tr("What happened in the chosen failover, moment by moment (Return in the table)")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        QPushButton* button = makeSegment(names.at(i), this);
        button->setToolTip(tips.at(i));
        kinds_->addButton(button, static_cast<int>(i));
        row->addWidget(button);
    }
    kinds_->button(Recovery)->setChecked(true);
    tabStopsAtTheChosen(*kinds_);
    connect(kinds_, &QButtonGroup::idToggled, this, [this](int kind, bool on) {
        if (!on)
            return;
        stack_->setCurrentIndex(kind);
        if (kind == Detail)
            detail_->showFailover(selected_, report_.rto);
        Q_EMIT kindChanged(Kind(kind));
    });
    row->addStretch(1);
    auto* menu = new QMenu(copy_);
    menu->addAction(tr("As a &picture"), this, &ChartPanel::copyPicture);
    menu->addAction(tr("As &CSV"), this, &ChartPanel::copyCsv);
    copy_->setProperty("look", "small");
    copy_->setProperty("menu", true);
    copy_->setAccessibleName(tr("Copy the chart"));
    copy_->setToolTip(tr("Copy the chart as a picture or as CSV"));
    copy_->setMenu(menu);
    row->addWidget(copy_);
    return row;
}

QWidget* ChartPanel::makeRecovery() {
    auto* page = new QWidget(this);
    auto* column = pageOf(page);
    rtoKeys_.append(keyFor(Ink::Rto, tr("RTO"), page));
    column->addLayout(captionRow(
        caption(tr("Time without a good answer, oldest first"), page),
        {keyFor(Ink::Unplanned, tr("unplanned"), page), keyFor(Ink::Planned, tr("planned"), page), rtoKeys_.last()}));
    column->addWidget(recovery_, 1);
    return page;
}

QWidget* ChartPanel::makePhases() {
    auto* page = new QWidget(this);
    auto* column = pageOf(page);
    rtoKeys_.append(keyFor(Ink::Rto, tr("RTO"), page));
    column->addLayout(
        captionRow(caption(tr("What each outage was made of, oldest first"), page),
                   {keyFor(Ink::Detection, tr("detection"), page), keyFor(Ink::Election, tr("election"), page),
                    keyFor(Ink::Address, tr("address"), page), keyFor(Ink::Container, tr("container"), page),
                    keyFor(Ink::Serving, tr("serving"), page), rtoKeys_.last()}));
    auto* sides = new QHBoxLayout;
    sides->setSpacing(kGap);
    for (const auto& [side, chart, name] : {std::tuple(unplannedSide_, unplannedPhases_, tr("Unplanned")),
                                            std::tuple(plannedSide_, plannedPhases_, tr("Planned"))}) {
        auto* half = pageOf(side);
        auto* title = new Label(name, TypeSize::Strong, side);
        title->setContentsMargins(kUnit, 0, 0, 0);
        half->addWidget(title);
        half->addWidget(chart, 1);
        chart->setAccessibleName(tr("Phases: %1").arg(name));
        sides->addWidget(side, 1);
    }
    column->addLayout(sides, 1);
    return page;
}

QWidget* ChartPanel::makeAvailability() {
    auto* page = new QWidget(this);
    auto* column = pageOf(page);
    column->addLayout(
        captionRow(availabilityTitle_,
                   {keyFor(Ink::Unplanned, tr("unplanned"), page), keyFor(Ink::Planned, tr("planned"), page),
                    keyFor(Ink::Budget, tr("error budget"), page), keyFor(Ink::Gap, tr("not watched"), page)}));
    availability_->setAccessibleName(tr("Availability"));
    availability_->setChart([this](const QSizeF& size) {
        return availabilityChart(spans_, unit_, QTimeZone::systemTimeZone(), size.width(), size.height());
    });
    column->addWidget(availability_, 1);
    return page;
}

void ChartPanel::showReport(const ReportModel& report) {
    report_ = report;
    unit_ = unitFor(report.until - report.from);
    spans_ = availabilityBy(report, unit_, QTimeZone::systemTimeZone());
    const QString unit = unit_ == CalendarUnit::Day    ? tr("day")
                         : unit_ == CalendarUnit::Week ? tr("week")
                                                       : tr("month");
    availabilityTitle_->setText(
        tr("Time without service in each %1, for a target of %2 %").arg(unit, QString::number(report.target * 100.0)));
    availability_->refresh();
    for (LegendKey* key : rtoKeys_)
        key->setText(tr("RTO %1").arg(toText(report.rto)));
}

void ChartPanel::showFailovers(const QList<Failover>& failovers) {
    report_.failovers = failovers;
    recovery_->showFailovers(failovers, report_.rto);
    for (const bool planned : {false, true}) {
        QList<Failover> part;
        for (const Failover& failover : failovers) {
            if (failover.planned() == planned)
                part.append(failover);
        }
        (planned ? plannedSide_ : unplannedSide_)->setVisible(!part.isEmpty());
        phases(planned).showFailovers(part, report_.rto);
    }
}

void ChartPanel::select(const std::optional<Failover>& failover) {
    selected_ = failover;
    const qint64 id = failover ? failover->id : 0;
    recovery_->select(id);
    for (PhaseChart* chart : {unplannedPhases_, plannedPhases_})
        chart->select(id);
    if (kind() == Detail)
        detail_->showFailover(failover, report_.rto);
}

void ChartPanel::choose(Kind kind) {
    kinds_->button(kind)->setChecked(true);
}

ChartPanel::Kind ChartPanel::kind() const {
    return Kind(kinds_->checkedId());
}

QByteArray ChartPanel::csv() const {
    if (kind() == Availability)
        return toCsv(spans_);
    if (kind() == Detail)
        return detail_->failover() ? waterfallCsv(*detail_->failover()) : QByteArray();
    return toCsv(report_);
}

void ChartPanel::copyPicture() {
    QWidget* shown = kind() == Detail ? static_cast<QWidget*>(&detail_->waterfall()) : stack_->currentWidget();
    QPixmap picture(shown->size() * shown->devicePixelRatio());
    picture.setDevicePixelRatio(shown->devicePixelRatio());
    picture.fill(theme().surface);
    shown->render(&picture, {}, {}, QWidget::DrawChildren);
    QGuiApplication::clipboard()->setPixmap(picture);
}

void ChartPanel::copyCsv() const {
    auto* copied = new QMimeData; // the clipboard's from here on
    copied->setData(u"text/csv"_s, csv());
    copied->setText(QString::fromUtf8(csv()));
    QGuiApplication::clipboard()->setMimeData(copied);
}

} // namespace mha
