// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_sensor.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kQuickTrips = 4;
constexpr std::chrono::milliseconds kQuickEvery{300};
/// Then at the common pace until the drift is known a little; from there a reading now and then does.
constexpr int kCommonTrips = 20;
constexpr std::chrono::milliseconds kSlowEvery{30'000};

std::chrono::milliseconds pauseAfter(int trips) {
    if (trips < kQuickTrips)
        return kQuickEvery;
    return trips < kCommonTrips ? kReconcileEvery : kSlowEvery;
}

} // namespace

ClockSensor::ClockSensor(std::shared_ptr<SensorContext> context, NodeShell& shell, std::function<void()> known,
                         QObject* parent)
    : QObject(parent), context_(std::move(context)), shell_(shell), known_(std::move(known)), timer_(this) {
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &ClockSensor::measure);
}

void ClockSensor::start() {
    stop();
    told_ = false;
    trips_ = 0;
    measure();
}

void ClockSensor::stop() {
    ++run_;
    timer_.stop();
}

void ClockSensor::measure() {
    shell_.ask({u"tell_time"_s}, [this, alive = QPointer(this), run = run_](const Result<NodeShell::Answer>& answer) {
        if (alive && run == run_)
            measured(answer);
    });
}

void ClockSensor::measured(const Result<NodeShell::Answer>& answer) {
    const std::optional<Instant> nodeTime = answer ? parseDate(answer->result.output) : std::nullopt;
    if (nodeTime)
        offset_.add(answer->askedAt, *nodeTime, answer->answeredAt);
    if (!answer) {
        context_->tell(Unseen{Subject::Clock, answer.error()});
    } else if (!nodeTime) {
        context_->tell(Unseen{Subject::Clock,
                              {ErrorCode::Protocol, u"The node's `date` does not tell fractions of a second."_s,
                               u"date +%s.%N"_s, u"Install coreutils there."_s}});
    } else if (const auto known = offset_.at(answer->answeredAt)) {
        context_->tell(*known);
    }
    if (!std::exchange(told_, true))
        known_();
    if (context_->streams)
        timer_.start(pauseAfter(++trips_));
}

} // namespace mha
