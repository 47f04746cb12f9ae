// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/recovery.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Kind = Mark::Kind;

constexpr Instant kStart{std::chrono::microseconds{1'767'323'045'000'000}};
constexpr int kNever = -1'000'000;
constexpr std::array<int, 2> kPriorities{110, 91};
const std::array<QString, 2> kNodes{u"master"_s, u"backup"_s};

/// Times are milliseconds after kStart.
Instant at(int milliseconds) {
    return kStart + std::chrono::milliseconds{milliseconds};
}

struct Marked {
    Kind kind;
    int node;
    int at;
};

/// A timeline that is asked every 20 ms; `down` are the spans in which there is no good answer.
class Client {
public:
    void run(int until, const QList<QPair<int, int>>& down, const QList<Marked>& marks = {}, int moveAt = kNever) {
        for (; time < until; time += 20) {
            for (const Marked& mark : marks) {
                if (mark.at > time - 20 && mark.at <= time)
                    timeline.mark({mark.kind, mark.node, at(mark.at)});
            }
            if (moveAt > time - 20 && moveAt <= time) {
                timeline.activeChanged(active, 1 - active, at(moveAt));
                active = 1 - active;
            }
            bool good = true;
            for (const auto& [from, to] : down)
                good = good && (time < from || time >= to);
            timeline.probe({good, {}, 1ms, at(time), {}}, at(time + 1));
            for (const Outage& outage : timeline.advance(at(time + 1), active, kPriorities))
                over.append(toFailover(outage, u"p"_s, kNodes));
        }
    }

    RecoveryTimeline timeline;
    int active = 0;
    int time = 0;
    QList<Failover> over;
};

/// From 0, give or take 5 ms, until `length`, give or take 10.
Outage outage(int from, int to, int length, const QList<Marked>& marks) {
    Outage outage{.lastGood = at(-5), .firstBad = at(5), .lastBad = at(length - 10), .nextGood = at(length + 10)};
    outage.from = from;
    outage.to = to;
    outage.priorities = kPriorities;
    for (const Marked& mark : marks)
        outage.marks.append({mark.kind, mark.node, at(mark.at), 1ms});
    return outage;
}

/// "detection@master 0+3000, …"; a parallel one begins with "beside".
QString textOf(const QList<Phase>& phases) {
    QStringList parts;
    for (const Phase& phase : phases) {
        parts.append(u"%1%2@%3 %4+%5"_s.arg(phase.parallel ? u"beside "_s : QString(), phase.name, phase.node,
                                            QString::number(phase.start / 1ms), QString::number(phase.duration / 1ms)));
    }
    return parts.join(u", ");
}

} // namespace

Q_DECLARE_METATYPE(mha::Outage)

class RecoveryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timesAreThoseOfTheAnswers();
    void whatCounts_data();
    void whatCounts();
    void flappingIsOneOutage();
    void twoOutagesAreTwo();
    void severalMovesAreOneFailover();
    void moveWithoutOutage();
    void givenUpQuestionIsNoOutage();
    void outageAtTheStartIsNone();
    void plannedTakesOperatorAndReason();
    void triggers_data();
    void triggers();
    void phases_data();
    void phases();
    void errorOfTheBegin_data();
    void errorOfTheBegin();
    void betterSourceOfAMarkCounts_data();
    void betterSourceOfAMarkCounts();
    void notOurOwnNetwork();
};

void RecoveryTest::timesAreThoseOfTheAnswers() {
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    client.run(8000, {{1000, 5430}}, {{Kind::ContainerDied, 0, 990}}, 5300);
    QCOMPARE(client.over.size(), 1);
    const Failover& failover = client.over.front();
    // Between the last good answer, 981, and the container's end, 990; between the last bad question, 5420, and the
    // next good answer, 5441.
    QVERIFY(failover.startedAt == at(981) + 4500us);
    QVERIFY(failover.endedAt == at(5420) + 10500us);
    QVERIFY(failover.error == 15ms);
    QCOMPARE(failover.trigger, u"container-died"_s);
    QCOMPARE(failover.from, u"master"_s);
    QCOMPARE(failover.to, u"backup"_s);
    QCOMPARE(failover.source, u"observed"_s);
}

void RecoveryTest::whatCounts_data() {
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("died");
    QTest::addColumn<bool>("moved");
    QTest::addColumn<int>("told");
    QTest::newRow("one lost answer") << 20 << false << false << 0;
    QTest::newRow("several lost answers") << 200 << false << false << 0;
    QTest::newRow("longer than lost packets") << 400 << false << false << 1;
    QTest::newRow("short, but the container died") << 60 << true << false << 1;
    QTest::newRow("short, but the service moved") << 60 << false << true << 1;
}

void RecoveryTest::whatCounts() {
    QFETCH(int, length);
    QFETCH(bool, died);
    QFETCH(bool, moved);
    QFETCH(int, told);
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    QList<Marked> marks;
    if (died)
        marks.append({Kind::ContainerDied, 0, 1000});
    client.run(4000, {{1000, 1000 + length}}, marks, moved ? 1020 : kNever);
    QCOMPARE(client.over.size(), told);
}

void RecoveryTest::flappingIsOneOutage() {
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    client.run(6000, {{1000, 2000}, {2100, 3000}});
    QCOMPARE(client.over.size(), 1);
    QVERIFY(client.over.front().recovery() > 1900ms);
}

void RecoveryTest::twoOutagesAreTwo() {
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    client.run(6000, {{1000, 2000}, {2600, 3000}});
    QCOMPARE(client.over.size(), 2);
    QVERIFY(client.over.front().recovery() < 1100ms);
    QVERIFY(client.over.back().recovery() < 500ms);
}

void RecoveryTest::severalMovesAreOneFailover() {
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    client.run(2000, {{1000, 9000}}, {}, 1500);
    client.run(3000, {{1000, 9000}}, {}, 2500);
    client.run(12000, {{1000, 9000}}, {}, 8000);
    QCOMPARE(client.over.size(), 1);
    QCOMPARE(client.over.front().from, u"master"_s);
    QCOMPARE(client.over.front().to, u"backup"_s);
}

void RecoveryTest::moveWithoutOutage() {
    Client client;
    client.active = 1;
    client.timeline.activeChanged(-1, 1, at(0));
    client.run(4000, {}, {}, 1500);
    QCOMPARE(client.over.size(), 1);
    const Failover& failover = client.over.front();
    QVERIFY(failover.recovery() == Duration::zero());
    QVERIFY(failover.startedAt == at(1500));
    QCOMPARE(failover.trigger, u"preempted"_s);
    QVERIFY(failover.kind == FailoverKind::Failback);
    QVERIFY(failover.phases.isEmpty());
}

void RecoveryTest::givenUpQuestionIsNoOutage() {
    RecoveryTimeline timeline;
    timeline.probe({true, {}, 1ms, at(0), {}}, at(1));
    timeline.probe({true, {}, 1ms, at(40), {}}, at(41));
    timeline.probe({false, {}, {}, at(20), u"timeout"_s}, at(270)); // asked before the last answer
    QVERIFY(!timeline.badSince().has_value());
    timeline.probe({false, {}, {}, at(60), u"timeout"_s}, at(310));
    QVERIFY(timeline.badSince() == at(60));
}

void RecoveryTest::outageAtTheStartIsNone() {
    Client client;
    client.run(4000, {{0, 2000}});
    QVERIFY(client.over.isEmpty());
    QVERIFY(!client.timeline.badSince().has_value());
}

void RecoveryTest::plannedTakesOperatorAndReason() {
    Client client;
    client.timeline.activeChanged(-1, 0, at(0));
    OperationSeen operation{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel update"_s, u"ann@desk"_s};
    client.timeline.operation(operation, at(900));
    client.run(2500, {{1000, 2400}}, {{Kind::ContainerDied, 0, 1000}, {Kind::ContainerStopped, 0, 1010}}, 2300);
    operation.running = false;
    client.timeline.operation(operation, at(2500));
    client.run(6000, {});
    QCOMPARE(client.over.size(), 1);
    const Failover& failover = client.over.front();
    QVERIFY(failover.planned());
    QCOMPARE(failover.trigger, u"planned"_s);
    QCOMPARE(failover.operatorName, u"ann@desk"_s);
    QCOMPARE(failover.reason, u"kernel update"_s);
    QVERIFY(failover.kind == FailoverKind::Switchover);

    client.over.clear();
    client.run(9000, {{7000, 7500}}, {{Kind::ContainerDied, 1, 6990}}); // long after it
    QCOMPARE(client.over.size(), 1);
    QVERIFY(!client.over.front().planned());
}

void RecoveryTest::triggers_data() {
    QTest::addColumn<Outage>("outage");
    QTest::addColumn<QString>("trigger");
    const auto row = [](const char* name, const Outage& outage, const char* trigger) {
        QTest::newRow(name) << outage << QString::fromLatin1(trigger);
    };
    row("nothing seen", outage(0, 0, 4000, {}), "unknown");
    row("killed", outage(0, 1, 4000, {{Kind::ContainerDied, 0, 5}}), "container-died");
    row("stopped", outage(0, 1, 4000, {{Kind::ContainerDied, 0, 5}, {Kind::ContainerStopped, 0, 9}}),
        "container-stopped");
    row("died on the other node", outage(0, 1, 4000, {{Kind::ContainerDied, 1, 5}}), "unknown");
    row("silent until the end", outage(0, 1, 4000, {{Kind::OutOfSight, 0, 800}}), "host-lost");
    row("orderly shut down",
        outage(0, 1, 4000, {{Kind::KeepalivedStopped, 0, 5}, {Kind::ContainerDied, 0, 20}, {Kind::OutOfSight, 0, 900}}),
        "host-lost");
    row("busy for a moment",
        outage(0, 1, 4000, {{Kind::ContainerDied, 0, 5}, {Kind::OutOfSight, 0, 900}, {Kind::InSight, 0, 1500}}),
        "container-died");
    row("lost and back", outage(0, 1, 9000, {{Kind::OutOfSight, 0, 900}, {Kind::InSight, 0, 8000}}), "host-lost");
    row("cable", outage(0, 1, 4000, {{Kind::LinkDown, 0, 5}, {Kind::OutOfSight, 0, 900}}), "link-lost");
    row("Docker stopped", outage(0, 1, 4000, {{Kind::ContainerDied, 0, 5}, {Kind::DockerGone, 0, 100}}),
        "docker-stopped");
    row("keepalived stopped", outage(0, 1, 700, {{Kind::KeepalivedStopped, 0, 5}}), "keepalived-stopped");
    row("storage lost", outage(0, 1, 4000, {{Kind::StorageLost, 0, 5}, {Kind::ContainerDied, 0, 900}}), "storage-lost");
    row("home by priority, then the other is stopped",
        outage(1, 0, 300, {{Kind::ContainerDied, 1, 500}, {Kind::ContainerStopped, 1, 510}}), "preempted");
    row("home by priority", outage(1, 0, 300, {}), "preempted");
    row("home because the other died", outage(1, 0, 300, {{Kind::ContainerDied, 1, 5}}), "container-died");
}

void RecoveryTest::triggers() {
    QFETCH(Outage, outage);
    QFETCH(QString, trigger);
    QCOMPARE(triggerOf(outage), trigger);
    QVERIFY(triggerText(trigger) != trigger);
}

void RecoveryTest::phases_data() {
    QTest::addColumn<Outage>("outage");
    QTest::addColumn<QString>("phases");
    const auto row = [](const char* name, const Outage& outage, const char* phases) {
        QTest::newRow(name) << outage << QString::fromLatin1(phases);
    };
    row("takeover",
        outage(0, 1, 4400,
               {{Kind::ContainerDied, 0, 5},
                {Kind::LeftMaster, 0, 3000},
                {Kind::VipLost, 0, 3010},
                {Kind::BecameMaster, 1, 3600},
                {Kind::VipGained, 1, 3620},
                {Kind::ContainerStarted, 1, 4000}}),
        "detection@master 0+3000, election@backup 3000+600, address@backup 3600+20, container@backup 3620+380, "
        "serving@backup 4000+400, beside address@ 3010+610");
    row("its check lowers its priority, it gives up last",
        outage(0, 1, 4000,
               {{Kind::ContainerDied, 0, 5},
                {Kind::PriorityFell, 0, 400},
                {Kind::BecameMaster, 1, 3000},
                {Kind::VipGained, 1, 3001},
                {Kind::VipLost, 0, 3010},
                {Kind::ContainerStarted, 1, 3500}}),
        "detection@master 0+400, election@backup 400+2600, address@backup 3000+1, container@backup 3001+499, "
        "serving@backup 3500+500");
    row("keepalived is stopped",
        outage(0, 1, 1500,
               {{Kind::KeepalivedStopped, 0, 10},
                {Kind::VipLost, 0, 12},
                {Kind::BecameMaster, 1, 650},
                {Kind::VipGained, 1, 651},
                {Kind::ContainerStarted, 1, 1000}}),
        "detection@master 0+10, election@backup 10+640, address@backup 650+1, container@backup 651+349, "
        "serving@backup 1000+500, beside address@ 12+639");
    row("host lost: nobody says when it was noticed",
        outage(0, 1, 4400,
               {{Kind::OutOfSight, 0, 800},
                {Kind::BecameMaster, 1, 3600},
                {Kind::VipGained, 1, 3620},
                {Kind::ContainerStarted, 1, 4000}}),
        "detection@backup 0+3600, address@backup 3600+20, container@backup 3620+380, serving@backup 4000+400");
    row("only the VIP is seen", outage(0, 1, 4400, {{Kind::VipLost, 0, 3000}, {Kind::VipGained, 1, 3600}}),
        "detection@master 0+3000, election@backup 3000+600, serving@backup 3600+800, beside address@ 3000+600");
    row("Milvus runs there already",
        outage(0, 1, 700, {{Kind::VipLost, 0, 10}, {Kind::VipGained, 1, 600}, {Kind::ContainerStarted, 1, -5000}}),
        "detection@master 0+10, election@backup 10+590, serving@backup 600+100, beside address@ 10+590");
    row("started before the VIP came",
        outage(0, 1, 3000,
               {{Kind::VipLost, 0, 100},
                {Kind::BecameMaster, 1, 120},
                {Kind::ContainerStarted, 1, 200},
                {Kind::VipGained, 1, 600}}),
        "detection@master 0+100, election@backup 100+20, address@backup 120+480, serving@backup 600+2400, "
        "beside address@ 100+500, beside container@backup 120+80");
    row("in place", outage(0, 0, 2000, {{Kind::ContainerDied, 0, 5}, {Kind::ContainerStarted, 0, 1200}}),
        "detection@master 0+5, container@master 5+1195, serving@master 1200+800");
    row("died before the last good answer",
        outage(0, 0, 2000, {{Kind::ContainerDied, 0, -5}, {Kind::ContainerStarted, 0, 1200}}),
        "detection@master 0+0, container@master 0+1204, serving@master 1204+800");
    row("nothing divides it", outage(0, 0, 2000, {}), "");
    row("there, back and there again",
        outage(0, 1, 9000,
               {{Kind::VipLost, 0, 1000},
                {Kind::VipGained, 1, 2000},
                {Kind::VipLost, 1, 3000},
                {Kind::VipGained, 0, 4000},
                {Kind::VipLost, 0, 6000},
                {Kind::VipGained, 1, 7000},
                {Kind::ContainerStarted, 1, 8000}}),
        "detection@master 0+1000, election@backup 1000+6000, container@backup 7000+1000, serving@backup 8000+1000, "
        "beside address@ 1000+6000");
}

void RecoveryTest::phases() {
    QFETCH(Outage, outage);
    QFETCH(QString, phases);
    const QList<Phase> found = phasesOf(outage, kNodes);
    QCOMPARE(textOf(found), phases);
    Duration sum{};
    for (const Phase& phase : found) {
        if (phase.parallel)
            continue;
        QVERIFY(phase.start == sum);
        QVERIFY(phase.error > Duration::zero());
        sum += phase.duration;
    }
    QVERIFY(found.isEmpty() || sum == toFailover(outage, {}, kNodes).recovery());
}

void RecoveryTest::errorOfTheBegin_data() {
    QTest::addColumn<int>("node");
    QTest::addColumn<int>("diedAt");
    QTest::addColumn<int>("error"); // of the whole: 10 ms of it from the end
    QTest::newRow("the probe alone") << -1 << 0 << 30;
    QTest::newRow("Docker tells the end") << 0 << 12 << 17;
    QTest::newRow("died as it answered last") << 0 << -3 << 11;
    QTest::newRow("died after the first bad question") << 0 << 90 << 30;
    QTest::newRow("the other node's says nothing") << 1 << 12 << 30;
}

void RecoveryTest::errorOfTheBegin() {
    QFETCH(int, node);
    QFETCH(int, diedAt);
    Outage outage{.lastGood = at(0), .firstBad = at(40), .lastBad = at(980), .nextGood = at(1000)};
    outage.from = outage.to = 0;
    if (node >= 0)
        outage.marks.append({Kind::ContainerDied, node, at(diedAt), 3ms});
    QTEST(int(toFailover(outage, {}, kNodes).error / 1ms), "error");
}

void RecoveryTest::betterSourceOfAMarkCounts_data() {
    QTest::addColumn<int>("firstAt");
    QTest::addColumn<int>("firstError");
    QTest::addColumn<int>("secondAt");
    QTest::addColumn<int>("secondError");
    QTest::addColumn<QList<int>>("kept");
    QTest::newRow("a stamp after a log line") << 1030 << 20 << 1010 << 1 << QList{1010};
    QTest::newRow("a log line after a stamp") << 1010 << 1 << 1030 << 20 << QList{1010};
    QTest::newRow("two different things") << 1010 << 1 << 1800 << 20 << QList{1010, 1800};
    QTest::newRow("two stamps, as of a flap") << 1010 << 1 << 1100 << 1 << QList{1010, 1100};
}

void RecoveryTest::betterSourceOfAMarkCounts() {
    QFETCH(int, firstAt);
    QFETCH(int, firstError);
    QFETCH(int, secondAt);
    QFETCH(int, secondError);
    RecoveryTimeline timeline;
    timeline.probe({true, {}, 1ms, at(980), {}}, at(981));
    timeline.mark({Kind::ContainerDied, 0, at(firstAt), std::chrono::milliseconds(firstError)});
    timeline.mark({Kind::ContainerDied, 0, at(secondAt), std::chrono::milliseconds(secondError)});
    timeline.probe({false, {}, {}, at(1000), {}}, at(1001));
    timeline.probe({true, {}, 1ms, at(2000), {}}, at(2001));
    const QList<Outage> over = timeline.advance(at(4000), 0, kPriorities);
    QCOMPARE(over.size(), 1);
    QList<int> kept;
    for (const Mark& mark : over.front().marks)
        kept.append(int((mark.at - kStart) / 1ms));
    QTEST(kept, "kept");
}

void RecoveryTest::notOurOwnNetwork() {
    const Outage both = outage(
        0, 0, 5000,
        {{Kind::OutOfSight, 0, 800}, {Kind::OutOfSight, 1, 810}, {Kind::InSight, 0, 5000}, {Kind::InSight, 1, 5010}});
    QVERIFY(!isFailover(both));
    const Outage one = outage(0, 0, 5000, {{Kind::OutOfSight, 0, 800}, {Kind::InSight, 0, 5000}});
    QVERIFY(isFailover(one));
    // What happened meanwhile is in the nodes' logs: a move is not as long as we were away.
    const Outage moved = outage(
        0, 1, 60000,
        {{Kind::OutOfSight, 0, 800}, {Kind::OutOfSight, 1, 810}, {Kind::InSight, 1, 59000}, {Kind::InSight, 0, 59010}});
    QVERIFY(!isFailover(moved));
    const Outage blinked = outage(
        0, 1, 9000,
        {{Kind::OutOfSight, 0, 800}, {Kind::OutOfSight, 1, 2000}, {Kind::InSight, 1, 3000}, {Kind::InSight, 0, 8000}});
    QVERIFY(isFailover(blinked));
}

QTEST_APPLESS_MAIN(RecoveryTest)
#include "recovery_test.moc"
