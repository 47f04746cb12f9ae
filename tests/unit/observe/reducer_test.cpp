// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_simulation.h"

#include <QtTest>

#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(std::function<void(PairSimulation&)>)

class ReducerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startIsNoStorm();
    void startWithANodeGone();
    void changeIsToldOnce_data();
    void changeIsToldOnce();
    void pollAfterStreamIsNoChange();
    void streamAfterPollIsNoChange();
    void lateInspectDoesNotUndoAnEvent();
    void repeatedDockerEventIsNoChange();
    void lostPacketIsNoEvent();
    void unseenBecomesUnknownAndIsToldOnce();
    void factsOutliveTheSession();
    void anotherTryKeepsTheReason();
    void activeStaysDuringAnOutage();
    void activeByExclusion();
    void activeOfTwoHoldersIsTheLast();
    void stoppingIsToldOnce();
    void journalLineKeepsPriorities();
    void mismatchesAreToldOnce();
    void picturesAreToldSparingly();
    void verdictSinceIsWhenTheLevelBegan();
    void oldObservationsAreTakenAsNow();
    void operationsAreTold();
    void anotherProgramsOperationIsHeard();
    void ourOwnOperationHasNoEcho();
    void aLateNoteEndsItsOwnOperationOnly();
    void anEndThatWasNotHeardIsTold();
    void anOperationWithoutAnEndIsForgotten();
};

void ReducerTest::startIsNoStorm() {
    PairSimulation sim;
    sim.settle();
    QCOMPARE(sim.takeEventCodes(), QStringList{u"watching-began"_s});
    QCOMPARE(sim.verdict(), u"healthy"_s);
    QCOMPARE(sim.codes(), QStringList());
    QCOMPARE(sim.picture().active, 0);
    QCOMPARE(sim.picture().holders(), QList<int>{0});
    sim.run(60s);
    QCOMPARE(sim.takeEventCodes(), QStringList());
    QVERIFY(sim.failovers.isEmpty());
}

void ReducerTest::startWithANodeGone() {
    PairSimulation sim;
    sim.tellLink(0, LinkState::Up);
    sim.tellLink(1, LinkState::Connecting);
    sim.run(500ms);
    QCOMPARE(sim.codes().front(), u"starting"_s);
    QCOMPARE(sim.verdict(), u"unknown"_s);
    sim.run(300ms);
    sim.tellLink(1, LinkState::Down);
    sim.run(4s);
    QCOMPARE(sim.takeEventCodes(), QStringList{u"watching-began"_s});
    // Never seen: whether its Milvus runs cannot be told.
    QVERIFY(sim.codes().contains(u"writer-unknown"_s));
    QVERIFY(sim.codes().contains(u"node-unreachable"_s));
    sim.tellLink(1, LinkState::Up);
    QCOMPARE(sim.verdict(), u"healthy"_s);
    sim.run(1s);
    QCOMPARE(sim.takeEventCodes(), (QStringList{u"node-back"_s, u"verdict-healthy"_s}));
}

void ReducerTest::changeIsToldOnce_data() {
    QTest::addColumn<std::function<void(PairSimulation&)>>("change");
    QTest::addColumn<QStringList>("events");

    const auto row = [](const char* name, const std::function<void(PairSimulation&)>& change,
                        const QStringList& events) { QTest::newRow(name) << change << events; };
    row("VIP taken",
        [](PairSimulation& sim) {
            sim.setVip(1, true);
            sim.setVip(1, false);
        },
        {u"vip-acquired"_s, u"vip-released"_s});
    row("VRRP state", [](PairSimulation& sim) { sim.setVrrp(1, VrrpState::Fault); },
        {u"vrrp-fault"_s, u"verdict-degraded"_s});
    row("priority in force", [](PairSimulation& sim) { sim.setVrrp(0, VrrpState::Master, 90); },
        {u"effective-priority-changed"_s});
    row("configured priority",
        [](PairSimulation& sim) {
            sim.at(1).vrrp.priority = 100;
            sim.poll(1);
        },
        {u"priority-changed"_s});
    row("keepalived stopped", [](PairSimulation& sim) { sim.setVrrp(1, VrrpState::Stopped); },
        {u"keepalived-stopped"_s, u"verdict-degraded"_s});
    row("container removed",
        [](PairSimulation& sim) {
            sim.at(1).container.state = ContainerState::Missing;
            sim.poll(1);
        },
        {u"container-removed"_s, u"verdict-degraded"_s});
    row("container replaced",
        [](PairSimulation& sim) {
            sim.at(1).container.id = u"other"_s;
            sim.poll(1);
        },
        {u"container-replaced"_s});
    row("container died",
        [](PairSimulation& sim) {
            sim.die(0);
            sim.run(400ms);
        },
        {u"container-died"_s, u"verdict-down"_s, u"vip-silent"_s, u"milvus-silent"_s});
    row("Milvus on the node",
        [](PairSimulation& sim) {
            sim.at(0).vip.held = true;
            sim.see(0, MilvusSeen{.serving = false, .refused = false, .version = {}, .detail = u"timeout"_s});
            sim.poll(0);
        },
        {u"milvus-silent"_s, u"milvus-serving"_s});
    row("storage",
        [](PairSimulation& sim) {
            sim.at(1).storage.writable = false;
            sim.poll(1);
        },
        {u"storage-lost"_s, u"verdict-degraded"_s});
    row("clock",
        [](PairSimulation& sim) {
            sim.at(1).clockOffset = -90s;
            sim.poll(1);
        },
        {u"clock-off"_s, u"verdict-degraded"_s});
    row("link of the node",
        [](PairSimulation& sim) {
            sim.at(1).vip.linkUp = false;
            sim.poll(1);
        },
        {u"link-down"_s});
    row("node lost", [](PairSimulation& sim) { sim.tellLink(1, LinkState::Down); },
        {u"node-lost"_s, u"verdict-degraded"_s});
    row("node refuses", [](PairSimulation& sim) { sim.tellLink(1, LinkState::Refused); },
        {u"node-refused"_s, u"verdict-degraded"_s});
    row("silence alone",
        [](PairSimulation& sim) {
            sim.tellLink(1, LinkState::Silent);
            sim.run(100ms);
            sim.tellLink(1, LinkState::Up);
            sim.run(1s);
        },
        {u"verdict-degraded"_s, u"verdict-healthy"_s});
}

void ReducerTest::changeIsToldOnce() {
    QFETCH(std::function<void(PairSimulation&)>, change);
    QFETCH(QStringList, events);
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    change(sim);
    sim.poll(0);
    sim.poll(1);
    QCOMPARE(sim.takeEventCodes(), events);
}

void ReducerTest::pollAfterStreamIsNoChange() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    sim.at(1).container.finishedAt.reset();
    sim.start(1);
    QVERIFY(sim.takeEventCodes().contains(u"container-started"_s));
    sim.at(1).container.startedAt = sim.now + 300us; // Docker's inspect and its event differ by a little
    sim.poll(1);
    QVERIFY(!sim.takeEventCodes().contains(u"container-started"_s));
}

void ReducerTest::streamAfterPollIsNoChange() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    SimulatedNode& master = sim.at(0);
    master.container.state = ContainerState::Exited;
    master.container.exitCode = 137;
    master.container.finishedAt = sim.now;
    sim.poll(0);
    sim.see(0, ContainerEventSeen{u"die"_s, 137, sim.now});
    QCOMPARE(sim.takeEventCodes().count(u"container-died"_s), 1);
}

void ReducerTest::lateInspectDoesNotUndoAnEvent() {
    PairSimulation sim;
    sim.settle();
    const ContainerSeen before = sim.at(0).container;
    sim.die(0);
    sim.takeEventCodes();
    sim.see(0, before); // asked before it died
    QCOMPARE(containerStateName(sim.picture().nodes[0].container->state), u"exited"_s);
    QCOMPARE(sim.takeEventCodes(), QStringList());
    sim.run(2500ms);
    sim.at(0).container.startedAt = sim.now;
    sim.at(0).container.state = ContainerState::Running; // started, and the event was missed
    sim.poll(0);
    QVERIFY(sim.takeEventCodes().contains(u"container-started"_s));
}

void ReducerTest::repeatedDockerEventIsNoChange() {
    PairSimulation sim;
    sim.settle();
    sim.die(0);
    const ContainerEventSeen die{u"die"_s, 137, sim.now};
    sim.run(1s);
    sim.start(0);
    sim.takeEventCodes();
    sim.see(0, die); // the stream was opened anew and repeats itself
    QCOMPARE(sim.takeEventCodes(), QStringList());
    QCOMPARE(containerStateName(sim.picture().nodes[0].container->state), u"running"_s);
}

void ReducerTest::lostPacketIsNoEvent() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    sim.see(-1, VipProbeSeen{false, {}, {}, sim.now, u"timeout"_s});
    sim.run(2s);
    QCOMPARE(sim.takeEventCodes(), QStringList());
    QVERIFY(sim.failovers.isEmpty());
}

void ReducerTest::unseenBecomesUnknownAndIsToldOnce() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    const Error refused{ErrorCode::Refused, u"sudo asks for a password."_s, u"backup"_s, u"Allow sudo -n."_s};
    for (int i = 0; i < 3; ++i)
        sim.see(1, Unseen{Subject::Vrrp, refused});
    QVERIFY(!sim.picture().nodes[1].vrrp);
    QVERIFY(sim.picture().nodes[1].vrrp.unknownBecause == refused);
    QCOMPARE(sim.verdict(), u"degraded"_s);
    QCOMPARE(sim.codes(), QStringList{u"not-visible"_s});
    QVERIFY(sim.picture().verdict.reasons.front().text.contains(u"Allow sudo -n."));
    QCOMPARE(sim.takeEventCodes(), (QStringList{u"not-visible"_s, u"verdict-degraded"_s}));
    sim.poll(1);
    sim.run(1s);
    QCOMPARE(sim.takeEventCodes(), (QStringList{u"visible-again"_s, u"verdict-healthy"_s}));
}

void ReducerTest::factsOutliveTheSession() {
    PairSimulation sim;
    sim.settle();
    sim.tellLink(0, LinkState::Down);
    sim.run(30s);
    const NodePicture& master = sim.picture().nodes[0];
    QVERIFY(master.vip && master.container && master.milvus);
    QVERIFY(sim.picture().at - master.vip.seenAt >= 30s);
    QVERIFY(sim.picture().holders().isEmpty());
    sim.takeEventCodes();
    sim.at(0).vip.held = false;
    sim.tellLink(0, LinkState::Up);
    QVERIFY(sim.takeEventCodes().contains(u"vip-released"_s)); // what changed while nobody looked
}

void ReducerTest::anotherTryKeepsTheReason() {
    PairSimulation sim;
    sim.settle();
    sim.tellLink(1, LinkState::Down);
    sim.takeEventCodes();
    const Instant since = sim.picture().nodes[1].linkSince;
    sim.run(1s);
    sim.see(1, LinkSeen{LinkState::Connecting, {}});
    QCOMPARE(linkStateName(sim.picture().nodes[1].link.state), u"down"_s);
    QVERIFY(sim.picture().nodes[1].link.error.has_value());
    sim.see(1, LinkSeen{LinkState::Down, Error{ErrorCode::Unreachable, u"Still nothing."_s, {}, {}}});
    QCOMPARE(sim.picture().nodes[1].link.error->text, u"Still nothing."_s);
    QVERIFY(sim.picture().nodes[1].linkSince == since);
    QCOMPARE(sim.takeEventCodes(), QStringList());
}

void ReducerTest::activeStaysDuringAnOutage() {
    PairSimulation sim;
    sim.settle();
    sim.die(0);
    sim.run(2s);
    QCOMPARE(sim.picture().active, 0);
    sim.moveVip(0, 1);
    sim.start(1);
    QCOMPARE(sim.picture().active, 0);
    sim.run(300ms);
    sim.setServing(1, true);
    QCOMPARE(sim.picture().active, 1);
}

void ReducerTest::activeByExclusion() {
    PairSimulation sim;
    sim.tellLink(0, LinkState::Down); // its SSH is off, but it serves
    sim.tellLink(1, LinkState::Up);
    sim.run(4s);
    QCOMPARE(sim.picture().active, 0);
    QCOMPARE(sim.verdict(), u"degraded"_s);
    QCOMPARE(sim.codes(), QStringList{u"node-unreachable"_s});
}

void ReducerTest::activeOfTwoHoldersIsTheLast() {
    PairSimulation sim;
    sim.settle();
    sim.setVip(1, true); // an address set by hand, where no Milvus runs
    sim.run(2s);
    QCOMPARE(sim.picture().active, 0);
    sim.start(1);
    sim.setServing(1, true);
    sim.run(100ms);
    QCOMPARE(sim.picture().active, 1);
    QVERIFY(sim.picture().verdict.reasons.front().text.contains(u"on master (docker stop"));
}

void ReducerTest::stoppingIsToldOnce() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    sim.at(1).vrrp.state = VrrpState::Stopped; // its journal says so first, its process ends a second later
    sim.see(1, sim.at(1).vrrp);
    sim.run(1s);
    sim.at(1).vrrp.running = false;
    sim.see(1, sim.at(1).vrrp);
    QCOMPARE(sim.takeEventCodes(), (QStringList{u"keepalived-stopped"_s, u"verdict-degraded"_s}));
}

void ReducerTest::journalLineKeepsPriorities() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    VrrpSeen line;
    line.running = true;
    line.state = VrrpState::Master;
    line.source = u"journal"_s;
    sim.see(1, line);
    QCOMPARE(sim.picture().nodes[1].vrrp->priority, 91);
    QCOMPARE(sim.picture().nodes[1].vrrp->vrid, 51);
    QCOMPARE(sim.takeEventCodes(), QStringList{u"vrrp-master"_s});
}

void ReducerTest::mismatchesAreToldOnce() {
    Pair pair = guidePair();
    pair.nodes[0].interface = u"eth0"_s;
    PairSimulation sim(pair);
    sim.at(1).container.restartPolicy = u"always"_s;
    sim.at(1).container.imageId = u"sha256:2"_s;
    sim.at(1).vrrp.vrid = 52;
    sim.settle();
    sim.run(30s);
    QStringList codes = sim.takeEventCodes();
    codes.sort();
    QCOMPARE(codes, (QStringList{u"image-apart"_s, u"interface-differs"_s, u"restart-policy"_s, u"vrid-differs"_s,
                                 u"watching-began"_s}));
}

void ReducerTest::picturesAreToldSparingly() {
    PairSimulation sim;
    sim.settle();
    Reducer reducer(guidePair());
    for (const Observation& observation : std::as_const(sim.inputs))
        reducer.apply(observation);
    int told = 0;
    Instant now = sim.now;
    for (int i = 0; i < 200; ++i) { // 10 s of good answers and nothing else
        now += 50ms;
        told += reducer.apply({now, -1, VipProbeSeen{true, u"0.8.0"_s, Duration{i}, now, {}}}).pictureChanged ? 1 : 0;
    }
    QVERIFY2(told >= 9 && told <= 11, qPrintable(QString::number(told)));
    QVERIFY(reducer.apply({now, 1, VipSeen{true, u"enp3s0"_s, true}}).pictureChanged);
}

void ReducerTest::verdictSinceIsWhenTheLevelBegan() {
    PairSimulation sim;
    sim.settle();
    const Instant broken = sim.now;
    sim.tellLink(1, LinkState::Down);
    sim.run(5s);
    sim.at(0).storage.writable = false; // another reason, the same level
    sim.run(5s);
    QVERIFY(sim.picture().verdictSince == broken);
    QCOMPARE(sim.codes().size(), 2);
}

void ReducerTest::oldObservationsAreTakenAsNow() {
    PairSimulation sim;
    sim.settle();
    Reducer reducer(guidePair());
    for (const Observation& observation : std::as_const(sim.inputs))
        reducer.apply(observation);
    const Instant before = reducer.picture().at;
    reducer.apply({before - 20ms, 1, VipSeen{true, u"enp3s0"_s, true}});
    QVERIFY(reducer.picture().at == before);
    QVERIFY(reducer.picture().nodes[1].vip->held);
    reducer.tick(before - 1s);
    QVERIFY(reducer.picture().at == before);
}

void ReducerTest::operationsAreTold() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    OperationSeen operation{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel update"_s, u"ann@desk"_s};
    sim.see(-1, operation);
    QCOMPARE(sim.verdict(), u"switching"_s);
    sim.see(-1, operation);
    operation.running = false;
    sim.see(-1, operation);
    QCOMPARE(sim.verdict(), u"healthy"_s);
    sim.run(1s);
    QCOMPARE(sim.takeEventCodes(),
             (QStringList{u"operation-began"_s, u"verdict-switching"_s, u"operation-ended"_s, u"verdict-healthy"_s}));
    QVERIFY(!sim.picture().operation);
}

void ReducerTest::anotherProgramsOperationIsHeard() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    OperationSeen operation{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel update"_s, u"ann@desk"_s};
    for (const int node : {0, 1})
        sim.see(node, operation);
    QCOMPARE(sim.verdict(), u"switching"_s);
    sim.die(0);
    sim.run(1s);
    QCOMPARE(sim.verdict(), u"switching"_s);
    sim.setVrrp(0, VrrpState::Backup, 90);
    sim.moveVip(0, 1);
    sim.start(1);
    sim.setServing(1, true);
    sim.run(1s);
    operation.running = false;
    for (const int node : {0, 1})
        sim.see(node, operation);
    sim.run(10s);
    QCOMPARE(sim.failovers.size(), 1);
    QVERIFY(sim.failovers.first().kind == FailoverKind::Switchover);
    QCOMPARE(sim.failovers.first().operatorName, u"ann@desk"_s);
    QVERIFY(sim.picture().unplannedMoves.isEmpty());
    const QStringList codes = sim.takeEventCodes();
    QCOMPARE(codes.count(u"operation-began"_s), 1);
    QCOMPARE(codes.count(u"operation-ended"_s), 1);
    QCOMPARE(codes.count(u"verdict-down"_s), 0);
}

void ReducerTest::ourOwnOperationHasNoEcho() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    OperationSeen begin{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel update"_s, u"ann@desk"_s};
    OperationSeen end = begin;
    end.running = false;
    sim.see(-1, begin);
    sim.see(0, begin);
    sim.see(-1, end);
    sim.see(1, begin); // that node's log came late
    sim.see(0, end);
    sim.see(1, end);
    QCOMPARE(sim.verdict(), u"healthy"_s);
    const QStringList codes = sim.takeEventCodes();
    QCOMPARE(codes.count(u"operation-began"_s), 1);
    QCOMPARE(codes.count(u"operation-ended"_s), 1);
}

/// There and back at once: the end of the first, in the log that lags, does not end the second.
void ReducerTest::aLateNoteEndsItsOwnOperationOnly() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    const OperationSeen there{true, u"switchover"_s, u"master"_s, u"backup"_s, u"test"_s, u"ann@desk"_s};
    const OperationSeen back{true, u"failback"_s, u"backup"_s, u"master"_s, u"test"_s, u"ann@desk"_s};
    sim.see(0, there);
    sim.see(0, there.ended());
    sim.see(0, back);
    sim.see(1, there);
    sim.see(1, there.ended());
    QVERIFY(sim.picture().operation == back);
    sim.see(1, back);
    sim.see(0, back.ended());
    sim.see(1, back.ended());
    QVERIFY(!sim.picture().operation);
    const QStringList codes = sim.takeEventCodes();
    QCOMPARE(codes.count(u"operation-began"_s), 2);
    QCOMPARE(codes.count(u"operation-ended"_s), 2);
}

/// The pair has one operation at a time: the next one's beginning is the end of the one before.
void ReducerTest::anEndThatWasNotHeardIsTold() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    const OperationSeen back{true, u"failback"_s, u"backup"_s, u"master"_s, {}, u"ann@desk"_s};
    sim.see(0, OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, {}, u"ann@desk"_s});
    sim.see(0, back);
    QVERIFY(sim.picture().operation == back);
    QVERIFY(sim.picture().operationHeard);
    const QStringList codes = sim.takeEventCodes();
    QCOMPARE(codes.count(u"operation-began"_s), 2);
    QCOMPARE(codes.count(u"operation-ended"_s), 1);
}

void ReducerTest::anOperationWithoutAnEndIsForgotten() {
    PairSimulation sim;
    sim.settle();
    sim.takeEventCodes();
    sim.see(0, OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, {}, u"ann@desk"_s});
    sim.die(0);
    sim.run(20s);
    QCOMPARE(sim.verdict(), u"switching"_s);
    // An outage is not hidden behind somebody who may have gone.
    sim.run(15s);
    QCOMPARE(sim.verdict(), u"down"_s);
    QCOMPARE(sim.codes().last(), u"switching"_s);
    sim.run(90s);
    QVERIFY(!sim.picture().operation);
    QVERIFY(!sim.codes().contains(u"switching"_s));
    QCOMPARE(sim.takeEventCodes().count(u"operation-lost"_s), 1);
}

QTEST_APPLESS_MAIN(ReducerTest)
#include "reducer_test.moc"
