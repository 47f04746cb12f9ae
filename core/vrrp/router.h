// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/machine.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <span>

namespace mha {

/// What a virtual router needs of the world: a clock, the wire, and the addresses of an interface. The node program's
/// is real, a test's is a script.
class VrrpWorld {
public:
    VrrpWorld() = default;
    VrrpWorld(const VrrpWorld&) = delete;
    VrrpWorld& operator=(const VrrpWorld&) = delete;
    virtual ~VrrpWorld() = default;

    virtual MonotonicTime now() const = 0;
    virtual Result<void> send(const VrrpAdvert& advert) = 0;
    /// All of the instance's VIPs; success also where they are there, or gone, already.
    virtual Result<void> addAddresses() = 0;
    virtual Result<void> removeAddresses() = 0;
    virtual Result<void> announce(int packets) = 0;
};

/// Since the router was made, as keepalived counts them.
struct VrrpCounters {
    quint64 sent = 0;
    quint64 resigned = 0; ///< of `sent`, those of priority 0
    quint64 obeyed = 0;
    quint64 becameMaster = 0;
    quint64 leftMaster = 0;
    std::array<quint64, kVrrpFlaws> flaws{}; ///< packets that were not obeyed, by VrrpFlaw
    bool operator==(const VrrpCounters&) const = default;
};

/// One virtual router that runs: the state machine with its timer, told of packets, doing in the world what it says.
/// Lives in a thread with an event loop. Signals come when all effects of an input are done, so that a handler may call
/// back.
class VrrpRouter : public QObject {
    Q_OBJECT

public:
    /// `world` outlives the router. Nothing happens before startup().
    VrrpRouter(VrrpInstance instance, VrrpWorld& world, QObject* parent = nullptr);

    void startup();
    void shutdown();
    void track(const VrrpTracking& tracking);
    /// The payload of an IP packet of protocol 112 that came in on the interface.
    void received(std::span<const quint8> message, const VrrpEnvelope& envelope);
    /// Master: puts the addresses back and tells the neighbours, as after another's hand took them away.
    void assertAddresses();

    const VrrpInstance& instance() const { return instance_; }

    const VrrpMachine& machine() const { return machine_; }

    const VrrpCounters& counters() const { return counters_; }

Q_SIGNALS:
    void changed(const mha::VrrpTransition& transition);
    /// An advert that was obeyed, from another router.
    void heard(const mha::VrrpHeard& advert);
    /// Told of each packet: whoever shows them thins them out.
    void flawed(mha::VrrpFlaw flaw, const mha::IpAddress& source);
    /// An effect could not be had; the state machine goes on as if it had been.
    void failed(const mha::Error& error);

private:
    void take(const VrrpInput& input);
    Result<void> carryOut(const VrrpEffect& effect);
    void setTimer();

    VrrpInstance instance_;
    VrrpWorld& world_;
    VrrpMachine machine_;
    VrrpCounters counters_;
    QTimer timer_;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::VrrpTransition)
