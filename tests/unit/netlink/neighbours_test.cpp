// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/neighbours.h"

#include <QtTest>

using namespace mha;

class NeighboursTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsIp_data();
    void readsIp();
    void readsTheArpTable_data();
    void readsTheArpTable();
};

void NeighboursTest::readsIp_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<QString>("mac");
    QTest::newRow("known") << QByteArray(
                                  R"([{"dst":"10.0.0.9","dev":"e0","lladdr":"AA:bb:cc:dd:ee:01","state":["STALE"]}])")
                           << true << "aa:bb:cc:dd:ee:01";
    QTest::newRow("never answered") << QByteArray(R"([{"dst":"10.0.0.9","dev":"e0","state":["FAILED"]}])") << true
                                    << "";
    QTest::newRow("another address")
        << QByteArray(R"([{"dst":"10.0.0.8","dev":"e0","lladdr":"aa:bb:cc:dd:ee:01","state":["STALE"]}])") << true
        << "";
    QTest::newRow("no entry") << QByteArray("[]\n") << true << "";
    QTest::newRow("an old ip prints nothing") << QByteArray() << true << "";
    QTest::newRow("not JSON") << QByteArray("Usage: ip") << false << "";
}

void NeighboursTest::readsIp() {
    QFETCH(QByteArray, json);
    const auto mac = parseNeighbour(json, QStringLiteral("10.0.0.9"));
    QTEST(mac.has_value(), "understood");
    QTEST(mac.value_or(QString()), "mac");
}

void NeighboursTest::readsTheArpTable_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("mac");
    QTest::newRow("complete") << QByteArray(
                                     "10.0.0.9         0x1         0x2         02:42:0A:00:00:09     *        eth0\n")
                              << "02:42:0a:00:00:09";
    QTest::newRow("not answered") << QByteArray("10.0.0.9  0x1  0x0  00:00:00:00:00:00  *  eth0\n") << "";
    QTest::newRow("another") << QByteArray("10.0.0.99  0x1  0x2  02:42:0a:00:00:09  *  eth0\n") << "";
    QTest::newRow("cut short") << QByteArray("10.0.0.9  0x1") << "";
}

void NeighboursTest::readsTheArpTable() {
    QFETCH(QByteArray, line);
    const QByteArray head = "IP address       HW type     Flags       HW address            Mask     Device\n";
    QTEST(neighbourFromArpTable(head + line, QStringLiteral("10.0.0.9")), "mac");
}

QTEST_APPLESS_MAIN(NeighboursTest)
#include "neighbours_test.moc"
