// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_past.h"

#include <QHash>

#include <algorithm>
#include <optional>

using namespace std::chrono_literals;

namespace mha {

namespace {

/// A recorder writes every 5 s that it is still there: one that said so within this time watches still.
constexpr auto kStillWatching = 15s;

/// What an event says of one lane.
struct Meaning {
    int lane = 0; ///< LaneModel::ThroughVip, or the place among a node's lanes
    LaneLook after;
    std::optional<LaneLook> before; ///< where there is only one possibility
};

enum NodeLane { Vrrp, Vip, Container, Serving };

class Reader {
public:
    Reader(const QList<Coverage>& covered, const std::array<QString, 2>& nodes, Instant now);
    LanePast read(const QList<Event>& events);

private:
    struct State {
        std::optional<LaneLook> look;
        std::optional<LaneLook> unseen; ///< what it was when its node went out of sight
        Instant from;
    };

    void begin(const Coverage& stretch);
    void finish(const Coverage& stretch);
    void take(const Event& event);
    void change(int lane, Instant at, const Meaning& meaning);
    void sight(int node, Instant at, bool seen);
    void close(int lane, Instant until);

    static QHash<QString, Meaning> meanings();

    const QHash<QString, Meaning> meanings_ = meanings();
    QList<Coverage> covered_; ///< joined
    std::array<QString, 2> nodes_;
    Instant now_;
    std::array<State, LaneModel::kLanes> states_;
    LanePast past_;
};

/// What logs tell is kept apart from what was seen: they know nothing of some lanes, whose state would be carried on.
QList<Coverage> joined(const QList<Coverage>& covered) {
    QList<Coverage> result;
    for (const Coverage& span : covered) {
        if (span.source == CoverageSource::Lost)
            continue;
        if (result.isEmpty() || span.from > result.last().until || span.source != result.last().source) {
            result.append(span);
        } else {
            result.last().until = std::max(result.last().until, span.until);
        }
    }
    return result;
}

Reader::Reader(const QList<Coverage>& covered, const std::array<QString, 2>& nodes, Instant now)
    : covered_(joined(covered)), nodes_(nodes), now_(now) {}

QHash<QString, Meaning> Reader::meanings() {
    using C = ContainerState;
    const auto of = [](C state) { return LaneLooks::container(state); };
    const auto vrrp = [](VrrpState state) { return Meaning{Vrrp, LaneLooks::vrrp(state), {}}; };
    const LaneLook notServing = LaneLooks::notServing(false);
    return {
        {QStringLiteral("vip-answers"),
         {LaneModel::ThroughVip, LaneLooks::throughVip(true), LaneLooks::throughVip(false)}},
        {QStringLiteral("vip-silent"),
         {LaneModel::ThroughVip, LaneLooks::throughVip(false), LaneLooks::throughVip(true)}},
        {QStringLiteral("vrrp-master"), vrrp(VrrpState::Master)},
        {QStringLiteral("vrrp-backup"), vrrp(VrrpState::Backup)},
        {QStringLiteral("vrrp-init"), vrrp(VrrpState::Init)},
        {QStringLiteral("vrrp-fault"), vrrp(VrrpState::Fault)},
        {QStringLiteral("keepalived-stopped"), {Vrrp, LaneLooks::keepalivedStopped(), {}}},
        // In which state it began is told in words alone.
        {QStringLiteral("keepalived-started"), {Vrrp, LaneLooks::unknown(), LaneLooks::keepalivedStopped()}},
        {QStringLiteral("vip-acquired"), {Vip, LaneLooks::vip(true), LaneLooks::vip(false)}},
        {QStringLiteral("vip-released"), {Vip, LaneLooks::vip(false), LaneLooks::vip(true)}},
        {QStringLiteral("link-down"), {Vip, LaneLooks::linkDown(), {}}},
        {QStringLiteral("link-up"), {Vip, LaneLooks::vip(false), LaneLooks::linkDown()}},
        {QStringLiteral("container-started"), {Container, of(C::Running), of(C::Exited)}},
        {QStringLiteral("container-died"), {Container, of(C::Exited), of(C::Running)}},
        {QStringLiteral("container-paused"), {Container, of(C::Paused), of(C::Running)}},
        {QStringLiteral("container-continued"), {Container, of(C::Running), of(C::Paused)}},
        {QStringLiteral("container-restarting"), {Container, of(C::Restarting), {}}},
        {QStringLiteral("container-dead"), {Container, of(C::Dead), {}}},
        {QStringLiteral("container-removed"), {Container, of(C::Missing), {}}},
        {QStringLiteral("container-created"), {Container, of(C::Created), {}}},
        {QStringLiteral("milvus-serving"), {Serving, LaneLooks::serving(), notServing}},
        {QStringLiteral("milvus-silent"), {Serving, notServing, LaneLooks::serving()}},
    };
}

LanePast Reader::read(const QList<Event>& events) {
    auto event = events.begin();
    for (const Coverage& stretch : std::as_const(covered_)) {
        begin(stretch);
        while (event != events.end() && event->at < stretch.from)
            ++event;
        for (; event != events.end() && event->at <= stretch.until; ++event)
            take(*event);
        finish(stretch);
    }
    return std::move(past_);
}

void Reader::begin(const Coverage& stretch) {
    for (State& state : states_)
        state = {std::nullopt, std::nullopt, stretch.from};
}

void Reader::finish(const Coverage& stretch) {
    const bool watchedStill = now_ - stretch.until < kStillWatching;
    for (int lane = 0; lane < LaneModel::kLanes; ++lane) {
        const State& state = states_.at(static_cast<std::size_t>(lane));
        if (watchedStill && !state.look)
            past_.sameSince.at(static_cast<std::size_t>(lane)) = state.from;
        close(lane, watchedStill ? now_ : stretch.until);
    }
}

void Reader::take(const Event& event) {
    const int node =
        event.node.isEmpty() ? -1 : static_cast<int>(std::ranges::find(nodes_, event.node) - nodes_.begin());
    if (node >= 2) // renamed since
        return;
    if (node >= 0 && (event.code == u"node-lost" || event.code == u"node-refused" || event.code == u"node-back"))
        return sight(node, event.at, event.code == u"node-back");
    const auto meaning = meanings_.constFind(event.code);
    if (meaning == meanings_.cend())
        return;
    change(node < 0 ? meaning->lane : LaneModel::FirstOfNode + node * LaneModel::kLanesPerNode + meaning->lane,
           event.at, *meaning);
}

void Reader::change(int lane, Instant at, const Meaning& meaning) {
    State& state = states_.at(static_cast<std::size_t>(lane));
    if (!state.look)
        state.look = meaning.before;
    close(lane, at);
    state = {meaning.after, std::nullopt, at};
}

void Reader::sight(int node, Instant at, bool seen) {
    for (int i = 0; i < LaneModel::kLanesPerNode; ++i) {
        const int lane = LaneModel::FirstOfNode + node * LaneModel::kLanesPerNode + i;
        State& state = states_.at(static_cast<std::size_t>(lane));
        const std::optional<LaneLook> then = seen ? state.unseen : state.look;
        close(lane, at);
        // What changed meanwhile is told by events of its own.
        if (seen) {
            state = {then, std::nullopt, at};
        } else {
            state = {LaneLooks::unknown(), then, at};
        }
    }
}

void Reader::close(int lane, Instant until) {
    const State& state = states_.at(static_cast<std::size_t>(lane));
    if (state.look && until > state.from)
        past_.spans.at(static_cast<std::size_t>(lane)).append({state.from, until, state.look->mark, state.look->text});
}

} // namespace

LanePast lanePastOf(const QList<Event>& events, const QList<Coverage>& covered, const std::array<QString, 2>& nodes,
                    Instant now) {
    return Reader(covered, nodes, now).read(events);
}

} // namespace mha
