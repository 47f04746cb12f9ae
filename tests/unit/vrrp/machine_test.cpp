// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample.h"
#include "vrrp/machine.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

/// One router, told what happens and when; what it does comes back as a line, "MASTER advert 110, add, announce 5".
class Router {
public:
    explicit Router(VrrpInstance instance) : instance_(std::move(instance)), machine_(vrrpMachine(instance_)) {}

    QString at(Duration time, const VrrpInput& input) {
        VrrpStep done = step(instance_, machine_, input, MonotonicTime(time));
        machine_ = done.machine;
        QStringList told;
        if (done.transition) {
            told += vrrpStateName(done.transition->to) + QStringLiteral(" (") + vrrpCauseName(done.transition->cause) +
                    QLatin1Char(')');
        }
        for (const VrrpEffect& effect : done.effects)
            told += text(effect);
        return told.join(QStringLiteral(", "));
    }

    QString hears(Duration time, const char* source, int priority, Duration interval = 100ms) {
        return at(time, VrrpHeard{sample::address(source), priority, interval, ChecksumForm::PseudoHeader});
    }

    /// Time of the next deadline, -1 ms for none.
    Duration next() const {
        const auto deadline = nextDeadline(machine_);
        return deadline ? deadline->time_since_epoch() : Duration(-1ms);
    }

    const VrrpMachine& machine() const { return machine_; }

private:
    static QString text(const VrrpEffect& effect) {
        switch (effect.kind) {
        case VrrpEffect::Kind::SendAdvert:
            return QStringLiteral("advert %1").arg(effect.value);
        case VrrpEffect::Kind::AddAddresses:
            return QStringLiteral("add");
        case VrrpEffect::Kind::RemoveAddresses:
            return QStringLiteral("remove");
        case VrrpEffect::Kind::Announce:
            return QStringLiteral("announce %1").arg(effect.value);
        }
        return {};
    }

    VrrpInstance instance_;
    VrrpMachine machine_;
};

constexpr auto kPeer = "10.77.0.1";
constexpr auto kUs = "10.77.0.2";

/// Skew of priority 91 at 0.1 s: 165/256 of it, rounded down to a microsecond.
constexpr Duration kSkew91 = 64453us;
constexpr Duration kDown91 = 300ms + kSkew91;

Router backup(const VrrpInstance& instance = sample::instance(kUs, 91)) {
    Router router(instance);
    router.at(0ms, VrrpStartup{});
    return router;
}

Router master(const VrrpInstance& instance = sample::instance(kUs, 91)) {
    Router router = backup(instance);
    router.at(router.next(), VrrpTick{});
    return router;
}

} // namespace

class MachineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timers_data();
    void timers();
    void startsAsBackup();
    void ownerStartsAsMaster();
    void takesOverAfterSilence();
    void learnsTheActivesInterval();
    void versionTwoKeepsItsOwnInterval();
    void resignationShortensTheWait();
    void ignoresLowerWhenPreempting();
    void letsLowerBeWithNopreempt();
    void preemptDelay();
    void equalPriorityIsAccepted();
    void masterAdvertises();
    void masterAnnouncesTwice();
    void masterYields_data();
    void masterYields();
    void assertsItselfWithoutAFlood();
    void shutsDown();
    void faults();
    void trackedWeight();
    void withoutAcceptMode();
    void notListeningProvesNothing();
    void stoodStill();
    void followsThePeersChecksum();
    void ignoresItself();
    void namesEachCause();
};

void MachineTest::timers_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("priority");
    QTest::addColumn<qint64>("interval");
    QTest::addColumn<qint64>("skew");
    QTest::addColumn<qint64>("down");
    QTest::newRow("V2, 91, 1 s") << 2 << 91 << qint64{1000000} << qint64{644531} << qint64{3644531};
    QTest::newRow("V2, 91, 5 s: the same skew") << 2 << 91 << qint64{5000000} << qint64{644531} << qint64{15644531};
    QTest::newRow("V3, 91, 1 s") << 3 << 91 << qint64{1000000} << qint64{644531} << qint64{3644531};
    QTest::newRow("V3, 91, 0.1 s") << 3 << 91 << qint64{100000} << qint64{64453} << qint64{364453};
    QTest::newRow("V3, 254, 0.01 s") << 3 << 254 << qint64{10000} << qint64{78} << qint64{30078};
    QTest::newRow("V3, 1, 40.95 s") << 3 << 1 << qint64{40950000} << qint64{40790039} << qint64{163640039};
}

void MachineTest::timers() {
    QFETCH(int, version);
    QFETCH(int, priority);
    QFETCH(qint64, interval);
    const auto asVersion = static_cast<VrrpVersion>(version);
    QTEST(qint64{skewTime(asVersion, priority, Duration(interval)).count()}, "skew");
    QTEST(qint64{activeDownInterval(asVersion, priority, Duration(interval)).count()}, "down");
}

void MachineTest::startsAsBackup() {
    Router router(sample::instance(kUs, 91));
    QCOMPARE(router.next(), Duration(-1ms));
    QCOMPARE(router.at(0ms, VrrpTick{}), "");
    QCOMPARE(router.hears(0ms, kPeer, 110), "");
    QCOMPARE(router.at(0ms, VrrpStartup{}), "BACKUP (started)");
    QCOMPARE(router.next(), kDown91);
    QCOMPARE(router.at(1ms, VrrpStartup{}), ""); // runs already
}

void MachineTest::ownerStartsAsMaster() {
    Router router(sample::instance(kUs, 255));
    QCOMPARE(router.at(0ms, VrrpStartup{}), "MASTER (owner-started), advert 255, add, announce 5");
}

void MachineTest::takesOverAfterSilence() {
    Router router = backup();
    QCOMPARE(router.hears(50ms, kPeer, 110), "");
    QCOMPARE(router.next(), 50ms + kDown91);
    QCOMPARE(router.at(49ms + kDown91, VrrpTick{}), "");
    QCOMPARE(router.at(50ms + kDown91, VrrpTick{}), "MASTER (active-silent), advert 91, add, announce 5");
    QCOMPARE(router.next(), 150ms + kDown91);
}

void MachineTest::learnsTheActivesInterval() {
    Router router = backup();
    router.hears(0ms, kPeer, 110, 1s);
    QCOMPARE(router.machine().activeAdverInterval, Duration(1s));
    QCOMPARE(router.next(), Duration(3644531us));
    QCOMPARE(router.at(router.next(), VrrpTick{}), "MASTER (active-silent), advert 91, add, announce 5");
    QCOMPARE(router.next(), Duration(3744531us)); // but advertises at its own
}

void MachineTest::versionTwoKeepsItsOwnInterval() {
    Router router = backup(sample::guide(kUs, 91));
    router.hears(0ms, kPeer, 110, 1s);
    QCOMPARE(router.next(), Duration(3644531us));
}

void MachineTest::resignationShortensTheWait() {
    Router router = backup();
    router.hears(0ms, kPeer, 110);
    QCOMPARE(router.hears(80ms, kPeer, 0), "");
    QCOMPARE(router.next(), 80ms + kSkew91);
    QCOMPARE(router.at(router.next(), VrrpTick{}), "MASTER (active-resigned), advert 91, add, announce 5");

    Router heardAgain = backup();
    heardAgain.hears(0ms, kPeer, 0);
    heardAgain.hears(10ms, "10.77.0.3", 100); // another one was faster
    QCOMPARE(heardAgain.next(), 10ms + kDown91);
    QCOMPARE(heardAgain.at(heardAgain.next(), VrrpTick{}), "MASTER (active-silent), advert 91, add, announce 5");
}

void MachineTest::ignoresLowerWhenPreempting() {
    Router router = backup(sample::instance(kUs, 110));
    const Duration due = router.next();
    QCOMPARE(router.hears(100ms, kPeer, 91), "");
    QCOMPARE(router.hears(200ms, kPeer, 91), "");
    QCOMPARE(router.next(), due);
    QCOMPARE(router.at(due, VrrpTick{}), "MASTER (preempted), advert 110, add, announce 5");
}

void MachineTest::letsLowerBeWithNopreempt() {
    VrrpInstance instance = sample::instance(kUs, 110);
    instance.preempt = false;
    Router router = backup(instance);
    router.hears(100ms, kPeer, 91);
    QVERIFY(router.next() > Duration(400ms));
    QCOMPARE(router.machine().activePriority, 91);
    QCOMPARE(router.at(router.next(), VrrpTick{}), "MASTER (active-silent), advert 110, add, announce 5");
}

void MachineTest::preemptDelay() {
    VrrpInstance instance = sample::instance(kUs, 110);
    instance.preemptDelay = 1s;
    Router router = backup(instance);
    Duration time = 0ms;
    for (; time < 1s; time += 100ms)
        router.hears(time, kPeer, 91);
    const Duration due = router.next();
    QCOMPARE(due, 900ms + activeDownInterval(VrrpVersion::V3, 110, 100ms));
    router.hears(1000ms, kPeer, 91);
    router.hears(1100ms, kPeer, 91);
    QCOMPARE(router.next(), due); // not accepted any more
    QCOMPARE(router.at(due, VrrpTick{}), "MASTER (preempted), advert 110, add, announce 5");

    Router again = backup(instance);
    again.hears(0ms, kPeer, 91);
    again.hears(900ms, "10.77.0.3", 120); // the delay begins anew once a higher one was active
    again.hears(1000ms, kPeer, 91);
    QCOMPARE(again.machine().preemptAt, MonotonicTime(Duration(2s)));
}

void MachineTest::equalPriorityIsAccepted() {
    Router router = backup();
    router.hears(100ms, kPeer, 91);
    QCOMPARE(router.next(), 100ms + kDown91);
}

void MachineTest::masterAdvertises() {
    Router router = master();
    const Duration began = kDown91;
    QCOMPARE(router.at(began + 99ms, VrrpTick{}), "");
    QCOMPARE(router.at(began + 100ms, VrrpTick{}), "advert 91");
    QCOMPARE(router.next(), began + 200ms);
    QCOMPARE(router.hears(began + 150ms, kPeer, 0), "advert 91"); // answers who gives up
    QCOMPARE(router.next(), began + 250ms);
}

void MachineTest::masterAnnouncesTwice() {
    VrrpInstance instance = sample::instance(kUs, 91);
    instance.advertInterval = 10s;
    instance.announcing = {3, 2, 4s};
    Router router = backup(instance);
    const Duration began = router.next();
    QCOMPARE(router.at(began, VrrpTick{}), "MASTER (active-silent), advert 91, add, announce 3");
    QCOMPARE(router.next(), began + 4s);
    QCOMPARE(router.at(began + 4s, VrrpTick{}), "announce 2");
    QCOMPARE(router.next(), began + 10s);
}

void MachineTest::masterYields_data() {
    QTest::addColumn<QString>("rival");
    QTest::addColumn<int>("priority");
    QTest::addColumn<QString>("effect");
    QTest::newRow("higher priority") << "10.77.0.1" << 92 << "BACKUP (higher-priority-heard), remove";
    QTest::newRow("owner") << "10.77.0.1" << 255 << "BACKUP (higher-priority-heard), remove";
    QTest::newRow("equal, higher address") << "10.77.0.3" << 91 << "BACKUP (higher-address-heard), remove";
    QTest::newRow("equal, lower address") << "10.77.0.1" << 91 << "advert 91";
    QTest::newRow("addresses are compared as numbers") << "10.77.0.10" << 91 << "BACKUP (higher-address-heard), remove";
    QTest::newRow("lower priority, higher address") << "10.77.0.3" << 90 << "advert 91";
}

void MachineTest::masterYields() {
    QFETCH(QString, rival);
    QFETCH(int, priority);
    Router router = master();
    QTEST(router.hears(kDown91 + 50ms, qPrintable(rival), priority), "effect");
    if (router.machine().state == VrrpState::Backup)
        QCOMPARE(router.next(), kDown91 + 50ms + kDown91);
}

void MachineTest::assertsItselfWithoutAFlood() {
    Router router = master();
    QCOMPARE(router.hears(kDown91 + 900ms, kPeer, 90), "advert 91");
    QCOMPARE(router.hears(kDown91 + 1000ms, kPeer, 90), "advert 91, announce 5");
    QCOMPARE(router.hears(kDown91 + 1100ms, kPeer, 90), "advert 91");
}

void MachineTest::shutsDown() {
    Router active = master();
    QCOMPARE(active.at(1s, VrrpShutdown{}), "INIT (stopped), remove, advert 0");
    QCOMPARE(active.next(), Duration(-1ms));
    QCOMPARE(active.at(1s, VrrpShutdown{}), "");
    QCOMPARE(active.at(2s, VrrpStartup{}), "BACKUP (started)");

    Router standby = backup();
    QCOMPARE(standby.at(1ms, VrrpShutdown{}), "INIT (stopped)");
}

void MachineTest::faults() {
    Router active = master();
    QCOMPARE(active.at(1s, VrrpTracking{0, true}), "FAULT (fault-tracked), remove, advert 0");
    QCOMPARE(active.next(), Duration(-1ms));
    QCOMPARE(active.hears(1s, kPeer, 50), "");
    QCOMPARE(active.at(2s, VrrpTracking{0, true}), "");
    QCOMPARE(active.at(3s, VrrpTracking{}), "BACKUP (fault-cleared)");
    QCOMPARE(active.next(), 3s + kDown91);

    Router standby = backup();
    QCOMPARE(standby.at(1ms, VrrpTracking{0, true}), "FAULT (fault-tracked)");
    QCOMPARE(standby.at(2ms, VrrpShutdown{}), "INIT (stopped)");
    QCOMPARE(standby.at(3ms, VrrpStartup{}), "FAULT (fault-tracked)"); // still broken

    Router owner(sample::instance(kUs, 255));
    owner.at(0ms, VrrpTracking{0, true});
    QCOMPARE(owner.at(0ms, VrrpStartup{}), "FAULT (fault-tracked)");
    QCOMPARE(owner.at(1s, VrrpTracking{}), "MASTER (fault-cleared), advert 255, add, announce 5");
}

void MachineTest::trackedWeight() {
    Router active = master(sample::instance(kUs, 110));
    const Duration began = activeDownInterval(VrrpVersion::V3, 110, 100ms);
    QCOMPARE(active.at(began + 10ms, VrrpTracking{-20, false}), "");
    QCOMPARE(active.at(began + 100ms, VrrpTick{}), "advert 90");
    QCOMPARE(active.hears(began + 150ms, kPeer, 91), "BACKUP (higher-priority-heard), remove");
    QCOMPARE(active.at(began + 160ms, VrrpTracking{}), "");
    const Duration due = active.next();
    active.hears(began + 250ms, kPeer, 91);
    QCOMPARE(active.next(), due); // outranks it again

    const VrrpInstance low = sample::instance(kUs, 10);
    QCOMPARE(effectivePriority(low, {-20, false}), 1);
    QCOMPARE(effectivePriority(low, {250, false}), 254);
    QCOMPARE(effectivePriority(sample::instance(kUs, 255), {-20, false}), 255);
}

void MachineTest::withoutAcceptMode() {
    VrrpInstance instance = sample::instance(kUs, 91);
    instance.accept = false;
    Router router = backup(instance);
    QCOMPARE(router.at(router.next(), VrrpTick{}), "MASTER (active-silent), advert 91, announce 5");
    QCOMPARE(router.at(1s, VrrpShutdown{}), "INIT (stopped), advert 0");
    instance.priority = 255;
    Router owner(instance);
    QCOMPARE(owner.at(0ms, VrrpStartup{}), "MASTER (owner-started), advert 255, add, announce 5");
}

void MachineTest::notListeningProvesNothing() {
    Router router = backup();
    router.hears(0ms, kPeer, 110);
    QCOMPARE(router.at(kDown91 + 101ms, VrrpTick{}), ""); // later than a whole interval
    QCOMPARE(router.next(), kDown91 + 101ms + kDown91);
    QCOMPARE(router.at(router.next() + 99ms, VrrpTick{}), "MASTER (active-silent), advert 91, add, announce 5");
}

void MachineTest::stoodStill() {
    VrrpInstance instance = sample::instance(kUs, 110);
    Router asTheRfc = master(instance);
    QCOMPARE(asTheRfc.at(60s, VrrpTick{}), "advert 110, announce 5");

    instance.stepDownAfterAbsence = 5s;
    instance.announcing.laterPackets = 0;
    Router router = master(instance);
    const Duration due = router.next();
    QCOMPARE(router.at(due + 5s, VrrpTick{}), "advert 110");
    const Duration dueAgain = router.next();
    QCOMPARE(router.hears(dueAgain + 5001ms, kPeer, 91), "BACKUP (stood-still), remove");
    QCOMPARE(router.next(), dueAgain + 5001ms + activeDownInterval(VrrpVersion::V3, 110, 100ms));
}

void MachineTest::followsThePeersChecksum() {
    const VrrpHeard plain{sample::address(kPeer), 110, 100ms, ChecksumForm::Plain};
    Router router = backup();
    QCOMPARE(router.machine().form, ChecksumForm::PseudoHeader);
    router.at(1ms, plain);
    QCOMPARE(router.machine().form, ChecksumForm::Plain);

    VrrpInstance set = sample::instance(kUs, 91);
    set.checksum = ChecksumForm::PseudoHeader;
    Router fixed = backup(set);
    fixed.at(1ms, plain);
    QCOMPARE(fixed.machine().form, ChecksumForm::PseudoHeader);
}

void MachineTest::ignoresItself() {
    Router active = master();
    QCOMPARE(active.hears(kDown91 + 10ms, kUs, 110), "");
    Router standby = backup();
    standby.hears(10ms, kUs, 91);
    QCOMPARE(standby.next(), kDown91);
}

void MachineTest::namesEachCause() {
    QSet<QString> names;
    const int last = static_cast<int>(VrrpCause::StoodStill);
    for (int i = 0; i <= last; ++i) {
        names.insert(vrrpCauseName(static_cast<VrrpCause>(i)));
        QVERIFY(!vrrpCauseText(static_cast<VrrpCause>(i)).isEmpty());
    }
    QCOMPARE(names.size(), last + 1);
}

QTEST_GUILESS_MAIN(MachineTest)
#include "machine_test.moc"
