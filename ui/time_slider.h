// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QSlider>

#include <optional>

namespace mha {

/// A slider over the time axis of the lanes above it, at their very places: its right end is live. It only says what is
/// wanted; where its handle is, is told by showSpan(). Left and Right go picture by picture, Page Up and Page Down
/// minute by minute, Home to the beginning, End and Escape to live.
class TimeSlider : public QSlider {
    Q_OBJECT

public:
    explicit TimeSlider(QWidget* parent = nullptr);

    /// The axis, and the moment on it that is looked at; nothing: live.
    void showSpan(Instant begin, Instant end, std::optional<Instant> moment);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void momentWanted(mha::Instant moment);
    void stepWanted(int pictures);
    void beginWanted();
    void liveWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void wantAt(double x);
    double xOf(Instant at) const;

    Instant begin_;
    Instant end_;
    std::optional<Instant> moment_;
};

} // namespace mha
