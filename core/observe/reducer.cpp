// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/reducer.h"

#include "observe/reducer_state.h"

namespace mha {

namespace {

/// How often a picture in which only ages changed is told, so that "seen 1 s ago" stays true on a screen.
constexpr std::chrono::seconds kTellAgesEvery{1};
/// A better verdict is an event only after it has held for so long.
constexpr std::chrono::milliseconds kBetterAfter{500};

constexpr std::chrono::hours kMovesKeptFor{1};

template <typename T> bool sameFact(const Fact<T>& a, const Fact<T>& b) {
    if (a.unknownBecause != b.unknownBecause || a.value.has_value() != b.value.has_value())
        return false;
    return !a.value || sameValue(*a.value, *b.value);
}

bool sameNode(const NodePicture& a, const NodePicture& b) {
    return a.link == b.link && a.linkSince == b.linkSince && a.upSince == b.upSince && sameFact(a.vip, b.vip) &&
           sameFact(a.vrrp, b.vrrp) && sameFact(a.vrrpConfig, b.vrrpConfig) && sameFact(a.container, b.container) &&
           sameFact(a.milvus, b.milvus) && sameFact(a.storage, b.storage) && sameFact(a.clock, b.clock) &&
           sameFact(a.vipFromHere, b.vipFromHere) && sameFact(a.vipNeighbour, b.vipNeighbour);
}

bool sameReasons(const QList<Reason>& a, const QList<Reason>& b) {
    return std::ranges::equal(a, b, [](const Reason& x, const Reason& y) {
        return x.code == y.code && x.node == y.node && x.text == y.text;
    });
}

bool sameVerdict(const Verdict& a, const Verdict& b) {
    return a.level == b.level && sameReasons(a.reasons, b.reasons) && sameReasons(a.findings, b.findings);
}

} // namespace

bool looksSame(const Picture& a, const Picture& b) {
    return sameNode(a.nodes[0], b.nodes[0]) && sameNode(a.nodes[1], b.nodes[1]) && sameFact(a.vipProbe, b.vipProbe) &&
           sameFact(a.vipNeighbour, b.vipNeighbour) && a.operation == b.operation && a.active == b.active &&
           sameVerdict(a.verdict, b.verdict);
}

Reducer::Reducer(Pair pair) : state_(std::make_unique<State>(std::move(pair))) {}

Reducer::~Reducer() = default;

const Picture& Reducer::picture() const {
    return state_->picture;
}

Reduced Reducer::apply(const Observation& observation) {
    State& state = *state_;
    state.begin(observation.at);
    if (observation.node < 0) {
        std::visit([&](const auto& sighting) { state.seePair(sighting); }, observation.sighting);
    } else if (observation.node < 2) {
        std::visit([&](const auto& sighting) { state.seeNode(observation.node, sighting); }, observation.sighting);
    }
    return state.finish();
}

Reduced Reducer::tick(Instant now) {
    state_->begin(now);
    return state_->finish();
}

Reducer::State::State(Pair itsPair) : pair(std::move(itsPair)) {
    picture.pair = pair.name;
    picture.vip = pair.vip;
    for (std::size_t i = 0; i < picture.nodes.size(); ++i)
        picture.nodes[i].name = pair.nodes[i].name;
}

void Reducer::State::begin(Instant at) {
    if (!watching) {
        watching = true;
        picture.watchingSince = at;
        picture.verdictSince = at;
        for (NodePicture& node : picture.nodes)
            node.linkSince = at;
    }
    picture.at = std::max(picture.at, at);
    observedAt = at;
    reduced = {};
}

Reduced Reducer::State::finish() {
    const int activeNow = findActive();
    if (activeNow != picture.active) {
        const Instant vipSince = picture.nodes[static_cast<std::size_t>(activeNow)].vip.since;
        const bool justMoved = picture.at - vipSince < kMoveIsRecentFor;
        timeline.activeChanged(picture.active, activeNow, justMoved ? vipSince : picture.at);
        if (picture.active >= 0 && !picture.operation)
            picture.unplannedMoves.append(picture.at);
        picture.active = activeNow;
    }
    forgetOperation();
    picture.unplannedMoves.removeIf([this](Instant at) { return picture.at - at > kMovesKeptFor; });
    tellFailovers();
    tellSilence();
    tellMismatches();
    judgeNow();
    tellFindings();

    reduced.pictureChanged = !told || !looksSame(*told, picture) || picture.at - told->at >= kTellAgesEvery;
    if (reduced.pictureChanged)
        told = picture;
    return std::move(reduced);
}

/// The node that holds the VIP and serves; the last one while nothing says otherwise.
int Reducer::State::findActive() const {
    const std::array<NodeView, 2> views{NodeView(picture.nodes[0], picture.at), NodeView(picture.nodes[1], picture.at)};
    const bool good =
        picture.vipProbe && picture.vipProbe->good && picture.at - picture.vipProbe.seenAt <= kProbeStaleAfter;
    const auto serves = [&](int node) {
        const MilvusSeen* milvus =
            views[static_cast<std::size_t>(node)].now(picture.nodes[static_cast<std::size_t>(node)].milvus);
        return milvus != nullptr && milvus->serving && views[static_cast<std::size_t>(node)].writer() == Writer::Runs;
    };
    const bool held[2]{views[0].holdsVip(), views[1].holdsVip()};
    if (held[0] != held[1]) {
        const int holder = held[0] ? 0 : 1;
        const bool answeredThere =
            good && picture.vipProbe->askedAt > picture.nodes[static_cast<std::size_t>(holder)].vip.since;
        if (answeredThere || serves(holder))
            return holder;
    }
    if (held[0] && held[1] && good) {
        // The network follows the one that announced the address last.
        const int newest = picture.nodes[1].vip.since > picture.nodes[0].vip.since ? 1 : 0;
        if (serves(newest) && picture.vipProbe->askedAt > picture.nodes[static_cast<std::size_t>(newest)].vip.since)
            return newest;
    }
    if (!held[0] && !held[1] && good) {
        // It answers, and one node in sight cannot be the one: then it is the other.
        for (const int node : {0, 1}) {
            const NodeView& seen = views[static_cast<std::size_t>(node)];
            if (seen.knownWithoutVip() && seen.writer() != Writer::Runs &&
                !views[static_cast<std::size_t>(1 - node)].inSight())
                return 1 - node;
        }
    }
    if (picture.active < 0 && serves(0) != serves(1))
        return serves(0) ? 0 : 1;
    return picture.active;
}

void Reducer::State::tellFailovers() {
    std::array<int, 2> priorities{};
    for (std::size_t i = 0; i < priorities.size(); ++i) {
        const NodePicture& node = picture.nodes[i];
        priorities[i] = node.vrrp && node.vrrp->priority >= 0 ? node.vrrp->priority
                        : node.vrrpConfig                     ? node.vrrpConfig->priority
                                                              : -1;
    }
    for (const Outage& outage : timeline.advance(picture.at, picture.active, priorities)) {
        const Failover failover = toFailover(outage, pair.name, {pair.nodes[0].name, pair.nodes[1].name});
        reduced.failovers.append(failover);
        tell(-1, failoverChange(failover));
    }
}

void Reducer::State::tellSilence() {
    picture.vipGoodAt = timeline.lastGood();
    picture.vipBadSince = timeline.badSince();
    if (toldSilent || !picture.vipGoodAt || !picture.vipBadSince || picture.at - *picture.vipBadSince <= kVipBadAfter)
        return;
    toldSilent = true;
    tell(-1, vipSilent(picture.vip, *picture.vipProbe.value, *picture.vipBadSince));
}

void Reducer::State::tellMismatches() {
    const auto tellOnce = [&](int node, const QList<Change>& mismatches) {
        for (const Change& mismatch : mismatches) {
            if (!toldMismatches.contains(mismatch.text)) {
                toldMismatches.insert(mismatch.text);
                tell(node, mismatch);
            }
        }
    };
    tellOnce(0, mismatchesOf(picture.nodes[0], pair.nodes[0]));
    tellOnce(1, mismatchesOf(picture.nodes[1], pair.nodes[1]));
}

/// What the rules find in the setup is told once a run; what comes and goes, each time that it comes.
void Reducer::State::tellFindings() {
    QSet<QString> held;
    for (const Reason& reason : picture.verdict.reasons + picture.verdict.findings) {
        const std::optional<Change> change = changeOf(reason);
        if (!change)
            continue;
        const QString key = reason.code + u' ' + reason.node;
        const bool setup = findRule(reason.code)->scope == RuleScope::Setup;
        (setup ? toldSetup : held).insert(key);
        if (!toldFindings.contains(key))
            tell(reason.node.isEmpty() ? -1 : pair.indexOf(reason.node), *change);
    }
    toldFindings = held + toldSetup;
}

void Reducer::State::judgeNow() {
    Verdict verdict = judge(picture, pair);
    const VerdictLevel was = picture.verdict.level;
    if (verdict.level != was)
        picture.verdictSince = picture.at;
    picture.verdict = std::move(verdict);
    if (toldBegin) {
        // The worse is told at once; the better only when it has held, since a node that returns is seen piece by
        // piece.
        const bool worse = picture.verdict.level > toldLevel;
        const bool held = picture.at - picture.verdictSince >= kBetterAfter;
        if (picture.verdict.level != toldLevel && (worse || held)) {
            tell(-1, verdictChange(toldLevel, picture.verdict, picture.verdictSince));
            toldLevel = picture.verdict.level;
        }
        return;
    }
    const bool starting = std::ranges::any_of(
        picture.verdict.reasons, [](const Reason& reason) { return reason.code == QLatin1String("starting"); });
    if (starting)
        return;
    toldBegin = true;
    toldLevel = picture.verdict.level;
    const QString active =
        picture.active < 0 ? QString() : picture.nodes[static_cast<std::size_t>(picture.active)].name;
    tell(-1, watchingBegan(pair.name, active, picture.verdict));
}

void Reducer::State::tell(int node, const Change& change) {
    Event event;
    event.at = change.at ? std::min(*change.at, picture.at) : picture.at;
    event.pair = pair.name;
    event.node = node < 0 ? QString() : pair.nodes[static_cast<std::size_t>(node)].name;
    event.kind = change.kind;
    event.severity = change.severity;
    event.code = change.code;
    event.text = change.text;
    reduced.events.append(event);
}

} // namespace mha
