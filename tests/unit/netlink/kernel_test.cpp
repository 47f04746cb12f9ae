// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/announcement.h"
#include "netlink/announcer.h"
#include "netlink/connections.h"
#include "netlink/interface_watch.h"
#include "netlink/route_socket.h"
#include "own_network.h"

#include <QtTest>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace mha;
using namespace std::chrono_literals;

/// Against the kernel, in a network of its own: two ends of a cable.
class KernelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void addsAndRemoves_data();
    void addsAndRemoves();
    void tellsWhatIsWrong();
    void hearsAddresses();
    void hearsLinks();
    void tellsWhenAnAddressCame();
    void endsConnections_data();
    void endsConnections();
    void announces();
    void announcesWithGaps();

private:
    NetInterface interface(const char* name) {
        const auto all = route_->interfaces();
        return all ? interfaceNamed(*all, QString::fromLatin1(name)).value_or(NetInterface{}) : NetInterface{};
    }

    bool has(const IpPrefix& prefix) {
        const auto all = route_->addresses();
        return all && std::ranges::find(*all, prefix, &NetAddress::prefix) != all->end();
    }

    std::optional<RouteSocket> route_;
};

namespace {

const IpPrefix kVip = IpPrefix::fromText(u"192.168.1.104/32").value();
const IpPrefix kVip6 = IpPrefix::fromText(u"fd00::104/128").value();

/// Frames that come out of the far end of the cable.
class FarEnd {
public:
    explicit FarEnd(int index)
        : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL))) {
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_protocol = htons(ETH_P_ALL);
        to.sll_ifindex = index;
        bound_ = ::bind(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }

    ~FarEnd() { ::close(socket_); }

    bool bound() const { return bound_; }

    /// How many of this frame have come since the last call.
    int count(const QByteArray& frame) {
        int found = 0;
        QByteArray buffer(2048, '\0');
        for (ssize_t got = 0; (got = ::recv(socket_, buffer.data(), 2048, 0)) > 0;)
            found += buffer.first(got) == frame ? 1 : 0;
        return found;
    }

    /// The same since the beginning.
    int countAll(const QByteArray& frame) { return all_ += count(frame); }

private:
    int socket_;
    int all_ = 0;
    bool bound_ = false;
};

struct Descriptor {
    explicit Descriptor(int descriptor) : number(descriptor) {}

    ~Descriptor() {
        if (number >= 0)
            ::close(number);
    }

    Q_DISABLE_COPY_MOVE(Descriptor)
    int number;
};

quint16 portOf(int socket) {
    sockaddr_in6 name{}; // the port lies at the same place in both families
    socklen_t length = sizeof name;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &length);
    return ntohs(name.sin6_port);
}

/// From an address of the loopback's; -1 in it where nobody answers.
Descriptor connectedTo(const IpAddress& address, quint16 port) {
    const auto name = [](const IpAddress& ip, quint16 at) {
        sockaddr_storage whole{};
        if (ip.isV6()) {
            auto& v6 = reinterpret_cast<sockaddr_in6&>(whole);
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(at);
            std::memcpy(&v6.sin6_addr, ip.bytes().data(), ip.bytes().size());
        } else {
            auto& v4 = reinterpret_cast<sockaddr_in&>(whole);
            v4.sin_family = AF_INET;
            v4.sin_port = htons(at);
            std::memcpy(&v4.sin_addr, ip.bytes().data(), ip.bytes().size());
        }
        return whole;
    };
    const auto from = name(IpAddress::fromText(address.isV6() ? u"fd00::1" : u"127.0.0.1").value(), 0);
    const auto to = name(address, port);
    const socklen_t length = address.isV6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    const int client = ::socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(client, reinterpret_cast<const sockaddr*>(&from), length) == 0 &&
        ::connect(client, reinterpret_cast<const sockaddr*>(&to), length) == 0)
        return Descriptor(client);
    ::close(client);
    return Descriptor(-1);
}

} // namespace

void KernelTest::initTestCase() {
    if (const QByteArray why = enterOwnNetwork(); !why.isEmpty())
        QSKIP(why.constData());
    if (!ip(QStringLiteral("link add eth0 type veth peer name far")))
        QSKIP("this kernel has no veth, or there is no ip(8)");
    QVERIFY(ip(QStringLiteral("address add 192.168.1.85/24 dev eth0")));
    QVERIFY(ip(QStringLiteral("link set eth0 up")));
    QVERIFY(ip(QStringLiteral("link set far up")));
    auto opened = RouteSocket::open();
    QVERIFY2(opened, qPrintable(opened ? QString() : toSentence(opened.error())));
    route_ = std::move(*opened);
}

void KernelTest::addsAndRemoves_data() {
    QTest::addColumn<QString>("address");
    QTest::newRow("IPv4") << "192.168.1.104/32";
    QTest::newRow("IPv4 with its network") << "192.168.1.105/24";
    QTest::newRow("IPv6") << "fd00::104/128";
    QTest::newRow("IPv6 with its network") << "fd00::105/64";
}

void KernelTest::addsAndRemoves() {
    QFETCH(QString, address);
    const IpPrefix vip = IpPrefix::fromText(address).value();
    const NetInterface eth0 = interface("eth0");
    QVERIFY(eth0.carrier && eth0.mac.size() == 6);
    QVERIFY(!has(vip));
    QVERIFY(route_->addAddress(eth0, vip));
    QVERIFY(has(vip));
    QVERIFY(route_->addAddress(eth0, vip)); // is there already
    const auto all = route_->addresses();
    QVERIFY(all);
    const auto found = std::ranges::find(*all, vip, &NetAddress::prefix);
    QVERIFY(found != all->end());
    QCOMPARE(found->index, eth0.index);
    QVERIFY(!found->tentative);
    QVERIFY(route_->removeAddress(eth0, vip));
    QVERIFY(!has(vip));
    QVERIFY(route_->removeAddress(eth0, vip)); // is gone already
}

void KernelTest::tellsWhatIsWrong() {
    NetInterface none;
    none.index = 4711;
    none.name = QStringLiteral("eth9");
    const auto added = route_->addAddress(none, kVip);
    QVERIFY(!added);
    QCOMPARE(added.error().code, ErrorCode::NotFound);
    QVERIFY(added.error().text.contains(QStringLiteral("eth9")));
    QVERIFY(route_->removeAddress(none, kVip));
}

void KernelTest::hearsAddresses() {
    InterfaceWatch watch;
    QVERIFY(watch.open());
    QList<NetAddressChanged> heard;
    connect(&watch, &InterfaceWatch::addressChanged, this, [&](const NetAddressChanged& change) { heard += change; });
    const NetInterface eth0 = interface("eth0");
    QVERIFY(route_->addAddress(eth0, kVip));
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard[0].address.prefix, kVip);
    QCOMPARE(heard[0].address.index, eth0.index);
    QVERIFY(!heard[0].gone);
    QVERIFY(route_->removeAddress(eth0, kVip));
    QTRY_COMPARE(heard.size(), 2);
    QVERIFY(heard[1].gone);
    QCOMPARE(heard[1].address.prefix, kVip);
}

void KernelTest::hearsLinks() {
    InterfaceWatch watch;
    QVERIFY(watch.open());
    std::optional<NetInterface> last;
    connect(&watch, &InterfaceWatch::linkChanged, this, [&](const NetLinkChanged& change) {
        if (change.interface.name == QLatin1String("eth0"))
            last = change.interface;
    });
    QVERIFY(ip(QStringLiteral("link set far down"))); // the cable is out
    QTRY_VERIFY(last && last->up && !last->carrier);
    QVERIFY(ip(QStringLiteral("link set far up")));
    QTRY_VERIFY(last->carrier);
}

void KernelTest::tellsWhenAnAddressCame() {
    const auto sinceBoot = [] { return monotonicNow().time_since_epoch(); };
    const NetInterface eth0 = interface("eth0");
    QVERIFY(route_->addAddress(eth0, kVip));
    const Duration first = sinceBoot();
    const auto stampOf = [&]() -> std::optional<Duration> {
        const auto all = route_->addresses();
        return all ? std::ranges::find(*all, kVip, &NetAddress::prefix)->changedAfterBoot : std::nullopt;
    };
    const auto stamp = stampOf();
    QVERIFY(stamp);
    QVERIFY(route_->removeAddress(eth0, kVip));
    qInfo("the kernel's stamp is %.3f s from the monotonic clock", toSeconds(*stamp - first));
    QTest::qWait(50);
    QVERIFY(route_->addAddress(eth0, kVip));
    const Duration passed = sinceBoot() - first;
    const auto second = stampOf();
    QVERIFY(second);
    QVERIFY(std::chrono::abs(*second - *stamp - passed) < 100ms);
    QVERIFY(route_->removeAddress(eth0, kVip));
}

void KernelTest::endsConnections_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("forBoth");
    QTest::newRow("IPv4") << "192.168.1.104/32" << false;
    QTest::newRow("IPv4 at a server for both") << "192.168.1.104/32" << true;
    QTest::newRow("IPv6") << "fd00::104/128" << true;
}

/// Those at the VIP, and no other's.
void KernelTest::endsConnections() {
    QFETCH(QString, address);
    QFETCH(bool, forBoth);
    QVERIFY(ip(QStringLiteral("link set lo up")));
    QVERIFY(ip(QStringLiteral("address replace fd00::1/128 dev lo nodad")));
    const IpPrefix vip = IpPrefix::fromText(address).value();
    const NetInterface eth0 = interface("eth0");
    QVERIFY(route_->addAddress(eth0, vip));
    // The kernel makes an IPv6 address's own route a little later.
    QTRY_VERIFY(ip(QStringLiteral("route get %1").arg(vip.address.toText())));

    const Descriptor server(::socket(forBoth ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    QVERIFY(::listen(server.number, 4) == 0); // at any address, and a port of the kernel's choice
    const quint16 port = portOf(server.number);
    const Descriptor client = connectedTo(vip.address, port);
    const Descriptor elsewhere = connectedTo(IpAddress::fromText(u"192.168.1.85").value(), port);
    QVERIFY(port != 0 && client.number >= 0 && elsewhere.number >= 0);

    const Result<int> ended = endConnections(vip.address);
    QVERIFY2(ended, qPrintable(ended ? QString() : toSentence(ended.error())));
    QCOMPARE(*ended, 1);
    char byte = 0;
    QCOMPARE(::recv(client.number, &byte, 1, MSG_DONTWAIT), -1);
    QCOMPARE(errno, ECONNRESET);
    QCOMPARE(::recv(elsewhere.number, &byte, 1, MSG_DONTWAIT), -1);
    QCOMPARE(errno, EAGAIN);
    // The server goes on.
    QVERIFY(connectedTo(vip.address, port).number >= 0);
    QVERIFY(route_->removeAddress(eth0, vip));
}

void KernelTest::announces() {
    const NetInterface eth0 = interface("eth0");
    FarEnd far(interface("far").index);
    QVERIFY(far.bound());
    Announcer announcer;
    QVERIFY(announcer.open());
    QVERIFY(announcer.announce(eth0, {kVip.address}, 5, 0ms));
    QCOMPARE(far.count(announcementFrame(eth0.mac, kVip.address)), 5);
    QVERIFY(announcer.announce(eth0, {kVip6.address}, 3, 0ms));
    QCOMPARE(far.count(announcementFrame(eth0.mac, kVip6.address)), 3);
    QVERIFY(!announcer.announce(NetInterface{4711, QStringLiteral("eth9"), eth0.mac}, {kVip.address}, 1, 0ms));
}

void KernelTest::announcesWithGaps() {
    const NetInterface eth0 = interface("eth0");
    FarEnd far(interface("far").index);
    Announcer announcer;
    QVERIFY(announcer.open());
    const QByteArray frame = announcementFrame(eth0.mac, kVip.address);
    QVERIFY(announcer.announce(eth0, {kVip.address}, 3, 20ms));
    QCOMPARE(far.countAll(frame), 1);
    QTRY_COMPARE(far.countAll(frame), 3);
    QVERIFY(announcer.announce(eth0, {kVip.address}, 100, 1ms));
    announcer.stop();
    far.count(frame);
    QTest::qWait(30);
    QCOMPARE(far.count(frame), 0);
}

QTEST_GUILESS_MAIN(KernelTest)
#include "kernel_test.moc"
