// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/container_sensor.h"

#include <QPointer>

namespace mha {

namespace {

/// An engine that is frozen is noticed within kBeatEvery and this.
constexpr std::chrono::milliseconds kPingDeadline{1000};
/// Docker's events tell changes.
constexpr std::chrono::milliseconds kInspectEvery{10'000};

} // namespace

ContainerSensor::ContainerSensor(std::shared_ptr<SensorContext> context,
                                 std::function<void(const ContainerEventSeen&)> onEvent, QObject* parent)
    : QObject(parent), context_(std::move(context)), onEvent_(std::move(onEvent)), reconcile_(this) {
    connect(&reconcile_, &QTimer::timeout, this, &ContainerSensor::look);
}

void ContainerSensor::start() {
    stop();
    docker_ = std::make_unique<DockerApi>(*context_->link);
    look();
    if (context_->streams) {
        watch();
        reconcile_.start(kInspectEvery);
    }
}

void ContainerSensor::stop() {
    ++run_;
    watching_ = looking_ = lookAgain_ = pinging_ = false;
    docker_.reset();
    reconcile_.stop();
}

void ContainerSensor::look() {
    if (!docker_)
        return;
    if (looking_) {
        lookAgain_ = true;
        return;
    }
    looking_ = true;
    lookAgain_ = false;
    docker_->inspect(context_->pair.containerOn(context_->config()), kLookDeadline,
                     [this, alive = QPointer(this), run = run_](const Result<ContainerSeen>& seen) {
                         if (!alive || run != run_)
                             return;
                         looking_ = false;
                         if (lookAgain_) {
                             look(); // an event came meanwhile: this may be older
                         } else {
                             looked(seen);
                         }
                     });
}

void ContainerSensor::looked(const Result<ContainerSeen>& seen) {
    if (!seen) {
        unseen(seen.error());
        return;
    }
    answering_ = true;
    context_->tell(*seen);
}

void ContainerSensor::watch() {
    watching_ = true;
    watchAge_.start();
    docker_->watch(
        context_->pair.containerOn(context_->config()), [this] { look(); },
        [this](const ContainerEventSeen& event) {
            context_->tell(event);
            onEvent_(event);
            look();
        },
        [this, alive = QPointer(this), run = run_](const Error&) {
            if (!alive || run != run_)
                return;
            watching_ = false;
            if (watchAge_.hasExpired(kBeatEvery.count()))
                beat(); // does it still answer? (A stream that ends at once waits for the next beat.)
        });
}

void ContainerSensor::beat() {
    if (!docker_ || pinging_)
        return;
    pinging_ = true;
    docker_->ping(kPingDeadline, [this, alive = QPointer(this), run = run_](const Result<void>& answer) {
        if (!alive || run != run_)
            return;
        pinging_ = false;
        if (!answer) {
            unseen(answer.error());
            return;
        }
        if (!watching_)
            watch();
        if (!answering_)
            look();
    });
}

void ContainerSensor::unseen(const Error& error) {
    answering_ = false;
    context_->tell(Unseen{Subject::Container, error});
}

} // namespace mha
