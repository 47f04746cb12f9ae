// SPDX-License-Identifier: GPL-3.0-or-later

// The real world of a run, over two links that play their nodes: what counts as proved stopped, and that nothing starts
// beside a Milvus that runs or cannot be asked.

#include "act/node_world.h"
#include "act/pair_lock.h"
#include "act/switchover.h"
#include "scripted_node.h"

#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include <thread>

using namespace mha;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Pair twoNodes() {
    Pair pair;
    pair.name = u"p"_s;
    pair.vip = u"192.168.1.104/24"_s;
    pair.nodes[0].name = u"master"_s;
    pair.nodes[1].name = u"backup"_s;
    return pair;
}

} // namespace

class NodeWorldTest : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    void startsOnlyBesideAStoppedOne_data();
    void startsOnlyBesideAStoppedOne();
    void provedStopped_data();
    void provedStopped();
    void stopStopsAndIsProved();
    void waitEndsWithThePicture();
    void cancelWakesTheWait();
    void aSecondSwitchoverIsRefused();
    void refusedPlanTouchesNothing();
};

void NodeWorldTest::startsOnlyBesideAStoppedOne_data() {
    QTest::addColumn<bool>("otherRuns");
    QTest::addColumn<bool>("otherMute");
    QTest::addColumn<bool>("starts");
    QTest::newRow("the other is stopped") << false << false << true;
    QTest::newRow("the other runs") << true << false << false;
    QTest::newRow("the other cannot be asked") << false << true << false;
}

void NodeWorldTest::startsOnlyBesideAStoppedOne() {
    QFETCH(bool, otherRuns);
    QFETCH(bool, otherMute);
    QFETCH(bool, starts);
    ScriptedNode master;
    ScriptedNode backup;
    master.runs = otherRuns;
    master.mute = otherMute;
    NodeWorld world(twoNodes(), {&master, &backup});
    const Result<void> started = world.startMilvus(1, milliseconds(400));
    QCOMPARE(started.has_value(), starts);
    QCOMPARE(backup.starts.load(), starts ? 1 : 0);
    QCOMPARE(backup.runs.load(), starts);
}

void NodeWorldTest::provedStopped_data() {
    QTest::addColumn<bool>("runs");
    QTest::addColumn<bool>("listens");
    QTest::addColumn<bool>("mute");
    QTest::addColumn<bool>("proved");
    QTest::newRow("stopped") << false << false << false << true;
    QTest::newRow("runs") << true << true << false << false;
    QTest::newRow("runs, port closed") << true << false << false << false;
    QTest::newRow("something else has the port") << false << true << false << false;
    QTest::newRow("Docker is mute") << false << false << true << false;
}

void NodeWorldTest::provedStopped() {
    QFETCH(bool, runs);
    QFETCH(bool, listens);
    QFETCH(bool, mute);
    QFETCH(bool, proved);
    ScriptedNode master;
    ScriptedNode backup;
    master.runs = runs;
    master.listens = listens;
    master.mute = mute;
    NodeWorld world(twoNodes(), {&master, &backup});
    const Result<void> answer = world.proveStopped(0, milliseconds(300));
    QCOMPARE(answer.has_value(), proved);
    if (!proved)
        QVERIFY(!answer.error().text.isEmpty() && !answer.error().remedy.isEmpty());
}

void NodeWorldTest::stopStopsAndIsProved() {
    ScriptedNode master;
    ScriptedNode backup;
    master.runs = master.listens = true;
    NodeWorld world(twoNodes(), {&master, &backup});
    QVERIFY(*world.containerRuns(0, milliseconds(500)));
    QVERIFY(world.stopMilvus(0, seconds(10), milliseconds(500)).has_value());
    QCOMPARE(master.stops.load(), 1);
    QVERIFY(world.proveStopped(0, milliseconds(500)).has_value());
    QVERIFY(!*world.containerRuns(0, milliseconds(500)));
}

void NodeWorldTest::waitEndsWithThePicture() {
    ScriptedNode master;
    ScriptedNode backup;
    NodeWorld world(twoNodes(), {&master, &backup});
    std::thread monitor([&world] {
        Picture picture;
        picture.active = 1;
        world.updatePicture(picture);
    });
    QCOMPARE(world.waitUntil([](const Picture& p) { return p.active == 1; }, seconds(20)).active, 1);
    monitor.join();
    QCOMPARE(world.waitUntil([](const Picture& p) { return p.active == 0; }, milliseconds(100)).active, 1);
}

void NodeWorldTest::cancelWakesTheWait() {
    ScriptedNode master;
    ScriptedNode backup;
    NodeWorld world(twoNodes(), {&master, &backup});
    std::thread operatorThread([&world] { world.cancel(); });
    const Instant begin = wallClockNow();
    world.waitUntil([&world](const Picture&) { return world.cancelled(); }, seconds(20));
    operatorThread.join();
    QVERIFY(wallClockNow() - begin < seconds(10));
}

void NodeWorldTest::aSecondSwitchoverIsRefused() {
    ScriptedNode master;
    ScriptedNode backup;
    const Pair pair = twoNodes();
    const auto held = PairLock::take(pair);
    QVERIFY(held.has_value());
    Switchover second(pair, {}, u"operator@desk"_s, u"test"_s, {&master, &backup});
    QSignalSpy finished(&second, &Switchover::finished);
    second.start();
    QVERIFY(finished.wait());
    QCOMPARE(second.record().outcome, Outcome::Refused);
    QVERIFY2(second.record().text.contains(u"acts on this pair now"), qPrintable(second.record().text));
}

void NodeWorldTest::refusedPlanTouchesNothing() {
    ScriptedNode master;
    ScriptedNode backup;
    master.runs = true;
    Plan plan;
    plan.checks = {{u"target"_s, CheckResult::Refuse, u"No."_s}};
    Switchover run(twoNodes(), plan, u"operator@desk"_s, u"test"_s, {&master, &backup});
    QSignalSpy finished(&run, &Switchover::finished);
    run.start();
    QVERIFY(run.running());
    QVERIFY(finished.wait());
    QVERIFY(!run.running());
    QCOMPARE(run.record().outcome, Outcome::Refused);
    QCOMPARE(run.record().text, u"No."_s);
    QCOMPARE(master.stops + backup.stops + master.starts + backup.starts, 0);
    QVERIFY(PairLock::take(twoNodes()).has_value());
}

QTEST_GUILESS_MAIN(NodeWorldTest)
#include "node_world_test.moc"
