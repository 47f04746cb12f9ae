// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_panel.h"

#include "ui/choice.h"
#include "ui/label.h"
#include "ui/legend.h"
#include "ui/time_slider.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

#include <array>

namespace mha {

namespace {

constexpr std::array<int, 4> kZoomMinutes{1, 5, 15, 60};
constexpr int kFirstZoom = 1;

} // namespace

LanePanel::LanePanel(QWidget* parent)
    : QFrame(parent), view_(new LaneView(this)), readout_(new ElidedLabel(TypeSize::Caption, this)),
      middle_(new QStackedWidget(this)), zoom_(new QButtonGroup(this)), live_(new QPushButton(tr("Live"), this)),
      underNames_(new QWidget(this)), slider_(new TimeSlider(this)) {
    setProperty("look", "card");
    auto* heading = new QHBoxLayout;
    heading->setSpacing(kUnit);
    heading->addWidget(new Label(tr("The last minutes"), TypeSize::Title, this));
    heading->addSpacing(kUnit);
    // The legend gives way to the exact times while a cursor is in the lanes.
    middle_->addWidget(makeLegend());
    middle_->addWidget(readout_);
    middle_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    heading->addWidget(middle_, 1);
    for (std::size_t i = 0; i < kZoomMinutes.size(); ++i) {
        QPushButton* button = makeSegment(tr("%1 min").arg(kZoomMinutes.at(i)), this);
        button->setAccessibleName(tr("Show the last %1 min").arg(kZoomMinutes.at(i)));
        button->setToolTip(tr("Show the last %1 min (+ and - while the lanes have the focus)").arg(kZoomMinutes.at(i)));
        zoom_->addButton(button, static_cast<int>(i));
        heading->addWidget(button);
    }
    zoom_->button(kFirstZoom)->setChecked(true);
    tabStopsAtTheChosen(*zoom_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, kUnit, 20, kUnit);
    column->setSpacing(kUnit / 2);
    column->addLayout(heading);
    column->addWidget(view_, 1);
    column->addLayout(makeTimeRow());

    connect(zoom_, &QButtonGroup::idClicked, this, &LanePanel::setZoom);
    connect(view_, &LaneView::readoutChanged, this, [this](const QString& text) {
        readout_->setText(text);
        middle_->setCurrentIndex(text.isEmpty() ? 0 : 1);
    });
    connect(view_, &LaneView::zoomWanted, this, [this](int direction) { setZoom(zoom_->checkedId() + direction); });
    connect(view_, &LaneView::momentWanted, this, &LanePanel::momentWanted);
    connect(view_, &LaneView::liveWanted, this, &LanePanel::liveWanted);
    showMoment(std::nullopt);
}

QLayout* LanePanel::makeTimeRow() {
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    // Under the names; the slider under the lanes, so that its handle stands at its moment.
    auto* title = new Label(tr("Look back"), TypeSize::Caption, this);
    title->setBuddy(slider_);
    title->setMuted();
    live_->hide();
    live_->setProperty("look", "small");
    live_->setAccessibleName(tr("Live"));
    QSizePolicy place = live_->sizePolicy();
    place.setRetainSizeWhenHidden(true); // the lanes keep their height
    live_->setSizePolicy(place);
    live_->setToolTip(tr("Back to what is so now (Esc)"));
    auto* inner = new QHBoxLayout(underNames_);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(title);
    inner->addStretch(1);
    inner->addWidget(live_);
    row->addWidget(underNames_);
    row->addWidget(slider_, 1);
    connect(live_, &QPushButton::clicked, this, &LanePanel::liveWanted);
    connect(slider_, &TimeSlider::momentWanted, this, &LanePanel::momentWanted);
    connect(slider_, &TimeSlider::stepWanted, this, &LanePanel::stepWanted);
    connect(slider_, &TimeSlider::beginWanted, this, &LanePanel::beginWanted);
    connect(slider_, &TimeSlider::liveWanted, this, &LanePanel::liveWanted);
    return row;
}

void LanePanel::showMoment(std::optional<Instant> moment) {
    if (moment == moment_)
        return;
    moment_ = moment;
    view_->setMoment(moment);
    live_->setVisible(moment.has_value());
    showSpan();
}

void LanePanel::showSpan() {
    underNames_->setFixedWidth(view_->axisLeft() - kUnit);
    slider_->setEnabled(!view_->model().empty());
    slider_->showSpan(view_->begin(), view_->end(), moment_);
}

LanePanel::~LanePanel() {
    // The view loses the focus, and tells so, while what is left of us is a plain QWidget.
    view_->disconnect(this);
}

QWidget* LanePanel::makeLegend() {
    auto* legend = new QWidget(this);
    auto* row = new QHBoxLayout(legend);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    const QList<QPair<LaneMark, QString>> marks{{LaneMark::Good, tr("in service")},
                                                {LaneMark::Idle, tr("at rest")},
                                                {LaneMark::Busy, tr("changing")},
                                                {LaneMark::Bad, tr("fault")},
                                                {LaneMark::Unknown, tr("unknown")}};
    for (const auto& [mark, text] : marks) {
        row->addWidget(new LegendKey(
            [kind = mark](QPainter& painter, const QRectF& box) { LaneView::paintMark(painter, box, kind); }, text,
            legend));
    }
    row->addStretch(1);
    return legend;
}

void LanePanel::setZoom(int index) {
    const int bounded = std::clamp(index, 0, static_cast<int>(kZoomMinutes.size()) - 1);
    zoom_->button(bounded)->setChecked(true);
    view_->setWindow(std::chrono::minutes(kZoomMinutes.at(static_cast<std::size_t>(bounded))));
    showSpan();
}

void LanePanel::addPicture(const Picture& picture) {
    view_->setNodeNames(picture.nodes[0].name, picture.nodes[1].name);
    view_->model().add(picture);
    if (view_->refresh())
        showSpan();
}

void LanePanel::showPast(const LanePast& past) {
    view_->model().setPast(past);
    view_->refresh();
}

void LanePanel::tick(Instant now) {
    view_->model().tick(now);
    if (view_->refresh())
        showSpan();
}

} // namespace mha
