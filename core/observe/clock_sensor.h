// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/clock_offset.h"
#include "observe/line_stream.h"
#include "observe/sensor_context.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// Measures the node's clock against this computer's: one round trip at the start, some more soon, then one now and
/// then. The first by a command of its own, the others by a shell that stays: no process is started for them, so that
/// they cost the node nothing and their round trip is short. A reconnect keeps what is known of the drift.
class ClockSensor : public QObject {
    Q_OBJECT

public:
    /// `known` is called once after each start(), when the first measurement has been made or has failed.
    ClockSensor(std::shared_ptr<SensorContext> context, std::function<void()> known, QObject* parent);

    void start();
    void stop();

    const ClockOffset& offset() const { return offset_; }

private:
    void measure();
    void measureByDate();
    void received(const QByteArray& bytes);
    void measured(Instant sentAt, Instant receivedAt, const Result<ExecResult>& result);

    std::shared_ptr<SensorContext> context_;
    std::function<void()> known_;
    ClockOffset offset_;
    LineStream clock_; ///< tells the time for each line of its input
    QTimer timer_;     ///< the next round trip, or the deadline of the one that is under way
    QByteArray line_;
    Instant sentAt_;
    bool asked_ = false; ///< clock_
    bool openClock_ = false;
    bool told_ = false;
    int trips_ = 0;
    int run_ = 0;
};

} // namespace mha
