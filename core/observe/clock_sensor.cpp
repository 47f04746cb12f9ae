// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_sensor.h"

#include <QPointer>

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

ClockSensor::ClockSensor(std::shared_ptr<SensorContext> context, std::function<void()> known, QObject* parent)
    : QObject(parent), context_(std::move(context)), known_(std::move(known)), timer_(this) {
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
    const Instant sentAt = wallClockNow();
    context_->link->exec({{u"date"_s, u"+%s.%N"_s}, false, {}}, kLookDeadline,
                         [this, alive = QPointer(this), run = run_, sentAt](const Result<ExecResult>& result) {
                             if (alive && run == run_)
                                 measured(sentAt, wallClockNow(), result);
                         });
}

void ClockSensor::measured(Instant sentAt, Instant receivedAt, const Result<ExecResult>& result) {
    const std::optional<Instant> nodeTime = result ? parseDate(result->output) : std::nullopt;
    if (nodeTime)
        offset_.add(sentAt, *nodeTime, receivedAt);
    if (!result) {
        context_->tell(Unseen{Subject::Clock, result.error()});
    } else if (!nodeTime) {
        context_->tell(Unseen{Subject::Clock,
                              {ErrorCode::Protocol, u"The node's `date` does not tell fractions of a second."_s,
                               u"date +%s.%N"_s, u"Install coreutils there."_s}});
    } else if (const auto known = offset_.at(receivedAt)) {
        context_->tell(*known);
    }
    if (!std::exchange(told_, true))
        known_();
    if (context_->streams)
        timer_.start(pauseAfter(++trips_));
}

} // namespace mha
