// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/node_times.h"
#include "observe/sensor_context.h"

#include <QObject>
#include <QTimer>

namespace mha {

class AddressSensor;
class ClockSensor;
class ContainerSensor;
class KeepalivedSensor;
class MilvusSensor;
class ProgramSensor;
class StorageSensor;
class VipFromNodeSensor;

/// All sensors of one node. Make it, use it and destroy it in the thread of the node's link; it listens to the link's
/// state, looks at everything at once when the link comes up, then follows the streams.
class NodeSensor : public QObject {
    Q_OBJECT

public:
    /// Called in the link's thread, with times in desktop clock.
    using Sink = std::function<void(const Observation&)>;

    /// `happened`: something that may end or move the service was seen.
    NodeSensor(std::shared_ptr<Link> link, const Pair& pair, int node, bool streams, Sink sink,
               std::function<void()> happened);
    ~NodeSensor() override;

private:
    void linkChanged(const LinkSeen& state, Instant at);
    void startAll();
    void stopAll();
    void containerHappened(const ContainerEventSeen& event);
    void tell(const Sighting& sighting);
    void tellUnlessLost(Instant at, const Sighting& sighting);
    void hand(Instant at, Sighting sighting);
    void toDesktop(Sighting& sighting);
    void toDesktop(std::optional<Instant>& time);
    void clockKnown();
    void programSettled(bool native);

    std::shared_ptr<SensorContext> context_;
    Sink sink_;
    QTimer beat_; ///< what no stream tells
    LinkState link_ = LinkState::Connecting;
    bool clockKnown_ = false;
    QList<std::pair<Instant, Sighting>> waiting_; ///< hold node times, until the clock is known
    NodeTimes times_;
    std::unique_ptr<ClockSensor> clock_;
    std::unique_ptr<AddressSensor> addresses_;
    std::unique_ptr<KeepalivedSensor> keepalived_;
    std::unique_ptr<ProgramSensor> program_;
    bool native_ = false; ///< milvus-ha-node has VRRP: keepalived is not looked at
    std::unique_ptr<ContainerSensor> container_;
    std::unique_ptr<MilvusSensor> milvus_;
    std::unique_ptr<StorageSensor> storage_;
    std::unique_ptr<VipFromNodeSensor> vip_;
};

} // namespace mha
