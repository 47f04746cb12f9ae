// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/rules.h"

#include "observe/rules_findings.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr int other(int node) {
    return 1 - node;
}

QString exitText(const ContainerSeen& container) {
    return container.exitCode ? u" (exit code %1)"_s.arg(*container.exitCode) : QString();
}

QString because(QString detail) {
    while (detail.endsWith(u'.'))
        detail.chop(1);
    return detail.isEmpty() ? QString() : u" (%1)"_s.arg(detail);
}

} // namespace

const RuleText* findRule(QStringView code) {
    const auto rules = ruleTable();
    const auto row =
        std::ranges::find_if(rules, [&](const RuleText& rule) { return code == QLatin1String(rule.code); });
    return row == rules.end() ? nullptr : &*row;
}

VerdictLevel ruleLevel(QStringView code) {
    const RuleText* rule = findRule(code);
    return rule == nullptr ? VerdictLevel::Unknown : rule->level;
}

Findings::Findings(const Picture& picture, const Pair& pair)
    : picture_(picture), pair_(pair),
      views_{NodeView(picture.nodes[0], picture.at), NodeView(picture.nodes[1], picture.at)} {}

QList<Reason> Findings::all() {
    writers();
    vipOnBoth();
    if (starting()) {
        add("starting", -1, picture_.at,
            u"Watching has just begun; not everything has been seen yet. Wait a moment."_s);
    } else {
        service();
        sight();
    }
    for (const int node : {0, 1}) {
        link(node);
        keepalived(node);
        program(node);
        container(node);
        storage(node);
        clock(node);
        visible(node);
        setup(node);
        restartPolicy(node);
        space(node);
    }
    storageDiffers();
    setups();
    containersDiffer();
    staleArp();
    answersForSome();
    home();
    flapping();
    std::ranges::stable_sort(reasons_, std::ranges::greater{},
                             [](const Reason& reason) { return ruleLevel(reason.code); });
    return std::move(reasons_);
}

void Findings::add(const char* code, int node, Instant seenAt, const QString& text) {
    reasons_.append({QString::fromLatin1(code), node < 0 ? QString() : name(node), text, seenAt});
}

const QString& Findings::containerName(int node) const {
    return pair_.containerOn(pair_.nodes[static_cast<std::size_t>(node)]);
}

QList<int> Findings::holders() const {
    QList<int> result;
    for (const int node : {0, 1}) {
        if (view(node).holdsVip())
            result.append(node);
    }
    return result;
}

QString Findings::unseenNodes() const {
    QString text;
    for (const int node : {0, 1}) {
        if (!view(node).inSight())
            text += u" %1 is out of sight."_s.arg(name(node));
    }
    return text;
}

bool Findings::incomplete() const {
    const auto unsettled = [&](int node) {
        return this->node(node).link.state == LinkState::Connecting || !awaited(node).isEmpty();
    };
    return unsettled(0) || unsettled(1) || (!picture_.vipProbe && !picture_.vipProbe.unknownBecause);
}

bool Findings::starting() const {
    return picture_.at - picture_.watchingSince < kStartingFor && incomplete();
}

/// Both Milvus containers running over one folder ruin the data: this goes before everything else.
void Findings::writers() {
    const std::array<Writer, 2> writer{view(0).writer(), view(1).writer()};
    if (writer[0] == Writer::Runs && writer[1] == Writer::Runs) {
        const QList<int> holding = holders();
        const int keeps = holding.size() == 1 ? holding.front() : picture_.active >= 0 ? picture_.active : 0;
        const int stops = other(keeps);
        add("two-writers", -1, std::min(node(0).container.seenAt, node(1).container.seenAt),
            u"Milvus runs on %1 and on %2 at once, over the same data. Stop it now on %3 (docker stop %4), then check "
            "the data before you trust it."_s.arg(name(0), name(1), name(stops), containerName(stops)));
        return;
    }
    for (const int node : {0, 1}) {
        const Writer here = writer[static_cast<std::size_t>(node)];
        const bool otherRuns = writer[static_cast<std::size_t>(other(node))] == Writer::Runs;
        if (!otherRuns || starting() || (here != Writer::RanLast && here != Writer::NeverSeen))
            continue;
        const QString last = here == Writer::RanLast ? u"ran when it was last seen"_s : u"has never been seen"_s;
        add("writer-unknown", node, this->node(node).container.seenAt,
            u"Milvus runs on %1, and on %2, where it %3, it cannot be seen: two writers cannot be excluded. Make sure "
            "that Milvus is stopped on %2 before %2 returns."_s.arg(name(other(node)), name(node), last));
    }
}

void Findings::vipOnBoth() {
    if (holders().size() < 2)
        return;
    const Instant since = std::max(node(0).vip.since, node(1).vip.since);
    if (picture_.at - since < kOverlapAfter)
        return;
    QString advice = u"See that keepalived runs on both and that each hears the other's adverts."_s;
    for (const int node : {0, 1}) {
        const VrrpSeen* vrrp = view(node).now(this->node(node).vrrp);
        if (vrrp == nullptr || vrrp->state == VrrpState::Master)
            continue;
        advice = u"keepalived on %1 is not MASTER (%2): take the address away there (ip address del %3 dev %4)."_s.arg(
            name(node), vrrp->running ? vrrpStateName(vrrp->state) : u"not running"_s, picture_.vip,
            this->node(node).vip->interface);
    }
    add("vip-on-both", -1, since,
        u"%1 and %2 both hold the VIP %3, so that clients reach either one. %4"_s.arg(name(0), name(1), picture_.vip,
                                                                                      advice));
}

void Findings::service() {
    const Fact<VipProbeSeen>& probe = picture_.vipProbe;
    if (!probe || picture_.at - probe.seenAt > kProbeStaleAfter) {
        const QString why = probe.unknownBecause ? ' '_L1 + toSentence(*probe.unknownBecause) : QString();
        add("vip-not-probed", -1, probe.seenAt, u"Milvus has not been asked through the VIP lately.%1"_s.arg(why));
        return;
    }
    if (probe->good) {
        goodService(*probe.value);
    } else {
        badService(*probe.value);
    }
}

/// What was seen on the nodes after the last good answer may already say that there will be no next one.
void Findings::goodService(const VipProbeSeen& probe) {
    const QList<int> holding = holders();
    if (holding.size() == 1) {
        const int holder = holding.front();
        const NodePicture& there = node(holder);
        if (view(holder).containerSeenStopped() && there.container.since > probe.askedAt)
            return holderServesNot(holder, false);
        const MilvusSeen* milvus = view(holder).now(there.milvus);
        if (milvus != nullptr && !milvus->serving && picture_.at - there.milvus.since > kNotOnNodeAfter) {
            add("milvus-not-on-node", holder, there.milvus.seenAt,
                u"Milvus answers through the VIP, but not on %1's own address%2. See which process listens there."_s
                    .arg(there.name, because(milvus->detail)));
        }
        return;
    }
    if (!view(0).knownWithoutVip() || !view(1).knownWithoutVip())
        return;
    const Instant since = std::max(node(0).vip.since, node(1).vip.since);
    if (probe.askedAt < since && picture_.at - since >= kNoHolderAfter) {
        badService(probe);
    } else if (picture_.at - since >= kElsewhereAfter) {
        add("vip-elsewhere", -1, since,
            u"The VIP %1 answers, but neither %2 nor %3 holds it: another machine has the address. Find it (ip neigh "
            u"on "
            "the LAN) and take the address from it."_s.arg(picture_.vip, name(0), name(1)));
    }
}

void Findings::badService(const VipProbeSeen& probe) {
    const Instant badSince = probe.good ? picture_.at : picture_.vipBadSince.value_or(picture_.vipProbe.seenAt);
    const bool badForLong = picture_.at - badSince > kVipBadAfter;
    const QList<int> holding = holders();
    if (!holding.isEmpty()) {
        const int holder = holding.contains(picture_.active) ? picture_.active : holding.front();
        return holderServesNot(holder, badForLong);
    }
    if (view(0).knownWithoutVip() && view(1).knownWithoutVip()) {
        add("no-vip", -1, std::max(node(0).vip.since, node(1).vip.since),
            u"Neither %1 nor %2 holds the VIP %3. Start keepalived where Milvus should serve; if it runs, look at its "
            "journal for FAULT."_s.arg(name(0), name(1), picture_.vip));
        milvusWithoutVip();
    } else if (badForLong) {
        add("vip-not-answering", -1, badSince,
            u"Milvus does not answer through the VIP %1%2, and no node in sight holds it.%3 If both are out of sight, "
            u"look "
            "at your own network first."_s.arg(picture_.vip, because(probe.detail), unseenNodes()));
    }
}

void Findings::milvusWithoutVip() {
    for (const int node : {0, 1}) {
        if (view(node).writer() != Writer::Runs || view(other(node)).writer() == Writer::Runs)
            continue;
        add("milvus-without-vip", node, this->node(node).container.seenAt,
            u"Milvus runs on %1, which does not hold the VIP: clients cannot reach it. Start keepalived there, or see "
            u"why it "
            "does not take the VIP."_s.arg(name(node)));
    }
}

void Findings::holderServesNot(int holder, bool badForLong) {
    const NodeView& there = view(holder);
    const ContainerSeen* container = there.now(node(holder).container);
    if (there.containerSeenStopped()) {
        if (view(other(holder)).writer() == Writer::Runs) {
            add("vip-without-milvus", holder, node(holder).container.seenAt,
                u"The VIP is on %1, but Milvus runs on %2. Stop Milvus on %2, then start it on %1."_s.arg(
                    name(holder), name(other(holder))));
            return;
        }
        add("container-stopped", holder, node(holder).container.seenAt,
            u"The VIP is on %1, but its container %2 is %3%4. keepalived should move the VIP or start the container "
            u"within "
            "seconds; if not, start it (docker start %2)."_s.arg(
                name(holder), containerName(holder), containerStateName(container->state), exitText(*container)));
        return;
    }
    if (!badForLong)
        return;
    const Fact<MilvusSeen>& milvus = node(holder).milvus;
    const MilvusSeen* milvusNow = there.now(milvus);
    const bool sinceThen = !picture_.vipBadSince || milvus.seenAt > *picture_.vipBadSince;
    const bool starting = container != nullptr && node(holder).container.since > picture_.vipGoodAt.value_or(Instant{});
    const bool silent = node(holder).link.state == LinkState::Silent;
    if (silent || (milvusNow != nullptr && milvusNow->serving && !starting)) {
        const QString what = silent      ? u"%1 has fallen silent"_s
                             : sinceThen ? u"yet it answers on the own address of %1"_s
                                         : u"why is not yet in sight. %1 still seems well"_s;
        add("vip-not-answering", holder, picture_.vipProbe.seenAt,
            u"Milvus does not answer through the VIP on %1%2; %3. Look at %1 and at the network between here and it."_s
                .arg(name(holder), because(picture_.vipProbe->detail), what.arg(name(holder))));
        return;
    }
    const bool paused = container != nullptr && container->state == ContainerState::Paused;
    const QString advice =
        paused ? u"Its container is paused: continue it (docker unpause %1)."_s
               : u"If it has just been started it is still reading its data; else read docker logs %1."_s;
    add("milvus-not-serving", holder, milvus.seenAt,
        u"Milvus on %1, which holds the VIP, does not answer%2. %3"_s.arg(
            name(holder),
            because(milvusNow != nullptr && !milvusNow->serving ? milvusNow->detail : picture_.vipProbe->detail),
            advice.arg(containerName(holder))));
}

void Findings::sight() {
    if (view(0).inSight() || view(1).inSight())
        return;
    add("nodes-unseen", -1, std::max(node(0).heardAt, node(1).heardAt),
        u"Neither %1 nor %2 is in sight, so that nobody can say whether it is safe. Look at your own network, then at "
        u"SSH "
        "on the nodes."_s.arg(name(0), name(1)));
}

void Findings::home() {
    const int active = picture_.active;
    if (active < 0 || picture_.operation)
        return;
    const int home = other(active);
    const auto priority = [&](int index) {
        const NodePicture& there = node(index);
        if (there.vrrp && there.vrrp->priority >= 0)
            return there.vrrp->priority;
        return there.vrrpConfig ? there.vrrpConfig->priority : -1;
    };
    if (priority(active) < 0 || priority(home) <= priority(active))
        return;
    add("failed-over", active, node(active).vip.seenAt,
        u"Milvus serves on %1 (priority %2), not on %3 (priority %4). Find out why it moved, then move it back with a "
        "switchover: merely starting Milvus on %3 makes keepalived fail back with both running for seconds."_s.arg(
            name(active), QString::number(priority(active)), name(home), QString::number(priority(home))));
}

Verdict judge(const Picture& picture, const Pair& pair) {
    Verdict verdict;
    verdict.reasons = Findings(picture, pair).all();
    const auto firstFinding = std::ranges::find_if(
        verdict.reasons, [](const Reason& reason) { return ruleLevel(reason.code) == VerdictLevel::Healthy; });
    verdict.findings = QList<Reason>(firstFinding, verdict.reasons.end());
    verdict.reasons.erase(firstFinding, verdict.reasons.end());
    verdict.level = verdict.reasons.isEmpty() ? VerdictLevel::Healthy : ruleLevel(verdict.reasons.front().code);
    if (!picture.operation || !picture.operation->running || verdict.level > VerdictLevel::Down)
        return verdict;
    const OperationSeen& operation = *picture.operation;
    const Reason running{u"switching"_s, operation.to,
                         u"A %1 from %2 to %3 by %4 is running. Wait for its result."_s.arg(
                             operation.kind, operation.from, operation.to, operation.owner),
                         picture.at};
    // The one who runs another program's may have died: an outage must not stay hidden behind it.
    if (verdict.level == VerdictLevel::Down && picture.operationHeard &&
        picture.at - picture.operationSince >= kHeardHidesFor) {
        verdict.reasons.append(running);
        return verdict;
    }
    verdict.level = VerdictLevel::Switching;
    verdict.reasons.prepend(running);
    return verdict;
}

} // namespace mha
