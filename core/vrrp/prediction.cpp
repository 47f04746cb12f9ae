// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/prediction.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

struct FaultRow {
    VrrpFault fault;
    const char* name;
    const char16_t* text;
};

constexpr FaultRow kFaults[] = {
    {VrrpFault::ActiveDies, "active-dies", u"The active node dies or hangs"},
    {VrrpFault::LinkCut, "link-cut", u"The active node's network link is cut"},
    {VrrpFault::Fault, "fault", u"The active node gives up (priority 0)"},
    {VrrpFault::Shutdown, "shutdown", u"VRRP is stopped on the active node"},
    {VrrpFault::PriorityFalls, "priority-falls", u"The active node's priority falls"},
};
static_assert(std::size(kFaults) == kVrrpFaults);

const FaultRow& rowOf(VrrpFault fault) {
    return *std::ranges::find(kFaults, fault, &FaultRow::fault);
}

/// Both state machines on a network without delay or loss, and one clock.
class TwoRouters {
public:
    TwoRouters(VrrpInstance active, VrrpInstance standby)
        : instances_{std::move(active), std::move(standby)},
          machines_{vrrpMachine(instances_[0]), vrrpMachine(instances_[1])} {
        if (instances_[0].source == instances_[1].source) { // not known yet: any two addresses will do
            instances_[0].source = IpAddress(std::array<quint8, 4>{10, 0, 0, 2});
            instances_[1].source = IpAddress(std::array<quint8, 4>{10, 0, 0, 1});
        }
    }

    /// The active one is MASTER and has just sent an advert; nothing else is due.
    void settle() {
        apply(1, VrrpStartup{});
        apply(0, VrrpStartup{});
        if (machines_[0].state == VrrpState::Backup) {
            now_ = *machines_[0].activeDownAt;
            apply(0, VrrpTick{});
        }
        // Long enough for a standby that would preempt to do so.
        constexpr int kAdverts = 12;
        for (int advert = 0; advert < kAdverts && machines_[0].state == VrrpState::Master; ++advert)
            advanceTo(*machines_[0].adverAt);
    }

    bool standbyWaits() const {
        return machines_[0].state == VrrpState::Master && machines_[1].state == VrrpState::Backup;
    }

    /// From the fault now to the standby's becoming MASTER, looked for up to `longest`.
    std::optional<Duration> takeover(VrrpFault fault, int weight, Duration longest) {
        const MonotonicTime start = now_;
        strike(fault, weight);
        while (machines_[1].state != VrrpState::Master) {
            const auto next = earliest();
            if (!next || *next - start > longest)
                return std::nullopt;
            advanceTo(*next);
        }
        return now_ - start;
    }

    void advanceTo(MonotonicTime time) {
        now_ = std::max(now_, time);
        for (const int router : {0, 1}) {
            const auto deadline = nextDeadline(machines_[static_cast<size_t>(router)]);
            if (deadline && *deadline <= now_ && (router == 1 || alive_))
                apply(router, VrrpTick{});
        }
    }

    /// To the moment of the next advert, which has not been sent yet.
    void waitForNextAdvert() { now_ = machines_[0].adverAt.value_or(now_); }

private:
    void strike(VrrpFault fault, int weight) {
        switch (fault) {
        case VrrpFault::ActiveDies:
        case VrrpFault::LinkCut:
            alive_ = false;
            break;
        case VrrpFault::Fault:
            apply(0, VrrpTracking{0, true});
            break;
        case VrrpFault::Shutdown:
            apply(0, VrrpShutdown{});
            break;
        case VrrpFault::PriorityFalls:
            apply(0, VrrpTracking{weight, false});
            break;
        }
    }

    std::optional<MonotonicTime> earliest() const {
        auto next = nextDeadline(machines_[1]);
        const auto other = alive_ ? nextDeadline(machines_[0]) : std::nullopt;
        if (other && (!next || *other < *next))
            next = other;
        return next;
    }

    void apply(int router, const VrrpInput& input) {
        const auto index = static_cast<size_t>(router);
        VrrpStep done = step(instances_[index], machines_[index], input, now_);
        machines_[index] = done.machine;
        for (const VrrpEffect& effect : done.effects) {
            if (effect.kind == VrrpEffect::Kind::SendAdvert && alive_) {
                apply(1 - router, VrrpHeard{instances_[index].source, effect.value, instances_[index].advertInterval,
                                            ChecksumForm::PseudoHeader});
            }
        }
    }

    std::array<VrrpInstance, 2> instances_;
    std::array<VrrpMachine, 2> machines_;
    MonotonicTime now_{};
    bool alive_ = true;
};

QString whyNot(const VrrpInstance& standby, VrrpFault fault) {
    if (fault == VrrpFault::PriorityFalls && !standby.preempt)
        return u"The standby has nopreempt: it leaves a living MASTER alone whatever its priority."_s;
    return u"The active node's priority does not fall below that of the standby."_s;
}

} // namespace

VrrpTakeover predictTakeover(const VrrpInstance& active, const VrrpInstance& standby, VrrpFault fault, int weight) {
    VrrpTakeover takeover;
    takeover.fault = fault;
    if (standby.priority == kOwnerPriority) {
        takeover.reason = u"The standby has priority 255: it never waits."_s;
        return takeover;
    }
    if (active.version != standby.version ||
        (active.version == VrrpVersion::V2 && active.advertInterval != standby.advertInterval)) {
        takeover.reason = u"The nodes do not understand each other: version or advert interval differ."_s;
        return takeover;
    }
    const Duration longest = 2 * settlesWithin({active, standby}, Duration::zero());
    TwoRouters routers(active, standby);
    routers.settle();
    if (!routers.standbyWaits()) {
        takeover.reason = u"The standby would take over without any fault: its priority is the higher one."_s;
        return takeover;
    }
    // Just after the advert that has been sent, and just before the next.
    TwoRouters late = routers;
    const auto max = late.takeover(fault, weight, longest);
    TwoRouters early = routers;
    early.waitForNextAdvert();
    const auto min = early.takeover(fault, weight, longest);
    if (!max || !min) {
        takeover.reason = whyNot(standby, fault);
        return takeover;
    }
    takeover.moves = true;
    takeover.min = std::min(*min, *max);
    takeover.max = std::max(*min, *max);
    return takeover;
}

QList<VrrpTakeover> predictTakeovers(const VrrpInstance& active, const VrrpInstance& standby, int weight) {
    QList<VrrpTakeover> all;
    for (const FaultRow& row : kFaults)
        all.append(predictTakeover(active, standby, row.fault, weight));
    return all;
}

Duration settlesWithin(const QList<VrrpInstance>& instances, Duration delay) {
    Duration longestInterval{};
    Duration longestDelay{};
    int lowest = kOwnerPriority;
    VrrpVersion version = VrrpVersion::V3;
    for (const VrrpInstance& instance : instances) {
        longestInterval = std::max(longestInterval, instance.advertInterval);
        longestDelay = std::max(longestDelay, instance.preempt ? instance.preemptDelay : Duration::zero());
        lowest = std::min(lowest, instance.priority);
        version = instance.version;
    }
    // A silence that was not heard is waited for once more (step). A router of lower priority is then let be for the
    // preempt delay, counted from its first advert, and is waited out; the last advert of the loser comes within a
    // delay.
    const Duration down = activeDownInterval(version, lowest, longestInterval);
    return 2 * down + longestDelay + (longestDelay > Duration::zero() ? down : Duration::zero()) + longestInterval +
           2 * delay;
}

QString vrrpFaultName(VrrpFault fault) {
    return QString::fromLatin1(rowOf(fault).name);
}

QString vrrpFaultText(VrrpFault fault) {
    return QString::fromUtf16(rowOf(fault).text);
}

} // namespace mha
