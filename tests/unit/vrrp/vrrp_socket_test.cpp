// SPDX-License-Identifier: GPL-3.0-or-later
#include "../netlink/own_network.h"
#include "sample.h"
#include "vrrp/router.h"
#include "vrrp/vrrp_socket.h"

#include <QtTest>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace mha;
using namespace std::chrono_literals;

namespace {

/// A world whose wire alone is real.
class Wire : public VrrpWorld {
public:
    MonotonicTime now() const override { return monotonicNow(); }

    Result<void> send(const VrrpAdvert& advert) override { return socket.send(advert); }

    Result<void> addAddresses() override {
        held = true;
        return {};
    }

    Result<void> removeAddresses() override {
        held = false;
        return {};
    }

    Result<void> announce(int) override { return {}; }

    VrrpSocket socket;
    bool held = false;
};

int indexOf(const char* name) {
    return static_cast<int>(if_nametoindex(name));
}

VrrpInstance onCable(bool near, int priority, bool v6, VrrpVersion version = VrrpVersion::V3) {
    VrrpInstance instance =
        version == VrrpVersion::V2 ? sample::guide("10.77.0.1", priority) : sample::instance("10.77.0.1", priority);
    instance.interface = near ? QStringLiteral("eth0") : QStringLiteral("far");
    instance.source = sample::address(v6 ? (near ? "fe80::1" : "fe80::2") : (near ? "10.77.0.1" : "10.77.0.2"));
    if (v6)
        instance.addresses = {{sample::address("fe80::100"), 128}, {sample::address("fd00::100"), 128}};
    return instance;
}

} // namespace

/// Two ends of a cable in a network namespace of the test's own.
class VrrpSocketTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void unwraps();
    void sendsAndHears_data();
    void sendsAndHears();
    void tellsTheTtl();
    void elects_data();
    void elects();
};

void VrrpSocketTest::initTestCase() {
    if (const QByteArray why = enterOwnNetwork(); !why.isEmpty())
        QSKIP(why.constData());
    if (!ip(QStringLiteral("link add eth0 type veth peer name far")))
        QSKIP("this kernel has no veth, or there is no ip(8)");
    // Both ends have one kernel, which would take the other's address for a forgery of its own.
    for (const char* name : {"all/accept_local", "eth0/accept_local", "far/accept_local"}) {
        QFile file(QStringLiteral("/proc/sys/net/ipv4/conf/") + QLatin1String(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("1") != 1)
            QSKIP("the switches of this network cannot be set");
    }
    QVERIFY(ip(QStringLiteral("link set lo up")));
    for (const char* const arguments : {"eth0 10.77.0.1/24 fe80::1/64", "far 10.77.0.2/24 fe80::2/64"}) {
        const QStringList words = QString::fromLatin1(arguments).split(u' ');
        QVERIFY(ip(QStringLiteral("link set %1 addrgenmode none").arg(words[0])));
        QVERIFY(ip(QStringLiteral("address add %1 dev %2").arg(words[1], words[0])));
        QVERIFY(ip(QStringLiteral("address add %1 dev %2 nodad").arg(words[2], words[0])));
        QVERIFY(ip(QStringLiteral("link set %1 up").arg(words[0])));
    }
}

void VrrpSocketTest::unwraps() {
    QByteArray packet = QByteArray::fromHex("46c0002400000000ff700000" // header of 24 bytes: one option
                                            "0a4d0001e0000012"
                                            "94040000"
                                            "31336e01000a6b330a4d0064"
                                            "0000"); // the link's padding
    const auto bytes = sample::bytes(packet);
    const auto unwrapped = unwrapIpv4(bytes);
    QVERIFY(unwrapped);
    QCOMPARE(unwrapped->envelope.source.toText(), "10.77.0.1");
    QCOMPARE(unwrapped->envelope.destination.toText(), "224.0.0.18");
    QCOMPARE(unwrapped->envelope.ttl, 255);
    QCOMPARE(unwrapped->payload.size(), 12);
    QVERIFY(decodeAdvert(unwrapped->payload, unwrapped->envelope));
    for (size_t length = 0; length < 36; ++length)
        QVERIFY(!unwrapIpv4(bytes.first(length)));
    packet[0] = '\x44';
    QVERIFY(!unwrapIpv4(sample::bytes(packet)));
}

void VrrpSocketTest::sendsAndHears_data() {
    QTest::addColumn<bool>("v6");
    QTest::addColumn<bool>("unicast");
    QTest::addColumn<int>("version");
    QTest::newRow("V2, multicast") << false << false << 2;
    QTest::newRow("V2, unicast") << false << true << 2;
    QTest::newRow("V3, multicast") << false << false << 3;
    QTest::newRow("V3, unicast") << false << true << 3;
    QTest::newRow("V3, IPv6, multicast") << true << false << 3;
    QTest::newRow("V3, IPv6, unicast") << true << true << 3;
}

void VrrpSocketTest::sendsAndHears() {
    QFETCH(bool, v6);
    QFETCH(bool, unicast);
    QFETCH(int, version);
    VrrpInstance near = onCable(true, 110, v6, static_cast<VrrpVersion>(version));
    VrrpInstance far = onCable(false, 91, v6, static_cast<VrrpVersion>(version));
    if (unicast) {
        near.peers = {far.source};
        far.peers = {near.source};
    }
    QVERIFY(checkVrrpInstance(near));
    VrrpSocket sender;
    VrrpSocket receiver;
    QVERIFY(sender.open(near, indexOf("eth0")));
    QVERIFY(receiver.open(far, indexOf("far")));
    QByteArray message;
    VrrpEnvelope envelope;
    connect(&receiver, &VrrpSocket::received, this, [&](const QByteArray& bytes, const VrrpEnvelope& around) {
        message = bytes;
        envelope = around;
    });
    bool echo = false;
    connect(&sender, &VrrpSocket::received, this, [&] { echo = true; });
    const VrrpAdvert advert = advertOf(near, 110, ChecksumForm::PseudoHeader);
    QVERIFY(sender.send(advert));
    QTRY_VERIFY(!message.isEmpty());
    QCOMPARE(envelope.source.toText(), near.source.toText());
    QCOMPARE(envelope.destination.toText(), (unicast ? far.source : vrrpGroup(v6)).toText());
    QCOMPARE(envelope.ttl, 255);
    const auto decoded = decodeAdvert(sample::bytes(message), envelope);
    QVERIFY(decoded);
    QVERIFY(*decoded == advert);
    QVERIFY(!vrrpFlawFor(far, *decoded, envelope));
    QVERIFY(!echo);
}

void VrrpSocketTest::tellsTheTtl() {
    VrrpInstance far = onCable(false, 91, false);
    VrrpSocket receiver;
    QVERIFY(receiver.open(far, indexOf("far")));
    int ttl = 0;
    connect(&receiver, &VrrpSocket::received, this, [&](const QByteArray&, const VrrpEnvelope& e) { ttl = e.ttl; });
    const int forger = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, kVrrpProtocol);
    const int hops = 64;
    ip_mreqn out{};
    out.imr_ifindex = indexOf("eth0");
    QVERIFY(::setsockopt(forger, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops) == 0);
    QVERIFY(::setsockopt(forger, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out) == 0);
    sockaddr_in group{};
    group.sin_family = AF_INET;
    group.sin_addr.s_addr = htonl(0xe0000012);
    const QByteArray message = QByteArray::fromHex("31336e01000a6b330a4d0064");
    QCOMPARE(::sendto(forger, message.constData(), size_t(message.size()), 0, reinterpret_cast<const sockaddr*>(&group),
                      sizeof group),
             message.size());
    ::close(forger);
    QTRY_COMPARE(ttl, 64);
}

void VrrpSocketTest::elects_data() {
    QTest::addColumn<bool>("v6");
    QTest::newRow("IPv4") << false;
    QTest::newRow("IPv6") << true;
}

/// Two routers as they run, with real timers: one master, the other takes over when it resigns.
void VrrpSocketTest::elects() {
    QFETCH(bool, v6);
    Wire near;
    Wire far;
    VrrpRouter high(onCable(true, 110, v6), near);
    VrrpRouter low(onCable(false, 91, v6), far);
    const auto cable = [](Wire& wire, VrrpRouter& router) {
        connect(&wire.socket, &VrrpSocket::received, &router,
                [&router](const QByteArray& bytes, const VrrpEnvelope& envelope) {
                    router.received(sample::bytes(bytes), envelope);
                });
    };
    cable(near, high);
    cable(far, low);
    QVERIFY(near.socket.open(high.instance(), indexOf("eth0")));
    QVERIFY(far.socket.open(low.instance(), indexOf("far")));
    high.startup();
    low.startup();
    QTRY_VERIFY(near.held && !far.held && low.machine().active == high.instance().source);
    high.track({0, true});
    QTRY_VERIFY(!near.held && far.held);
    high.track({}); // and preempts when it is well again
    QTRY_VERIFY(near.held && !far.held);
    QCOMPARE(low.machine().state, VrrpState::Backup);
    high.shutdown();
    QTRY_VERIFY(!near.held && far.held);
}

QTEST_GUILESS_MAIN(VrrpSocketTest)
#include "vrrp_socket_test.moc"
