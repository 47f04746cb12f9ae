// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lane_model.h"

#include <QWidget>

namespace mha {

/// Paints a LaneModel over the last minutes: now is at the right edge. Each mark has a pattern as well as a colour.
/// Arrow keys or the pointer move a cursor whose lane, word and exact times are told by `readoutChanged`. GUI thread.
class LaneView : public QWidget {
    Q_OBJECT

public:
    explicit LaneView(QWidget* parent = nullptr);

    void setNodeNames(const QString& first, const QString& second);
    void setWindow(std::chrono::minutes window);

    std::chrono::minutes window() const { return window_; }

    LaneModel& model() { return model_; }

    const LaneModel& model() const { return model_; }

    /// A moment of the past that the window looks at, marked through all lanes; the axis stands still around it.
    /// Nothing: live, and now is at the right edge.
    void setMoment(std::optional<Instant> moment);

    /// The ends of the axis, and where it lies in the widget.
    Instant begin() const;
    Instant end() const;

    int axisLeft() const;
    int axisRight() const;

    /// After a change of the model, or of the time. False: it looks as before.
    bool refresh();

    QString readout() const { return readout_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paintMark(QPainter& painter, const QRectF& box, LaneMark mark);
    static QColor markColor(LaneMark mark);

Q_SIGNALS:
    void readoutChanged(const QString& text);
    void zoomWanted(int direction);
    /// A click or Enter on a moment: look at it.
    void momentWanted(mha::Instant moment);
    void liveWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Geometry {
        int titles = 0; ///< of the lanes, behind the node's name
        int left = 0;   ///< of the time axis
        int right = 0;
        int laneHeight = 0;
        int bottom = 0; ///< of the lanes
    };

    Geometry layout() const;
    int nodeColumn() const; ///< as wide as the names want, within bounds
    QRect laneRect(const Geometry& g, int lane) const;
    double xOf(const Geometry& g, Instant at) const;
    Instant timeAt(const Geometry& g, double x) const;
    int laneAt(const QPoint& point) const;
    QString laneName(int lane) const;
    void paintLabels(QPainter& painter, const Geometry& g) const;
    void paintLane(QPainter& painter, const Geometry& g, int lane) const;
    void paintAxis(QPainter& painter, const Geometry& g) const;
    void paintCursor(QPainter& painter, const Geometry& g) const;
    void paintMoment(QPainter& painter, const Geometry& g) const;
    void moveCursor(int lane, std::optional<Instant> at);

    LaneModel model_;
    std::array<QString, 2> names_;
    std::chrono::minutes window_{5};
    std::optional<Instant> moment_;
    quint64 paintedRevision_ = ~quint64(0);
    Instant paintedEnd_;
    Instant stoodStillAt_; ///< the axis's end while there is a moment
    int cursorLane_ = -1;
    std::optional<Instant> cursorAt_;
    QString readout_;
};

} // namespace mha
