// SPDX-License-Identifier: GPL-3.0-or-later

// One sighting after the other into the picture.

#include "observe/reducer_state.h"

#include <algorithm>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// Two reports of the same Docker event: its time is converted anew each time, with a slightly other clock offset.
constexpr Duration kSameEvent = 2ms;
/// An inspect that was on its way when an event came may contradict it for so long.
constexpr Duration kInspectMayLag = 2s;
constexpr qsizetype kEventsKept = 32;
/// How exactly a stream from a node tells the time of what it tells (measured 2-21 ms from the write to the event).
constexpr Duration kStreamError = 20ms;
/// Between a thing and its stamp by Docker, the kernel or keepalived.
constexpr Duration kStampError = 1ms;

/// What an event makes of the container, as far as it says.
std::optional<ContainerSeen> afterEvent(ContainerSeen container, const ContainerEventSeen& event) {
    if (event.action == u"start") {
        container.state = ContainerState::Running;
        container.startedAt = event.happenedAt;
        container.exitCode.reset();
    } else if (event.action == u"die") {
        container.state = ContainerState::Exited;
        container.finishedAt = event.happenedAt;
        container.exitCode = event.exitCode;
    } else if (event.action == u"pause") {
        container.state = ContainerState::Paused;
    } else if (event.action == u"unpause") {
        container.state = ContainerState::Running;
    } else if (event.action == u"destroy") {
        container.state = ContainerState::Missing;
    } else {
        return std::nullopt;
    }
    return container;
}

/// What must have been before such an event.
ContainerState stateBefore(const ContainerEventSeen& event) {
    if (event.action == u"start" || event.action == u"destroy")
        return ContainerState::Exited;
    return event.action == u"unpause" ? ContainerState::Paused : ContainerState::Running;
}

bool runs(const ContainerSeen& container) {
    return container.state == ContainerState::Running || container.state == ContainerState::Paused ||
           container.state == ContainerState::Restarting;
}

/// The event tells of a time before the state that is known.
bool isOvertaken(const ContainerSeen& known, const ContainerEventSeen& event) {
    if (event.action == u"die")
        return known.state == ContainerState::Running && known.startedAt && *known.startedAt > event.happenedAt;
    if (event.action == u"start")
        return known.state == ContainerState::Exited && known.finishedAt && *known.finishedAt > event.happenedAt;
    return false;
}

/// The inspect was asked before the event happened and came after it.
bool lagsBehind(const ContainerSeen& seen, const ContainerEventSeen& event) {
    if (event.action == u"die")
        return runs(seen) && (!seen.startedAt || *seen.startedAt <= event.happenedAt);
    if (event.action == u"start")
        return !runs(seen) && (!seen.finishedAt || *seen.finishedAt <= event.happenedAt);
    return false;
}

} // namespace

void Reducer::State::mark(Mark::Kind kind, int node, std::optional<Instant> at) {
    const Fact<ClockSeen>& clock = nodeAt(node).clock;
    // The node's own stamp is as exact as its clock is known; without one the sighting came some way.
    const Duration error = at ? kStampError + (clock ? clock->error : Duration::zero()) : kStreamError;
    timeline.mark({kind, node, std::min(at.value_or(observedAt), picture.at), error});
}

template <typename T>
bool Reducer::State::take(int node, Subject subject, Fact<T>& fact, std::optional<T>& known, const T& value) {
    const NodePicture& there = nodeAt(node);
    const bool live = fact.value && fact.seenAt >= there.upSince;
    if (memoryOf(node).toldUnseen.remove(static_cast<int>(subject)))
        tell(node, seenAgain(there.name, subject));
    if constexpr (std::is_same_v<T, VipSeen>) {
        if (known) {
            for (const Change& change : changesOf(there.name, picture.vip, *known, value))
                tell(node, change);
        }
    } else if constexpr (!std::is_same_v<T, VrrpConfigSeen>) {
        if (known) {
            for (const Change& change : changesOf(there.name, *known, value))
                tell(node, change);
        }
    }
    if (!fact.value || !sameValue(*fact.value, value))
        fact.since = picture.at;
    fact.value = value;
    fact.seenAt = picture.at;
    fact.unknownBecause.reset();
    known = value;
    nodeAt(node).heardAt = picture.at;
    return live;
}

void Reducer::State::seeNode(int node, const LinkSeen& seen) {
    NodePicture& there = nodeAt(node);
    NodeMemory& known = memoryOf(node);
    const LinkState was = there.link.state;
    const bool inSession = was == LinkState::Up || was == LinkState::Silent;
    const bool wasGone = was == LinkState::Down || was == LinkState::Refused;

    if (seen.state == LinkState::Connecting && wasGone)
        return; // another try after a failure: it stays gone, for the reason that is known
    if (seen.state == LinkState::Silent && !inSession)
        return;
    if (seen.state != was)
        there.linkSince = picture.at;
    there.link = seen;

    switch (seen.state) {
    case LinkState::Up:
        there.heardAt = picture.at;
        if (!inSession) {
            there.upSince = picture.at;
            known.served = false;
            const bool news = known.everUp || toldBegin;
            if (news) {
                tell(node,
                     nodeBack(there.name, known.lostAt ? std::optional(picture.at - *known.lostAt) : std::nullopt));
            }
        }
        if (was != LinkState::Up && known.everUp)
            mark(Mark::Kind::InSight, node);
        known.everUp = true;
        known.lostAt.reset();
        return;
    case LinkState::Silent:
        mark(Mark::Kind::OutOfSight, node, there.linkSince);
        return;
    case LinkState::Connecting:
    case LinkState::Down:
    case LinkState::Refused:
        if (inSession || (seen.state == LinkState::Refused && was != seen.state && known.everUp))
            lose(node, seen);
        return;
    }
}

void Reducer::State::lose(int node, const LinkSeen& seen) {
    NodeMemory& known = memoryOf(node);
    if (!known.lostAt) {
        known.lostAt = std::max(nodeAt(node).heardAt, nodeAt(node).upSince);
        mark(Mark::Kind::OutOfSight, node);
    }
    tell(node, nodeLost(nodeAt(node).name, seen));
}

void Reducer::State::seeNode(int node, const VipSeen& seen) {
    NodePicture& there = nodeAt(node);
    const std::optional<VipSeen> was = there.vip.value;
    if (!take(node, Subject::Vip, there.vip, memoryOf(node).vip, seen))
        return;
    if (seen.held != was->held)
        mark(seen.held ? Mark::Kind::VipGained : Mark::Kind::VipLost, node, seen.changedAt);
    if (was->linkUp && !seen.linkUp)
        mark(Mark::Kind::LinkDown, node, seen.changedAt);
}

void Reducer::State::seeNode(int node, const VrrpSeen& seen) {
    NodePicture& there = nodeAt(node);
    const std::optional<VrrpSeen> was = there.vrrp.value;
    VrrpSeen merged = seen;
    if (const auto& known = memoryOf(node).vrrp) {
        // A journal line tells the state alone; what it does not tell has not changed.
        for (int VrrpSeen::* field : {&VrrpSeen::priority, &VrrpSeen::effectivePriority, &VrrpSeen::vrid}) {
            if (merged.*field < 0)
                merged.*field = (*known).*field;
        }
        if (merged.running && known->running && merged.state == VrrpState::Unknown && seen.source.isEmpty())
            merged.state = known->state;
        if (!merged.since && merged.state == known->state)
            merged.since = known->since;
    }
    if (!take(node, Subject::Vrrp, there.vrrp, memoryOf(node).vrrp, merged))
        return;
    if (mha::runs(*was) && !mha::runs(merged))
        mark(Mark::Kind::KeepalivedStopped, node, merged.since);
    if (merged.effectivePriority >= 0 && merged.effectivePriority < was->effectivePriority)
        mark(Mark::Kind::PriorityFell, node);
    const bool wasMaster = was->state == VrrpState::Master;
    const bool isMaster = merged.state == VrrpState::Master;
    // Told by a log without microseconds first, then by keepalived itself.
    const bool betterTime = merged.since && !was->since;
    if (isMaster && (!wasMaster || betterTime)) {
        mark(Mark::Kind::BecameMaster, node, merged.since);
    } else if (wasMaster && !isMaster) {
        mark(Mark::Kind::LeftMaster, node, merged.since);
    }
}

void Reducer::State::seeNode(int node, const VrrpConfigSeen& seen) {
    take(node, Subject::VrrpConfig, nodeAt(node).vrrpConfig, memoryOf(node).vrrpConfig, seen);
}

void Reducer::State::seeNode(int node, const ContainerSeen& seen) {
    const NodeMemory& known = memoryOf(node);
    if (!known.containerEvents.isEmpty() && picture.at - known.containerEventAt < kInspectMayLag &&
        lagsBehind(seen, known.containerEvents.last()))
        return;
    takeContainer(node, seen, false);
}

void Reducer::State::seeNode(int node, const ContainerEventSeen& seen) {
    NodePicture& there = nodeAt(node);
    NodeMemory& known = memoryOf(node);
    const auto repeated = [&](const ContainerEventSeen& earlier) {
        return earlier.action == seen.action && std::chrono::abs(earlier.happenedAt - seen.happenedAt) < kSameEvent;
    };
    if (std::ranges::any_of(known.containerEvents, repeated))
        return;
    ContainerSeen was = there.container ? *there.container.value : known.container.value_or(ContainerSeen{});
    if (was.name.isEmpty()) { // an event before the first look at the container
        was.name = pair.containerOn(pair.nodes[static_cast<std::size_t>(node)]);
        was.state = stateBefore(seen);
        known.container = was;
    }
    if (isOvertaken(was, seen))
        return;
    if (known.containerEvents.size() >= kEventsKept)
        known.containerEvents.removeFirst();

    if (const auto change = changeOf(there.name, was.name, seen))
        tell(node, *change);
    if (seen.action == u"stop")
        mark(Mark::Kind::ContainerStopped, node, seen.happenedAt);
    const std::optional<ContainerSeen> is = afterEvent(was, seen);
    if (!is)
        return;
    known.containerEvents.append(seen);
    known.containerEventAt = picture.at;
    takeContainer(node, *is, true);
}

void Reducer::State::takeContainer(int node, const ContainerSeen& seen, bool live) {
    NodePicture& there = nodeAt(node);
    const std::optional<ContainerSeen> was = there.container ? there.container.value : memoryOf(node).container;
    const bool liveFact = take(node, Subject::Container, there.container, memoryOf(node).container, seen);
    there.milvusRan = runs(seen);
    if ((live || liveFact) && was)
        markContainer(node, *was, seen);
}

void Reducer::State::markContainer(int node, const ContainerSeen& was, const ContainerSeen& is) {
    if (runs(was) && !runs(is)) {
        mark(Mark::Kind::ContainerDied, node, is.finishedAt);
    } else if (!runs(was) && runs(is)) {
        mark(Mark::Kind::ContainerStarted, node, is.startedAt);
    } else if (runs(was) && runs(is) && was.startedAt && is.startedAt && *is.startedAt - *was.startedAt > 1s) {
        mark(Mark::Kind::ContainerDied, node, is.startedAt); // ended and started between two looks
    }
}

void Reducer::State::seeNode(int node, const MilvusSeen& seen) {
    NodePicture& there = nodeAt(node);
    NodeMemory& known = memoryOf(node);
    take(node, Subject::Milvus, there.milvus, known.milvus, seen);
    if (seen.serving) {
        known.served = true;
        there.milvusRan = true;
    } else if (seen.refused && known.served && !there.container) {
        // Docker cannot be asked, but the port that was open is closed: that process is gone.
        there.milvusRan = false;
    }
}

void Reducer::State::seeNode(int node, const StorageSeen& seen) {
    NodePicture& there = nodeAt(node);
    const std::optional<StorageSeen> was = there.storage.value;
    const auto usable = [](const StorageSeen& storage) { return storage.mounted && storage.writable; };
    if (take(node, Subject::Storage, there.storage, memoryOf(node).storage, seen) && usable(*was) && !usable(seen))
        mark(Mark::Kind::StorageLost, node);
}

void Reducer::State::seeNode(int node, const ClockSeen& seen) {
    take(node, Subject::Clock, nodeAt(node).clock, memoryOf(node).clock, seen);
}

void Reducer::State::seeNode(int node, const NodeProgramSeen& seen) {
    take(node, Subject::Program, nodeAt(node).program, memoryOf(node).program, seen);
}

namespace {

template <typename T> void put(Fact<T>& fact, const T& value, Instant at) {
    if (!fact.value || !sameValue(*fact.value, value))
        fact.since = at;
    fact.value = value;
    fact.seenAt = at;
}

} // namespace

void Reducer::State::seeNode(int node, const VipFromNodeSeen& seen) {
    put(nodeAt(node).vipFromHere, seen, picture.at);
}

void Reducer::State::seeNode(int node, const VipNeighbourSeen& seen) {
    put(nodeAt(node).vipNeighbour, seen, picture.at);
}

void Reducer::State::seePair(const VipNeighbourSeen& seen) {
    put(picture.vipNeighbour, seen, picture.at);
}

void Reducer::State::seeNode(int node, const Unseen& seen) {
    NodePicture& there = nodeAt(node);
    if (there.link.state != LinkState::Up)
        return; // the node as a whole is out of sight, which says it better
    const auto blank = [&](auto& fact) {
        const bool seenBefore = fact.value.has_value();
        if (seenBefore || !fact.unknownBecause)
            fact.since = picture.at;
        fact.value.reset();
        fact.seenAt = picture.at;
        fact.unknownBecause = seen.reason;
        if (!seenBefore)
            return;
        memoryOf(node).toldUnseen.insert(static_cast<int>(seen.subject));
        tell(node, unseen(there.name, seen.subject, seen.reason));
        if (seen.subject == Subject::Container && seen.reason.code != ErrorCode::Refused)
            mark(Mark::Kind::DockerGone, node);
    };
    switch (seen.subject) {
    case Subject::Vip:
        return blank(there.vip);
    case Subject::Vrrp:
        return blank(there.vrrp);
    case Subject::VrrpConfig:
        return blank(there.vrrpConfig);
    case Subject::Container:
        return blank(there.container);
    case Subject::Milvus:
        return blank(there.milvus);
    case Subject::Storage:
        return blank(there.storage);
    case Subject::Clock:
        return blank(there.clock);
    case Subject::Program:
        return blank(there.program);
    }
}

void Reducer::State::seePair(const VipProbeSeen& seen) {
    const std::optional<Instant> goodBefore = timeline.lastGood();
    timeline.probe(seen, observedAt);
    if (!seen.good && !timeline.badSince())
        return; // an old question given up after a later one was answered
    Fact<VipProbeSeen>& probe = picture.vipProbe;
    const bool first = !probe.value;
    if (first || !sameValue(*probe.value, seen))
        probe.since = picture.at;
    const bool wasBad = !first && !probe->good;
    probe.value = seen;
    probe.seenAt = picture.at;
    probe.unknownBecause.reset();
    if (seen.good && (toldSilent || (wasBad && !goodBefore))) {
        toldSilent = false;
        tell(-1, vipAnswers(picture.vip, goodBefore ? std::optional(observedAt - *goodBefore) : std::nullopt));
    }
}

void Reducer::State::seePair(const Unseen& seen) {
    picture.vipProbe.value.reset();
    picture.vipProbe.seenAt = picture.at;
    picture.vipProbe.unknownBecause = seen.reason;
}

} // namespace mha
