// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/node_past.h"
#include "past/rebuild.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = Trace::Kind;

const Instant kBegin = Instant{} + 1795617170s; ///< the recorded hour: the lab pair is up
const Instant kEnd = Instant{} + 1795621074s;

NodePast recorded(const char* name, const char* interface) {
    QFile file(QStringLiteral(FIXTURES "/") + QLatin1String(name) + u".txt"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no fixture %s", name);
    const auto past = parsePast(file.readAll(), kBegin, {u"VI_SERVER"_s, QString::fromLatin1(interface)});
    if (!past)
        qFatal("%s broke off", name);
    return *past;
}

RebuildInput input() {
    RebuildInput input;
    input.pair.name = u"prod"_s;
    input.pair.vip = u"192.168.1.104/24"_s;
    input.pair.container = u"milvus"_s;
    input.pair.nodes[0].name = u"master"_s;
    input.pair.nodes[1].name = u"backup"_s;
    input.wanted.gaps = {{kBegin, kEnd}};
    input.until = kEnd;
    for (std::size_t node = 0; node < 2; ++node) {
        VrrpSeen vrrp;
        vrrp.advertInterval = 1s;
        vrrp.priority = node == 0 ? 110 : 91;
        input.picture.nodes[node].vrrp.value = vrrp;
        input.picture.nodes[node].clock.value = ClockSeen{0us, 1ms};
    }
    return input;
}

Instant at(double seconds) {
    return fromEpochSeconds(1795617000 + seconds);
}

Failover observedServing(Duration serving, Duration error) {
    Failover failover;
    failover.phases = {{u"container"_s, 0us, 100ms, 1ms}, {u"serving"_s, 100ms, serving, error}};
    return failover;
}

} // namespace

class RebuildTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordedHour();
    void bothRan_data();
    void bothRan();
    void oneNodeInTheDark();
    void lostWithItsLink();
    void gapsAndReach();
    void shiftedClock();
    void oneNodeAlone();
    void plannedByItsNote();
    void plannedThoughItsEndIsMissing();
    void endsInSilence();
    void unreadable();
    void bootsInASyslog_data();
    void bootsInASyslog();
    void serving();
};

void RebuildTest::recordedHour() {
    RebuildInput given = input();
    given.nodes = {recorded("master", "enp7s0"), recorded("backup", "enp3s0")};
    const RebuiltPast past = rebuild(given);

    struct Row {
        const char* from;
        const char* to;
        const char* trigger;
        double start; ///< what the lab's own clock said of the fault, where it is exact
    };

    static constexpr Row rows[] = {
        {"master", "backup", "container-died", 218.732},
        {"backup", "master", "container-stopped", 229.72},
        {"master", "backup", "keepalived-stopped", 356.585},
        {"backup", "master", "container-stopped", 361.522},
        {"master", "backup", "link-lost", 373.789},
        {"backup", "master", "container-stopped", 382.41},
        {"master", "backup", "host-lost", 394.042},
        {"backup", "master", "container-stopped", 402.766},
        {"master", "backup", "host-lost", 416.5},
        {"backup", "master", "container-stopped", 425.25},
        {"master", "backup", "keepalived-stopped", 1561.659},
        {"backup", "master", "container-stopped", 0},
        {"master", "master", "docker-stopped", 1580.0}, // healed before the other node had started
    };
    QCOMPARE(past.failovers.size(), qsizetype(std::size(rows)));
    for (qsizetype i = 0; i < past.failovers.size(); ++i) {
        const Failover& failover = past.failovers[i];
        const Row& row = rows[i];
        QCOMPARE(failover.from, QString::fromLatin1(row.from));
        QCOMPARE(failover.to, QString::fromLatin1(row.to));
        QCOMPARE(failover.trigger, QString::fromLatin1(row.trigger));
        QCOMPARE(failover.source, u"reconstructed"_s);
        QVERIFY(failover.recovery() > 0s && failover.error > 0s);
        if (row.start > 0)
            QVERIFY2(std::chrono::abs(failover.startedAt - at(row.start)) <= failover.error, row.trigger);
        Duration sum{};
        for (const Phase& phase : failover.phases)
            sum += phase.parallel ? Duration{} : phase.duration;
        QVERIFY(failover.phases.isEmpty() || sum == failover.recovery());
    }
    QVERIFY(!past.events.isEmpty());
    QVERIFY(std::ranges::all_of(past.events, [](const Event& event) { return event.source == u"reconstructed"; }));
    QVERIFY(std::ranges::any_of(past.events, [](const Event& event) { return event.code == u"node-booted"; }));
    // At each start of Milvus on the backup while the master's container was never told to stop, and at no other.
    QList<int> twoWriters;
    for (const Event& event : past.events) {
        if (event.code == u"two-writers")
            twoWriters.append(int(toSeconds(event.at - at(0))));
    }
    QCOMPARE(twoWriters, (QList<int>{356, 377, 420, 1562}));
    // Nothing is told to serve beyond the end of its container.
    for (const Event& died : past.events) {
        QVERIFY(died.code != u"container-died" || std::ranges::any_of(past.events, [&](const Event& event) {
                    return event.code == u"milvus-silent" && event.node == died.node && event.at == died.at;
                }));
    }
    QCOMPARE(past.spans, (QList<Coverage>{{kBegin, kEnd, CoverageSource::Reconstructed}}));
}

void RebuildTest::bothRan_data() {
    QTest::addColumn<QList<Trace>>("master");
    QTest::addColumn<bool>("runsThere");
    QTest::addColumn<QList<Trace>>("backup");
    QTest::addColumn<QString>("text"); ///< of the event, in part; empty: there is none
    const Trace died{.kind = Kind::ContainerDied, .at = at(100)};
    const Trace startedAfter{.kind = Kind::ContainerStarted, .at = at(101)};
    const Trace startedBefore{.kind = Kind::ContainerStarted, .at = at(95)};
    const Trace ended{.kind = Kind::ContainerDied, .at = at(130)};
    QTest::newRow("one after the other") << QList{died} << false << QList{startedAfter, ended} << QString();
    QTest::newRow("started before the other ended")
        << QList{died} << false << QList{startedBefore, ended} << "for 5.0 s";
    QTest::newRow("both at the end") << QList<Trace>{} << true << QList{startedBefore} << "still did at the end";
    QTest::newRow("within what the clocks may be off")
        << QList{died} << false << QList{Trace{.kind = Kind::ContainerStarted, .at = at(99.95)}, ended} << QString();
    QTest::newRow("power lost: up to the last sign of life")
        << QList{Trace{.kind = Kind::LastSign, .at = at(96)}, Trace{.kind = Kind::Booted, .at = at(120)}} << false
        << QList{startedBefore, ended} << QString();
    QTest::newRow("not read") << QList<Trace>{} << false << QList{startedBefore, ended} << QString();
}

void RebuildTest::bothRan() {
    QFETCH(QList<Trace>, master);
    QFETCH(bool, runsThere);
    QFETCH(QList<Trace>, backup);
    QFETCH(QString, text);
    RebuildInput given = input();
    given.nodes = {NodePast{.traces = master, .reachesBackTo = at(0), .containerRuns = runsThere},
                   NodePast{.traces = backup, .reachesBackTo = at(0), .containerRuns = runsThere}};
    given.wanted.gaps = {{at(0), at(200)}};
    given.until = at(200);
    QStringList told;
    for (const Event& event : rebuild(given).events) {
        if (event.code == u"two-writers")
            told.append(event.text);
    }
    QCOMPARE(told.size(), text.isEmpty() ? 0 : 1);
    QVERIFY2(text.isEmpty() || told.first().contains(text), qPrintable(told.join(u' ')));
}

void RebuildTest::oneNodeInTheDark() {
    RebuildInput given = input();
    given.nodes = {recorded("master", "enp7s0"), recorded("backup", "enp3s0")};
    given.wanted.gaps = {{at(370), at(381)}}; // the master's cable was out
    given.wanted.dark = 0;
    const RebuiltPast past = rebuild(given);
    QVERIFY(past.besides);
    QVERIFY(past.spans.isEmpty());
    QStringList codes;
    for (const Event& event : past.events) {
        QVERIFY(event.node.isEmpty() || event.node == u"master");
        codes.append(event.code);
    }
    QVERIFY2(codes.contains(u"link-down"_s) && codes.contains(u"two-writers"_s), qPrintable(codes.join(u' ')));
    QVERIFY(std::ranges::any_of(past.failovers, [](const Failover& one) { return one.trigger == u"link-lost"; }));

    given.nodes[1].reset();
    QVERIFY(std::ranges::any_of(rebuild(given).events, [](const Event& event) { return event.code == u"link-down"; }));
}

/// keepalived had the time to log that its link went, as the host died: a takeover shows the end as well.
void RebuildTest::lostWithItsLink() {
    using enum Trace::Kind;
    RebuildInput given = input();
    given.nodes = {
        NodePast{.traces = {{.kind = ContainerStarted, .at = at(10)},
                            {.kind = LinkDown, .at = at(100)},
                            {.kind = LastSign, .at = at(100)},
                            {.kind = Booted, .at = at(110)}},
                 .reachesBackTo = at(0),
                 .stateBefore = VrrpState::Master,
                 .containerRuns = false},
        NodePast{.traces = {{.kind = BecameMaster, .at = at(103.6)}, {.kind = ContainerStarted, .at = at(103.7)}},
                 .reachesBackTo = at(0),
                 .stateBefore = VrrpState::Backup,
                 .containerRuns = true}};
    given.wanted.gaps = {{at(0), at(200)}};
    given.until = at(200);
    const RebuiltPast past = rebuild(given);
    QCOMPARE(past.failovers.size(), 1);
    QCOMPARE(past.failovers.first().trigger, u"host-lost"_s);
}

void RebuildTest::gapsAndReach() {
    RebuildInput given = input();
    given.nodes = {recorded("master", "enp7s0"), recorded("backup", "enp3s0")};
    given.nodes[1]->reachesBackTo = at(300);
    given.nodes[1]->problem = u"Its log begins late."_s;
    RebuiltPast past = rebuild(given);
    QCOMPARE(past.spans, (QList<Coverage>{{kBegin, at(300), CoverageSource::Lost},
                                          {at(300), kEnd, CoverageSource::Reconstructed}}));
    QVERIFY(!past.failovers.isEmpty());
    QVERIFY(std::ranges::all_of(past.failovers, [](const Failover& one) { return one.startedAt >= at(300); }));
    const auto told = std::ranges::count_if(past.events, [](const Event& e) { return e.code == u"history-gap"; });
    QCOMPARE(told, 1);

    given.wanted.first = true; // what nobody ever recorded is not lost
    past = rebuild(given);
    QCOMPARE(past.spans, (QList<Coverage>{{at(300), kEnd, CoverageSource::Reconstructed}}));

    given.wanted.gaps = {{at(376), at(381)}};
    past = rebuild(given);
    QCOMPARE(past.failovers.size(), 1);
    QVERIFY(std::ranges::any_of(past.failovers, [](const Failover& one) { return one.trigger == u"link-lost"; }));
    QVERIFY(std::ranges::all_of(past.events, [](const Event& e) { return e.at >= at(376) && e.at < at(381); }));
}

void RebuildTest::shiftedClock() {
    RebuildInput given = input();
    given.nodes = {recorded("master", "enp7s0"), recorded("backup", "enp3s0")};
    const RebuiltPast straight = rebuild(given);
    for (Trace& trace : given.nodes[1]->traces)
        trace.at += 30s;
    given.picture.nodes[1].clock.value = ClockSeen{30s, 1ms};
    QCOMPARE(rebuild(given).failovers, straight.failovers);
}

void RebuildTest::oneNodeAlone() {
    RebuildInput given = input();
    NodePast backup;
    backup.stateBefore = VrrpState::Backup;
    backup.containerRuns = true;
    backup.traces = {{.kind = Kind::BecameMaster, .at = at(400)}, {.kind = Kind::ContainerStarted, .at = at(400.5)}};
    given.nodes[1] = backup;
    const RebuiltPast past = rebuild(given);
    QCOMPARE(past.failovers.size(), 1);
    const Failover& failover = past.failovers.first();
    QCOMPARE(failover.from, u"master"_s);
    QCOMPARE(failover.to, u"backup"_s);
    QCOMPARE(failover.trigger, u"host-lost"_s);
    QVERIFY(failover.error >= 500ms); // an advert interval of doubt, and how long Milvus took
    QVERIFY(past.spans.isEmpty() && past.events.isEmpty());
}

void RebuildTest::plannedByItsNote() {
    RebuildInput given = input();
    NodePast master;
    master.stateBefore = VrrpState::Master;
    const OperationSeen begun{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel"_s, u"ann@desk"_s};
    master.traces = {{.kind = Kind::Operation, .at = at(300), .operation = begun},
                     {.kind = Kind::ContainerDied, .at = at(300.2), .number = 1},
                     {.kind = Kind::BecameBackup, .at = at(304)},
                     {.kind = Kind::Operation, .at = at(308), .operation = begun.ended()}};
    NodePast backup;
    backup.stateBefore = VrrpState::Backup;
    backup.traces = {{.kind = Kind::ContainerStarted, .at = at(301)},
                     {.kind = Kind::MilvusReady, .at = at(301.1)},
                     {.kind = Kind::BecameMaster, .at = at(304)}};
    given.nodes = {master, backup};
    const RebuiltPast past = rebuild(given);
    QCOMPARE(past.failovers.size(), 1);
    QVERIFY(past.failovers.first().planned());
    QCOMPARE(past.failovers.first().operatorName, u"ann@desk"_s);
    QCOMPARE(past.failovers.first().reason, u"kernel"_s);
    QCOMPARE(past.failovers.first().kind, FailoverKind::Switchover);

    // What comes right after it is no part of it (a heal of the lab: 0.9 s later).
    given.nodes[1]->traces.append({{.kind = Kind::ContainerDied, .at = at(308.9), .number = 1},
                                   {.kind = Kind::ContainerStopped, .at = at(308.95)},
                                   {.kind = Kind::BecameBackup, .at = at(314.5)}});
    given.nodes[0]->traces.append({{.kind = Kind::ContainerStarted, .at = at(310)},
                                   {.kind = Kind::MilvusReady, .at = at(310.1)},
                                   {.kind = Kind::BecameMaster, .at = at(314.5)}});
    const RebuiltPast both = rebuild(given);
    QCOMPARE(both.failovers.size(), 2);
    QVERIFY(!both.failovers.last().planned());
    QCOMPARE(both.failovers.last().trigger, u"container-stopped"_s);
}

/// A pair has one operation at a time: the next one's beginning ends the one before, and a late end ends its own only.
void RebuildTest::plannedThoughItsEndIsMissing() {
    const OperationSeen there{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel"_s, u"ann@desk"_s};
    const OperationSeen back{true, u"failback"_s, u"backup"_s, u"master"_s, u"home"_s, u"ann@desk"_s};
    RebuildInput given = input();
    NodePast master;
    master.stateBefore = VrrpState::Master;
    master.traces = {{.kind = Kind::Operation, .at = at(300), .operation = there},
                     {.kind = Kind::ContainerDied, .at = at(300.2), .number = 1},
                     {.kind = Kind::BecameBackup, .at = at(304)},
                     {.kind = Kind::Operation, .at = at(330), .operation = back},
                     {.kind = Kind::Operation, .at = at(330.1), .operation = there.ended()},
                     {.kind = Kind::ContainerStarted, .at = at(331)},
                     {.kind = Kind::MilvusReady, .at = at(331.1)},
                     {.kind = Kind::BecameMaster, .at = at(334)},
                     {.kind = Kind::Operation, .at = at(338), .operation = back.ended()}};
    NodePast backup;
    backup.stateBefore = VrrpState::Backup;
    backup.traces = {{.kind = Kind::ContainerStarted, .at = at(301)},
                     {.kind = Kind::MilvusReady, .at = at(301.1)},
                     {.kind = Kind::BecameMaster, .at = at(304)},
                     {.kind = Kind::ContainerDied, .at = at(330.5), .number = 1},
                     {.kind = Kind::BecameBackup, .at = at(334)}};
    given.nodes = {master, backup};
    const RebuiltPast past = rebuild(given);
    QCOMPARE(past.failovers.size(), 2);
    QCOMPARE(past.failovers.first().reason, u"kernel"_s);
    QCOMPARE(past.failovers.last().reason, u"home"_s);
    QCOMPARE(past.failovers.last().kind, FailoverKind::Failback);
}

void RebuildTest::endsInSilence() {
    RebuildInput given = input();
    NodePast master;
    master.stateBefore = VrrpState::Master;
    master.containerRuns = false;
    master.reachesBackTo = kBegin;
    master.traces = {{.kind = Kind::ContainerDied, .at = at(300), .number = 137}};
    NodePast backup;
    backup.stateBefore = VrrpState::Backup;
    backup.containerRuns = false;
    backup.reachesBackTo = kBegin;
    given.nodes = {master, backup};
    const auto isSilent = [](const Event& event) { return event.code == u"vip-silent"; };

    // An outage to this moment is told as one, for the availability.
    RebuiltPast past = rebuild(given);
    QVERIFY(past.failovers.isEmpty());
    const auto silent = std::ranges::find_if(past.events, isSilent);
    QVERIFY(silent != past.events.end());
    QCOMPARE(silent->at, at(300));
    QCOMPARE(past.spans, (QList<Coverage>{{kBegin, kEnd, CoverageSource::Reconstructed}}));

    // Where Milvus answers after all, the logs do not tell how that came about.
    given.picture.vipProbe.value = VipProbeSeen{.good = true};
    past = rebuild(given);
    QVERIFY(std::ranges::none_of(past.events, isSilent));
    QCOMPARE(past.spans, (QList<Coverage>{{kBegin, at(300), CoverageSource::Reconstructed},
                                          {at(300), kEnd, CoverageSource::Lost}}));
}

void RebuildTest::unreadable() {
    RebuildInput given = input();
    given.nodes = {recorded("master", "enp7s0"), recorded("backup", "enp3s0")};
    given.nodes[1]->reachesBackTo.reset();
    const RebuiltPast past = rebuild(given);
    QVERIFY(!past.failovers.isEmpty() && past.spans.isEmpty() && past.events.isEmpty());

    QVERIFY(!parsePast("@@past now 1795621074.000000000 +0000\n@@past lines\n", kBegin, {}));
}

/// A host without a journal: it was there until its last line before the boot.
void RebuildTest::bootsInASyslog_data() {
    QTest::addColumn<QByteArray>("last");
    QTest::addColumn<QByteArray>("boot");
    QTest::addColumn<Duration>("later");
    QTest::newRow("rsyslog") << QByteArray("2026-11-25T14:33:20.500000+00:00 master sshd[1]: Server listening")
                             << QByteArray(
                                    "2026-11-25T14:33:40.500000+00:00 master systemd-journald[64]: Journal started")
                             << Duration(0us);
    QTest::newRow("traditional, no systemd")
        << QByteArray("Nov 25 14:33:20 master sshd[1]: Server listening")
        << QByteArray("Nov 25 14:33:40 master kernel: [    0.000000] Linux version 6.1.0-28-amd64") << Duration(1s);
}

void RebuildTest::bootsInASyslog() {
    QFETCH(QByteArray, last);
    QFETCH(QByteArray, boot);
    QFETCH(Duration, later);
    const auto past = parsePast("@@past now 1795621074.000000000 +0000\n@@past oldest\n" + last + "\n@@past lines\n" +
                                    boot + "\n@@rc 0\n@@past signs\n" + last + "\n@@past end\n",
                                kBegin, {});
    QVERIFY(past);
    QCOMPARE(past->traces.size(), 2);
    QCOMPARE(past->traces[0].kind, Kind::LastSign);
    QCOMPARE(past->traces[1].kind, Kind::Booted);
    QCOMPARE(past->traces[0].later, later);
    QCOMPARE(past->traces[1].at - past->traces[0].at, Duration(20s));
}

void RebuildTest::serving() {
    QCOMPARE(servingTimeOf({}), (ServingTime{1s, 1s}));
    const ServingTime learnt = servingTimeOf({observedServing(200ms, 10ms), observedServing(400ms, 10ms)});
    QCOMPARE(learnt, (ServingTime{300ms, 110ms}));
}

QTEST_GUILESS_MAIN(RebuildTest)
#include "rebuild_test.moc"
