// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_sensor.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// bash 5 knows the time by itself.
constexpr const char* kClock = R"sh(LC_ALL=C; export LC_ALL
if command -v bash >/dev/null; then
    exec bash -c 'while read -r _; do echo "${EPOCHREALTIME:-$(date +%s.%N)}"; done'
fi
while read -r _; do date +%s.%N; done
)sh";

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
    : QObject(parent), context_(std::move(context)), known_(std::move(known)),
      clock_(context_, scriptCommand(kClock),
             {.received = [this](const QByteArray& bytes) { received(bytes); }, .opened = {}, .closed = {}}, this),
      timer_(this) {
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &ClockSensor::measure);
}

void ClockSensor::start() {
    stop();
    told_ = false;
    openClock_ = true; // once the first round trip, which it would lengthen, is over
    trips_ = 0;
    measure();
}

void ClockSensor::stop() {
    ++run_;
    timer_.stop();
    clock_.close();
    asked_ = false;
}

void ClockSensor::measure() {
    if (std::exchange(asked_, false)) {
        clock_.close(); // it is silent: this time without it
        openClock_ = true;
    }
    if (!clock_.isOpen()) {
        measureByDate();
        return;
    }
    asked_ = true;
    line_.clear();
    timer_.start(kLookDeadline);
    sentAt_ = wallClockNow();
    clock_.write("\n");
}

void ClockSensor::received(const QByteArray& bytes) {
    const Instant now = wallClockNow();
    line_ += bytes;
    if (line_.endsWith('\n') && std::exchange(asked_, false))
        measured(sentAt_, now, ExecResult{0, line_, {}});
}

void ClockSensor::measureByDate() {
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
    if (!context_->streams)
        return;
    if (std::exchange(openClock_, false))
        clock_.open();
    timer_.start(pauseAfter(++trips_));
}

} // namespace mha
