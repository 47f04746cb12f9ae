// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lane_view.h"

#include <QFrame>

class QButtonGroup;
class QStackedWidget;

namespace mha {

class ElidedLabel;

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

private:
    QWidget* makeLegend();

    LaneView* view_;
    ElidedLabel* readout_;
    QStackedWidget* middle_;
    QButtonGroup* zoom_;
};

} // namespace mha
