// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/story.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = Trace::Kind;

/// From the state's change until the address is there and the LAN knows it.
constexpr Duration kVipMoves = 15ms;
/// A client that asks now and then notices within this.
constexpr Duration kNoticed = 10ms;
/// A run of service shorter than this within an outage does not end it (as the observed ones are told).
constexpr Duration kGoodRun = 250ms;
/// A cause comes at most so long before what it causes.
constexpr Duration kCauseBefore = 10s;
/// Milvus may tell that it serves a little before Docker tells that its container runs.
constexpr Duration kReadyBefore = 300ms;

/// From `at` on (within `earlier` and `later` of it) this node serves; -1: none.
struct Change {
    Instant at;
    Duration earlier{};
    Duration later{};
    int serving = -1;
    int clock = -1; ///< whose
};

struct NodeState {
    bool master = false;
    bool milvus = false;
};

/// Goes through the records of both nodes in the order of time and notes who served.
class Sweep {
public:
    explicit Sweep(const Story& story) : story_(story) {}

    QList<Change> run();

private:
    struct Step {
        Trace trace;
        int node = -1;
    };

    void begin();
    QList<Step> steps() const;
    void apply(const Step& step);
    void vipLeft(int node);
    void note(const Step& step);

    NodeState& stateOf(int node) { return states_[static_cast<std::size_t>(node)]; }

    const Story& story_;
    std::array<NodeState, 2> states_;
    int owner_ = -1; ///< where the LAN sends what is for the VIP
    int serving_ = -1;
    QList<Change> changes_;
};

std::optional<bool> ranBefore(const StoryNode& node) {
    for (const Trace& trace : node.traces) {
        if (trace.kind == Kind::ContainerDied || trace.kind == Kind::ContainerStopped)
            return true;
        if (trace.kind == Kind::ContainerStarted)
            return false;
    }
    return node.containerRuns;
}

std::optional<VrrpState> stateBefore(const StoryNode& node) {
    if (node.stateBefore)
        return node.stateBefore;
    for (const Trace& trace : node.traces) {
        if (trace.kind == Kind::BecameMaster)
            return VrrpState::Backup;
        if (trace.kind == Kind::BecameBackup)
            return trace.number == 0 ? VrrpState::Stopped : VrrpState::Master;
    }
    return std::nullopt;
}

void Sweep::begin() {
    for (int node = 0; node < 2; ++node) {
        const StoryNode& known = story_.nodes[static_cast<std::size_t>(node)];
        const StoryNode& other = story_.nodes[static_cast<std::size_t>(1 - node)];
        const bool backupKnows = !known.read && stateBefore(other) == VrrpState::Backup;
        stateOf(node).master = stateBefore(known) == VrrpState::Master || backupKnows;
        stateOf(node).milvus = ranBefore(known).value_or(backupKnows);
        const bool preferred = owner_ < 0 || known.priority > story_.nodes[static_cast<std::size_t>(owner_)].priority;
        if (stateOf(node).master && preferred)
            owner_ = node;
    }
    serving_ = owner_ >= 0 && stateOf(owner_).milvus ? owner_ : -1;
}

/// The records in order; a start of the container is put to where Milvus serves.
QList<Sweep::Step> Sweep::steps() const {
    QList<Step> all;
    for (int node = 0; node < 2; ++node) {
        const QList<Trace>& traces = story_.nodes[static_cast<std::size_t>(node)].traces;
        for (Trace trace : traces) {
            if (trace.kind == Kind::ContainerStarted) {
                const auto end = std::ranges::find_if(
                    traces, [&](const Trace& one) { return one.kind == Kind::ContainerDied && one.at > trace.at; });
                const auto ready = std::ranges::find_if(traces, [&](const Trace& one) {
                    return one.kind == Kind::MilvusReady && one.at >= trace.at - kReadyBefore &&
                           (end == traces.end() || one.at < end->at);
                });
                if (ready != traces.end()) {
                    trace.at = ready->at;
                    trace.earlier = ready->earlier;
                    trace.later = ready->later;
                } else {
                    trace.at += story_.serving.typical;
                    trace.earlier += std::min(story_.serving.error, story_.serving.typical);
                    trace.later += story_.serving.error;
                    if (end != traces.end())
                        trace.at = std::min(trace.at, end->at);
                }
            }
            all.append({trace, node});
        }
    }
    std::ranges::stable_sort(all, {}, [](const Step& step) { return step.trace.at; });
    return all;
}

void Sweep::vipLeft(int node) {
    stateOf(node).master = false;
    if (owner_ == node)
        owner_ = stateOf(1 - node).master ? 1 - node : -1;
}

void Sweep::apply(const Step& step) {
    NodeState& state = stateOf(step.node);
    switch (step.trace.kind) {
    case Kind::BecameMaster:
        state.master = true;
        owner_ = step.node;
        break;
    case Kind::BecameBackup:
    case Kind::EnteredFault:
    case Kind::KeepalivedStarted: // it takes off what a killed one left
    case Kind::KeepalivedStopped:
        vipLeft(step.node);
        break;
    case Kind::LinkDown:
    case Kind::Silent:
        if (owner_ == step.node)
            owner_ = -1;
        break;
    case Kind::Thawed:
        if (state.master)
            owner_ = step.node;
        break;
    case Kind::ShutDown:
    case Kind::Booted:
        vipLeft(step.node);
        state.milvus = false;
        break;
    case Kind::ContainerDied:
        state.milvus = false;
        break;
    case Kind::ContainerStarted:
        state.milvus = true;
        break;
    case Kind::ContainerKilled:
    case Kind::ContainerStopped:
    case Kind::MilvusReady:
    case Kind::PriorityChanged:
    case Kind::KeepalivedKilled:
    case Kind::LinkUp:
    case Kind::LastSign:
    case Kind::DockerStopped:
    case Kind::DockerStarted:
    case Kind::Operation:
        break;
    }
}

void Sweep::note(const Step& step) {
    const int serving = owner_ >= 0 && stateOf(owner_).milvus ? owner_ : -1;
    if (serving == serving_)
        return;
    serving_ = serving;
    const bool vip = step.trace.kind == Kind::BecameMaster || step.trace.kind == Kind::BecameBackup ||
                     step.trace.kind == Kind::EnteredFault || step.trace.kind == Kind::KeepalivedStopped;
    // A freeze tells its length only; where it began is inferred apart.
    const Duration earlier = step.trace.kind == Kind::Thawed ? Duration::zero() : step.trace.earlier;
    changes_.append(
        {step.trace.at, earlier, step.trace.later + (vip ? kVipMoves : Duration::zero()), serving, step.node});
}

QList<Change> Sweep::run() {
    begin();
    changes_.append({Instant{}, {}, {}, serving_, -1});
    for (const Step& step : steps()) {
        apply(step);
        note(step);
    }
    return changes_;
}

std::optional<Mark::Kind> markKind(const Trace& trace) {
    switch (trace.kind) {
    case Kind::ContainerDied:
        return Mark::Kind::ContainerDied;
    case Kind::ContainerStopped:
        return Mark::Kind::ContainerStopped;
    case Kind::ContainerStarted:
        return Mark::Kind::ContainerStarted;
    case Kind::BecameMaster:
        return Mark::Kind::BecameMaster;
    case Kind::BecameBackup:
        return trace.number == 0 ? std::nullopt : std::optional(Mark::Kind::LeftMaster);
    case Kind::EnteredFault:
        return Mark::Kind::LeftMaster;
    case Kind::KeepalivedStopped:
    case Kind::KeepalivedKilled:
        return Mark::Kind::KeepalivedStopped;
    case Kind::LinkDown:
        return Mark::Kind::LinkDown;
    case Kind::Silent:
    case Kind::ShutDown:
        return Mark::Kind::OutOfSight;
    case Kind::Booted:
    case Kind::Thawed:
        return Mark::Kind::InSight;
    case Kind::DockerStopped:
        return Mark::Kind::DockerGone;
    case Kind::ContainerKilled:
    case Kind::MilvusReady:
    case Kind::PriorityChanged:
    case Kind::KeepalivedStarted:
    case Kind::LinkUp:
    case Kind::LastSign:
    case Kind::DockerStarted:
    case Kind::Operation:
        break;
    }
    return std::nullopt;
}

/// The marks of one node between two moments, and the falls of its priority.
void addMarks(Outage& outage, const StoryNode& node, int index, Instant from, Instant until) {
    int priority = node.priority;
    for (const Trace& trace : node.traces) {
        const bool fell = trace.kind == Kind::PriorityChanged && trace.number < priority;
        if (trace.kind == Kind::PriorityChanged)
            priority = trace.number;
        if (trace.at < from || trace.at > until)
            continue;
        if (fell)
            outage.marks.append({Mark::Kind::PriorityFell, index, trace.at});
        if (const auto kind = markKind(trace))
            outage.marks.append({*kind, index, trace.at});
        if (trace.kind == Kind::BecameMaster)
            outage.marks.append({Mark::Kind::VipGained, index, trace.at});
    }
}

/// An operation of ours that ran meanwhile, by the notes that it left on the nodes.
std::optional<OperationSeen> operationAt(const Story& story, Instant from, Instant until) {
    std::optional<OperationSeen> found;
    for (const StoryNode& node : story.nodes) {
        std::optional<Trace> running;
        const auto ran = [&](const Trace& begin, Instant end) {
            if (begin.at <= until && end >= from)
                found = begin.operation;
        };
        for (const Trace& trace : node.traces) {
            if (trace.kind != Kind::Operation || !trace.operation)
                continue;
            const bool same = running && running->operation->isOf(*trace.operation);
            if (trace.operation->running == same)
                continue; // a note for the second time, or the end of one that is over
            if (running)
                ran(*running, trace.at); // the next one's beginning ends it as well: a pair has one at a time
            running = same ? std::nullopt : std::optional(trace);
        }
        if (running) // it never said its end
            ran(*running, running->at + kOperationAtMost);
    }
    return found;
}

PastOutage outageOf(const Story& story, const Change& begin, int from, const Change& end, Instant explainedUntil) {
    PastOutage past;
    const auto middle = [](const Change& change) { return change.at + (change.later - change.earlier) / 2; };
    const auto half = [](const Change& change) { return (change.later + change.earlier) / 2 + kNoticed; };
    past.startedAt = middle(begin);
    past.endedAt = std::max(middle(end), past.startedAt);
    past.startNode = begin.clock;
    past.endNode = end.clock;
    Outage& outage = past.outage;
    outage.lastGood = past.startedAt - half(begin);
    outage.firstBad = past.startedAt + half(begin);
    outage.lastBad = past.endedAt - half(end);
    outage.nextGood = past.endedAt + half(end);
    outage.from = from;
    outage.to = end.serving;
    outage.priorities = {story.nodes[0].priority, story.nodes[1].priority};
    outage.operation = operationAt(story, outage.lastGood, past.endedAt);
    const Instant since = std::max(past.startedAt - kCauseBefore, explainedUntil);
    for (int node = 0; node < 2; ++node)
        addMarks(outage, story.nodes[static_cast<std::size_t>(node)], node, since, past.endedAt + kSettleFor);
    std::ranges::stable_sort(outage.marks, {}, &Mark::at);
    if (from >= 0 && from != end.serving)
        outage.moves.append({from, end.serving, past.endedAt});
    return past;
}

/// Who served when, without what lasted too short to count as service.
QList<Change> servingOver(const Story& story) {
    QList<Change> changes = Sweep(story).run();
    for (qsizetype i = 1; i + 1 < changes.size();) {
        if (changes[i].serving >= 0 && changes[i + 1].serving < 0 && changes[i - 1].serving < 0 &&
            changes[i + 1].at - changes[i].at < kGoodRun) {
            changes.remove(i, 2);
        } else {
            ++i;
        }
    }
    return changes;
}

} // namespace

ServingTime servingTimeOf(const QList<Failover>& observed) {
    std::optional<Duration> least;
    std::optional<Duration> most;
    for (const Failover& failover : observed) {
        const bool started = std::ranges::any_of(failover.phases, [](const Phase& phase) {
            return phase.name == u"container" && phase.duration.count() > 0;
        });
        for (const Phase& phase : failover.phases) {
            if (!started || phase.name != u"serving")
                continue;
            least = std::min(least.value_or(phase.duration), std::max<Duration>(phase.duration - phase.error, 0s));
            most = std::max(most.value_or(phase.duration), phase.duration + phase.error);
        }
    }
    if (!least)
        return {kServingUnknown / 2, kServingUnknown / 2};
    return {(*least + *most) / 2, (*most - *least) / 2};
}

QList<PastOutage> outagesOf(const Story& story) {
    QList<PastOutage> outages;
    const QList<Change> changes = servingOver(story);
    Instant explainedUntil{};
    for (qsizetype i = 1; i < changes.size(); ++i) {
        const Change& end = changes[i];
        if (end.serving < 0)
            continue;
        const Change& before = changes[i - 1];
        const bool direct = before.serving >= 0;
        const int from = direct ? before.serving : i >= 2 ? changes[i - 2].serving : -1;
        if (from < 0)
            continue; // the begin is not in the records
        outages.append(outageOf(story, direct ? end : before, from, end, explainedUntil));
        explainedUntil = outages.last().endedAt;
    }
    return outages;
}

std::optional<Instant> silentSince(const Story& story) {
    const QList<Change> changes = servingOver(story);
    if (changes.size() < 2 || changes.last().serving >= 0)
        return std::nullopt;
    return changes.last().at;
}

} // namespace mha
