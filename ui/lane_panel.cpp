// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_panel.h"

#include "ui/choice.h"
#include "ui/label.h"
#include "ui/legend.h"

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
      middle_(new QStackedWidget(this)), zoom_(new QButtonGroup(this)) {
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
        auto* button = new QPushButton(tr("%1 min").arg(kZoomMinutes.at(i)), this);
        button->setProperty("look", "segment");
        button->setCheckable(true);
        button->setAccessibleName(tr("Show the last %1 min").arg(kZoomMinutes.at(i)));
        button->setToolTip(tr("Show the last %1 min (+ and - while the lanes have the focus)").arg(kZoomMinutes.at(i)));
        zoom_->addButton(button, static_cast<int>(i));
        heading->addWidget(button);
    }
    zoom_->button(kFirstZoom)->setChecked(true);
    tabStopsAtTheChosen(*zoom_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 10, 20, 10);
    column->setSpacing(kUnit);
    column->addLayout(heading);
    column->addWidget(view_, 1);

    connect(zoom_, &QButtonGroup::idClicked, this, &LanePanel::setZoom);
    connect(view_, &LaneView::readoutChanged, this, [this](const QString& text) {
        readout_->setText(text);
        middle_->setCurrentIndex(text.isEmpty() ? 0 : 1);
    });
    connect(view_, &LaneView::zoomWanted, this, [this](int direction) { setZoom(zoom_->checkedId() + direction); });
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
}

void LanePanel::addPicture(const Picture& picture) {
    view_->setNodeNames(picture.nodes[0].name, picture.nodes[1].name);
    view_->model().add(picture);
    view_->refresh();
}

void LanePanel::showPast(const LanePast& past) {
    view_->model().setPast(past);
    view_->refresh();
}

void LanePanel::tick(Instant now) {
    view_->model().tick(now);
    view_->refresh();
}

} // namespace mha
