// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ip_address.h"

#include <QtTest>

using namespace mha;

class IpAddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAndWrites_data();
    void readsAndWrites();
    void ordersAsVrrpDoes();
    void knowsItsNetwork_data();
    void knowsItsNetwork();
};

void IpAddressTest::readsAndWrites_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written"); ///< empty: no address
    QTest::newRow("IPv4") << "10.77.0.100/24" << "10.77.0.100/24";
    QTest::newRow("IPv4 host") << "10.77.0.100" << "10.77.0.100/32";
    QTest::newRow("IPv6") << "FD00:0:0::1/64" << "fd00::1/64";
    QTest::newRow("IPv6 host") << "fe80::1" << "fe80::1/128";
    QTest::newRow("length 0") << "0.0.0.0/0" << "0.0.0.0/0";
    QTest::newRow("too long") << "10.0.0.1/33" << "";
    QTest::newRow("negative") << "10.0.0.1/-1" << "";
    QTest::newRow("three numbers") << "10.0.1/24" << "";
    QTest::newRow("a name") << "vip.example/24" << "";
    QTest::newRow("a scope") << "fe80::1%eth0" << "";
    QTest::newRow("nothing") << "" << "";
}

void IpAddressTest::readsAndWrites() {
    QFETCH(QString, text);
    QFETCH(QString, written);
    const auto prefix = IpPrefix::fromText(text);
    QCOMPARE(prefix ? prefix->toText() : QString(), written);
}

void IpAddressTest::ordersAsVrrpDoes() {
    const QStringList ascending{QStringLiteral("9.255.255.255"), QStringLiteral("10.0.0.9"),
                                QStringLiteral("10.0.0.10"),     QStringLiteral("200.0.0.1"),
                                QStringLiteral("::1"),           QStringLiteral("fe80::1"),
                                QStringLiteral("fe80::2")};
    IpAddress before; // unset
    for (const QString& text : ascending) {
        const auto address = IpAddress::fromText(text);
        QVERIFY2(address && *address > before, qPrintable(text));
        before = *address;
    }
}

void IpAddressTest::knowsItsNetwork_data() {
    QTest::addColumn<QString>("network");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("inside");
    QTest::newRow("same /24") << "10.77.0.100/24" << "10.77.0.1" << true;
    QTest::newRow("other /24") << "10.77.0.100/24" << "10.77.1.1" << false;
    QTest::newRow("/25, lower half") << "10.77.0.1/25" << "10.77.0.127" << true;
    QTest::newRow("/25, upper half") << "10.77.0.1/25" << "10.77.0.128" << false;
    QTest::newRow("/32 itself") << "10.77.0.1/32" << "10.77.0.1" << true;
    QTest::newRow("everything") << "0.0.0.0/0" << "10.77.0.1" << true;
    QTest::newRow("other family") << "0.0.0.0/0" << "::1" << false;
    QTest::newRow("IPv6 /64") << "fd00::1/64" << "fd00::ffff:0:0:1" << true;
    QTest::newRow("IPv6 /63") << "fd00:0:0:2::/63" << "fd00:0:0:4::1" << false;
}

void IpAddressTest::knowsItsNetwork() {
    QFETCH(QString, network);
    QFETCH(QString, address);
    const auto prefix = IpPrefix::fromText(network);
    const auto other = IpAddress::fromText(address);
    QVERIFY(prefix && other);
    QTEST(prefix->contains(*other), "inside");
}

QTEST_GUILESS_MAIN(IpAddressTest)
#include "ip_address_test.moc"
