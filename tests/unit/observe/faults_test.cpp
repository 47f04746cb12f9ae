// SPDX-License-Identifier: GPL-3.0-or-later

// Each fault of the lab as the sensors tell of it: the verdict, in time, and the failover that is recorded.

#include "pair_simulation.h"

#include <QtTest>

#include <functional>

using namespace mha;

namespace {

/// One moment of a fault: what the verdict must be then. An empty code means no reason at all.
struct Expected {
    const char* level;
    const char* code;
};

class Story {
public:
    PairSimulation sim;
    QStringList wrong;

    void expect(const char* moment, const Expected& expected) {
        const QString code = QString::fromLatin1(expected.code);
        const bool codeThere = code.isEmpty() ? sim.codes().isEmpty() : sim.codes().contains(code);
        if (sim.verdict() != QLatin1String(expected.level) || !codeThere) {
            wrong.append(QStringLiteral("%1: %2 (%3), not %4 (%5)")
                             .arg(QLatin1String(moment), sim.verdict(), sim.codes().join(u' '),
                                  QLatin1String(expected.level), code));
        }
    }
};

struct Row {
    const char* name;
    void (*play)(Story&);
    const char* trigger; ///< of the only failover; empty: none is recorded
    const char* from;
    const char* to;
    const char* kind;
};

/// What keepalived and the guide's scripts do when the master's Milvus is gone: priority falls, VIP and start on the
/// backup.
void takeOver(Story& story, bool masterInSight = true) {
    PairSimulation& sim = story.sim;
    sim.run(2s);
    if (masterInSight)
        sim.setVrrp(0, VrrpState::Master, 90);
    sim.run(1s);
    sim.moveVip(masterInSight ? 0 : -1, 1);
    sim.run(100ms);
    sim.start(1);
    sim.run(200ms);
    sim.setServing(1, true);
    sim.run(2s);
}

void killContainer(Story& story) {
    story.sim.die(0);
    story.expect("at once", {"down", "container-stopped"});
    takeOver(story);
    story.expect("after the takeover", {"degraded", "failed-over"});
}

void stopContainer(Story& story) {
    PairSimulation& sim = story.sim;
    sim.setServing(0, false);
    sim.run(500ms);
    sim.die(0, 1);
    sim.see(0, ContainerEventSeen{QStringLiteral("stop"), std::nullopt, sim.now});
    story.expect("at once", {"down", "container-stopped"});
    takeOver(story);
    story.expect("after the takeover", {"degraded", "failed-over"});
}

void killKeepalived(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(0).vrrp.state = VrrpState::Stopped; // the VIP stays where it was
    sim.at(0).vrrp.running = false;
    sim.see(0, sim.at(0).vrrp);
    story.expect("at once", {"degraded", "keepalived-down"});
    sim.run(3s);
    sim.moveVip(-1, 1);
    sim.run(500ms);
    story.expect("both hold the VIP", {"split-brain", "vip-on-both"});
    sim.start(1);
    story.expect("both run", {"two-writers", "two-writers"});
}

void stopKeepalived(Story& story) {
    PairSimulation& sim = story.sim;
    sim.setVip(0, false);
    sim.at(0).vrrp.state = VrrpState::Stopped; // so says its journal, its process ends later
    sim.see(0, sim.at(0).vrrp);
    sim.run(300ms);
    story.expect("nobody holds it", {"down", "no-vip"});
    sim.run(350ms);
    sim.moveVip(-1, 1);
    sim.run(400ms);
    story.expect("the VIP went where nothing runs", {"down", "vip-without-milvus"});
    sim.start(1);
    story.expect("the recipe leaves the master's Milvus running", {"two-writers", "two-writers"});
    sim.setServing(1, true);
    sim.run(2s);
}

void loseHost(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(0).reachable = false;
    sim.loseSight(0);
    story.expect("out of sight", {"down", "vip-not-answering"});
    sim.moveVip(-1, 1);
    sim.run(100ms);
    sim.start(1);
    story.expect("not served yet", {"down", "milvus-not-serving"});
    story.expect("and two writers cannot be excluded", {"down", "writer-unknown"});
    sim.run(200ms);
    sim.setServing(1, true);
    sim.run(2s);
    story.expect("served, but not safe", {"unknown", "writer-unknown"});
}

void stopSshOnActive(Story& story) {
    story.sim.tellLink(0, LinkState::Down);
    story.expect("at once", {"degraded", "node-unreachable"});
    story.sim.run(5s);
    story.expect("it stays so", {"degraded", "node-unreachable"});
}

void stopSshOnStandby(Story& story) {
    story.sim.tellLink(1, LinkState::Down);
    story.sim.run(5s);
    story.expect("its Milvus was stopped when last seen", {"degraded", "node-unreachable"});
}

void stopDocker(Story& story) {
    PairSimulation& sim = story.sim;
    sim.die(0, 143);
    sim.at(0).dockerAnswers = false;
    sim.run(10ms);
    sim.see(0,
            Unseen{Subject::Container, {ErrorCode::Unreachable, QStringLiteral("Docker's socket is closed."), {}, {}}});
    sim.run(400ms);
    story.expect("at once", {"down", "docker-unreachable"});
    takeOver(story);
    story.expect("after the takeover", {"degraded", "docker-unreachable"});
}

void stopDockerWithoutLastWord(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(0).dockerAnswers = false; // the socket closes before the event comes through
    sim.die(0, 143);
    sim.see(0,
            Unseen{Subject::Container, {ErrorCode::Unreachable, QStringLiteral("Docker's socket is closed."), {}, {}}});
    sim.run(1s);
    takeOver(story);
    story.expect("its port closed: it is gone", {"degraded", "docker-unreachable"});
}

void freezeDocker(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(0).dockerAnswers = false;
    sim.run(2500ms);
    story.expect("within 3 s", {"degraded", "docker-unreachable"});
    takeOver(story); // chk_milvus.sh hangs, keepalived counts it as failed
    story.expect("Milvus answers on the master still", {"two-writers", "two-writers"});
}

void freezeDockerOnStandby(Story& story) {
    story.sim.at(1).dockerAnswers = false;
    story.sim.run(2500ms);
    story.expect("within 3 s", {"degraded", "docker-unreachable"});
}

void loseStorage(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(0).storage.mounted = false;
    sim.at(0).storage.writable = false;
    sim.run(2s);
    story.expect("within 3 s", {"degraded", "storage-lost"});
}

void loseStorageOnStandby(Story& story) {
    PairSimulation& sim = story.sim;
    sim.at(1).storage.writable = false;
    sim.run(2s);
    story.expect("within 3 s", {"degraded", "storage-lost"});
}

void duplicateVip(Story& story) {
    PairSimulation& sim = story.sim;
    sim.setVip(1, true);
    story.expect("not for some milliseconds", {"healthy", ""});
    sim.run(500ms);
    story.expect("within 1 s", {"split-brain", "vip-on-both"});
}

void failBack(Story& story) {
    PairSimulation& sim = story.sim;
    killContainer(story);
    sim.run(10s);
    sim.failovers.clear();
    sim.start(0); // the operator starts Milvus on the master, as the guide says
    story.expect("both run", {"two-writers", "two-writers"});
    sim.run(200ms);
    sim.setServing(0, true);
    sim.run(3s);
    sim.setVrrp(0, VrrpState::Master, 110);
    sim.setVip(0, true);
    sim.run(10ms);
    sim.setVrrp(1, VrrpState::Backup);
    sim.setVip(1, false);
    sim.run(2s);
    story.expect("still both", {"two-writers", "two-writers"});
    sim.die(1, 1);
    sim.run(2s);
    story.expect("home again", {"healthy", ""});
}

const Row kRows[] = {
    {"kill-container", killContainer, "container-died", "master", "backup", "failover"},
    {"stop-container", stopContainer, "container-stopped", "master", "backup", "failover"},
    {"kill-keepalived", killKeepalived, "", "", "", ""},
    {"stop-keepalived", stopKeepalived, "keepalived-stopped", "master", "backup", "failover"},
    {"cut-link, freeze-host, power-cut", loseHost, "host-lost", "master", "backup", "failover"},
    {"stop-ssh on the active node", stopSshOnActive, "", "", "", ""},
    {"stop-ssh on the standby", stopSshOnStandby, "", "", "", ""},
    {"stop-docker", stopDocker, "docker-stopped", "master", "backup", "failover"},
    {"stop-docker without a last word", stopDockerWithoutLastWord, "docker-stopped", "master", "backup", "failover"},
    {"freeze-docker", freezeDocker, "docker-stopped", "master", "backup", "failover"},
    {"freeze-docker on the standby", freezeDockerOnStandby, "", "", "", ""},
    {"lose-storage", loseStorage, "", "", "", ""},
    {"lose-storage on the standby", loseStorageOnStandby, "", "", "", ""},
    {"duplicate-vip", duplicateVip, "", "", "", ""},
    {"fail-back with both running", failBack, "preempted", "backup", "master", "failback"},
};

} // namespace

class FaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isToldAndRecorded_data();
    void isToldAndRecorded();
    void givesTheSameTwice_data();
    void givesTheSameTwice();
    void returnOfACutNodeIsTwoWriters();
};

void FaultsTest::isToldAndRecorded_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < std::size(kRows); ++i)
        QTest::newRow(kRows[i].name) << static_cast<int>(i);
}

void FaultsTest::isToldAndRecorded() {
    QFETCH(int, index);
    const Row& row = kRows[index];
    Story story;
    story.sim.settle();
    story.expect("before", {"healthy", ""});
    row.play(story);
    QVERIFY2(story.wrong.isEmpty(), qPrintable(story.wrong.join(u'\n')));

    const QList<Failover>& failovers = story.sim.failovers;
    if (*row.trigger == '\0') {
        QCOMPARE(failovers.size(), 0);
        return;
    }
    QCOMPARE(failovers.size(), 1);
    const Failover& failover = failovers.front();
    QCOMPARE(failover.trigger, QLatin1String(row.trigger));
    QCOMPARE(failover.from, QLatin1String(row.from));
    QCOMPARE(failover.to, QLatin1String(row.to));
    QCOMPARE(failoverKindName(failover.kind), QLatin1String(row.kind));
    QCOMPARE(failover.pair, QStringLiteral("milvus-prod"));
    Duration sum{};
    for (const Phase& phase : failover.phases) {
        QVERIFY(phase.duration >= Duration::zero());
        if (phase.parallel)
            continue;
        QVERIFY(phase.start == sum);
        sum += phase.duration;
    }
    QVERIFY(failover.phases.isEmpty() || sum == failover.recovery());
}

void FaultsTest::givesTheSameTwice_data() {
    isToldAndRecorded_data();
}

void FaultsTest::givesTheSameTwice() {
    QFETCH(int, index);
    Story story;
    story.sim.settle();
    kRows[index].play(story);

    const auto replay = [&] {
        Reducer reducer(guidePair());
        QList<Event> events;
        QList<Failover> failovers;
        for (const Observation& observation : std::as_const(story.sim.inputs)) {
            const Reduced reduced = reducer.apply(observation);
            events += reduced.events;
            failovers += reduced.failovers;
        }
        return std::tuple(events, failovers, reducer.picture());
    };
    QVERIFY(replay() == replay());
}

void FaultsTest::returnOfACutNodeIsTwoWriters() {
    Story story;
    PairSimulation& sim = story.sim;
    sim.settle();
    loseHost(story);
    sim.run(5s);
    QCOMPARE(sim.verdict(), QStringLiteral("unknown"));
    sim.at(0).reachable = true; // it never noticed: VIP and Milvus are still there
    sim.see(0, LinkSeen{LinkState::Up, {}});
    QCOMPARE(sim.verdict(), QStringLiteral("unknown")); // what was seen before the cut says nothing about now
    sim.tellLink(0, LinkState::Up);
    QCOMPARE(sim.verdict(), QStringLiteral("two-writers"));
    QVERIFY(sim.codes().contains(QStringLiteral("vip-on-both")) || sim.picture().holders().size() == 2);
}

QTEST_APPLESS_MAIN(FaultsTest)
#include "faults_test.moc"
