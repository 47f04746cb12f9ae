// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/machine.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

using Kind = VrrpEffect::Kind;

/// One call of step: the next state as it comes about, with what is to be done.
class Stepping {
public:
    Stepping(const VrrpInstance& instance, const VrrpMachine& machine, MonotonicTime now)
        : instance_(instance), now_(now), step_{machine, {}, {}} {}

    void operator()(const VrrpStartup& /*input*/) {
        if (m().state == VrrpState::Init)
            begin(VrrpCause::Started);
    }

    void operator()(const VrrpShutdown& /*input*/) {
        if (m().state == VrrpState::Master)
            resign();
        if (m().state != VrrpState::Init)
            enter(VrrpState::Init, VrrpCause::Stopped);
    }

    void operator()(const VrrpTick& /*input*/) {
        if (m().state == VrrpState::Backup && due(m().activeDownAt)) {
            endWaiting();
        } else if (m().state == VrrpState::Master) {
            keepUp();
        }
    }

    void operator()(const VrrpHeard& heard) {
        if (heard.source == instance_.source)
            return;
        if (!instance_.checksum)
            m().form = heard.checksum;
        if (m().state == VrrpState::Backup) {
            hearAsBackup(heard);
        } else if (m().state == VrrpState::Master) {
            hearAsMaster(heard);
        }
    }

    void operator()(const VrrpTracking& tracking) {
        m().tracking = tracking;
        const bool runs = m().state == VrrpState::Backup || m().state == VrrpState::Master;
        if (tracking.fault && runs) {
            if (m().state == VrrpState::Master)
                resign();
            enter(VrrpState::Fault, VrrpCause::FaultTracked);
        } else if (!tracking.fault && m().state == VrrpState::Fault) {
            begin(VrrpCause::FaultCleared);
        }
    }

    /// The program stood still for so long that another router has taken over: not Master any more, before anything
    /// else.
    void noticeAbsence() {
        const bool absent = m().state == VrrpState::Master && instance_.stepDownAfterAbsence > Duration::zero() &&
                            m().adverAt && now_ - *m().adverAt > instance_.stepDownAfterAbsence;
        if (!absent)
            return;
        release();
        enter(VrrpState::Backup, VrrpCause::StoodStill);
        waitFor(instance_.advertInterval);
    }

    VrrpStep take() { return std::move(step_); }

private:
    VrrpMachine& m() { return step_.machine; }

    bool due(const std::optional<MonotonicTime>& at) const { return at && *at <= now_; }

    int priority() { return effectivePriority(instance_, m().tracking); }

    void effect(Kind kind, int value = 0) { step_.effects.append({kind, value}); }

    void enter(VrrpState state, VrrpCause cause) {
        step_.transition = VrrpTransition{step_.transition ? step_.transition->from : m().state, state, cause};
        m().state = state;
        m().activeDownAt.reset();
        m().adverAt.reset();
        m().announceAt.reset();
        m().announcedAt.reset();
        m().preemptAt.reset();
        m().active = {};
        m().activePriority = -1;
        m().downCause = VrrpCause::ActiveSilent;
    }

    /// 6.4.1, also after a fault.
    void begin(VrrpCause cause) {
        if (m().tracking.fault) {
            enter(VrrpState::Fault, VrrpCause::FaultTracked);
        } else if (instance_.priority == kOwnerPriority) {
            becomeMaster(cause == VrrpCause::Started ? VrrpCause::OwnerStarted : cause);
        } else {
            enter(VrrpState::Backup, cause);
            waitFor(instance_.advertInterval);
        }
    }

    void becomeMaster(VrrpCause cause) {
        enter(VrrpState::Master, cause);
        sendAdvert();
        if (instance_.accept || instance_.priority == kOwnerPriority)
            effect(Kind::AddAddresses);
        announce();
    }

    void sendAdvert() {
        effect(Kind::SendAdvert, priority());
        m().adverAt = now_ + instance_.advertInterval;
    }

    void announce() {
        if (instance_.announcing.packets > 0)
            effect(Kind::Announce, instance_.announcing.packets);
        m().announcedAt = now_;
        if (instance_.announcing.laterPackets > 0)
            m().announceAt = now_ + instance_.announcing.laterAfter;
    }

    void release() {
        if (instance_.accept || instance_.priority == kOwnerPriority)
            effect(Kind::RemoveAddresses);
    }

    /// Addresses first: once priority 0 is out, the other side may hold them within its skew.
    void resign() {
        release();
        effect(Kind::SendAdvert, 0);
    }

    void waitFor(Duration activeAdverInterval) {
        m().activeAdverInterval = activeAdverInterval;
        m().activeDownAt = now_ + activeDownInterval(instance_.version, priority(), activeAdverInterval);
        m().downCause = VrrpCause::ActiveSilent;
    }

    // ---- 6.4.2 Backup ----

    void endWaiting() {
        if (now_ - *m().activeDownAt > m().activeAdverInterval) {
            waitFor(m().activeAdverInterval); // was not listening: silence proves nothing
            return;
        }
        becomeMaster(m().downCause);
    }

    void hearAsBackup(const VrrpHeard& heard) {
        if (heard.priority == 0) {
            m().activeDownAt = now_ + skewTime(instance_.version, priority(), m().activeAdverInterval);
            m().downCause = VrrpCause::ActiveResigned;
        } else if (heard.priority >= priority()) {
            m().preemptAt.reset();
            accept(heard);
        } else if (!mayPreempt()) {
            accept(heard);
        } else {
            m().active = heard.source;
            m().activePriority = heard.priority;
            m().downCause = VrrpCause::Preempted; // not accepted: Active_Down_Timer runs on
        }
    }

    bool mayPreempt() {
        if (!instance_.preempt && instance_.priority != kOwnerPriority)
            return false;
        if (instance_.preemptDelay == Duration::zero())
            return true;
        if (!m().preemptAt)
            m().preemptAt = now_ + instance_.preemptDelay;
        return due(m().preemptAt);
    }

    void accept(const VrrpHeard& heard) {
        m().active = heard.source;
        m().activePriority = heard.priority;
        waitFor(instance_.version == VrrpVersion::V2 ? instance_.advertInterval : heard.interval);
    }

    // ---- 6.4.3 Active ----

    void keepUp() {
        if (due(m().adverAt))
            sendAdvert();
        if (due(m().announceAt)) {
            effect(Kind::Announce, instance_.announcing.laterPackets);
            m().announcedAt = now_;
            m().announceAt.reset();
        }
    }

    void hearAsMaster(const VrrpHeard& heard) {
        if (heard.priority == 0) {
            sendAdvert();
        } else if (heard.priority > priority() || (heard.priority == priority() && heard.source > instance_.source)) {
            const auto cause =
                heard.priority > priority() ? VrrpCause::HigherPriorityHeard : VrrpCause::HigherAddressHeard;
            release();
            enter(VrrpState::Backup, cause);
            accept(heard);
        } else {
            // Asserts itself at once, and takes the neighbours back that the rival has told otherwise.
            sendAdvert();
            if (!m().announcedAt || now_ - *m().announcedAt >= kAnnounceAtMostEach)
                announce();
        }
    }

    const VrrpInstance& instance_;
    MonotonicTime now_;
    VrrpStep step_;
};

struct CauseRow {
    VrrpCause cause;
    const char* name;
    const char16_t* text;
};

constexpr CauseRow kCauses[] = {
    {VrrpCause::Started, "started", u"VRRP was started"},
    {VrrpCause::OwnerStarted, "owner-started", u"VRRP was started with priority 255"},
    {VrrpCause::Stopped, "stopped", u"VRRP was stopped"},
    {VrrpCause::ActiveSilent, "active-silent", u"no advert was heard in time"},
    {VrrpCause::ActiveResigned, "active-resigned", u"the other node gave up"},
    {VrrpCause::Preempted, "preempted", u"the other node has a lower priority"},
    {VrrpCause::HigherPriorityHeard, "higher-priority-heard", u"another node with a higher priority is MASTER"},
    {VrrpCause::HigherAddressHeard, "higher-address-heard",
     u"another node with the same priority and a higher address is MASTER"},
    {VrrpCause::FaultTracked, "fault-tracked", u"something that is tracked broke"},
    {VrrpCause::FaultCleared, "fault-cleared", u"what is tracked is well again"},
    {VrrpCause::StoodStill, "stood-still", u"this program stood still for too long to be MASTER still"},
};

const CauseRow& rowOf(VrrpCause cause) {
    return *std::ranges::find(kCauses, cause, &CauseRow::cause);
}

} // namespace

VrrpMachine vrrpMachine(const VrrpInstance& instance) {
    VrrpMachine machine;
    machine.activeAdverInterval = instance.advertInterval;
    machine.form = instance.checksum.value_or(ChecksumForm::PseudoHeader);
    return machine;
}

VrrpStep step(const VrrpInstance& instance, const VrrpMachine& machine, const VrrpInput& input, MonotonicTime now) {
    Stepping stepping(instance, machine, now);
    stepping.noticeAbsence();
    std::visit(stepping, input);
    return stepping.take();
}

std::optional<MonotonicTime> nextDeadline(const VrrpMachine& machine) {
    std::optional<MonotonicTime> next;
    for (const auto& deadline : {machine.activeDownAt, machine.adverAt, machine.announceAt}) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

int effectivePriority(const VrrpInstance& instance, const VrrpTracking& tracking) {
    if (instance.priority == kOwnerPriority)
        return kOwnerPriority;
    return std::clamp(instance.priority + tracking.weight, 1, kOwnerPriority - 1);
}

QString vrrpCauseName(VrrpCause cause) {
    return QString::fromLatin1(rowOf(cause).name);
}

QString vrrpCauseText(VrrpCause cause) {
    return QString::fromUtf16(rowOf(cause).text);
}

} // namespace mha
