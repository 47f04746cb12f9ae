// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_panel.h"

#include "ui/label.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

#include <array>

namespace mha {

namespace {

constexpr std::array<int, 4> kZoomMinutes{1, 5, 15, 60};
constexpr int kFirstZoom = 1;

/// One pattern of the legend with its word.
class LegendKey : public QWidget {
public:
    LegendKey(LaneMark mark, const QString& text, QWidget* parent) : QWidget(parent), mark_(mark), text_(text)
    {
        setFont(typeFont(TypeSize::Caption));
        setAccessibleName(text);
        setFixedSize(sizeHint());
    }

    QSize sizeHint() const override { return {24 + 6 + fontMetrics().horizontalAdvance(text_) + 2, 18}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        LaneView::paintMark(painter, QRectF(0, 3, 24, 12), mark_);
        painter.setPen(theme().muted);
        painter.drawText(QRect(30, 0, width() - 30, height()), Qt::AlignLeft | Qt::AlignVCenter, text_);
    }

private:
    LaneMark mark_;
    QString text_;
};

} // namespace

LanePanel::LanePanel(QWidget* parent)
    : QFrame(parent), view_(new LaneView(this)), readout_(new ElidedLabel(TypeSize::Caption, this)),
      zoom_(new QButtonGroup(this))
{
    setProperty("look", "card");
    auto* heading = new QHBoxLayout;
    heading->setSpacing(kUnit);
    heading->addWidget(new Label(tr("The last minutes"), TypeSize::Title, this));
    heading->addSpacing(kUnit);
    heading->addWidget(readout_, 1);
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

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 12, 20, 12);
    column->setSpacing(kUnit);
    column->addLayout(heading);
    column->addWidget(view_, 1);
    column->addWidget(makeLegend());

    connect(zoom_, &QButtonGroup::idClicked, this, &LanePanel::setZoom);
    connect(view_, &LaneView::readoutChanged, this, [this](const QString& text) { readout_->setText(text); });
    connect(view_, &LaneView::zoomWanted, this, [this](int direction) { setZoom(zoom_->checkedId() + direction); });
}

QWidget* LanePanel::makeLegend()
{
    auto* legend = new QWidget(this);
    auto* row = new QHBoxLayout(legend);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    row->addWidget(new LegendKey(LaneMark::Good, tr("in service"), legend));
    row->addWidget(new LegendKey(LaneMark::Idle, tr("at rest"), legend));
    row->addWidget(new LegendKey(LaneMark::Busy, tr("changing"), legend));
    row->addWidget(new LegendKey(LaneMark::Bad, tr("fault"), legend));
    row->addWidget(new LegendKey(LaneMark::Unknown, tr("unknown"), legend));
    row->addStretch(1);
    auto* empty = new Label(tr("empty: not watched"), TypeSize::Caption, legend);
    empty->setMuted();
    row->addWidget(empty);
    return legend;
}

void LanePanel::setZoom(int index)
{
    const int bounded = std::clamp(index, 0, static_cast<int>(kZoomMinutes.size()) - 1);
    zoom_->button(bounded)->setChecked(true);
    view_->setWindow(std::chrono::minutes(kZoomMinutes.at(static_cast<std::size_t>(bounded))));
}

void LanePanel::addPicture(const Picture& picture)
{
    view_->setNodeNames(picture.nodes[0].name, picture.nodes[1].name);
    view_->model().add(picture);
    view_->refresh();
}

void LanePanel::tick(Instant now)
{
    view_->model().tick(now);
    view_->refresh();
}

} // namespace mha
