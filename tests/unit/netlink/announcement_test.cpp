// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/announcement.h"

#include <QtTest>

using namespace mha;

namespace {

const QByteArray kMac = QByteArray::fromHex("525400a80155");

} // namespace

class AnnouncementTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void frames_data();
    void frames();
};

void AnnouncementTest::frames_data() {
    QTest::addColumn<QByteArray>("mac");
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("gratuitous ARP") << kMac << "192.168.1.104"
                                    << QByteArray("ffffffffffff525400a801550806"
                                                  "0001080006040001"
                                                  "525400a80155c0a80168"
                                                  "000000000000c0a80168");
    QTest::newRow("unsolicited NA") << kMac << "fd00::104"
                                    << QByteArray("333300000001525400a8015586dd"
                                                  "6000000000203aff"
                                                  "fd000000000000000000000000000104"
                                                  "ff020000000000000000000000000001"
                                                  "8800064520000000"
                                                  "fd000000000000000000000000000104"
                                                  "0201525400a80155");
    QTest::newRow("no Ethernet") << QByteArray() << "192.168.1.104" << QByteArray();
    QTest::newRow("no address") << kMac << "" << QByteArray();
}

void AnnouncementTest::frames() {
    QFETCH(QByteArray, mac);
    QFETCH(QString, address);
    QTEST(announcementFrame(mac, IpAddress::fromText(address).value_or(IpAddress())).toHex(), "frame");
}

QTEST_GUILESS_MAIN(AnnouncementTest)
#include "announcement_test.moc"
