// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/rtnetlink.h"

#include <QtTest>

#include <algorithm>
#include <vector>

using namespace mha;
using namespace std::chrono_literals;

// The numbers on the wire are the machine's own, here those of a little-endian one.

namespace {

IpPrefix prefix(const char* text) {
    return IpPrefix::fromText(QString::fromLatin1(text)).value();
}

QList<NetMessage> read(const char* hex) {
    const QByteArray bytes = QByteArray::fromHex(hex);
    std::vector<quint32> aligned((static_cast<size_t>(bytes.size()) + 3) / 4);
    std::ranges::copy(bytes, reinterpret_cast<char*>(aligned.data()));
    return readNetMessages({reinterpret_cast<const quint8*>(aligned.data()), static_cast<size_t>(bytes.size())});
}

NetInterface interface(int index, const char* name, bool loopback = false) {
    return {index, QString::fromLatin1(name), {}, true, true, loopback};
}

NetAddress on(int index, const char* text) {
    return {index, prefix(text)};
}

} // namespace

class RtnetlinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void builds_data();
    void builds();
    void reads_data();
    void reads();
    void readsEveryMessageOfADatagram();
    void findsInterfaces();
    void findsOwnAddress();
};

void RtnetlinkTest::builds_data() {
    if (QSysInfo::ByteOrder != QSysInfo::LittleEndian)
        QSKIP("the vectors are those of a little-endian machine");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("add IPv4") << addAddressMessage(2, prefix("192.168.1.104/32"), 7)
                              << QByteArray("2000000014000506"
                                            "0700000000000000"
                                            "0220000002000000"
                                            "08000200c0a80168");
    QTest::newRow("add IPv4 with its network") << addAddressMessage(2, prefix("192.168.1.104/24"), 7)
                                               << QByteArray("2000000014000506"
                                                             "0700000000000000"
                                                             "0218000002000000"
                                                             "08000200c0a80168");
    QTest::newRow("remove IPv4") << removeAddressMessage(300, prefix("192.168.1.104/32"), 8)
                                 << QByteArray("2000000015000500"
                                               "0800000000000000"
                                               "022000002c010000"
                                               "08000200c0a80168");
    QTest::newRow("add IPv6 of a single host") << addAddressMessage(2, prefix("fd00::104/128"), 1)
                                               << QByteArray("4000000014000506"
                                                             "0100000000000000"
                                                             "0a80020002000000"
                                                             "14000200fd000000000000000000000000000104"
                                                             "1400060000000000ffffffff0000000000000000");
    QTest::newRow("add IPv6 with its network") << addAddressMessage(2, prefix("fd00::104/64"), 1)
                                               << QByteArray("2c00000014000506"
                                                             "0100000000000000"
                                                             "0a40020002000000"
                                                             "14000200fd000000000000000000000000000104");
    QTest::newRow("remove IPv6") << removeAddressMessage(2, prefix("fd00::104/128"), 1)
                                 << QByteArray("2c00000015000500"
                                               "0100000000000000"
                                               "0a80000002000000"
                                               "14000200fd000000000000000000000000000104");
    QTest::newRow("list interfaces") << listInterfacesMessage(3)
                                     << QByteArray("140000001200010303000000"
                                                   "0000000000000000");
    QTest::newRow("list addresses") << listAddressesMessage(3)
                                    << QByteArray("140000001600010303000000"
                                                  "0000000000000000");
}

void RtnetlinkTest::builds() {
    QFETCH(QByteArray, message);
    QTEST(message.toHex(), "hex");
}

void RtnetlinkTest::reads_data() {
    if (QSysInfo::ByteOrder != QSysInfo::LittleEndian)
        QSKIP("the vectors are those of a little-endian machine");
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QList<NetMessage>>("messages");
    const QByteArray body = "0000010002000000"; // AF_UNSPEC, Ethernet, index 2
    const QByteArray eth0 = "0900030065746830"
                            "00000000"
                            "0a000100525400a801550000";
    const QByteArray mac = QByteArray::fromHex("525400a80155");
    const auto link = [&](const char* type, const char* flags) {
        return "38000000" + QByteArray(type) + "00000000000000000000" + body + flags + "00000000" + eth0;
    };
    QTest::newRow("link up") << link("1000", "43100100")
                             << QList<NetMessage>{NetLinkChanged{{2, QStringLiteral("eth0"), mac, true, true}}};
    QTest::newRow("its cable is out") << link("1000", "03100000")
                                      << QList<NetMessage>{NetLinkChanged{{2, QStringLiteral("eth0"), mac, true}}};
    QTest::newRow("set down") << link("1000", "02100000")
                              << QList<NetMessage>{NetLinkChanged{{2, QStringLiteral("eth0"), mac}}};
    QTest::newRow("gone") << link("1100", "43100100")
                          << QList<NetMessage>{NetLinkChanged{{2, QStringLiteral("eth0"), mac}, true}};
    QTest::newRow("a port of a bridge") << link("1000", "43100100").replace(32, 2, "07") << QList<NetMessage>{};

    const QByteArray vip = "08000100c0a80168" // IFA_ADDRESS
                           "08000200c0a80168" // IFA_LOCAL
                           "1400060000000000ffffffff39300000d2040000";
    const NetAddress plain{2, prefix("192.168.1.104/32"), false, false, 12340ms};
    NetAddress secondary = plain;
    secondary.secondary = true;
    const auto address = [&](const char* type, const char* flags) {
        return "3c000000" + QByteArray(type) + "00000000000000000000" + "0220" + flags + "0002000000" + vip;
    };
    QTest::newRow("address added") << address("1400", "80") << QList<NetMessage>{NetAddressChanged{plain}};
    QTest::newRow("address removed") << address("1500", "80") << QList<NetMessage>{NetAddressChanged{plain, true}};
    QTest::newRow("secondary") << address("1400", "81") << QList<NetMessage>{NetAddressChanged{secondary}};
    QTest::newRow("IPv6, tentative, flags of 32 bits")
        << QByteArray("340000001400000000000000000000000a400000020000001400"
                      "0100fd00000000000000000000000000010408000800c0020000")
        << QList<NetMessage>{NetAddressChanged{{2, prefix("fd00::104/64"), false, true, {}}}};
    QTest::newRow("address without an address") << QByteArray("18000000140000000000000000000000"
                                                              "0220000002000000")
                                                << QList<NetMessage>{};
    QTest::newRow("refused") << QByteArray("240000000200000007000000"
                                           "00000000"
                                           "ffffffff"
                                           "20000000140005060700000000000000")
                             << QList<NetMessage>{NetAnswer{7, 1}};
    QTest::newRow("done") << QByteArray("140000000300020003000000"
                                        "0000000000000000")
                          << QList<NetMessage>{NetAnswer{3, 0}};
    QTest::newRow("of another kind") << QByteArray("140000001800000000000000"
                                                   "0000000000000000")
                                     << QList<NetMessage>{};
    QTest::newRow("too short for its kind") << QByteArray("14000000100000000000000000000000"
                                                          "00000000")
                                            << QList<NetMessage>{};
    QTest::newRow("longer than the datagram") << QByteArray("ff000000100000000000000000000000") << QList<NetMessage>{};
    QTest::newRow("nothing") << QByteArray() << QList<NetMessage>{};
}

void RtnetlinkTest::reads() {
    QFETCH(QByteArray, hex);
    QFETCH(QList<NetMessage>, messages);
    QVERIFY(read(hex.constData()) == messages);
}

void RtnetlinkTest::readsEveryMessageOfADatagram() {
    const auto messages = read("140000000300020003000000000000000000000014000000030002000400000000000000"
                               "00000000");
    QCOMPARE(messages.size(), 2);
    QVERIFY(messages[1] == NetMessage(NetAnswer{4, 0}));
}

void RtnetlinkTest::findsInterfaces() {
    const QList<NetInterface> interfaces{interface(1, "lo", true), interface(2, "eth0"), interface(3, "eth1")};
    const QList<NetAddress> addresses{on(1, "127.0.0.1/8"), on(2, "192.168.0.5/16"), on(3, "192.168.1.85/24"),
                                      on(2, "192.168.1.104/32")};
    const auto vip = prefix("192.168.1.104/32").address;
    QCOMPARE(interfaceReaching(interfaces, addresses, vip)->name, "eth1");
    QCOMPARE(interfaceReaching(interfaces, addresses, prefix("192.168.9.1/32").address)->name, "eth0");
    QVERIFY(!interfaceReaching(interfaces, addresses, prefix("127.0.0.9/32").address));
    QVERIFY(!interfaceReaching(interfaces, addresses, prefix("10.0.0.1/32").address));
    QVERIFY(!interfaceReaching(interfaces, addresses, prefix("fd00::1/128").address));
    QCOMPARE(interfaceNamed(interfaces, QStringLiteral("eth1"))->index, 3);
    QVERIFY(!interfaceNamed(interfaces, QStringLiteral("eth2")));
}

void RtnetlinkTest::findsOwnAddress() {
    QList<NetAddress> addresses{on(2, "10.0.0.1/8"), on(2, "192.168.1.104/24"), on(2, "192.168.1.85/24"),
                                on(3, "192.168.1.9/24")};
    const QList<IpPrefix> vip{prefix("192.168.1.104/24")};
    QCOMPARE(ownAddressFor(addresses, 2, vip).toText(), "192.168.1.85");
    addresses.removeAt(2);
    QCOMPARE(ownAddressFor(addresses, 2, vip).toText(), "10.0.0.1");
    QVERIFY(!ownAddressFor(addresses, 4, vip).isSet());
    QVERIFY(!ownAddressFor(addresses, 2, {}).isSet());

    QList<NetAddress> six{on(2, "fd00::1/64"), on(2, "fe80::1/64"), on(2, "fe80::2/64")};
    six[1].tentative = true;
    QCOMPARE(ownAddressFor(six, 2, {prefix("fd00::104/64")}).toText(), "fe80::2");
}

QTEST_GUILESS_MAIN(RtnetlinkTest)
#include "rtnetlink_test.moc"
