// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_link.h"
#include "keepalived/runtime.h"
#include "model/operation_note.h"
#include "observe/node_sensor.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const QByteArray kAddresses =
    R"([{"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"addr_info":[]},{"ifname":"enp7s0","flags":["UP","LOWER_UP"],"addr_info":[{"local":"192.168.1.85","prefixlen":24},{"local":"192.168.1.104","prefixlen":24}]}])";

const QByteArray kKeepalived =
    "@@mha running 224 1234\n@@mha json\n"
    R"([{"data":{"vips":["192.168.1.104/24 dev e0"],"state":2,"base_priority":110,"effective_priority":110,"last_transition":1795431387.5}}])"
    "\n@@mha config\nvrrp_instance VI_SERVER {\nvirtual_ipaddress {\n192.168.1.104\n}\n}\n@@mha end\n";

/// As a node without keepalived looks, with milvus-ha-node's socket there.
const QByteArray kProgram = "@@mha program\n@@mha absent\n@@mha config-missing\n@@mha end\n";
const QByteArray kStatus =
    R"({"engine":"native","version":"0.1.0","milvus":"running","hold":"none","vrrp":{"state":"MASTER","vrid":51}})"
    "\n";

const QByteArray kStorage = "inode 1\nenters\ndb 2\nwal 3\nspace 1 2 4096\nwrites\nroot\nmount /srv/milvus rw\nend\n";

Pair thePair() {
    Pair pair;
    pair.vip = QStringLiteral("192.168.1.104/24");
    pair.storagePath = QStringLiteral("/srv/milvus");
    pair.generation = Generation::V0;
    return pair;
}

QByteArray hisTime() {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>((wallClockNow() + 1h).time_since_epoch());
    return QByteArray::number(qint64{now.count() / 1'000'000}) + '.' +
           QByteArray::number(qint64{now.count() % 1'000'000}).rightJustified(6, '0');
}

bool isDate(const Command& command) {
    return command.argv.first() == QLatin1String("date");
}

/// A node that answers everything but Docker and Milvus, its clock an hour ahead.
Result<ExecResult> answerAll(const Command& command) {
    const QString line = command.argv.join(u' ');
    if (isDate(command))
        return ExecResult{0, hisTime() + "000\n", {}};
    if (line == QLatin1String("ip -j addr"))
        return ExecResult{0, kAddresses, {}};
    if (line.contains(QLatin1String("@@mha running")))
        return ExecResult{0, kKeepalived, {}};
    if (line.contains(QLatin1String("findmnt")))
        return ExecResult{0, kStorage, {}};
    return ExecResult{0, "client\nsocket\nwritable\n", {}}; // Docker
}

struct Watcher {
    std::shared_ptr<FakeLink> link = std::make_shared<FakeLink>();
    QList<Observation> seen;
    int happened = 0;
    std::unique_ptr<NodeSensor> sensor;

    explicit Watcher(bool streams = true, const Pair& pair = thePair()) {
        link->answer = answerAll;
        sensor = std::make_unique<NodeSensor>(
            link, pair, 1, streams, [this](const Observation& told) { seen.append(told); }, [this] { ++happened; });
    }

    template <typename T> QList<T> all() const {
        QList<T> list;
        for (const Observation& told : seen) {
            if (const T* const sighting = std::get_if<T>(&told.sighting))
                list.append(*sighting);
        }
        return list;
    }

    bool unseen(Subject subject) const {
        const auto list = all<Unseen>();
        return std::ranges::any_of(list, [subject](const Unseen& each) { return each.subject == subject; });
    }

    bool looked() const {
        return !all<ClockSeen>().isEmpty() && !all<VipSeen>().isEmpty() && !all<VrrpSeen>().isEmpty() &&
               !all<VrrpConfigSeen>().isEmpty() && !all<MilvusSeen>().isEmpty() && unseen(Subject::Container);
    }
};

const Error kLost{ErrorCode::TimedOut, QStringLiteral("The node has not answered."), {}, QStringLiteral("Look at it.")};

} // namespace

class NodeSensorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void looksAtEverythingWhenTheLinkComesUp();
    void asksTheResidentClock();
    void asksByDateWhereTheResidentClockIsSilent();
    void asksTheStorageOnceItHasAnswered();
    void looksOnceWithoutStreams();
    void doesNotWatchAStorageThatIsNotNamed();
    void hearsTheAddressStream();
    void asksAgainForAddressesCutShort();
    void hearsKeepalivedsJournal();
    void hearsAnotherProgramsSwitchover();
    void doesNotBlameASilentNodesServices();
    void keepsTheFactsOfALostNode();
    void runsAsTheUserWhereSudoRefuses();
    void startsAnewAfterAReconnect();
    void asksMilvusHaNodeBeforeKeepalived();
    void keepalivedIsToldWhereMilvusHaNodeSteersIt();
    void aSocketThatWasLeft();
};

void NodeSensorTest::looksAtEverythingWhenTheLinkComesUp() {
    Watcher node;
    QVERIFY(node.link->commands.isEmpty());
    node.link->tell(LinkState::Connecting);
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    QVERIFY(node.link->speak("findmnt", kStorage));
    for (const Observation& told : node.seen)
        QCOMPARE(told.node, 1);
    QCOMPARE(node.all<LinkSeen>().size(), 2);
    QVERIFY(node.all<VipSeen>().last().held);
    QVERIFY(node.all<MilvusSeen>().last().refused);
    QVERIFY(node.all<StorageSeen>().last().mounted);
    const ClockSeen clock = node.all<ClockSeen>().last();
    QVERIFY(std::chrono::abs(clock.offset - 1h) <= clock.error + 1ms);
    // keepalived's time is the node's, an hour ahead.
    const Duration shifted = fromEpochSeconds(1795431387.5) - 1h - *node.all<VrrpSeen>().last().since;
    QVERIFY2(std::chrono::abs(shifted) < 1s, qPrintable(toText(shifted)));
}

void NodeSensorTest::asksTheResidentClock() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_COMPARE(node.link->heard("EPOCHREALTIME"), "\n");
    const qsizetype known = node.all<ClockSeen>().size();
    const auto dates = std::ranges::count_if(node.link->commands, isDate);
    const QByteArray time = hisTime();
    QVERIFY(node.link->speak("EPOCHREALTIME", time.first(4)));
    QCOMPARE(node.all<ClockSeen>().size(), known);
    QVERIFY(node.link->speak("EPOCHREALTIME", time.sliced(4) + '\n'));
    QCOMPARE(node.all<ClockSeen>().size(), known + 1);
    const ClockSeen clock = node.all<ClockSeen>().last();
    QVERIFY(std::chrono::abs(clock.offset - 1h) <= clock.error + 1ms);
    QTRY_COMPARE(node.link->heard("EPOCHREALTIME"), "\n\n");
    QCOMPARE(std::ranges::count_if(node.link->commands, isDate), dates);
}

void NodeSensorTest::asksByDateWhereTheResidentClockIsSilent() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_COMPARE(node.link->heard("EPOCHREALTIME"), "\n");
    const auto dates = std::ranges::count_if(node.link->commands, isDate);
    const qsizetype known = node.all<ClockSeen>().size();
    QTRY_COMPARE(std::ranges::count_if(node.link->commands, isDate), dates + 1);
    QTRY_COMPARE(node.all<ClockSeen>().size(), known + 1);
}

void NodeSensorTest::asksTheStorageOnceItHasAnswered() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    QVERIFY(node.link->speak("findmnt", kStorage));
    QTRY_COMPARE(node.link->heard("findmnt"), "\n");
    // Its beat goes on, but a look that hangs is not asked for again.
    const auto refused = [&node] { return node.all<MilvusSeen>().size(); };
    const qsizetype before = refused();
    QTRY_VERIFY_WITH_TIMEOUT(refused() > before, 10'000);
    QCOMPARE(node.link->heard("findmnt"), "\n");
    QVERIFY(node.link->speak("findmnt", "same\n"));
    QTRY_COMPARE(node.link->heard("findmnt"), "\n\n");
}

void NodeSensorTest::looksOnceWithoutStreams() {
    Watcher node(false);
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked() && !node.all<StorageSeen>().isEmpty());
    for (const auto* const channel : std::as_const(node.link->channels))
        QVERIFY2(channel->command.argv.isEmpty(), "no stream is opened");
    QCOMPARE(node.all<VrrpSeen>().size(), 1);
    QCOMPARE(node.all<StorageSeen>().size(), 1);
}

void NodeSensorTest::doesNotWatchAStorageThatIsNotNamed() {
    Pair pair = thePair();
    pair.storagePath.clear();
    Watcher node(true, pair);
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    QVERIFY(!node.link->speak("findmnt", kStorage));
    QVERIFY(!node.unseen(Subject::Storage));
}

void NodeSensorTest::asksAgainForAddressesCutShort() {
    Watcher node(false);
    int asked = 0;
    node.link->answer = [&asked](const Command& command) -> Result<ExecResult> {
        if (command.argv.join(u' ') == QLatin1String("ip -j addr") && asked++ == 0)
            return ExecResult{0, kAddresses.first(60), {}};
        return answerAll(command);
    };
    node.link->tell(LinkState::Up);
    QTRY_COMPARE(node.all<VipSeen>().size(), 1);
    QCOMPARE(asked, 2);
    QVERIFY(!node.unseen(Subject::Vip));
}

void NodeSensorTest::hearsTheAddressStream() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked() && node.link->commands.size() > 6);
    QTRY_VERIFY(node.all<VipSeen>().size() >= 2); // the look when the stream was opened
    const int before = node.happened;
    node.link->commands.clear();
    QVERIFY(node.link->speak("monitor", "Deleted 3: enp7s0    inet 192.168.1.104/24 scope global secondary enp7s0\n"));
    QVERIFY2(!node.all<VipSeen>().last().held, "told at once, without a look");
    QCOMPARE(node.happened, before + 1);
    QVERIFY2(node.link->commands.last().argv.join(u' ').contains(QLatin1String("@@mha running")),
             "keepalived is asked");
    QVERIFY(node.link->speak("monitor", "3: enp7s0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500\n"));
    QVERIFY(!node.all<VipSeen>().last().linkUp);
    QVERIFY(node.link->speak("monitor", "2: other: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500\n"));
    QCOMPARE(node.happened, before + 2);
}

void NodeSensorTest::hearsKeepalivedsJournal() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    QVERIFY(node.link->speak("-f _SYSTEMD_UNIT=keepalived.service",
                             "1795431400.25 m Keepalived_vrrp[225]: (VI_SERVER) Entering BACKUP STATE\n"));
    QCOMPARE(node.all<VrrpSeen>().last().state, VrrpState::Backup);
    QVERIFY(node.link->speak("-f _SYSTEMD_UNIT=keepalived.service",
                             "1795431401.25 m Keepalived_vrrp[225]: (OTHER) Entering FAULT STATE\n"));
    QVERIFY(node.all<VrrpSeen>().last().state != VrrpState::Fault);
    QTRY_COMPARE(node.all<VrrpSeen>().last().state, VrrpState::Master); // what the look that follows finds
}

void NodeSensorTest::hearsAnotherProgramsSwitchover() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    const OperationSeen operation{true,
                                  QStringLiteral("switchover"),
                                  QStringLiteral("master"),
                                  QStringLiteral("backup"),
                                  QStringLiteral("update"),
                                  QStringLiteral("ann@desk")};
    QVERIFY(node.link->speak("SYSLOG_IDENTIFIER=milvus-ha",
                             "1795431400.25 m milvus-ha[7]: " + toNote(operation).toUtf8() + '\n'));
    QCOMPARE(node.all<OperationSeen>().size(), 1);
    QVERIFY(node.all<OperationSeen>().last() == operation);
}

void NodeSensorTest::doesNotBlameASilentNodesServices() {
    Watcher node;
    node.link->mute = true;
    node.link->tell(LinkState::Up);
    node.link->tell(LinkState::Silent, kLost);
    for (const auto& done : std::exchange(node.link->hanging, {}))
        done(std::unexpected(kLost));
    node.link->speak("findmnt", "hung\nend\n");
    bool later = false;
    QTimer::singleShot(0, this, [&] { QTimer::singleShot(0, this, [&] { later = true; }); });
    QTRY_VERIFY(later);
    QVERIFY(node.all<Unseen>().isEmpty());
}

void NodeSensorTest::keepsTheFactsOfALostNode() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    const auto unseenBefore = node.all<Unseen>().size();
    node.link->lose(kLost);
    bool later = false;
    QTimer::singleShot(0, this, [&] { QTimer::singleShot(0, this, [&] { later = true; }); });
    QTRY_VERIFY(later);
    QCOMPARE(node.all<LinkSeen>().last(), (LinkSeen{LinkState::Down, kLost}));
    QCOMPARE(node.all<Unseen>().size(), unseenBefore);
    QVERIFY2(node.link->channels.isEmpty(), "nothing is left open");
}

void NodeSensorTest::runsAsTheUserWhereSudoRefuses() {
    Watcher node;
    node.link->root = false;
    node.link->answer = [](const Command& command) -> Result<ExecResult> {
        if (command.asRoot)
            return ExecResult{1, {}, "sudo: a password is required\n"};
        return answerAll(command);
    };
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(!node.all<VrrpSeen>().isEmpty());
    qsizetype asRoot = 0;
    for (const Command& command : std::as_const(node.link->commands))
        asRoot += command.asRoot ? 1 : 0;
    QCOMPARE(asRoot, 1);
}

void NodeSensorTest::startsAnewAfterAReconnect() {
    Watcher node;
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
    node.link->lose(kLost);
    node.link->commands.clear();
    node.seen.clear();
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.looked());
}

void NodeSensorTest::asksMilvusHaNodeBeforeKeepalived() {
    Watcher node;
    node.link->listening = {kNodeProgramSocket};
    node.link->answer = [](const Command& command) -> Result<ExecResult> {
        return command.argv.join(u' ').contains(u"@@mha running") ? ExecResult{0, kProgram, {}} : answerAll(command);
    };
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.link->isOpen(kNodeProgramSocket));
    QVERIFY(node.link->speakOn(kNodeProgramSocket, kStatus.first(20)));
    QVERIFY(node.link->speakOn(kNodeProgramSocket, kStatus.sliced(20)));
    QTRY_VERIFY(!node.all<VrrpSeen>().isEmpty());
    QCOMPARE(node.all<VrrpSeen>().last().engine, "native");
    QCOMPARE(node.all<VrrpSeen>().last().state, VrrpState::Master);
    QVERIFY(node.all<NodeProgramSeen>().last().running);
    QVERIFY2(!node.unseen(Subject::Vrrp), "that keepalived is not there is nothing to tell");

    // It ends: nobody holds VRRP there now.
    node.link->listening.clear();
    QVERIFY(node.link->hangUp(kNodeProgramSocket, kLost));
    QTRY_VERIFY(!node.all<NodeProgramSeen>().last().running);
    QVERIFY(!node.all<VrrpSeen>().last().running);
    QCOMPARE(node.all<VrrpSeen>().last().engine, "native");
}

void NodeSensorTest::keepalivedIsToldWhereMilvusHaNodeSteersIt() {
    Watcher node;
    node.link->listening = {kNodeProgramSocket};
    node.link->answer = [](const Command& command) -> Result<ExecResult> {
        return command.argv.join(u' ').contains(u"@@mha running") ? ExecResult{0, "@@mha program\n" + kKeepalived, {}}
                                                                  : answerAll(command);
    };
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(node.link->isOpen(kNodeProgramSocket));
    QVERIFY2(node.all<VrrpSeen>().isEmpty(), "not before the program has said whose VRRP it is");
    node.link->speakOn(kNodeProgramSocket, QByteArray(kStatus).replace("native", "keepalived"));
    QTRY_VERIFY(!node.all<VrrpSeen>().isEmpty());
    QCOMPARE(node.all<VrrpSeen>().last().engine, "keepalived");
    QCOMPARE(node.all<NodeProgramSeen>().last().engine, "keepalived");
}

/// Of a program that was killed: keepalived counts.
void NodeSensorTest::aSocketThatWasLeft() {
    Watcher node;
    node.link->answer = [](const Command& command) -> Result<ExecResult> {
        return command.argv.join(u' ').contains(u"@@mha running") ? ExecResult{0, "@@mha program\n" + kKeepalived, {}}
                                                                  : answerAll(command);
    };
    node.link->tell(LinkState::Up);
    QTRY_VERIFY(!node.all<VrrpSeen>().isEmpty());
    QCOMPARE(node.all<VrrpSeen>().last().engine, "keepalived");
    QVERIFY(!node.all<NodeProgramSeen>().last().running);
}

QTEST_GUILESS_MAIN(NodeSensorTest)
#include "node_sensor_test.moc"
