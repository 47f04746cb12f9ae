// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/clock_offset.h"
#include "observe/node_shell.h"
#include "observe/sensor_context.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// What the shell is asked for: the node's time, in seconds with a fraction. bash 5 knows it by itself.
inline constexpr char kTellTime[] = R"sh(
tell_time() { echo "${EPOCHREALTIME:-$(date +%s.%N)}"; }
)sh";

/// Measures the node's clock against this computer's: one round trip at the start, some more soon, then one now and
/// then. A reconnect keeps what is known of the drift.
class ClockSensor : public QObject {
    Q_OBJECT

public:
    /// `known` is called once after each start(), when the first measurement has been made or has failed.
    ClockSensor(std::shared_ptr<SensorContext> context, NodeShell& shell, std::function<void()> known, QObject* parent);

    void start();
    void stop();

    const ClockOffset& offset() const { return offset_; }

private:
    void measure();
    void measured(const Result<NodeShell::Answer>& answer);

    std::shared_ptr<SensorContext> context_;
    NodeShell& shell_;
    std::function<void()> known_;
    ClockOffset offset_;
    QTimer timer_; ///< the next round trip
    bool told_ = false;
    int trips_ = 0;
    int run_ = 0;
};

} // namespace mha
