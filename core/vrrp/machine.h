// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"
#include "vrrp/instance.h"

#include <QVarLengthArray>

#include <variant>

namespace mha {

/// The state machine of RFC 9568, 6.4, as a pure function: step(configuration, state, input, time) gives the next state
/// and what is to be done. No clock, no socket, no thread; whoever owns it carries out the effects in their order and
/// calls again at nextDeadline.
///
/// The RFC's Active is VrrpState::Master here, as operators know it from keepalived; Initialize is VrrpState::Init.
/// What the RFC does not have is VrrpState::Fault: a tracked thing is broken, the router takes no part.

// ---- inputs ----

struct VrrpStartup {};

struct VrrpShutdown {};

/// The time may have come for a timer. Also right when it has not.
struct VrrpTick {};

/// A packet without a flaw that matters (vrrpFlawFor).
struct VrrpHeard {
    IpAddress source;
    int priority = 0;
    Duration interval{}; ///< Adver Interval field
    ChecksumForm checksum = ChecksumForm::Plain;
};

/// What is tracked, as a whole: each input replaces the one before.
struct VrrpTracking {
    int weight = 0;     ///< added to the configured priority; the sum is kept within 1..254. An owner's is not moved
    bool fault = false; ///< gives up at once: FAULT
    bool operator==(const VrrpTracking&) const = default;
};

using VrrpInput = std::variant<VrrpStartup, VrrpShutdown, VrrpTick, VrrpHeard, VrrpTracking>;

// ---- state ----

/// Why the state changed.
enum class VrrpCause {
    Started,             ///< Startup
    OwnerStarted,        ///< Startup with priority 255
    Stopped,             ///< Shutdown
    ActiveSilent,        ///< nothing heard for Active_Down_Interval
    ActiveResigned,      ///< the active router sent priority 0
    Preempted,           ///< the active router has a lower priority than this one
    HigherPriorityHeard, ///< another active router outranks this one
    HigherAddressHeard,  ///< equal priority, and its address is the higher one
    FaultTracked,        ///< a tracked thing broke
    FaultCleared,        ///< it is well again
    StoodStill,          ///< this program did not run for longer than stepDownAfterAbsence
};

struct VrrpTransition {
    VrrpState from = VrrpState::Init;
    VrrpState to = VrrpState::Init;
    VrrpCause cause = VrrpCause::Started;
    bool operator==(const VrrpTransition&) const = default;
};

struct VrrpMachine {
    VrrpState state = VrrpState::Init; ///< Init, Backup, Master or Fault
    VrrpTracking tracking;

    /// Active_Adver_Interval, microseconds: that of the last accepted advert, at first our own.
    Duration activeAdverInterval{};
    /// Active_Down_Timer, in Backup: set to now + Active_Down_Interval (3 * Active_Adver_Interval + Skew_Time) by each
    /// accepted advert, to now + Skew_Time by priority 0.
    std::optional<MonotonicTime> activeDownAt;
    /// Adver_Timer, in Master: now + Advertisement_Interval.
    std::optional<MonotonicTime> adverAt;
    /// In Master: the second burst, announcing.laterAfter after the first.
    std::optional<MonotonicTime> announceAt;
    /// In Master: when neighbours were last told, so that a deaf rival does not make us flood them.
    std::optional<MonotonicTime> announcedAt;
    /// In Backup: an active router of lower priority is let be until then (first heard + preemptDelay).
    std::optional<MonotonicTime> preemptAt;

    IpAddress active;        ///< in Backup: whose advert was accepted last; unset before the first
    int activePriority = -1; ///< as it said itself; -1: not known
    VrrpCause downCause = VrrpCause::ActiveSilent;  ///< in Backup: why it would take over when activeDownAt comes
    ChecksumForm form = ChecksumForm::PseudoHeader; ///< in which adverts are sent
    bool operator==(const VrrpMachine&) const = default;
};

// ---- effects, in the order in which they are to be done ----

struct VrrpEffect {
    enum class Kind {
        SendAdvert,      ///< of priority `value`
        AddAddresses,    ///< to the interface
        RemoveAddresses, ///< from the interface
        Announce,        ///< `value` packets of gratuitous ARP or unsolicited NA for each address
    } kind = Kind::SendAdvert;
    int value = 0;
    bool operator==(const VrrpEffect&) const = default;
};

struct VrrpStep {
    VrrpMachine machine;
    QVarLengthArray<VrrpEffect, 4> effects;
    std::optional<VrrpTransition> transition;
};

/// A rival of lower priority that goes on is answered by announcements no faster than this.
inline constexpr Duration kAnnounceAtMostEach = std::chrono::seconds(1);

/// Pure: the state of an instance that has not started.
VrrpMachine vrrpMachine(const VrrpInstance& instance);

/// Pure. `now` must not go back.
///
/// Beyond the RFC: a backup whose Active_Down_Timer is looked at later than by Active_Adver_Interval was not listening
/// meanwhile, and sets it anew once instead of taking a silence for granted that it did not hear.
VrrpStep step(const VrrpInstance& instance, const VrrpMachine& machine, const VrrpInput& input, MonotonicTime now);

/// Pure: when VrrpTick is due next; nothing: not before another input.
std::optional<MonotonicTime> nextDeadline(const VrrpMachine& machine);

/// Pure: the priority in force, 1..255.
int effectivePriority(const VrrpInstance& instance, const VrrpTracking& tracking);

/// Stable name, "active-silent", and the same in words for an operator.
QString vrrpCauseName(VrrpCause cause);
QString vrrpCauseText(VrrpCause cause);

} // namespace mha
