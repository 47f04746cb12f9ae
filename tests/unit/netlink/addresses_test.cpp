// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/addresses.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;
using What = AddressChange::What;

namespace {

const QString kVip = QStringLiteral("192.168.1.104");

// As `ip -j addr` of iproute2 6.1 prints an interface, cut to what is read.
QByteArray interface(const QByteArray& name, const QByteArray& flags, const QByteArray& addresses) {
    QByteArray info;
    for (const QByteArray& address : addresses.split(' ')) {
        if (address.isEmpty())
            continue;
        const QList<QByteArray> parts = address.split('/');
        info += (info.isEmpty() ? "" : ",") + ("{'local':'" + parts[0] + "','prefixlen':" + parts[1] + '}');
    }
    const QByteArray object = "{'ifname':'" + name + "','flags':['" + QByteArray(flags).replace(",", "','") +
                              "'],'operstate':'UP','addr_info':[" + info + "]}";
    return QByteArray(object).replace('\'', '"');
}

const QByteArray kLo = interface("lo", "LOOPBACK,UP,LOWER_UP", "127.0.0.1/8");
const QByteArray kUp = "BROADCAST,MULTICAST,UP,LOWER_UP";
const QByteArray kNoCarrier = "NO-CARRIER,BROADCAST,MULTICAST,UP";

QByteArray list(const QList<QByteArray>& interfaces) {
    return '[' + interfaces.join(',') + ']';
}

} // namespace

class AddressesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void seesTheVip_data();
    void seesTheVip();
    void refuses_data();
    void refuses();
    void comparesVersion6InAnySpelling();
    void followsTheStream();
    void readsTheStampLine();
    void takesBytesInAnyPieces();
    void ignoresOtherLines_data();
    void ignoresOtherLines();
};

void AddressesTest::seesTheVip_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("own");
    QTest::addColumn<bool>("held");
    QTest::addColumn<QString>("interface");
    QTest::addColumn<bool>("linkUp");
    const QByteArray holding = interface("enp7s0", kUp, "192.168.1.85/24 192.168.1.104/24");
    const QByteArray idle = interface("enp7s0", kUp, "192.168.1.85/24");
    const QByteArray cut = interface("enp7s0", kNoCarrier, "192.168.1.85/24 192.168.1.104/24");
    const QByteArray docker = interface("docker0", kNoCarrier, "172.17.0.1/16");
    QTest::newRow("held, interface named") << list({kLo, holding}) << "enp7s0" << true << "enp7s0" << true;
    QTest::newRow("held, interface found out") << list({kLo, docker, holding}) << "" << true << "enp7s0" << true;
    QTest::newRow("not held, found by subnet") << list({kLo, docker, idle}) << "" << false << "enp7s0" << true;
    QTest::newRow("held as /32 elsewhere than named")
        << list({kLo, idle, interface("vrrp.51", kUp, "192.168.1.104/32")}) << "enp7s0" << true << "vrrp.51" << true;
    QTest::newRow("no carrier") << list({kLo, cut}) << "enp7s0" << true << "enp7s0" << false;
    QTest::newRow("interface down") << list({kLo, interface("enp7s0", "BROADCAST,MULTICAST", "192.168.1.85/24")})
                                    << "enp7s0" << false << "enp7s0" << false;
    QTest::newRow("no subnet of the VIP: the first with an address")
        << list({kLo, interface("wan", kUp, "10.0.0.5/24")}) << "" << false << "wan" << true;
    QTest::newRow("only loopback") << list({kLo}) << "" << false << "" << false;
    QTest::newRow("VIP on loopback counts") << list({interface("lo", "LOOPBACK,UP,LOWER_UP", "192.168.1.104/32"), idle})
                                            << "enp7s0" << true << "lo" << true;
    QTest::newRow("another VIP that begins alike")
        << list({interface("enp7s0", kUp, "192.168.1.85/24 192.168.1.10/24")}) << "enp7s0" << false << "enp7s0" << true;
    QTest::newRow("empty objects between") << list({"{}", idle, "{}"}) << "" << false << "enp7s0" << true;
}

void AddressesTest::seesTheVip() {
    QFETCH(QByteArray, json);
    QFETCH(QString, own);
    const auto seen = parseAddresses(json, kVip, own);
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    QTEST(seen->held, "held");
    QTEST(seen->interface, "interface");
    QTEST(seen->linkUp, "linkUp");
}

void AddressesTest::refuses_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("own");
    QTest::addColumn<int>("code");
    QTest::newRow("empty") << QByteArray() << "" << int(ErrorCode::Protocol);
    QTest::newRow("text of an old ip") << QByteArray("Option \"-j\" is unknown") << "" << int(ErrorCode::Protocol);
    QTest::newRow("cut off") << list({kLo}).chopped(5) << "" << int(ErrorCode::Protocol);
    QTest::newRow("an object") << QByteArray("{}") << "" << int(ErrorCode::Protocol);
    QTest::newRow("no interface") << QByteArray("[{}]") << "" << int(ErrorCode::Protocol);
    QTest::newRow("interface of the pair file is missing") << list({kLo}) << "eth9" << int(ErrorCode::NotFound);
}

void AddressesTest::refuses() {
    QFETCH(QByteArray, json);
    QFETCH(QString, own);
    const auto seen = parseAddresses(json, kVip, own);
    QVERIFY(!seen.has_value());
    QTEST(int(seen.error().code), "code");
    QVERIFY(seen.error().remedy.endsWith(u'.'));
}

void AddressesTest::comparesVersion6InAnySpelling() {
    const auto seen =
        parseAddresses(list({interface("eth0", kUp, "fd00:0:0::68/64")}), QStringLiteral("fd00::0068"), {});
    QVERIFY(seen.has_value() && seen->held);
}

void AddressesTest::followsTheStream() {
    // iproute2 6.1 on a lab host: keepalived stopped and started, then the bridge side of the link down and up.
    const QByteArray bytes =
        "[2026-11-23T09:56:31.764426] Deleted 3: enp7s0    inet 192.168.1.104/24 scope global secondary enp7s0\\       "
        "valid_lft forever preferred_lft forever\n"
        "[2026-11-23T09:56:37.331595] 3: enp7s0    inet 192.168.1.104/24 scope global secondary enp7s0\\       "
        "valid_lft forever preferred_lft forever\n"
        "[2026-11-23T09:56:38.105429] 3: enp7s0@if4: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state "
        "LOWERLAYERDOWN group default \\    link/ether 06:2a:ce:2d:f1:95 brd ff:ff:ff:ff:ff:ff\n"
        "[2026-11-23T09:56:39.310713] 3: enp7s0@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP "
        "group default \\    link/ether 06:2a:ce:2d:f1:95 brd ff:ff:ff:ff:ff:ff\n";
    AddressMonitorParser parser(kVip);
    const auto at = [](const char* text) { return fromIso(QString::fromLatin1(text)); };
    const QString name = QStringLiteral("enp7s0");
    const QList<AddressChange> expected = {{What::VipRemoved, name, at("2026-11-23T09:56:31.764426Z")},
                                           {What::VipAdded, name, at("2026-11-23T09:56:37.331595Z")},
                                           {What::LinkDown, name, at("2026-11-23T09:56:38.105429Z")},
                                           {What::LinkUp, name, at("2026-11-23T09:56:39.310713Z")}};
    QCOMPARE(parser.feed(bytes), expected);
}

void AddressesTest::readsTheStampLine() {
    AddressMonitorParser parser(kVip);
    const auto changes =
        parser.feed("Timestamp: Mon Nov  2 09:43:44 2026 691219 usec\n"
                    "3: e0    inet 192.168.1.104/32 scope global e0:vip\\ valid_lft forever\n"
                    "Deleted 3: e0    inet 192.168.1.104/32 scope global e0:vip\\ valid_lft forever\n");
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes[0].at, fromIso(u"2026-11-02T09:43:44.691219Z"));
    QVERIFY2(!changes[1].at, "a stamp belongs to one line only");
}

void AddressesTest::takesBytesInAnyPieces() {
    const QByteArray line = "[2026-11-23T09:56:31.764426] 3: e0    inet 192.168.1.104/24 scope global e0\r\n";
    AddressMonitorParser whole(kVip);
    AddressMonitorParser pieces(kVip);
    const auto expected = whole.feed(line);
    QCOMPARE(expected.size(), 1);
    QList<AddressChange> changes;
    for (const char byte : line)
        changes += pieces.feed(QByteArray(1, byte));
    QCOMPARE(changes, expected);
}

void AddressesTest::ignoresOtherLines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray("\n");
    QTest::newRow("another address") << QByteArray("3: e0    inet 192.168.1.10/24 scope global e0\n");
    QTest::newRow("no address") << QByteArray("3: e0    inet \n");
    QTest::newRow("cut stamp") << QByteArray("[2026-11-23T09\n");
    QTest::newRow("words") << QByteArray("Device \"enp7s0\" does not exist.\n");
    QTest::newRow("bytes") << QByteArray("\x00\xff\xfe <<<>>> \n", 13);
    QTest::newRow("no line end ever") << QByteArray(qsizetype(100) * 1024, 'x');
}

void AddressesTest::ignoresOtherLines() {
    QFETCH(QByteArray, line);
    AddressMonitorParser parser(kVip);
    QVERIFY(parser.feed(line).isEmpty());
    parser.feed("\n");
    QCOMPARE(parser.feed("3: e0    inet 192.168.1.104/24 scope global e0\n").size(), 1);
}

QTEST_GUILESS_MAIN(AddressesTest)
#include "addresses_test.moc"
