// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample.h"
#include "vrrp/router.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

constexpr auto kPeer = "10.77.0.1";
constexpr auto kUs = "10.77.0.2";

/// A world as a transcript: what was done to it comes out as words.
class Script : public VrrpWorld {
public:
    MonotonicTime now() const override { return time; }

    Result<void> send(const VrrpAdvert& advert) override {
        return note(QStringLiteral("advert %1").arg(advert.priority));
    }

    Result<void> addAddresses() override { return note(QStringLiteral("add")); }

    Result<void> removeAddresses() override { return note(QStringLiteral("remove")); }

    Result<void> announce(int packets) override { return note(QStringLiteral("announce %1").arg(packets)); }

    QString told() { return std::exchange(notes, {}).join(QStringLiteral(", ")); }

    MonotonicTime time{};
    QStringList notes;
    QString breaks; ///< what fails

private:
    Result<void> note(const QString& what) {
        notes += what;
        if (what == breaks)
            return std::unexpected(Error{ErrorCode::Refused, what, {}, {}});
        return {};
    }
};

/// A router in a world without time but the one that the test gives.
struct Stage {
    Script world;
    VrrpRouter router;

    explicit Stage(VrrpInstance instance = sample::instance(kUs, 91)) : router(std::move(instance), world) {
        QObject::connect(&router, &VrrpRouter::changed, &router, [this](const VrrpTransition& transition) {
            world.notes += vrrpStateName(transition.to) + QStringLiteral("!");
        });
        QObject::connect(&router, &VrrpRouter::failed, &router,
                         [this](const Error& error) { world.notes += QStringLiteral("failed ") + error.text; });
        QObject::connect(&router, &VrrpRouter::flawed, &router,
                         [this](VrrpFlaw flaw) { world.notes += vrrpFlawName(flaw); });
    }

    /// The peer's advert, as it would come from the wire.
    QString hears(int priority, const VrrpInstance& peer = sample::instance(kPeer, 110), int ttl = kVrrpTtl) {
        const VrrpEnvelope envelope{peer.source, vrrpGroup(false), ttl};
        const QByteArray bytes =
            encodeAdvert(advertOf(peer, priority, ChecksumForm::PseudoHeader), envelope.source, envelope.destination);
        router.received(sample::bytes(bytes), envelope);
        return world.told();
    }
};

/// Until the router's own timer has made it speak.
QString waitsAndTells(Stage& stage) {
    return QTest::qWaitFor([&] { return !stage.world.notes.isEmpty(); }) ? stage.world.told() : QString();
}

} // namespace

class RouterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesOverBySilence();
    void yieldsAndCounts();
    void countsFlaws();
    void tracks();
    void tellsFailuresAfterAllIsDone();
    void aHandlerMayCallBack();
    void putsAddressesBack();
};

void RouterTest::takesOverBySilence() {
    Stage stage;
    stage.router.startup();
    QCOMPARE(stage.world.told(), "BACKUP!");
    stage.world.time += activeDownInterval(VrrpVersion::V3, 91, 100ms);
    QCOMPARE(waitsAndTells(stage), "advert 91, add, announce 5, MASTER!");
    stage.world.time += 100ms;
    QCOMPARE(waitsAndTells(stage), "advert 91");
    stage.router.shutdown();
    QCOMPARE(stage.world.told(), "remove, advert 0, INIT!");
    QCOMPARE(stage.router.counters().sent, 3);
    QCOMPARE(stage.router.counters().resigned, 1);
    QCOMPARE(stage.router.counters().becameMaster, 1);
    QCOMPARE(stage.router.counters().leftMaster, 1);
}

void RouterTest::yieldsAndCounts() {
    Stage stage(sample::instance(kUs, 255));
    stage.router.startup();
    QCOMPARE(stage.world.told(), "advert 255, add, announce 5, MASTER!");
    QCOMPARE(stage.hears(110), "advert 255");
    QCOMPARE(stage.router.counters().obeyed, 1);

    Stage lower;
    lower.router.startup();
    lower.world.told();
    lower.world.time += activeDownInterval(VrrpVersion::V3, 91, 100ms);
    waitsAndTells(lower);
    QCOMPARE(lower.hears(110), "remove, BACKUP!");
    QCOMPARE(lower.router.machine().active, sample::address(kPeer));
}

void RouterTest::countsFlaws() {
    Stage stage;
    stage.router.startup();
    stage.world.told();
    QCOMPARE(stage.hears(110, sample::instance(kPeer, 110), 254), "ttl-not-255");
    QCOMPARE(stage.hears(110, sample::guide(kPeer, 110)), "other-version");
    QCOMPARE(stage.router.counters().obeyed, 0);
    VrrpInstance other = sample::instance(kPeer, 110);
    other.addresses.append({sample::address("10.77.0.101"), 24});
    QCOMPARE(stage.hears(110, other), "other-address-list");
    QCOMPARE(stage.router.counters().obeyed, 1); // obeyed nevertheless
    QCOMPARE(stage.router.counters().flaws[static_cast<size_t>(VrrpFlaw::TtlNot255)], 1);
    QCOMPARE(stage.router.counters().flaws[static_cast<size_t>(VrrpFlaw::OtherVersion)], 1);
}

void RouterTest::tracks() {
    Stage stage(sample::instance(kUs, 255));
    stage.router.startup();
    stage.world.told();
    stage.router.track({0, true});
    QCOMPARE(stage.world.told(), "remove, advert 0, FAULT!");
    stage.router.track({0, true});
    QCOMPARE(stage.world.told(), "");
    stage.router.track({});
    QCOMPARE(stage.world.told(), "advert 255, add, announce 5, MASTER!");
}

void RouterTest::tellsFailuresAfterAllIsDone() {
    Stage stage(sample::instance(kUs, 255));
    stage.world.breaks = QStringLiteral("add");
    stage.router.startup();
    QCOMPARE(stage.world.told(), "advert 255, add, announce 5, failed add, MASTER!");
}

void RouterTest::aHandlerMayCallBack() {
    Stage stage(sample::instance(kUs, 255));
    connect(&stage.router, &VrrpRouter::changed, &stage.router, [&](const VrrpTransition& transition) {
        if (transition.to == VrrpState::Master)
            stage.router.track({0, true});
    });
    stage.router.startup();
    QCOMPARE(stage.world.told(), "advert 255, add, announce 5, MASTER!, remove, advert 0, FAULT!");
    QCOMPARE(stage.router.machine().state, VrrpState::Fault);
}

void RouterTest::putsAddressesBack() {
    Stage stage(sample::instance(kUs, 255));
    stage.router.assertAddresses();
    QCOMPARE(stage.world.told(), "");
    stage.router.startup();
    stage.world.told();
    stage.router.assertAddresses();
    QCOMPARE(stage.world.told(), "add, announce 5");
}

QTEST_GUILESS_MAIN(RouterTest)
#include "router_test.moc"
