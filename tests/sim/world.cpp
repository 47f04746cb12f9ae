// SPDX-License-Identifier: GPL-3.0-or-later
#include "world.h"

#include "vrrp/prediction.h"

#include <algorithm>
#include <array>

namespace mha::sim {

namespace {

using Kind = Trouble::Kind;
using Effect = VrrpEffect::Kind;

struct Packet {
    Duration arrives{};
    int to = 0;
    VrrpHeard heard;
};

/// A host with the program on it.
struct Router {
    const VrrpInstance* instance = nullptr;
    VrrpMachine machine;
    bool runs = false;
    bool frozen = false; ///< SIGSTOP: its clock goes on, packets queue up
    bool paused = false; ///< the whole machine: neither
    bool sends = true;
    bool hears = true;
    bool holdsAddresses = false;
    Duration behind{}; ///< what its clock has lost by pauses
    Duration pausedAt{};
    std::vector<VrrpHeard> queued;

    bool works() const { return runs && !frozen && !paused; }

    MonotonicTime clock(Duration now) const { return MonotonicTime(now - behind); }

    /// In the world's time.
    std::optional<Duration> deadline() const {
        const auto next = works() ? nextDeadline(machine) : std::nullopt;
        return next ? std::optional(next->time_since_epoch() + behind) : std::nullopt;
    }
};

/// RFC 9568, 6.3, with FAULT, and with stepDownAfterAbsence.
bool inTable(VrrpState from, VrrpState to) {
    switch (from) {
    case VrrpState::Init:
        return to == VrrpState::Backup || to == VrrpState::Master || to == VrrpState::Fault;
    case VrrpState::Backup:
        return to == VrrpState::Init || to == VrrpState::Master || to == VrrpState::Fault;
    case VrrpState::Master:
        return to == VrrpState::Init || to == VrrpState::Backup || to == VrrpState::Fault;
    case VrrpState::Fault:
        return to == VrrpState::Init || to == VrrpState::Backup || to == VrrpState::Master;
    default:
        return false;
    }
}

class World {
public:
    explicit World(const Schedule& schedule) : schedule_(schedule), random_(~schedule.seed) {
        for (const VrrpInstance& instance : schedule.instances) {
            Router router;
            router.instance = &instance;
            router.machine = vrrpMachine(instance);
            router.runs = true;
            routers_.push_back(std::move(router));
        }
    }

    Outcome run() {
        // The healed network is watched for twice the time in which it has to settle.
        const Duration bound = settlesWithin(schedule_.instances, schedule_.delay);
        const Duration end = schedule_.healsAt + 2 * bound;
        for (int router = 0; router < count(); ++router)
            apply(router, VrrpStartup{});
        size_t trouble = 0;
        while (!outcome_.broken) {
            while (trouble < schedule_.troubles.size() && schedule_.troubles[trouble].at <= now_)
                strike(schedule_.troubles[trouble++]);
            if (!healed_ && now_ >= schedule_.healsAt)
                heal();
            work();
            Duration next = trouble < schedule_.troubles.size() ? schedule_.troubles[trouble].at : end;
            if (!healed_)
                next = std::min(next, schedule_.healsAt);
            next = std::min(next, earliest(end));
            if (next >= end)
                break;
            now_ = std::max(next, now_);
        }
        if (!outcome_.broken)
            judge(bound);
        return std::move(outcome_);
    }

private:
    int count() const { return static_cast<int>(routers_.size()); }

    Router& at(int router) { return routers_[static_cast<size_t>(router)]; }

    Duration earliest(Duration end) const {
        Duration next = end;
        for (const Packet& packet : packets_)
            next = std::min(next, packet.arrives);
        for (const Router& router : routers_) {
            if (const auto deadline = router.deadline())
                next = std::min(next, *deadline);
        }
        return next;
    }

    /// What is due now: packets before timers, as the program drains its socket before it looks at the clock.
    void work() {
        for (size_t i = 0; i < packets_.size();) {
            if (packets_[i].arrives > now_) {
                ++i;
                continue;
            }
            const Packet packet = packets_[i];
            packets_[i] = packets_.back();
            packets_.pop_back();
            deliver(packet);
        }
        for (int router = 0; router < count(); ++router) {
            const auto deadline = at(router).deadline();
            if (deadline && *deadline <= now_)
                apply(router, VrrpTick{});
        }
    }

    void deliver(const Packet& packet) {
        Router& router = at(packet.to);
        if (!router.runs || router.paused || !router.hears)
            return;
        if (router.frozen)
            router.queued.push_back(packet.heard);
        else
            apply(packet.to, packet.heard);
    }

    void apply(int index, const VrrpInput& input) {
        Router& router = at(index);
        const VrrpState before = router.machine.state;
        VrrpStep done = step(*router.instance, router.machine, input, router.clock(now_));
        router.machine = done.machine;
        ++outcome_.steps;
        for (const VrrpEffect& effect : done.effects)
            carryOut(index, effect);
        check(index, before, done);
    }

    void carryOut(int index, const VrrpEffect& effect) {
        switch (effect.kind) {
        case Effect::SendAdvert:
            send(index, effect.value);
            break;
        case Effect::AddAddresses:
            at(index).holdsAddresses = true;
            break;
        case Effect::RemoveAddresses:
            at(index).holdsAddresses = false;
            break;
        case Effect::Announce:
            break;
        }
    }

    void check(int index, VrrpState before, const VrrpStep& done) {
        const VrrpState state = done.machine.state;
        const bool master = state == VrrpState::Master;
        if (state != before && !inTable(before, state))
            broken(index, "a change of state that is not in the table");
        if (!done.transition && state != before)
            broken(index, "a change of state that is not told");
        if (at(index).holdsAddresses != master)
            broken(index, "addresses without being MASTER, or the other way round");
        if ((state == VrrpState::Backup) != done.machine.activeDownAt.has_value() ||
            master != done.machine.adverAt.has_value())
            broken(index, "a timer that does not belong to the state, or none");
        for (const VrrpEffect& effect : done.effects) {
            if (effect.kind == Effect::SendAdvert && !master && (before != VrrpState::Master || effect.value != 0))
                broken(index, "an advert of a router that is not MASTER");
        }
        if (state != before)
            lastChange_ = now_;
    }

    void send(int from, int priority) {
        Router& sender = at(from);
        if (!sender.sends)
            return;
        const VrrpHeard heard{sender.instance->source, priority, sender.instance->advertInterval, sender.machine.form};
        for (int to = 0; to < count(); ++to) {
            if (to == from || (!healed_ && chance(schedule_.loss)))
                continue;
            packets_.push_back({now_ + delay(), to, heard});
            if (!healed_ && chance(schedule_.duplication))
                packets_.push_back({now_ + 3 * delay(), to, heard});
        }
    }

    /// Each packet has its own: they overtake each other.
    Duration delay() {
        return Duration(static_cast<Duration::rep>(random_() % static_cast<quint64>(schedule_.delay.count() + 1)));
    }

    bool chance(double share) { return share > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < share; }

    void strike(const Trouble& trouble) {
        Router& router = at(trouble.router);
        switch (trouble.kind) {
        case Kind::Crash:
            crash(router);
            break;
        case Kind::Restart:
            restart(trouble.router);
            break;
        case Kind::Shutdown:
            if (router.works())
                apply(trouble.router, VrrpShutdown{});
            break;
        case Kind::Freeze:
            router.frozen = router.frozen || router.works();
            break;
        case Kind::Pause:
            if (router.works()) {
                router.paused = true;
                router.pausedAt = now_;
            }
            break;
        case Kind::Thaw:
            thaw(trouble.router);
            break;
        case Kind::Fault:
        case Kind::Weigh:
        case Kind::Recover:
            if (router.works())
                apply(trouble.router, VrrpTracking{trouble.kind == Kind::Weigh ? -20 : 0, trouble.kind == Kind::Fault});
            break;
        case Kind::CutOff:
            router.sends = router.hears = false;
            break;
        case Kind::CutInwards:
            router.hears = false;
            break;
        case Kind::Connect:
            router.sends = router.hears = true;
            break;
        }
    }

    static void crash(Router& router) {
        const VrrpInstance* instance = router.instance;
        const Duration behind = router.behind;
        router.machine = vrrpMachine(*instance);
        router.runs = router.frozen = router.paused = router.holdsAddresses = false;
        router.behind = behind;
        router.queued.clear();
    }

    void restart(int index) {
        Router& router = at(index);
        if (router.frozen || router.paused)
            return;
        router.runs = true;
        apply(index, VrrpStartup{});
    }

    void thaw(int index) {
        Router& router = at(index);
        if (router.paused)
            router.behind += now_ - router.pausedAt;
        router.frozen = router.paused = false;
        for (const VrrpHeard& heard : std::exchange(router.queued, {}))
            apply(index, heard);
    }

    void heal() {
        healed_ = true;
        for (int index = 0; index < count(); ++index) {
            Router& router = at(index);
            router.sends = router.hears = true;
            thaw(index);
            restart(index);
            apply(index, VrrpTracking{});
        }
    }

    void judge(Duration bound) {
        outcome_.settled = lastChange_ > schedule_.healsAt ? lastChange_ - schedule_.healsAt : Duration{};
        int masters = 0;
        int highest = 0;
        int priority = 0;
        bool allPreempt = true;
        for (const Router& router : routers_) {
            highest = std::max(highest, router.instance->priority);
            allPreempt = allPreempt && router.instance->preempt;
            if (router.machine.state == VrrpState::Master) {
                ++masters;
                priority = router.instance->priority;
            }
        }
        if (masters != 1)
            broken(0, "not one MASTER alone after the healing");
        else if (outcome_.settled > bound)
            broken(0, "settled later than predicted");
        else if (allPreempt && priority != highest)
            broken(0, "the MASTER is not the one of the highest priority");
    }

    void broken(int index, const char* what) {
        if (!outcome_.broken)
            outcome_.broken = QStringLiteral("%1 (router %2 at %3 us; healing at %4 us)")
                                  .arg(QString::fromLatin1(what))
                                  .arg(index)
                                  .arg(now_.count())
                                  .arg(schedule_.healsAt.count());
    }

    const Schedule& schedule_;
    Random random_;
    std::vector<Router> routers_;
    std::vector<Packet> packets_;
    Duration now_{};
    Duration lastChange_{};
    bool healed_ = false;
    Outcome outcome_;
};

} // namespace

Outcome run(const Schedule& schedule) {
    return World(schedule).run();
}

} // namespace mha::sim
