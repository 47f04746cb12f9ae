// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/node_settings.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const QByteArray kLeast = R"(vrid = 51
priority = 110
vips = ["192.168.1.104/32"]
peer = "192.168.1.38"
)";

} // namespace

class NodeSettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fillsInDefaults();
    void readsAll();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void advises();
};

void NodeSettingsTest::fillsInDefaults() {
    const auto settings = parseNodeSettings(kLeast, QStringLiteral("node.toml"));
    QVERIFY2(settings, qPrintable(settings ? QString() : toSentence(settings.error())));
    QCOMPARE(settings->vrrp.version, VrrpVersion::V3);
    QCOMPARE(settings->vrrp.advertInterval, Duration(1s));
    QCOMPARE(settings->stopDeadline, Duration(3s));
    QVERIFY(!settings->vrrp.preempt);
    QVERIFY(settings->vrrp.peers.isEmpty());
    QVERIFY(settings->peerSpeaks);
    QVERIFY(!settings->witness.isSet());
    QCOMPARE(settings->container, QStringLiteral("milvus"));
    QCOMPARE(settings->engine, NodeEngine::Native);
}

void NodeSettingsTest::readsAll() {
    const auto settings = parseNodeSettings(kLeast + R"(interface = "enp7s0"
engine = "keepalived"
notify_fifo = "/run/f"
keepalived_instance = "VI_1"
version = 2
advert_interval_seconds = 2
password = "1111"
checksum = "plain"
peer_kind = "keepalived"
peer_stop_deadline_seconds = 20
unicast = true
preempt = true
stop_deadline_seconds = 7.5
witness = "192.168.1.1"
port = 4711
container = "m"
docker_socket = "/d"
stop_grace_seconds = 0
restart_in_place = true
end_connections = true
control_socket = "/c"
control_group = "g"
event_log = "/e"
)",
                                            QStringLiteral("node.toml"));
    QVERIFY2(settings, qPrintable(settings ? QString() : toSentence(settings.error())));
    QCOMPARE(settings->engine, NodeEngine::Keepalived);
    QCOMPARE(settings->notifyFifo, QStringLiteral("/run/f"));
    QCOMPARE(settings->keepalivedInstance, QStringLiteral("VI_1"));
    QCOMPARE(settings->vrrp.version, VrrpVersion::V2);
    QCOMPARE(settings->vrrp.password, QByteArray("1111"));
    QCOMPARE(settings->vrrp.peers.size(), 1);
    QCOMPARE(settings->vrrp.checksum, ChecksumForm::Plain);
    QCOMPARE(settings->stopDeadline, Duration(7500ms));
    QCOMPARE(settings->peerStopDeadline, 20s);
    QVERIFY(!settings->peerSpeaks && settings->restartInPlace && settings->endsConnections);
    QCOMPARE(settings->port, 4711);
    QCOMPARE(settings->stopGrace, 0s);
}

void NodeSettingsTest::tellsWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("told");
    QTest::newRow("no TOML") << QByteArray("vrid =") << "TOML";
    QTest::newRow("missing") << QByteArray("priority = 1") << "vrid is missing";
    QTest::newRow("out of range") << QByteArray(kLeast).replace("51", "256") << "vrid is not";
    QTest::newRow("text for a number") << QByteArray(kLeast).replace("110", "\"110\"") << "priority is not";
    QTest::newRow("no address") << QByteArray(kLeast).replace("192.168.1.38", "backup") << "peer is not";
    QTest::newRow("no VIP") << QByteArray(kLeast).replace("\"192.168.1.104/32\"", "") << "vips is not";
    QTest::newRow("unknown") << kLeast + "vird = 1" << "vird is not a known field";
    QTest::newRow("two families") << QByteArray(kLeast).replace("192.168.1.38", "fe80::1") << "mixed";
    QTest::newRow("V2 at 0.1 s") << kLeast + "version = 2\nadvert_interval_seconds = 0.1" << "interval";
    QTest::newRow("password of V3") << kLeast + "password = \"1111\"" << "no authentication";
    QTest::newRow("long password") << kLeast + "version = 2\npassword = \"123456789\"" << "password is not";
    QTest::newRow("short deadline") << kLeast + "stop_deadline_seconds = 2.9" << "three advert intervals";
    QTest::newRow("IPv6 witness") << kLeast + "witness = \"fe80::1\"" << "IPv4";
}

void NodeSettingsTest::tellsWhatIsWrong() {
    QFETCH(QByteArray, toml);
    QFETCH(QString, told);
    const auto settings = parseNodeSettings(toml, QStringLiteral("node.toml"));
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, ErrorCode::BadPairFile);
    QVERIFY2(settings.error().text.contains(told), qPrintable(settings.error().text));
    QVERIFY(!toSentence(settings.error()).contains(QStringLiteral("123456789")));
}

void NodeSettingsTest::advises() {
    const auto bare = parseNodeSettings(kLeast, {});
    QCOMPARE(adviceOn(*bare).size(), 1);
    const auto good = parseNodeSettings(kLeast + "witness = \"192.168.1.1\"", {});
    QVERIFY(adviceOn(*good).isEmpty());
    const auto worse = parseNodeSettings(QByteArray(kLeast).replace("/32", "/24") + "preempt = true", {});
    QCOMPARE(adviceOn(*worse).size(), 3);
}

QTEST_GUILESS_MAIN(NodeSettingsTest)
#include "node_settings_test.moc"
