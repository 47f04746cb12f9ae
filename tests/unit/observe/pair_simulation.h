// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/reducer.h"
#include "recording/line.h"

#include <QStringList>

#include <array>
#include <chrono>

namespace mha {

using namespace std::chrono_literals;

inline Pair guidePair() {
    Pair pair;
    pair.name = QStringLiteral("milvus-prod");
    pair.vip = QStringLiteral("192.168.1.104/24");
    pair.storagePath = QStringLiteral("/srv/milvus");
    pair.nodes[0].name = QStringLiteral("master");
    pair.nodes[0].host = QStringLiteral("192.168.1.85");
    pair.nodes[1].name = QStringLiteral("backup");
    pair.nodes[1].host = QStringLiteral("192.168.1.38");
    return pair;
}

/// What is so on one simulated server.
struct SimulatedNode {
    LinkState link = LinkState::Up;
    bool reachable = true; ///< by clients, over the network
    VipSeen vip;
    VrrpSeen vrrp;
    ContainerSeen container;
    bool serving = false;
    bool dockerAnswers = true;
    StorageSeen storage;
    Duration clockOffset = 2ms;
};

/// The guide's pair with its sensors on a clock of its own: changes are told at once, as by streams, everything again
/// by a poll every 2 s, the VIP is asked every 50 ms and the reducer is told of the time every 250 ms.
class PairSimulation {
public:
    explicit PairSimulation(const Pair& pair = guidePair()) : reducer_(pair) {
        for (int i : {0, 1}) {
            SimulatedNode& here = node[static_cast<std::size_t>(i)];
            here.vip = {i == 0, i == 0 ? QStringLiteral("enp7s0") : QStringLiteral("enp3s0"), true};
            here.vrrp.running = true;
            here.vrrp.state = i == 0 ? VrrpState::Master : VrrpState::Backup;
            here.vrrp.priority = here.vrrp.effectivePriority = i == 0 ? 110 : 91;
            here.vrrp.vrid = 51;
            here.vrrp.source = QStringLiteral("json");
            here.container.name = QStringLiteral("milvus");
            here.container.id = QStringLiteral("c%1").arg(i);
            here.container.imageId = QStringLiteral("sha256:1");
            here.container.state = i == 0 ? ContainerState::Running : ContainerState::Exited;
            here.container.startedAt = now - 1h;
            here.serving = i == 0;
            here.storage = {QStringLiteral("/srv/milvus"), true, true, QStringLiteral("disk-1"), 1 << 30, 1 << 30};
        }
    }

    /// Connects both nodes and lets a few polls pass: the healthy state of the guide.
    void settle() {
        tellLink(0, LinkState::Up);
        tellLink(1, LinkState::Up);
        run(4s);
    }

    void run(Duration time) {
        const Instant until = now + time;
        while (now < until) {
            now += 10ms;
            const auto elapsed = now - kStart;
            if (elapsed % 50ms == 0ms)
                probe();
            if (elapsed % 2s == 0ms) {
                poll(0);
                poll(1);
            }
            if (elapsed % 250ms == 0ms)
                tick();
        }
    }

    void see(int index, Sighting sighting) {
        inputs.append({now, index, std::move(sighting)});
        calls.append(inputs.last());
        take(reducer_.apply(inputs.last()));
    }

    void tick() {
        calls.append(Tick{now});
        take(reducer_.tick(now));
    }

    void tellLink(int index, LinkState state) {
        at(index).link = state;
        LinkSeen seen{state, std::nullopt};
        if (state == LinkState::Down)
            seen.error = Error{ErrorCode::Unreachable, QStringLiteral("No answer."), at(index).container.name, {}};
        see(index, seen);
        if (state == LinkState::Up)
            poll(index);
    }

    /// The session goes silent after 0.8 s and is given up after 2.7 s, as the link does it.
    void loseSight(int index) {
        at(index).link = LinkState::Silent; // nothing comes through from here on
        run(800ms);
        tellLink(index, LinkState::Silent);
        run(1900ms);
        tellLink(index, LinkState::Down);
    }

    void setVip(int index, bool held) {
        at(index).vip.held = held;
        if (heard(index))
            see(index, at(index).vip);
    }

    void setVrrp(int index, VrrpState state, int effectivePriority = -1) {
        VrrpSeen& vrrp = at(index).vrrp;
        vrrp.state = state;
        vrrp.running = state != VrrpState::Stopped;
        vrrp.since = now;
        if (effectivePriority >= 0)
            vrrp.effectivePriority = effectivePriority;
        if (heard(index))
            see(index, vrrp);
    }

    void die(int index, int exitCode = 137) {
        SimulatedNode& here = at(index);
        here.container.state = ContainerState::Exited;
        here.container.exitCode = exitCode;
        here.container.finishedAt = now;
        here.serving = false;
        if (heard(index) && here.dockerAnswers)
            see(index, ContainerEventSeen{QStringLiteral("die"), exitCode, now});
    }

    void start(int index) {
        SimulatedNode& here = at(index);
        here.container.state = ContainerState::Running;
        here.container.exitCode.reset();
        here.container.startedAt = now;
        if (heard(index) && here.dockerAnswers)
            see(index, ContainerEventSeen{QStringLiteral("start"), std::nullopt, now});
    }

    void setServing(int index, bool serving) {
        at(index).serving = serving;
        if (heard(index))
            see(index, milvus(index));
    }

    /// keepalived's hand-over to `to`, its old holder giving up if `from` is one.
    void moveVip(int from, int to) {
        if (from >= 0) {
            setVrrp(from, VrrpState::Backup);
            setVip(from, false);
        }
        setVrrp(to, VrrpState::Master);
        run(20ms);
        setVip(to, true);
    }

    bool heard(int index) const { return node[static_cast<std::size_t>(index)].link == LinkState::Up; }

    SimulatedNode& at(int index) { return node[static_cast<std::size_t>(index)]; }

    const Picture& picture() const { return reducer_.picture(); }

    QString verdict() const { return verdictName(picture().verdict.level); }

    QStringList codes() const {
        QStringList result;
        for (const Reason& reason : picture().verdict.reasons)
            result.append(reason.code);
        return result;
    }

    /// Codes of the events since the last call.
    QStringList takeEventCodes() {
        QStringList result;
        for (const Event& event : std::as_const(events))
            result.append(event.code);
        events.clear();
        return result;
    }

    void poll(int index) {
        SimulatedNode& here = at(index);
        if (!heard(index))
            return;
        see(index, here.vip);
        see(index, here.vrrp);
        // A setup in which the rules find nothing.
        VrrpConfigSeen config{.instance = QStringLiteral("VI_SERVER"), .priority = here.vrrp.priority};
        config.tracksOther = true;
        config.scripts = {{.use = ScriptUse::Notify, .name = QStringLiteral("notify")}};
        see(index, config);
        if (here.dockerAnswers)
            see(index, here.container);
        else
            see(index,
                Unseen{Subject::Container, {ErrorCode::TimedOut, QStringLiteral("Docker does not answer."), {}, {}}});
        see(index, milvus(index));
        see(index, here.storage);
        see(index, ClockSeen{here.clockOffset, 1ms});
    }

    MilvusSeen milvus(int index) {
        const bool serving = at(index).serving;
        return {serving, !serving, QStringLiteral("0.8.0"), 4ms,
                serving ? QString() : QStringLiteral("connection refused")};
    }

    static constexpr Instant kStart{std::chrono::microseconds{1'767'323'045'000'000}};
    Instant now = kStart;
    std::array<SimulatedNode, 2> node;
    QList<Observation> inputs;
    QList<Entry> calls; ///< of the reducer: as a recording holds them
    QList<Event> events;
    QList<Failover> failovers;
    bool probing = true;

private:
    void probe() {
        if (!probing)
            return;
        bool good = false;
        for (const SimulatedNode& here : node)
            good = good || (here.reachable && here.vip.held && here.serving);
        see(-1, VipProbeSeen{good, QStringLiteral("0.8.0"), 2ms, now - 2ms,
                             good ? QString() : QStringLiteral("no answer")});
    }

    void take(const Reduced& reduced) {
        events += reduced.events;
        failovers += reduced.failovers;
    }

    Reducer reducer_;
};

} // namespace mha
