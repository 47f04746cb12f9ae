// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_sensor.h"

#include "observe/address_sensor.h"
#include "observe/clock_sensor.h"
#include "observe/container_sensor.h"
#include "observe/keepalived_sensor.h"
#include "observe/milvus_sensor.h"
#include "observe/program_sensor.h"
#include "observe/storage_sensor.h"
#include "observe/vip_from_node_sensor.h"

#include <QTimer>

namespace mha {

namespace {

/// Does it hold times of the node's clock?
bool hasNodeTimes(const Sighting& sighting) {
    const auto* const vip = std::get_if<VipSeen>(&sighting);
    return std::holds_alternative<VrrpSeen>(sighting) || std::holds_alternative<ContainerSeen>(sighting) ||
           std::holds_alternative<ContainerEventSeen>(sighting) || (vip != nullptr && vip->changedAt);
}

/// Does it only say that no answer came?
bool isSilence(const Sighting& sighting) {
    if (const auto* const milvus = std::get_if<MilvusSeen>(&sighting))
        return !milvus->serving && !milvus->refused;
    return std::holds_alternative<Unseen>(sighting);
}

} // namespace

NodeSensor::NodeSensor(std::shared_ptr<Link> link, const Pair& pair, int node, bool streams, Sink sink,
                       std::function<void()> happened)
    : context_(std::make_shared<SensorContext>()), sink_(std::move(sink)), beat_(this) {
    context_->link = std::move(link);
    context_->pair = pair;
    context_->node = node;
    context_->streams = streams;
    context_->tell = [this](const Sighting& sighting) { tell(sighting); };
    context_->happened = std::move(happened);
    clock_ = std::make_unique<ClockSensor>(context_, [this] { clockKnown(); }, nullptr);
    keepalived_ = std::make_unique<KeepalivedSensor>(context_, [this] { program_->start(); }, nullptr);
    program_ = std::make_unique<ProgramSensor>(context_, [this](bool native) { programSettled(native); }, nullptr);
    addresses_ = std::make_unique<AddressSensor>(
        context_,
        [this] {
            context_->happened();
            if (!native_)
                keepalived_->lookTwice();
            vip_->expectMove();
        },
        nullptr);
    milvus_ = std::make_unique<MilvusSensor>(context_, nullptr);
    container_ = std::make_unique<ContainerSensor>(
        context_, [this](const ContainerEventSeen& event) { containerHappened(event); }, nullptr);
    storage_ = std::make_unique<StorageSensor>(context_, nullptr);
    vip_ = std::make_unique<VipFromNodeSensor>(context_, nullptr);
    connect(&beat_, &QTimer::timeout, this, [this] {
        container_->beat();
        milvus_->beat();
        storage_->beat();
    });
    connect(context_->link.get(), &Link::stateChanged, this, &NodeSensor::linkChanged, Qt::DirectConnection);
}

NodeSensor::~NodeSensor() {
    disconnect(context_->link.get(), nullptr, this, nullptr);
    stopAll();
}

void NodeSensor::linkChanged(const LinkSeen& state, Instant at) {
    const LinkState before = std::exchange(link_, state.state);
    hand(at, state);
    switch (state.state) {
    case LinkState::Up:
        if (before != LinkState::Silent || !context_->streams) {
            startAll(); // a single look that fell into a silence is taken again
        } else {
            addresses_->look(); // what its stream held back comes by itself
        }
        break;
    case LinkState::Silent:
        break; // its streams may yet go on
    case LinkState::Connecting:
    case LinkState::Down:
    case LinkState::Refused:
        stopAll();
        break;
    }
}

void NodeSensor::startAll() {
    clockKnown_ = false;
    native_ = false;
    program_->stop();
    context_->rootAllowed = true;
    clock_->start(); // first, so that nothing else lengthens its round trip
    addresses_->start();
    container_->start();
    milvus_->start();
    keepalived_->start();
    storage_->start();
    vip_->start();
    if (context_->streams)
        beat_.start(kBeatEvery);
}

void NodeSensor::stopAll() {
    waiting_.clear();
    beat_.stop();
    clock_->stop();
    addresses_->stop();
    container_->stop();
    milvus_->stop();
    keepalived_->stop();
    program_->stop();
    storage_->stop();
    vip_->stop();
}

void NodeSensor::containerHappened(const ContainerEventSeen& event) {
    context_->happened();
    vip_->expectMove();
    milvus_->look();
    if (event.action == QLatin1String("start") || event.action == QLatin1String("unpause"))
        milvus_->expectStart();
}

void NodeSensor::tell(const Sighting& sighting) {
    const Instant now = wallClockNow();
    if (isSilence(sighting)) {
        // A link that is being lost fails all that is under way before it says so itself.
        QTimer::singleShot(0, this, [this, now, sighting] { tellUnlessLost(now, sighting); });
    } else if (!clockKnown_ && hasNodeTimes(sighting)) {
        waiting_.append({now, sighting});
    } else {
        hand(now, sighting);
    }
}

/// What was not answered while the node itself was not heard says nothing of the thing that was asked.
void NodeSensor::tellUnlessLost(Instant at, const Sighting& sighting) {
    if (link_ == LinkState::Up)
        hand(at, sighting);
}

void NodeSensor::hand(Instant at, Sighting sighting) {
    toDesktop(sighting);
    sink_({at, context_->node, std::move(sighting)});
}

void NodeSensor::toDesktop(std::optional<Instant>& time) {
    if (time)
        time = times_.toDesktop(*time, clock_->offset());
}

void NodeSensor::toDesktop(Sighting& sighting) {
    if (auto* const vip = std::get_if<VipSeen>(&sighting)) {
        toDesktop(vip->changedAt);
    } else if (auto* const vrrp = std::get_if<VrrpSeen>(&sighting)) {
        toDesktop(vrrp->since);
        if (vrrp->maintenance)
            vrrp->maintenance->until = times_.toDesktop(vrrp->maintenance->until, clock_->offset());
    } else if (auto* const container = std::get_if<ContainerSeen>(&sighting)) {
        toDesktop(container->startedAt);
        toDesktop(container->finishedAt);
    } else if (auto* const event = std::get_if<ContainerEventSeen>(&sighting)) {
        event->happenedAt = times_.toDesktop(event->happenedAt, clock_->offset());
    }
}

void NodeSensor::programSettled(bool native) {
    const bool was = std::exchange(native_, native);
    if (native && !was) {
        keepalived_->stop();
    } else if (!native && was) {
        keepalived_->start();
    } else if (!native) {
        keepalived_->release();
    }
}

void NodeSensor::clockKnown() {
    clockKnown_ = true;
    for (auto& [at, sighting] : std::exchange(waiting_, {}))
        hand(at, std::move(sighting));
}

} // namespace mha
