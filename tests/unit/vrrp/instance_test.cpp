// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample.h"
#include "vrrp/instance.h"

#include <QtTest>

#include <functional>

using namespace mha;
using namespace std::chrono_literals;

namespace {

using Change = std::function<void(VrrpInstance&)>;

void sixth(VrrpInstance& i) {
    i.source = sample::address("fe80::1");
    i.addresses = {IpPrefix{sample::address("fd00::100"), 64}};
}

} // namespace

Q_DECLARE_METATYPE(Change)

class InstanceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void checks_data();
    void checks();
    void judgesPackets_data();
    void judgesPackets();
    void obeysOtherAddressesUnlessToldNotTo();
    void advertisesItself();
};

void InstanceTest::checks_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("runs");
    const auto row = [](const char* name, const Change& change, bool runs) { QTest::newRow(name) << change << runs; };
    row("as it is", [](VrrpInstance&) {}, true);
    row("VRID 0", [](VrrpInstance& i) { i.vrid = 0; }, false);
    row("VRID 256", [](VrrpInstance& i) { i.vrid = 256; }, false);
    row("priority 0", [](VrrpInstance& i) { i.priority = 0; }, false);
    row("priority 255", [](VrrpInstance& i) { i.priority = 255; }, true);
    row("interval 0", [](VrrpInstance& i) { i.advertInterval = 0s; }, false);
    row("interval 0.01 s", [](VrrpInstance& i) { i.advertInterval = 10ms; }, true);
    row("interval 0.015 s", [](VrrpInstance& i) { i.advertInterval = 15ms; }, false);
    row("interval 40.95 s", [](VrrpInstance& i) { i.advertInterval = 40950ms; }, true);
    row("interval 40.96 s", [](VrrpInstance& i) { i.advertInterval = 40960ms; }, false);
    row("V2 with 0.1 s", [](VrrpInstance& i) { i.version = VrrpVersion::V2; }, false);
    row("no VIP", [](VrrpInstance& i) { i.addresses.clear(); }, false);
    row("no own address", [](VrrpInstance& i) { i.source = {}; }, false);
    row("IPv6", sixth, true);
    row("IPv6 from IPv4", [](VrrpInstance& i) { i.addresses = {IpPrefix{sample::address("fd00::100"), 64}}; }, false);
    row(
        "IPv6 to an IPv4 peer",
        [](VrrpInstance& i) {
            sixth(i);
            i.peers = {sample::address("10.77.0.2")};
        },
        false);
    row(
        "IPv6, V2",
        [](VrrpInstance& i) {
            sixth(i);
            i.version = VrrpVersion::V2;
            i.advertInterval = 1s;
        },
        false);
    row(
        "V3 with a password",
        [](VrrpInstance& i) {
            i.auth = VrrpAuth::Password;
            i.password = "s3cr3t";
        },
        false);
    row("V2 with a password", [](VrrpInstance& i) { i = sample::guide("10.77.0.1", 110); }, true);
    row(
        "V2 with 9 bytes of password",
        [](VrrpInstance& i) {
            i = sample::guide("10.77.0.1", 110);
            i.password = "123456789";
        },
        false);
}

void InstanceTest::checks() {
    QFETCH(Change, change);
    VrrpInstance instance = sample::instance("10.77.0.1", 110);
    change(instance);
    const auto checked = checkVrrpInstance(instance);
    QTEST(checked.has_value(), "runs");
    if (!checked)
        QVERIFY(!checked.error().remedy.isEmpty());
}

void InstanceTest::judgesPackets_data() {
    QTest::addColumn<Change>("sender");   ///< how its instance differs from the receiver's
    QTest::addColumn<Change>("receiver"); ///< how both differ from the guide's
    QTest::addColumn<QString>("flaw");
    const Change none = [](VrrpInstance&) {};
    const Change v3 = [](VrrpInstance& i) { i = sample::instance("10.77.0.2", 91); };
    const auto row = [](const char* name, const Change& sender, const Change& receiver, const char* flaw) {
        QTest::newRow(name) << sender << receiver << flaw;
    };
    row("V2 of the same configuration", none, none, "");
    row("V3 of the same configuration", none, v3, "");
    row("own address", [](VrrpInstance& i) { i.source = sample::address("10.77.0.2"); }, none, "own-packet");
    const Change peers = [](VrrpInstance& i) {
        i.peers = {sample::address("10.77.0.1"), sample::address("10.77.0.7")};
    };
    row("from a peer", none, peers, "");
    row(
        "from none of the peers", [](VrrpInstance& i) { i.source = sample::address("10.77.0.9"); }, peers,
        "not-a-peer");
    row("other VRID", [](VrrpInstance& i) { i.vrid = 52; }, none, "other-vrid");
    row("V3 to V2", [](VrrpInstance& i) { i = sample::instance("10.77.0.1", 110); }, none, "other-version");
    row("no password", [](VrrpInstance& i) { i.auth = VrrpAuth::None; }, none, "other-auth-type");
    row("other password", [](VrrpInstance& i) { i.password = "s3cr3"; }, none, "wrong-password");
    row("V2, other interval", [](VrrpInstance& i) { i.advertInterval = 2s; }, none, "other-interval");
    row("V3, other interval", [](VrrpInstance& i) { i.advertInterval = 200ms; }, v3, "");
    row(
        "other VIP", [](VrrpInstance& i) { i.addresses[0].address = sample::address("10.77.0.101"); }, v3,
        "other-address-list");
    row(
        "one VIP more", [](VrrpInstance& i) { i.addresses.append({sample::address("10.77.0.101"), 24}); }, v3,
        "other-address-list");
    row("other length of the network", [](VrrpInstance& i) { i.addresses[0].length = 32; }, v3, "");
    row(
        "other form of checksum, set", [](VrrpInstance& i) { i.checksum = ChecksumForm::Plain; },
        [](VrrpInstance& i) {
            i = sample::instance("10.77.0.2", 91);
            i.checksum = ChecksumForm::PseudoHeader;
        },
        "other-checksum");
    row("other form of checksum, found out", [](VrrpInstance& i) { i.checksum = ChecksumForm::Plain; }, v3, "");
}

void InstanceTest::judgesPackets() {
    QFETCH(Change, sender);
    QFETCH(Change, receiver);
    VrrpInstance ours = sample::guide("10.77.0.2", 91);
    receiver(ours);
    VrrpInstance theirs = ours;
    theirs.source = sample::address("10.77.0.1");
    sender(theirs);
    const VrrpEnvelope envelope{theirs.source, vrrpGroup(false), kVrrpTtl};
    const VrrpAdvert sent = advertOf(theirs, theirs.priority, theirs.checksum.value_or(ChecksumForm::PseudoHeader));
    const auto read = decodeAdvert(sample::bytes(encodeAdvert(sent, envelope.source, envelope.destination)), envelope);
    QVERIFY(read.has_value());
    const auto flaw = vrrpFlawFor(ours, *read, envelope);
    QTEST(flaw ? vrrpFlawName(*flaw) : QString(), "flaw");
}

void InstanceTest::obeysOtherAddressesUnlessToldNotTo() {
    VrrpInstance instance = sample::instance("10.77.0.1", 110);
    QVERIFY(obeysDespite(instance, VrrpFlaw::OtherAddressList));
    QVERIFY(!obeysDespite(instance, VrrpFlaw::WrongPassword));
    instance.sameAddressesOnly = true;
    QVERIFY(!obeysDespite(instance, VrrpFlaw::OtherAddressList));
}

void InstanceTest::advertisesItself() {
    const VrrpInstance guide = sample::guide("10.77.0.2", 91);
    const VrrpAdvert advert = advertOf(guide, guide.priority, ChecksumForm::PseudoHeader);
    QCOMPARE(encodeAdvert(advert, guide.source, vrrpGroup(false)).toHex(), "21335b0101016dff0a4d00647333637233740000");
}

QTEST_GUILESS_MAIN(InstanceTest)
#include "instance_test.moc"
