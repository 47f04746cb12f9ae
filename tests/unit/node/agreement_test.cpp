// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/agreement.h"
#include "two_nodes.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

/// Rides one agreement; what it does comes back as words.
class Rider {
public:
    explicit Rider(AgreementSettings settings = {}) : agreement(settings, 1, MonotonicTime{}) {}

    QString told() {
        QStringList words;
        for (const NodeEffect& effect : agreement.take()) {
            switch (effect.kind) {
            case NodeEffect::Kind::StartMilvus:
                words += QStringLiteral("start");
                break;
            case NodeEffect::Kind::StopMilvus:
                words += QStringLiteral("stop");
                break;
            case NodeEffect::Kind::KillMilvus:
                words += QStringLiteral("kill");
                break;
            case NodeEffect::Kind::Track:
                words += effect.on ? QStringLiteral("fault") : QStringLiteral("no fault");
                break;
            case NodeEffect::Kind::SendHello:
                sent = agreement.nextHello(time);
                break;
            case NodeEffect::Kind::Finished:
                words += QStringLiteral("finished");
                break;
            case NodeEffect::Kind::ProbeWitness:
                asked = time;
                break;
            case NodeEffect::Kind::Note:
                break;
            }
        }
        return words.join(QStringLiteral(", "));
    }

    /// The peer says this; by default it has heard all that we said.
    QString peer(MilvusSaid milvus, VrrpState vrrp = VrrpState::Backup, std::optional<quint64> echo = {}) {
        agreement.heard(said(milvus, vrrp, echo), time);
        return told();
    }

    Hello said(MilvusSaid milvus, VrrpState vrrp = VrrpState::Backup, std::optional<quint64> echo = {}) {
        Hello hello;
        hello.vrrp = vrrp;
        hello.milvus = milvus;
        hello.priority = 91;
        hello.session = 2;
        hello.stamp = ++stamp;
        hello.echoSession = 1;
        hello.echoStamp = echo.value_or(sent.stamp);
        hello.stopDeadline = 300ms;
        return hello;
    }

    /// With a tick as often as it asks for one, or nearly.
    QString after(Duration duration) {
        QStringList all;
        for (const MonotonicTime end = time + duration; time < end;) {
            time = std::min(time + 50ms, end);
            agreement.tick(time);
            all += told();
        }
        all.removeAll(QString());
        return all.join(QStringLiteral(", "));
    }

    QString milvus(MilvusState state) {
        agreement.milvusIs(state, QStringLiteral("exit code 137"), time);
        return told();
    }

    QString vrrp(VrrpState state) {
        agreement.vrrpIs(state, time);
        return told();
    }

    /// The witness answers what it was asked, if it was.
    QString witness() {
        if (asked)
            agreement.witnessAnswered(*std::exchange(asked, {}), time);
        return told();
    }

    /// Time goes by, the peer there and quiet.
    QString together(Duration duration, MilvusSaid milvus = MilvusSaid::Stopped) {
        QStringList all;
        for (const MonotonicTime end = time + duration; time < end;) {
            all += after(20ms);
            all += peer(milvus);
        }
        all.removeAll(QString());
        return all.join(QStringLiteral(", "));
    }

    Agreement agreement;
    MonotonicTime time{};
    Hello sent;
    std::optional<MonotonicTime> asked; ///< the witness
    quint64 stamp = 0;
};

AgreementSettings settings() {
    AgreementSettings settings;
    settings.priority = 110;
    return settings;
}

/// MASTER with Milvus, the peer a standby.
Rider serving(const AgreementSettings& with = settings()) {
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.peer(MilvusSaid::Stopped);
    rider.vrrp(VrrpState::Master);
    rider.peer(MilvusSaid::Stopped);
    rider.milvus(MilvusState::Running);
    return rider;
}

} // namespace

class AgreementTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsWhenThePeerGrantsIt();
    void waitsWhileThePeerRuns();
    void theLowerWithdraws();
    void startsAfterSilence();
    void aloneAtTheStart();
    void stopsWhenItIsNotMaster();
    void gavesUpADeadMilvus();
    void restartsInPlaceOnce();
    void switchesOver();
    void takesASwitchoverBack();
    void refusesASwitchover();
    void operatorsFault();
    void killsWhenTheCableIsOut();
    void killsWhenItIsNotHeard();
    void goesOnWithoutTheStandby();
    void killsWithoutAWitness();
    void foreignPeer();
    void anOperatorsWordOnAForeignPeer();
    void aForeignPeerFallsSilent();
    void switchesOverToAForeignPeer();
    void takesPartAgainWhenThePeerIsGone();
    void restsInMaintenance();
    void shutsDown();
    void aMuteDocker();
    void neverTwo_data();
    void neverTwo();
    void onceTwo_data();
    void onceTwo();
    void anOldEchoOfAClaim();
    void aNewcomerThatWaitsAlready();
    void aProgramThatStoodStill();
    void itsOwnSilenceIsNotThePeers();
};

void AgreementTest::startsWhenThePeerGrantsIt() {
    Rider rider(settings());
    QCOMPARE(rider.milvus(MilvusState::Stopped), "");
    QCOMPARE(rider.peer(MilvusSaid::Stopped), "");
    const quint64 before = rider.sent.stamp;
    QCOMPARE(rider.vrrp(VrrpState::Master), "");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Claiming);
    QCOMPARE(rider.peer(MilvusSaid::Stopped, VrrpState::Backup, before), ""); // has not heard the claim
    QCOMPARE(rider.peer(MilvusSaid::Stopped), "start");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Running);
}

void AgreementTest::waitsWhileThePeerRuns() {
    Rider rider(settings());
    rider.milvus(MilvusState::Stopped);
    rider.peer(MilvusSaid::Running, VrrpState::Master);
    QCOMPARE(rider.vrrp(VrrpState::Master), "");
    QCOMPARE(rider.together(10s, MilvusSaid::Running), "");
    rider.peer(MilvusSaid::Stopped);
    QCOMPARE(rider.peer(MilvusSaid::Stopped), "start");
}

void AgreementTest::theLowerWithdraws() {
    Rider high(settings());
    AgreementSettings below = settings();
    below.priority = 50;
    Rider low(below);
    for (Rider* const rider : {&high, &low}) {
        rider->milvus(MilvusState::Stopped);
        rider->peer(MilvusSaid::Stopped);
        rider->vrrp(VrrpState::Master);
        QCOMPARE(rider->sent.milvus, MilvusSaid::Claiming);
        QCOMPARE(rider->peer(MilvusSaid::Claiming, VrrpState::Master), "");
    }
    QCOMPARE(high.sent.milvus, MilvusSaid::Claiming);
    QCOMPARE(low.sent.milvus, MilvusSaid::Stopped);
    QCOMPARE(high.peer(MilvusSaid::Stopped), "start");
    QCOMPARE(low.peer(MilvusSaid::Running, VrrpState::Master), "");
}

void AgreementTest::startsAfterSilence() {
    Rider rider(settings());
    rider.milvus(MilvusState::Stopped);
    QCOMPARE(rider.together(1s, MilvusSaid::Running), "");
    rider.agreement.advertHeard(false, rider.time);
    rider.vrrp(VrrpState::Master);
    QCOMPARE(rider.after(299ms), "");
    QCOMPARE(rider.after(1ms), "start");
}

void AgreementTest::aloneAtTheStart() {
    Rider rider(settings());
    rider.milvus(MilvusState::Stopped);
    QCOMPARE(rider.vrrp(VrrpState::Master), "");
    QCOMPARE(rider.after(299ms), "");
    QCOMPARE(rider.after(1ms), "start");
}

void AgreementTest::stopsWhenItIsNotMaster() {
    Rider rider = serving();
    QCOMPARE(rider.vrrp(VrrpState::Backup), "stop");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Running);
    QCOMPARE(rider.milvus(MilvusState::Stopped), "");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Stopped);

    Rider found(settings()); // it ran when the program began
    QCOMPARE(found.milvus(MilvusState::Running), "stop");
}

void AgreementTest::gavesUpADeadMilvus() {
    Rider rider = serving();
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Stopped);
    rider.vrrp(VrrpState::Fault);
    QCOMPARE(rider.peer(MilvusSaid::Running, VrrpState::Master), "no fault");

    Rider nobody = serving();
    nobody.milvus(MilvusState::Stopped);
    nobody.vrrp(VrrpState::Fault);
    QCOMPARE(nobody.together(5100ms), "no fault"); // the other does not serve either: another try
}

void AgreementTest::restartsInPlaceOnce() {
    AgreementSettings with = settings();
    with.restartInPlace = true;
    Rider rider = serving(with);
    QCOMPARE(rider.milvus(MilvusState::Stopped), "start");
    QCOMPARE(rider.sent.milvus, MilvusSaid::Running);
    rider.milvus(MilvusState::Running);
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
}

void AgreementTest::switchesOver() {
    Rider rider = serving();
    QCOMPARE(rider.agreement.switchover(QStringLiteral("kernel"), rider.time), "");
    QCOMPARE(rider.told(), "stop");
    QCOMPARE(rider.together(1s), "");
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
    rider.vrrp(VrrpState::Fault);
    QVERIFY(!rider.agreement.switchoverDone());
    QCOMPARE(rider.peer(MilvusSaid::Running, VrrpState::Master), "no fault");
    QCOMPARE(rider.agreement.switchoverDone(), true);

    AgreementSettings with = settings();
    with.preempt = true;
    Rider eager = serving(with);
    eager.agreement.switchover(QStringLiteral("kernel"), eager.time);
    eager.milvus(MilvusState::Stopped);
    eager.vrrp(VrrpState::Fault);
    QCOMPARE(eager.peer(MilvusSaid::Running, VrrpState::Master), ""); // it would come back at once
    QCOMPARE(eager.agreement.switchoverDone(), true);
    QCOMPARE(eager.agreement.clear(eager.time), "");
    QCOMPARE(eager.told(), "no fault");
}

void AgreementTest::takesASwitchoverBack() {
    Rider rider = serving();
    rider.agreement.switchover(QStringLiteral("kernel"), rider.time);
    rider.milvus(MilvusState::Stopped);
    rider.vrrp(VrrpState::Fault);
    QCOMPARE(rider.together(30100ms), "no fault");
    QCOMPARE(rider.agreement.switchoverDone(), false);
}

void AgreementTest::refusesASwitchover() {
    Rider rider = serving();
    rider.peer(MilvusSaid::Running);
    QVERIFY(!rider.agreement.switchover({}, rider.time).isEmpty());
    rider.peer(MilvusSaid::Stopped, VrrpState::Fault);
    QVERIFY(!rider.agreement.switchover({}, rider.time).isEmpty());
    rider.peer(MilvusSaid::Stopped);
    rider.after(400ms);
    QVERIFY(!rider.agreement.switchover({}, rider.time).isEmpty());
    rider.peer(MilvusSaid::Stopped);
    rider.vrrp(VrrpState::Backup);
    QVERIFY(!rider.agreement.switchover({}, rider.time).isEmpty());
}

void AgreementTest::operatorsFault() {
    Rider rider = serving();
    QCOMPARE(rider.agreement.fault(QStringLiteral("disk"), rider.time), "");
    QCOMPARE(rider.told(), "stop");
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
    rider.vrrp(VrrpState::Fault);
    rider.peer(MilvusSaid::Running, VrrpState::Master);
    QCOMPARE(rider.together(60s, MilvusSaid::Running), "");
    QCOMPARE(rider.agreement.clear(rider.time), "");
    QCOMPARE(rider.told(), "no fault");
}

void AgreementTest::killsWhenTheCableIsOut() {
    Rider rider = serving();
    rider.agreement.cableCarries(false, rider.time);
    QCOMPARE(rider.told(), "kill, fault");
    rider.vrrp(VrrpState::Fault);
    rider.milvus(MilvusState::Stopped);
    rider.agreement.cableCarries(true, rider.time);
    QCOMPARE(rider.told(), "no fault");

    Rider leaving = serving(); // a stop with its grace is not enough any more
    QCOMPARE(leaving.vrrp(VrrpState::Backup), "stop");
    leaving.agreement.cableCarries(false, leaving.time);
    QCOMPARE(leaving.told(), "kill, fault");
}

void AgreementTest::killsWhenItIsNotHeard() {
    Rider rider = serving();
    rider.together(1s);
    const quint64 last = rider.sent.stamp;
    QString all;
    const MonotonicTime begin(Duration(static_cast<qint64>(last)));
    while (all.isEmpty() && rider.time - begin < 1s) {
        all += rider.after(10ms);
        all += rider.peer(MilvusSaid::Stopped, VrrpState::Backup, last);
    }
    QCOMPARE(all, "kill, fault");
    QVERIFY(rider.time - begin <= 260ms);
}

void AgreementTest::goesOnWithoutTheStandby() {
    Rider rider = serving();
    rider.together(1s);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(rider.after(10ms), "");

    AgreementSettings with = settings();
    with.hasWitness = true;
    Rider watched = serving(with);
    watched.together(1s);
    for (int i = 0; i < 1000; ++i) {
        QCOMPARE(watched.after(10ms), "");
        QCOMPARE(watched.witness(), "");
    }
    // And is not killed by the standby's return.
    watched.sent.stamp = 0;
    Hello back;
    back.session = 3;
    back.milvus = MilvusSaid::Stopped;
    back.stamp = 1;
    watched.agreement.heard(back, watched.time);
    QCOMPARE(watched.told(), "");
    QCOMPARE(watched.after(100ms), "");
}

void AgreementTest::killsWithoutAWitness() {
    AgreementSettings with = settings();
    with.hasWitness = true;
    Rider rider = serving(with);
    rider.together(1s);
    const MonotonicTime begin = rider.time;
    QString all;
    while (all.isEmpty() && rider.time - begin < 1s)
        all += rider.after(10ms);
    QCOMPARE(all, "kill, fault");
    QVERIFY(rider.time - begin <= 260ms);
    rider.milvus(MilvusState::Stopped);
    rider.vrrp(VrrpState::Fault);
    // One answer is luck; half an interval of them is a network.
    rider.asked.reset();
    all.clear();
    for (const MonotonicTime back = rider.time; all.isEmpty() && rider.time - back < 1s;) {
        rider.after(10ms);
        QVERIFY(rider.asked || rider.time - back < 100ms);
        all += rider.witness();
    }
    QCOMPARE(all, "no fault");
}

void AgreementTest::foreignPeer() {
    AgreementSettings with = settings();
    with.peerSpeaks = false;
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.agreement.advertHeard(false, rider.time);
    rider.vrrp(VrrpState::Master);
    for (int i = 0; i < 149; ++i)
        QCOMPARE(rider.after(100ms), "");
    QCOMPARE(rider.after(100ms), "start");
    rider.milvus(MilvusState::Running);
    QCOMPARE(rider.after(60s), "");
}

void AgreementTest::anOperatorsWordOnAForeignPeer() {
    QVERIFY2(!Rider(settings()).agreement.peerStopped({}).isEmpty(), "a peer that speaks says so itself");
    AgreementSettings with = settings();
    with.peerSpeaks = false;
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.agreement.advertHeard(false, rider.time);
    QCOMPARE(rider.agreement.peerStopped(rider.time), "");
    QCOMPARE(rider.told(), ""); // the VIP is not here yet
    rider.after(100ms);
    rider.agreement.advertHeard(true, rider.time);
    QCOMPARE(rider.vrrp(VrrpState::Master), "start");

    Rider late(with);
    late.milvus(MilvusState::Stopped);
    late.agreement.advertHeard(false, late.time);
    late.agreement.peerStopped(late.time);
    late.after(9s);
    late.agreement.advertHeard(false, late.time);
    late.after(1s);
    QCOMPARE(late.vrrp(VrrpState::Master), ""); // ten seconds are over

    Rider beside(with);
    beside.milvus(MilvusState::Stopped);
    beside.agreement.advertHeard(false, beside.time);
    beside.vrrp(VrrpState::Master);
    QCOMPARE(beside.told(), "");
    beside.agreement.peerStopped(beside.time);
    QCOMPARE(beside.told(), "start");
    beside.milvus(MilvusState::Running);
    beside.vrrp(VrrpState::Backup);
    beside.milvus(MilvusState::Stopped);
    beside.agreement.peerStopped(beside.time);
    beside.agreement.vrrpIs(VrrpState::Init, beside.time);
    beside.agreement.advertHeard(false, beside.time);
    beside.told();
    QCOMPARE(beside.vrrp(VrrpState::Master), "start");
    beside.milvus(MilvusState::Stopped); // dies: the word is used up
    QVERIFY(!beside.told().contains("start"));
}

/// Between the last advert of a foreign peer and the witness's first answer.
void AgreementTest::aForeignPeerFallsSilent() {
    AgreementSettings with = settings();
    with.peerSpeaks = false;
    with.hasWitness = true;
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.time += 60s;
    rider.agreement.advertHeard(false, rider.time);
    rider.agreement.peerStopped(rider.time);
    rider.agreement.advertHeard(true, rider.time);
    QCOMPARE(rider.vrrp(VrrpState::Master), "start");
    rider.milvus(MilvusState::Running);
    for (int i = 0; i < 30; ++i) {
        QCOMPARE(rider.after(10ms), "");
        QCOMPARE(rider.witness(), "");
    }
    QCOMPARE(rider.after(150ms), "");
    QCOMPARE(rider.after(100ms), "kill, fault"); // and then nobody answers
}

void AgreementTest::switchesOverToAForeignPeer() {
    AgreementSettings with = settings();
    with.peerSpeaks = false;
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.vrrp(VrrpState::Master);
    QCOMPARE(rider.after(15s), "start");
    rider.milvus(MilvusState::Running);
    QCOMPARE(rider.agreement.switchover(QStringLiteral("kernel"), rider.time), "");
    QCOMPARE(rider.told(), "stop");
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
    rider.vrrp(VrrpState::Fault);
    QVERIFY(!rider.agreement.switchoverDone());
    rider.after(80ms);
    rider.agreement.advertHeard(false, rider.time);
    QCOMPARE(rider.agreement.switchoverDone(), true);

    Rider nobody(with);
    nobody.milvus(MilvusState::Stopped);
    nobody.vrrp(VrrpState::Master);
    nobody.after(15s);
    nobody.milvus(MilvusState::Running);
    nobody.agreement.switchover(QStringLiteral("kernel"), nobody.time);
    nobody.milvus(MilvusState::Stopped);
    nobody.vrrp(VrrpState::Fault);
    nobody.told();
    QCOMPARE(nobody.after(31s), "no fault"); // no advert of it: taken back
    QCOMPARE(nobody.agreement.switchoverDone(), false);
}

/// A node that would take service back is held after a switchover, and yet must help when the other one dies.
void AgreementTest::takesPartAgainWhenThePeerIsGone() {
    AgreementSettings with = settings();
    with.preempt = true;
    const auto switched = [&with] {
        Rider rider = serving(with);
        rider.agreement.switchover(QStringLiteral("kernel"), rider.time);
        rider.milvus(MilvusState::Stopped);
        rider.vrrp(VrrpState::Fault);
        rider.peer(MilvusSaid::Running, VrrpState::Master);
        return rider;
    };
    Rider silent = switched();
    QCOMPARE(silent.agreement.hold(), HoldKind::Switchover);
    QCOMPARE(silent.after(310ms), "no fault");

    Rider gaveUp = switched();
    QCOMPARE(gaveUp.peer(MilvusSaid::Stopped, VrrpState::Fault), "no fault");
}

void AgreementTest::restsInMaintenance() {
    Rider rider = serving();
    rider.agreement.maintenanceIs(true, QStringLiteral("new disk"), rider.time);
    QCOMPARE(rider.told(), ""); // it serves
    QCOMPARE(rider.vrrp(VrrpState::Backup), "stop");
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault");
    QCOMPARE(rider.agreement.hold(), HoldKind::Maintenance);
    QVERIFY(!rider.agreement.clear(rider.time).isEmpty());
    rider.vrrp(VrrpState::Fault);
    QCOMPARE(rider.together(60s), "");
    rider.agreement.maintenanceIs(false, {}, rider.time);
    QCOMPARE(rider.told(), "no fault");
    QCOMPARE(rider.agreement.hold(), HoldKind::None);
}

void AgreementTest::shutsDown() {
    Rider rider = serving();
    rider.agreement.shutdown(rider.time);
    QCOMPARE(rider.told(), "stop");
    QCOMPARE(rider.milvus(MilvusState::Stopped), "fault, finished");
}

void AgreementTest::aMuteDocker() {
    Rider rider = serving();
    QCOMPARE(rider.milvus(MilvusState::Unknown), ""); // MASTER: it may serve all the same
    QCOMPARE(rider.together(5s), "");
    QCOMPARE(rider.vrrp(VrrpState::Backup), "kill");
}

void AgreementTest::neverTwo_data() {
    QTest::addColumn<TwoNodes::Trouble>("trouble");
    QTest::newRow("nothing") << TwoNodes::Trouble{};
    QTest::newRow("lost and late packets") << TwoNodes::Trouble{.loss = 0.15, .latest = 15ms};
    QTest::newRow("dead containers and operators")
        << TwoNodes::Trouble{.loss = 0.05, .deaths = true, .operators = true};
    QTest::newRow("cut cables") << TwoNodes::Trouble{.loss = 0.05, .cuts = true, .deaths = true};
    QTest::newRow("cuts that the cable does not show") << TwoNodes::Trouble{.loss = 0.05, .hiddenCuts = true};
    QTest::newRow("one way only") << TwoNodes::Trouble{.loss = 0.05, .oneWay = true};
    QTest::newRow("power cuts") << TwoNodes::Trouble{.loss = 0.05, .powerCuts = true};
    QTest::newRow("programs that stand still") << TwoNodes::Trouble{.loss = 0.01, .freezes = true};
    QTest::newRow("everything") << TwoNodes::Trouble{0.05, 10ms, true, true, true, true, true, true, true};
}

/// Two whole nodes, VRRP and all, in a simulated network: never both Milvus, and one again when all is well.
void AgreementTest::neverTwo() {
    QFETCH(TwoNodes::Trouble, trouble);
    const int schedules = qEnvironmentVariableIntValue("AGREEMENT_SCHEDULES") > 0
                              ? qEnvironmentVariableIntValue("AGREEMENT_SCHEDULES")
                              : 500;
    const int first = qEnvironmentVariableIntValue("AGREEMENT_SEED");
    for (int seed = first; seed < first + schedules; ++seed) {
        TwoNodes nodes(static_cast<quint32>(seed), trouble);
        const QString wrong = nodes.run();
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(wrong)));
    }
}

/// Schedules in which there once were two.
void AgreementTest::onceTwo_data() {
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<TwoNodes::Trouble>("trouble");
    const TwoNodes::Trouble everything{0.05, 10ms, true, true, true, true, true, true};
    QTest::newRow("a peer back that had heard us") << 108629U << TwoNodes::Trouble{.loss = 0.05, .oneWay = true};
    QTest::newRow("a newcomer that waits already") << 1899U << everything;
    QTest::newRow("the witness answers, the hellos are lost") << 5650U << everything;
    QTest::newRow("starts with an old answer of the witness") << 20008U << everything;
    QTest::newRow("a short cut of the peer before ours")
        << 508981U << TwoNodes::Trouble{0, 10ms, true, true, true, true, true, true};
    QTest::newRow("a short cut of ours before a long one") << 500379U << TwoNodes::Trouble{0.1, 10ms, false, true};
}

void AgreementTest::onceTwo() {
    QFETCH(quint32, seed);
    QFETCH(TwoNodes::Trouble, trouble);
    TwoNodes nodes(seed, trouble);
    const QString wrong = nodes.run();
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
}

/// It stood still, and the peer has long had its own started.
void AgreementTest::anOldEchoOfAClaim() {
    Rider rider(settings());
    rider.milvus(MilvusState::Stopped);
    rider.peer(MilvusSaid::Stopped);
    QCOMPARE(rider.vrrp(VrrpState::Master), "");
    QCOMPARE(rider.agreement.nextHello(rider.time).milvus, MilvusSaid::Claiming);
    rider.time += 1s;
    QCOMPARE(rider.peer(MilvusSaid::Stopped), "");
    // Its word is not refused for good.
    rider.after(10ms);
    rider.sent = rider.agreement.nextHello(rider.time);
    QCOMPARE(rider.peer(MilvusSaid::Stopped), "start");
}

/// Its D began before we heard of it: so long may ours run, and no longer.
void AgreementTest::aNewcomerThatWaitsAlready() {
    AgreementSettings with = settings();
    with.hasWitness = true;
    Rider rider = serving(with);
    rider.together(1s);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(rider.after(10ms), "");
        QCOMPARE(rider.witness(), "");
    }
    Hello hello = rider.said(MilvusSaid::Stopped);
    hello.session = 3;
    hello.echoSession = hello.echoStamp = 0;
    hello.silent = 150ms;
    rider.agreement.heard(hello, rider.time);
    QCOMPARE(rider.told(), "");
    QCOMPARE(rider.agreement.licensedUntil(), rider.time + 100ms);
    QCOMPARE(rider.after(110ms), "kill, fault");
}

/// What lay unread is as old as it is; and the container that died meanwhile is not started beside the peer's.
void AgreementTest::aProgramThatStoodStill() {
    AgreementSettings with = settings();
    with.restartInPlace = true;
    Rider rider = serving(with);
    rider.together(1s);
    rider.time += 1s;
    Hello hello = rider.said(MilvusSaid::Stopped);
    hello.session = 3;
    hello.echoSession = hello.echoStamp = 0;
    hello.silent = 100ms;
    rider.agreement.heard(hello, rider.time, 900ms);
    QCOMPARE(rider.told(), "kill, fault");

    Rider died = serving(with);
    died.together(1s);
    died.peer(MilvusSaid::Running);
    QVERIFY(!died.milvus(MilvusState::Stopped).contains("start"));

    // Silence that it slept through is none.
    Rider standby(with);
    standby.milvus(MilvusState::Stopped);
    standby.vrrp(VrrpState::Backup);
    standby.together(1s, MilvusSaid::Running);
    standby.time += 1s;
    QCOMPARE(standby.vrrp(VrrpState::Master), "");
    QCOMPARE(standby.after(150ms), "");
    QCOMPARE(standby.after(150ms), "start");
}

/// D counts from when this node could hear, and how long it has not is what it says.
void AgreementTest::itsOwnSilenceIsNotThePeers() {
    AgreementSettings with = settings();
    with.hasWitness = true;
    Rider rider(with);
    rider.milvus(MilvusState::Stopped);
    rider.vrrp(VrrpState::Backup);
    rider.together(1s, MilvusSaid::Running);
    // The peer is silent and the witness is not, for all of D but its middle.
    const MonotonicTime silentFrom = rider.time;
    while (rider.time < silentFrom + 400ms) {
        rider.after(10ms);
        const Duration silent = rider.time - silentFrom;
        if (silent < 100ms || silent > 200ms)
            rider.witness();
        rider.asked.reset();
    }
    QCOMPARE(rider.vrrp(VrrpState::Master), "");
    const Duration silent = rider.agreement.nextHello(rider.time).silent;
    QVERIFY(silent > 150ms && silent < 200ms);
    QString all;
    while (all.isEmpty() && rider.time < silentFrom + 1s)
        all = rider.after(10ms) + rider.witness();
    QCOMPARE(all, "start");
    QVERIFY(rider.time - silentFrom >= 500ms);

    // Nor is it enough that the witness answered a while ago.
    Rider lately(with);
    lately.milvus(MilvusState::Stopped);
    lately.vrrp(VrrpState::Backup);
    lately.together(1s, MilvusSaid::Running);
    for (int i = 0; i < 31; ++i) {
        lately.after(10ms);
        if (i < 20)
            lately.witness();
        lately.asked.reset();
    }
    QCOMPARE(lately.vrrp(VrrpState::Master), "");
    lately.after(30ms);
    QVERIFY(lately.asked);
}

QTEST_GUILESS_MAIN(AgreementTest)
#include "agreement_test.moc"
