// SPDX-License-Identifier: GPL-3.0-or-later

// Which plan comes out of which picture: every check refuses, warns or passes as its row says, and the lever is
// foretold.

#include "act/lever.h"
#include "act/plan.h"
#include "act/vip_prediction.h"
#include "simulated_pair.h"

#include <QTest>

#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Change = std::function<void(Picture&, Pair&)>;
Q_DECLARE_METATYPE(Change)

namespace {

QString resultName(CheckResult result) {
    switch (result) {
    case CheckResult::Pass:
        return u"pass"_s;
    case CheckResult::Warn:
        return u"warn"_s;
    case CheckResult::Refuse:
        return u"refuse"_s;
    }
    return {};
}

void moveMilvus(Picture& picture) {
    picture.nodes[0].container.value->state = ContainerState::Exited;
    picture.nodes[1].container.value->state = ContainerState::Running;
}

const Check* find(const Plan& plan, const QString& code) {
    for (const Check& check : plan.checks) {
        if (check.code == code)
            return &check;
    }
    return nullptr;
}

NodePicture keepalivedNode(const SimulatedConfig& config) {
    NodePicture node;
    node.name = u"n%1"_s.arg(config.priority);
    VrrpSeen vrrp;
    vrrp.running = true;
    vrrp.priority = config.priority;
    node.vrrp.value = vrrp;
    VrrpConfigSeen seen;
    seen.priority = config.priority;
    seen.scriptWeight = config.scriptWeight;
    seen.scriptFaults = config.scriptFaults;
    seen.nopreempt = config.nopreempt;
    node.vrrpConfig.value = seen;
    return node;
}

/// A row of the checks: what is changed in a pair where all is well, and what one check then says.
void row(const char* name, const Change& change, const char* code, const char* result, const char* says, int to = -1) {
    QTest::newRow(name) << change << to << QString::fromLatin1(code) << QString::fromLatin1(result)
                        << QString::fromLatin1(says);
}

void rowsOfThePair() {
    row(
        "nothing wrong", [](Picture&, Pair&) {}, "lever", "pass",
        "its priority falls from 110 to 90, below backup's 91");
    row(
        "standby out of sight", [](Picture& p, Pair&) { p.nodes[1].link.state = LinkState::Down; }, "nodes-reachable",
        "refuse", "backup");
    row(
        "standby refuses us",
        [](Picture& p, Pair&) {
            p.nodes[1].link = {LinkState::Refused,
                               Error{ErrorCode::Refused, u"the key is not accepted."_s, u"backup"_s, u"Add it."_s}};
        },
        "nodes-reachable", "refuse", "the key is not accepted");
    row(
        "active node silent", [](Picture& p, Pair&) { p.nodes[0].heardAt -= seconds(3); }, "nodes-reachable", "refuse",
        "not been heard");
    row(
        "docker not to be asked",
        [](Picture& p, Pair&) {
            p.nodes[1].container.value.reset();
            p.nodes[1].container.unknownBecause =
                Error{ErrorCode::Refused, u"no permission on the socket."_s, u"backup"_s, {}};
        },
        "docker", "refuse", "no permission on the socket");
    row(
        "container seen long ago", [](Picture& p, Pair&) { p.nodes[1].container.seenAt -= seconds(60); }, "docker",
        "refuse", "last seen");
    row(
        "container of an earlier session",
        [](Picture& p, Pair&) {
            p.nodes[1].upSince = p.at - seconds(2);
            p.nodes[1].container.seenAt = p.at - seconds(5);
        },
        "docker", "refuse", "since the connection was renewed");
    row(
        "keepalived not seen", [](Picture& p, Pair&) { p.nodes[0].vrrp.value.reset(); }, "keepalived", "refuse",
        "master");
    row("addresses not seen", [](Picture& p, Pair&) { p.nodes[0].vip.value.reset(); }, "addresses", "refuse", "master");
    row(
        "VIP on both", [](Picture& p, Pair&) { p.nodes[1].vip.value->held = true; }, "one-holder", "refuse",
        "Both nodes hold");
    row(
        "VIP on none", [](Picture& p, Pair&) { p.nodes[0].vip.value->held = false; }, "one-holder", "refuse",
        "No node holds");
    row(
        "Milvus on both", [](Picture& p, Pair&) { p.nodes[1].container.value->state = ContainerState::Running; },
        "one-writer", "refuse", "both nodes");
    row(
        "a paused one counts", [](Picture& p, Pair&) { p.nodes[1].container.value->state = ContainerState::Paused; },
        "one-writer", "refuse", "both nodes");
    row(
        "Milvus on none", [](Picture& p, Pair&) { p.nodes[0].container.value->state = ContainerState::Exited; },
        "one-writer", "refuse", "no node");
}

void checkPorts(Picture& picture) {
    ScriptSeen check{.name = u"chk"_s, .path = u"/usr/local/bin/chk"_s, .user = {}};
    check.exists = true;
    picture.nodes[0].vrrpConfig.value->scripts = {check};
    picture.nodes[1].vrrpConfig.value->notifyMaster = u"/etc/keepalived/start_docker.sh"_s;
}

void maintain(NodePicture& node, const Picture& picture) {
    node.vrrp.value->state = VrrpState::Fault;
    node.vrrp.value->maintenance = Maintenance{u"ann@desk"_s, u"new disk"_s, picture.at + seconds(60)};
}

void rowsOfTheTarget() {
    row(
        "target in maintenance", [](Picture& p, Pair&) { maintain(p.nodes[1], p); }, "maintenance", "refuse",
        "ann@desk");
    row(
        "the other node in maintenance", [](Picture& p, Pair&) { maintain(p.nodes[0], p); }, "maintenance", "warn",
        "new disk");
    row(
        "a check that does not ask Docker", [](Picture& p, Pair&) { checkPorts(p); }, "early-start", "refuse",
        "lever install");
    row(
        "a check that does not ask Docker, with the flag",
        [](Picture& p, Pair&) {
            checkPorts(p);
            p.nodes[0].vrrpConfig.value->faultFlag = p.nodes[1].vrrpConfig.value->faultFlag = true;
        },
        "early-start", "pass", "held by the FAULT flag");
    row(
        "a flag whose own script starts Milvus",
        [](Picture& p, Pair&) {
            checkPorts(p);
            p.nodes[0].vrrpConfig.value->faultFlag = p.nodes[1].vrrpConfig.value->faultFlag = true;
            ScriptSeen bad{.use = ScriptUse::NotifyFault, .name = u"notify_fault"_s, .path = u"/x"_s, .user = {}};
            bad.startsContainer = true;
            p.nodes[1].vrrpConfig.value->scripts = {bad};
        },
        "early-start", "refuse", "docker inspect");
    row("no maintenance", [](Picture&, Pair&) {}, "maintenance", "pass", "Neither");
    row(
        "another environment",
        [](Picture& p, Pair&) {
            p.nodes[0].container.value->environment = {u"A#1111"_s, u"B#2222"_s};
            p.nodes[1].container.value->environment = {u"A#1112"_s, u"B#2222"_s, u"C#3333"_s};
        },
        "same-container", "warn", "environments differ (A, C)");
    row(
        "an environment that was not looked at",
        [](Picture& p, Pair&) { p.nodes[1].container.value->environment = {u"A#1112"_s}; }, "same-container", "pass",
        "environment");
    row("nobody active", [](Picture& p, Pair&) { p.active = -1; }, "target", "refuse", "No node serves");
    row("to the active node", [](Picture&, Pair&) {}, "target", "refuse", "serves already", 0);
    row("to a third node", [](Picture&, Pair&) {}, "target", "refuse", "no such node", 2);
    row(
        "another operation runs",
        [](Picture& p, Pair&) {
            p.operation = OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, u"x"_s, u"eve@desk"_s};
        },
        "no-operation", "refuse", "eve@desk");
    row(
        "an operation is over",
        [](Picture& p, Pair&) {
            p.operation = OperationSeen{false, u"switchover"_s, u"master"_s, u"backup"_s, u"x"_s, u"eve@desk"_s};
        },
        "no-operation", "pass", "");
    row(
        "no answer through the VIP",
        [](Picture& p, Pair&) {
            p.vipProbe.value->good = false;
            p.vipProbe.value->detail = u"connection refused"_s;
        },
        "active-serving", "refuse", "connection refused");
    row(
        "Milvus beside the VIP", [](Picture& p, Pair&) { moveMilvus(p); }, "active-serving", "refuse",
        "Milvus does not run there");
    row(
        "no container on the standby",
        [](Picture& p, Pair&) { p.nodes[1].container.value->state = ContainerState::Missing; }, "target-container",
        "refuse", "no container milvus");
    row(
        "dead container on the standby",
        [](Picture& p, Pair&) { p.nodes[1].container.value->state = ContainerState::Dead; }, "target-container",
        "refuse", "dead");
}

void rowsOfTheMove() {
    row(
        "another image", [](Picture& p, Pair&) { p.nodes[1].container.value->imageId = u"sha256:2"_s; },
        "same-container", "warn", "images");
    row(
        "another mount", [](Picture& p, Pair&) { p.nodes[1].container.value->mounts = {u"/a:/b"_s}; }, "same-container",
        "warn", "mounts");
    row(
        "restart policy always", [](Picture& p, Pair&) { p.nodes[1].container.value->restartPolicy = u"always"_s; },
        "restart-policy", "warn", "docker update");
    row(
        "standby's keepalived stopped",
        [](Picture& p, Pair&) {
            p.nodes[1].vrrp.value->running = false;
            p.nodes[1].vrrp.value->state = VrrpState::Stopped;
        },
        "target-keepalived", "refuse", "does not run");
    row(
        "standby in FAULT", [](Picture& p, Pair&) { p.nodes[1].vrrp.value->state = VrrpState::Fault; },
        "target-keepalived", "refuse", "FAULT");
    row(
        "standby in FAULT by its check of weight 0",
        [](Picture& p, Pair&) {
            p.nodes[1].vrrp.value->state = VrrpState::Fault;
            p.nodes[1].vrrpConfig.value->scriptFaults = true;
        },
        "target-keepalived", "pass", "FAULT");
    row(
        "storage not watched", [](Picture&, Pair& pair) { pair.storagePath.clear(); }, "storage", "warn",
        "names no shared folder");
    row(
        "storage not seen", [](Picture& p, Pair&) { p.nodes[1].storage.value.reset(); }, "storage", "refuse",
        "cannot be seen");
    row(
        "storage not mounted", [](Picture& p, Pair&) { p.nodes[1].storage.value->mounted = false; }, "storage",
        "refuse", "not mounted");
    row(
        "storage read-only", [](Picture& p, Pair&) { p.nodes[1].storage.value->writable = false; }, "storage", "refuse",
        "not writable");
    row(
        "two storages", [](Picture& p, Pair&) { p.nodes[1].storage.value->id = u"2"_s; }, "storage", "refuse",
        "not the same folder");
    row(
        "no space", [](Picture& p, Pair&) { p.nodes[1].storage.value->freeBytes = 1000; }, "space", "refuse",
        "could not write");
    row(
        "little space", [](Picture& p, Pair&) { p.nodes[1].storage.value->freeBytes = 500LL << 20; }, "space", "warn",
        "500.0 MiB");
    row(
        "clocks apart",
        [](Picture& p, Pair&) {
            p.nodes[0].clock.value = ClockSeen{};
            p.nodes[1].clock.value = ClockSeen{.offset = seconds(3)};
        },
        "clock", "warn", "3.0 s apart");
    row(
        "no lever", [](Picture& p, Pair&) { p.nodes[0].vrrpConfig.value->scriptWeight = 0; }, "lever", "refuse",
        "with a weight of -20 or lower");
    row(
        "a transition just now", [](Picture& p, Pair&) { p.nodes[0].vrrp.value->since = p.at - seconds(2); }, "settled",
        "refuse", "Try again in a few seconds");
    row(
        "a recent transition", [](Picture& p, Pair&) { p.nodes[0].vrrp.value->since = p.at - seconds(20); }, "settled",
        "warn", "20.0 s ago");
}

} // namespace

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goodPlan();
    void letsMilvusHaNodeDoIt();
    void failbackIsNamed();
    void vipComesFirstWhereItsCheckWouldHoldItUp();
    void predictsTheVip();
    void check_data();
    void check();
    void lever_data();
    void lever();
    void overrides();
    void deadlinesFollowThePair();
    void namesInTextsAreNotFormatted();
};

void PlanTest::goodPlan() {
    SimulatedPair sim(SimulatedPair::guide());
    const Plan plan = planSwitchover(sim.picture(), sim.pair(), -1);
    QVERIFY2(!plan.refused(), qPrintable(plan.refusal()));
    QCOMPARE(plan.from, 0);
    QCOMPARE(plan.to, 1);
    QCOMPARE(plan.kind, u"switchover"_s);
    const QList<StepKind> kinds{StepKind::TakeLock,     StepKind::ShareNonce,  StepKind::StopMilvus,
                                StepKind::ProveStopped, StepKind::StartMilvus, StepKind::AwaitVip,
                                StepKind::AwaitServing, StepKind::Verify};
    QCOMPARE(plan.steps.size(), kinds.size());
    for (qsizetype i = 0; i < kinds.size(); ++i) {
        QCOMPARE(plan.steps.at(i).kind, kinds.at(i));
        QVERIFY(!plan.steps.at(i).name.isEmpty());
        QVERIFY(!plan.steps.at(i).command.isEmpty());
        QVERIFY(plan.steps.at(i).deadline > milliseconds(0));
    }
    QCOMPARE(plan.steps.at(2).command, u"POST /containers/milvus/stop?t=10 on master"_s);
    QCOMPARE(plan, planSwitchover(sim.picture(), sim.pair(), 1));
}

void PlanTest::letsMilvusHaNodeDoIt() {
    SimulatedPair sim(SimulatedPair::programs());
    const Plan plan = planSwitchover(sim.picture(), sim.pair(), -1);
    QVERIFY2(!plan.refused(), qPrintable(plan.refusal()));
    QVERIFY(plan.byProgram);
    const auto kindsOf = [](const Plan& of) {
        QList<StepKind> kinds;
        for (const PlanStep& step : of.steps)
            kinds += step.kind;
        return kinds;
    };
    QCOMPARE(kindsOf(plan), (QList{StepKind::TakeLock, StepKind::ShareNonce, StepKind::HandOver, StepKind::ProveStopped,
                                   StepKind::AwaitVip, StepKind::AwaitServing, StepKind::Verify}));
    QVERIFY2(plan.lever.contains(u"milvus-ha-node on master"), qPrintable(plan.lever));

    // Nothing is started or stopped beside it.
    const Plan takeover = planTakeover(sim.picture(), sim.pair(), 1);
    QVERIFY(takeover.refused());
    QVERIFY2(takeover.refusal().contains(u"milvus-ha-node"), qPrintable(takeover.refusal()));

    const auto refusedWith = [&sim](const std::function<void(Picture&)>& change) {
        Picture picture = sim.picture();
        change(picture);
        const Plan made = planSwitchover(picture, sim.pair(), 1);
        return made.refused() ? made.refusal() : QString();
    };
    QVERIFY(refusedWith([](Picture& p) { p.nodes[1].program.value->hold = u"operator"_s; }).contains(u"clear"));
    QVERIFY(refusedWith([](Picture& p) { p.nodes[0].program.value->peerAnswers = false; }).contains(u"does not hear"));
    QVERIFY(refusedWith([](Picture& p) { p.nodes[1].program.value = NodeProgramSeen{}; }).contains(u"peer_kind"));

    // A rolling migration: to keepalived it gives service away, and Milvus is started there as well.
    Picture mixed = sim.picture();
    mixed.nodes[0].program.value->peerSpeaks = false;
    mixed.nodes[1].program.value = NodeProgramSeen{};
    QVERIFY(kindsOf(planSwitchover(mixed, sim.pair(), 1)).contains(StepKind::StartMilvus));
}

void PlanTest::failbackIsNamed() {
    SimulatedPair sim(SimulatedPair::guide());
    Picture picture = sim.picture();
    picture.nodes[0].vip.value->held = false;
    picture.nodes[1].vip.value->held = true;
    moveMilvus(picture);
    picture.nodes[0].vrrp.value->state = VrrpState::Backup;
    picture.nodes[1].vrrp.value->state = VrrpState::Master;
    picture.active = 1;
    const Plan plan = planSwitchover(picture, sim.pair(), -1);
    QVERIFY2(!plan.refused(), qPrintable(plan.refusal()));
    QCOMPARE(plan.kind, u"failback"_s);
    QVERIFY2(plan.lever.startsWith(u"Starting Milvus lets the check on master pass"), qPrintable(plan.lever));
}

/// keepalived 2.2.7 forgets that the other node has given up when its own check changes within the skew time.
void PlanTest::vipComesFirstWhereItsCheckWouldHoldItUp() {
    SimulatedPair sim(SimulatedPair::flagged());
    Picture picture = sim.picture();
    QVERIFY2(!planSwitchover(picture, sim.pair(), 1).vipFirst, "backup has no check");
    picture.nodes[1].vrrpConfig.value->scriptWeight = -20;
    const Plan plan = planSwitchover(picture, sim.pair(), 1);
    QVERIFY(plan.vipFirst);
    QCOMPARE(plan.flagMoment, FlagMoment::WithStart);
    for (NodePicture& node : picture.nodes)
        node.vrrp.value->advertInterval = milliseconds(100);
    QVERIFY2(!planSwitchover(picture, sim.pair(), 1).vipFirst, "three adverts are not worth the wait");
}

void PlanTest::predictsTheVip() {
    SimulatedPair sim(SimulatedPair::flagged());
    Picture picture = sim.picture();
    for (NodePicture& node : picture.nodes) {
        node.vrrpConfig.value->vrid = 51;
        node.vrrpConfig.value->version = 3;
        node.vrrpConfig.value->advertInterval = milliseconds(100);
    }
    // Skew: 0.1 s * (256 - 91) / 256; RFC 9568, 6.1.
    const QString lever = planSwitchover(picture, sim.pair(), 1).lever;
    QVERIFY2(lever.contains(toText(milliseconds(60))) || lever.contains(toText(Duration(64'453))), qPrintable(lever));
    const auto dies = predictVip(picture.nodes[0], picture.nodes[1], VrrpFault::ActiveDies);
    QVERIFY(dies && dies->moves);
    QVERIFY(dies->max > milliseconds(300) && dies->max < milliseconds(480));
    picture.nodes[1].vrrpConfig.value->vrid = 52;
    QVERIFY(!predictVip(picture.nodes[0], picture.nodes[1], VrrpFault::ActiveDies));
}

void PlanTest::check_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<int>("to");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("says");
    rowsOfThePair();
    rowsOfTheTarget();
    rowsOfTheMove();
}

void PlanTest::check() {
    QFETCH(Change, change);
    QFETCH(int, to);
    QFETCH(QString, code);
    QFETCH(QString, result);
    QFETCH(QString, says);
    SimulatedPair sim(SimulatedPair::guide());
    Picture picture = sim.picture();
    Pair pair = sim.pair();
    change(picture, pair);
    const Plan plan = planSwitchover(picture, pair, to);
    const Check* found = find(plan, code);
    QVERIFY2(found != nullptr, qPrintable(plan.refusal()));
    QCOMPARE(resultName(found->result), result);
    QVERIFY2(found->text.contains(says), qPrintable(found->text));
    QCOMPARE(plan.refused(), result == u"refuse");
    if (plan.refused())
        QCOMPARE(plan.refusal(), found->text); // one cause, one sentence: no further check repeats it
}

void PlanTest::lever_data() {
    QTest::addColumn<int>("fromPriority");
    QTest::addColumn<int>("fromWeight");
    QTest::addColumn<bool>("fromFaults");
    QTest::addColumn<int>("toPriority");
    QTest::addColumn<int>("toWeight");
    QTest::addColumn<bool>("toFaults");
    QTest::addColumn<bool>("toNopreempt");
    QTest::addColumn<bool>("works");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, int fp, int fw, bool ff, int tp, int tw, bool tf, bool tn, bool works,
                        const char* says) {
        QTest::newRow(name) << fp << fw << ff << tp << tw << tf << tn << works << QString::fromLatin1(says);
    };
    row("guide, there", 110, -20, false, 91, 0, false, false, true, "falls from 110 to 90");
    row("guide, back", 91, 0, false, 110, -20, false, false, true, "its priority becomes 110");
    row("weight too small", 110, -10, false, 91, 0, false, false, false, "with Milvus stopped its priority is 100");
    row("falls to the same", 110, -19, false, 91, 0, false, false, false, "a weight of -20");
    row("no check, higher", 110, 0, false, 91, 0, false, false, false, "tracks no check");
    row("nopreempt on the standby", 110, -20, false, 91, 0, false, true, false, "nopreempt");
    row("FAULT overrides nopreempt", 110, 0, true, 91, 0, true, true, true, "FAULT");
    row("check on both, there", 110, -20, false, 91, -20, false, false, true, "its priority becomes 91");
    row("check on both, back", 91, -20, false, 110, -20, false, false, true, "falls from 91 to 71");
    row("bonus for the one that runs", 100, 20, false, 91, 20, false, false, true, "its priority becomes 111");
    row("bonus, there", 100, 20, false, 101, 0, false, false, true, "falls from 120 to 100");
}

void PlanTest::lever() {
    QFETCH(int, fromPriority);
    QFETCH(int, fromWeight);
    QFETCH(bool, fromFaults);
    QFETCH(int, toPriority);
    QFETCH(int, toWeight);
    QFETCH(bool, toFaults);
    QFETCH(bool, toNopreempt);
    QFETCH(bool, works);
    QFETCH(QString, says);
    const Lever lever = findLever(
        keepalivedNode({.priority = fromPriority, .scriptWeight = fromWeight, .scriptFaults = fromFaults}),
        keepalivedNode(
            {.priority = toPriority, .scriptWeight = toWeight, .scriptFaults = toFaults, .nopreempt = toNopreempt}));
    const QString whole = lever.text + u' ' + lever.remedy;
    QVERIFY2(lever.works == works, qPrintable(whole));
    QVERIFY2(whole.contains(says), qPrintable(whole));
    QCOMPARE(lever.remedy.isEmpty(), works);
}

void PlanTest::overrides() {
    SimulatedPair sim(SimulatedPair::guide());
    Picture picture = sim.picture();
    picture.nodes[1].storage.value->mounted = false;
    const Plan refused = planSwitchover(picture, sim.pair(), -1);
    QVERIFY(refused.refused());
    const Plan overridden = withOverrides(refused, {u"storage"_s});
    QVERIFY2(!overridden.refused(), qPrintable(overridden.refusal()));
    QCOMPARE(find(overridden, u"storage"_s)->result, CheckResult::Warn);
    QCOMPARE(overridden.overrides, QStringList{u"storage"_s});
    QCOMPARE(overridden.steps.size(), refused.steps.size() - 1);
    QVERIFY2(!planAgain(overridden, picture, sim.pair()).refused(), "it holds when the plan is made anew");
    // Two writers are never a matter of opinion.
    picture = sim.picture();
    picture.nodes[1].container.value->state = ContainerState::Running;
    const Plan two = withOverrides(planSwitchover(picture, sim.pair(), -1), {u"one-writer"_s});
    QVERIFY(two.refused());
    QVERIFY(two.overrides.isEmpty());
}

void PlanTest::deadlinesFollowThePair() {
    SimulatedPair sim(SimulatedPair::guide());
    Pair pair = sim.pair();
    pair.stopGrace = seconds(120);
    pair.rto = std::chrono::duration<double>(30.0);
    const Plan plan = planSwitchover(sim.picture(), pair, -1);
    QVERIFY(plan.steps.at(2).deadline > seconds(120));
    QVERIFY(plan.steps.at(6).deadline >= seconds(360));
}

void PlanTest::namesInTextsAreNotFormatted() {
    SimulatedPair sim(SimulatedPair::guide());
    Picture picture = sim.picture();
    Pair pair = sim.pair();
    pair.nodes[0].name = picture.nodes[0].name = u"a%2b"_s;
    const Plan plan = planSwitchover(picture, pair, -1);
    QVERIFY2(plan.lever.contains(u"check on a%2b fail: its priority falls from 110"), qPrintable(plan.lever));
    QCOMPARE(plan.steps.at(2).name, u"Stop Milvus on a%2b"_s);
}

QTEST_GUILESS_MAIN(PlanTest)
#include "plan_test.moc"
