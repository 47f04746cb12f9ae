// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lane_view.h"

#include <QFrame>

class QButtonGroup;
class QPushButton;
class QStackedWidget;

namespace mha {

class ElidedLabel;
class TimeSlider;

/// The lane picture with what belongs to it: title, zoom, legend, and the exact times under the cursor.
class LanePanel : public QFrame {
    Q_OBJECT

public:
    explicit LanePanel(QWidget* parent = nullptr);
    ~LanePanel() override;

    LaneView& view() { return *view_; }

    void addPicture(const Picture& picture);
    /// What the history knows of the time before the first picture.
    void showPast(const LanePast& past);
    void tick(Instant now);
    void setZoom(int index); ///< 0..3: 1, 5, 15, 60 minutes
    /// The moment of the past that is looked at; nothing: live.
    void showMoment(std::optional<Instant> moment);

    TimeSlider& slider() { return *slider_; }

    QPushButton* liveButton() const { return live_; }

Q_SIGNALS:
    void momentWanted(mha::Instant moment);
    void stepWanted(int pictures);
    void beginWanted();
    void liveWanted();

private:
    QWidget* makeLegend();
    QLayout* makeTimeRow();
    void showSpan();

    LaneView* view_;
    ElidedLabel* readout_;
    QStackedWidget* middle_;
    QButtonGroup* zoom_;
    QPushButton* live_;
    QWidget* underNames_; ///< what stands left of the slider
    TimeSlider* slider_;
    std::optional<Instant> moment_;
};

} // namespace mha
