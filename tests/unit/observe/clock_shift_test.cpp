// SPDX-License-Identifier: GPL-3.0-or-later

// One node's clock is half a minute off: the same failover is told as with both right. What the node says (its date,
// its journal, the stamps of its address stream) is shifted; all that stands between that and the phases is the
// program's.

#include "fake_link.h"
#include "observe/node_sensor.h"
#include "observe/reducer.h"

#include <QtTest>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kFollow = "-f _SYSTEMD_UNIT=keepalived.service";

Pair thePair() {
    Pair pair;
    pair.name = u"p"_s;
    pair.vip = u"192.168.1.104/24"_s;
    pair.generation = Generation::V0;
    pair.nodes[0].name = u"master"_s;
    pair.nodes[0].host = u"192.168.1.85"_s;
    pair.nodes[1].name = u"backup"_s;
    pair.nodes[1].host = u"192.168.1.38"_s;
    return pair;
}

QByteArray seconds(Instant at) {
    return QByteArray::number(toSeconds(at.time_since_epoch()), 'f', 6);
}

/// A node that says what it is told to say, in its own time.
class Node {
public:
    Node(int index, Duration ahead, std::function<void(const Observation&)> sink)
        : ahead_(ahead), held_(index == 0), priority_(index == 0 ? 110 : 91), since_(wallClockNow() - 1h) {
        link_->answer = [this](const Command& command) { return answer(command); };
        sensor_ = std::make_unique<NodeSensor>(link_, thePair(), index, true, std::move(sink), [] {});
        link_->tell(LinkState::Up);
    }

    void say(Instant at, const char* state, bool held) {
        held_ = held;
        since_ = at;
        link_->speak(kFollow, seconds(at + ahead_) + " m Keepalived_vrrp[225]: (VI) Entering " + state + " STATE\n");
        const QByteArray stamp =
            QDateTime::fromMSecsSinceEpoch(
                std::chrono::floor<std::chrono::milliseconds>(at + ahead_ + 20ms).time_since_epoch().count(),
                QTimeZone::utc())
                .toString(u"yyyy-MM-ddTHH:mm:ss.zzz"_s)
                .toLatin1();
        link_->speak("monitor", '[' + stamp + "] " + (held ? "" : "Deleted ") +
                                    "3: e0    inet 192.168.1.104/24 scope global secondary e0\n");
    }

private:
    Result<ExecResult> answer(const Command& command) const {
        const QString line = command.argv.join(u' ');
        if (line.startsWith(u"date"_s))
            return ExecResult{0, seconds(wallClockNow() + ahead_) + "000\n", {}};
        if (line == u"ip -j addr"_s) {
            return ExecResult{0,
                              QByteArray(R"([{"ifname":"e0","flags":["UP","LOWER_UP"],"addr_info":[)") +
                                  (held_ ? R"({"local":"192.168.1.104","prefixlen":24})" : "") + "]}]",
                              {}};
        }
        if (line.contains(u"@@mha running"_s)) {
            return ExecResult{
                0,
                "@@mha running 224 1234\n@@mha json\n[{\"data\":{\"vips\":[\"192.168.1.104/24 dev "
                "e0\"],\"state\":" +
                    QByteArray(held_ ? "2" : "1") + ",\"base_priority\":" + QByteArray::number(priority_) +
                    ",\"effective_priority\":" + QByteArray::number(priority_) +
                    ",\"last_transition\":" + seconds(since_ + ahead_) +
                    "}}]\n@@mha config\nvrrp_instance VI {\nvirtual_ipaddress {\n192.168.1.104\n}\n}\n@@mha "
                    "end\n",
                {}};
        }
        return ExecResult{0, "client\nsocket\nwritable\n", {}};
    }

    Duration ahead_;
    bool held_;
    int priority_;
    Instant since_;
    std::shared_ptr<FakeLink> link_ = std::make_shared<FakeLink>();
    std::unique_ptr<NodeSensor> sensor_;
};

struct Told {
    Failover failover;
    QStringList reasons; ///< of the verdict at the end
};

} // namespace

class ClockShiftTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNodeThatIsOff_data();
    void aNodeThatIsOff();

private:
    static Told failoverOf(Duration masterAhead, Duration backupAhead);
};

Told ClockShiftTest::failoverOf(Duration masterAhead, Duration backupAhead) {
    // All of it passes in the last ten seconds: stamps of the nodes lie behind the wall clock.
    const Instant begin = wallClockNow() - 10s;
    Instant now = begin;
    Reducer reducer(thePair());
    Told told;
    const auto take = [&](const Reduced& reduced) {
        if (!reduced.failovers.isEmpty())
            told.failover = reduced.failovers.last();
    };
    const auto sink = [&](Observation observation) {
        observation.at = now;
        take(reducer.apply(observation));
    };
    const auto probe = [&](Duration after, bool good) {
        now = begin + after;
        VipProbeSeen seen;
        seen.good = good;
        seen.askedAt = now;
        sink({now, -1, seen});
        take(reducer.tick(now));
    };
    Node master(0, masterAhead, sink);
    Node backup(1, backupAhead, sink);
    const auto whole = [&] {
        const auto& nodes = reducer.picture().nodes;
        return std::ranges::all_of(nodes, [](const NodePicture& node) { return node.vip && node.vrrp && node.clock; });
    };
    (void)QTest::qWaitFor(whole);
    for (Duration after = 0s; after <= 2s; after += 100ms)
        probe(after, true);
    for (Duration after = 2050ms; after < 3s; after += 50ms)
        probe(after, false);
    master.say(begin + 3s, "BACKUP", false);
    for (Duration after = 3s; after < 4500ms; after += 50ms)
        probe(after, false);
    backup.say(begin + 4500ms, "MASTER", true);
    for (Duration after = 4550ms; after < 5s; after += 50ms)
        probe(after, false);
    for (Duration after = 5s; after < 9s; after += 100ms)
        probe(after, true);
    for (const Reason& reason : reducer.picture().verdict.reasons)
        told.reasons.append(reason.code);
    return told;
}

void ClockShiftTest::aNodeThatIsOff_data() {
    QTest::addColumn<int>("master");
    QTest::addColumn<int>("backup");
    QTest::newRow("standby ahead") << 0 << 30;
    QTest::newRow("standby behind") << 0 << -30;
    QTest::newRow("master ahead") << 30 << 0;
    QTest::newRow("one ahead, one behind") << 30 << -30;
}

void ClockShiftTest::aNodeThatIsOff() {
    QFETCH(int, master);
    QFETCH(int, backup);
    const Told right = failoverOf(0s, 0s);
    const Told off = failoverOf(std::chrono::seconds(master), std::chrono::seconds(backup));
    QVERIFY(!right.reasons.contains(u"clock-off"_s));
    QVERIFY2(off.reasons.contains(u"clock-off"_s), qPrintable(off.reasons.join(u' ')));
    QCOMPARE(off.failover.recovery(), right.failover.recovery());
    QCOMPARE(off.failover.from, u"master"_s);
    QCOMPARE(off.failover.to, u"backup"_s);
    QVERIFY(right.failover.phases.size() >= 3);
    QCOMPARE(off.failover.phases.size(), right.failover.phases.size());
    Duration end{};
    for (qsizetype i = 0; i < off.failover.phases.size(); ++i) {
        const Phase& phase = off.failover.phases.at(i);
        const Phase& same = right.failover.phases.at(i);
        QCOMPARE(phase.name, same.name);
        QVERIFY2(std::chrono::abs(phase.start - same.start) <= phase.error + same.error + 5ms, qPrintable(phase.name));
        if (phase.parallel)
            continue;
        QVERIFY2(phase.start >= end - 5ms, qPrintable(phase.name + u" begins before the one before it ends"_s));
        end = phase.start + phase.duration;
    }
    QVERIFY(std::chrono::abs(end - off.failover.recovery()) <= off.failover.error + 5ms);
}

QTEST_GUILESS_MAIN(ClockShiftTest)
#include "clock_shift_test.moc"
