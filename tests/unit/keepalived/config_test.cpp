// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config.h"

#include <QFile>
#include <QtTest>

using namespace mha;

namespace {

const QString kVip = QStringLiteral("192.168.1.104");

QByteArray fixture(const char* name) {
    QFile file(QFINDTESTDATA("fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no fixture");
}

QByteArray instance(const QByteArray& lines) {
    return "vrrp_instance VI_1 {\n" + lines + "\nvirtual_ipaddress {\n192.168.1.104/24\n}\n}\n";
}

} // namespace

class ConfigTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheGuidesMaster();
    void readsTheGuidesBackup();
    void readsForms_data();
    void readsForms();
    void weighsScripts_data();
    void weighsScripts();
    void refuses_data();
    void refuses();
    void neverTellsThePassword();
};

void ConfigTest::readsTheGuidesMaster() {
    const auto seen = parseKeepalivedConfig(fixture("guide-master.conf"), kVip);
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    VrrpConfigSeen expected;
    expected.instance = QStringLiteral("VI_SERVER");
    expected.initialState = QStringLiteral("MASTER");
    expected.vrid = 51;
    expected.priority = 110;
    expected.scriptWeight = -20;
    QCOMPARE(*seen, expected);
}

void ConfigTest::readsTheGuidesBackup() {
    const auto seen = parseKeepalivedConfig(fixture("guide-backup.conf"), kVip);
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    VrrpConfigSeen expected;
    expected.instance = QStringLiteral("VI_SERVER");
    expected.initialState = QStringLiteral("BACKUP");
    expected.vrid = 51;
    expected.priority = 91;
    expected.notifyMaster = QStringLiteral("/etc/keepalived/start_docker.sh master");
    expected.notifyBackup = QStringLiteral("/etc/keepalived/stop_docker.sh backup");
    QCOMPARE(*seen, expected);
}

void ConfigTest::readsForms_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("instance");
    QTest::addColumn<int>("vrid");
    QTest::addColumn<int>("priority");
    QTest::addColumn<bool>("nopreempt");
    QTest::addColumn<QString>("notifyMaster");
    const QByteArray one = "vrrp_instance VI_1 { virtual_router_id 7\npriority 120\n";
    QTest::newRow("defaults") << instance({}) << "VI_1" << -1 << 100 << false << "";
    QTest::newRow("block on one line") << one + "virtual_ipaddress { 192.168.1.104/24 } }" << "VI_1" << 7 << 120
                                       << false << "";
    QTest::newRow("brace on a line of its own")
        << QByteArray("vrrp_instance VI_1\n{\nvirtual_ipaddress\n\n{\n192.168.1.104\n}\n}") << "VI_1" << -1 << 100
        << false << "";
    QTest::newRow("address with device and label")
        << one + "virtual_ipaddress {\n192.168.1.104/24 dev eth0 label eth0:1\n}\n}" << "VI_1" << 7 << 120 << false
        << "";
    QTest::newRow("second address of the list")
        << one + "virtual_ipaddress {\n192.168.1.10\n192.168.1.104\n}\n}" << "VI_1" << 7 << 120 << false << "";
    QTest::newRow("excluded list") << one + "virtual_ipaddress_excluded {\n192.168.1.104\n}\n}" << "VI_1" << 7 << 120
                                   << false << "";
    QTest::newRow("the instance that carries the VIP")
        << "vrrp_instance OTHER {\npriority 5\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n" + instance("priority 60")
        << "VI_1" << -1 << 60 << false << "";
    QTest::newRow("comments of both kinds") << instance("! priority 1\npriority 60 # not 61\n#}\nvirtual_router_id 9!x")
                                            << "VI_1" << 9 << 60 << false << "";
    QTest::newRow("comment signs in quotes")
        << instance("notify_master \"/bin/a # b ! c\"") << "VI_1" << -1 << 100 << false << "/bin/a # b ! c";
    QTest::newRow("notify without quotes")
        << instance("notify_master /bin/start now") << "VI_1" << -1 << 100 << false << "/bin/start now";
    QTest::newRow("quoted notify with its user")
        << instance("notify_master \"/bin/start now\" root") << "VI_1" << -1 << 100 << false << "/bin/start now";
    QTest::newRow("line continued") << instance("notify_master \\\n/bin/start") << "VI_1" << -1 << 100 << false
                                    << "/bin/start";
    QTest::newRow("nopreempt with BACKUP") << instance("state BACKUP\nnopreempt") << "VI_1" << -1 << 100 << true << "";
    QTest::newRow("nopreempt with MASTER is cleared")
        << instance("state MASTER\nnopreempt") << "VI_1" << -1 << 100 << false << "";
    QTest::newRow("braces of a variable")
        << instance("interface ${IF}\npriority 60") << "VI_1" << -1 << 60 << false << "";
    QTest::newRow("carriage returns") << instance("priority 60").replace("\n", "\r\n") << "VI_1" << -1 << 60 << false
                                      << "";
    QTest::newRow("quote left open ends with its line")
        << instance("notify_backup \"/bin/x\npriority 60") << "VI_1" << -1 << 60 << false << "";
}

void ConfigTest::readsForms() {
    QFETCH(QByteArray, text);
    const auto seen = parseKeepalivedConfig(text, kVip);
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    QTEST(seen->instance, "instance");
    QTEST(seen->vrid, "vrid");
    QTEST(seen->priority, "priority");
    QTEST(seen->nopreempt, "nopreempt");
    QTEST(seen->notifyMaster, "notifyMaster");
}

void ConfigTest::weighsScripts_data() {
    QTest::addColumn<QByteArray>("scripts");
    QTest::addColumn<QByteArray>("tracked");
    QTest::addColumn<int>("weight");
    QTest::addColumn<bool>("faults");
    const QByteArray scripts = "vrrp_script a {\nscript \"/bin/a\"\nweight -20\n}\nvrrp_script b {\nscript /bin/b\n}\n";
    QTest::newRow("none tracked") << scripts << QByteArray() << 0 << false;
    QTest::newRow("its own weight") << scripts << QByteArray("a") << -20 << false;
    QTest::newRow("weight of the instance") << scripts << QByteArray("a weight -5") << -5 << false;
    QTest::newRow("reverse") << scripts << QByteArray("a weight -5 reverse") << -5 << false;
    QTest::newRow("no weight means FAULT") << scripts << QByteArray("b") << 0 << true;
    QTest::newRow("weight 0 of the instance means FAULT") << scripts << QByteArray("a weight 0") << 0 << true;
    QTest::newRow("both") << scripts << QByteArray("a\nb weight -3") << -23 << false;
    QTest::newRow("one of two faults") << scripts << QByteArray("a\nb") << -20 << true;
    QTest::newRow("not defined, ignored as keepalived does") << scripts << QByteArray("c") << 0 << false;
}

void ConfigTest::weighsScripts() {
    QFETCH(QByteArray, scripts);
    QFETCH(QByteArray, tracked);
    const QByteArray block = tracked.isEmpty() ? QByteArray() : "track_script {\n" + tracked + "\n}";
    for (const QByteArray& text : {scripts + instance(block), instance(block) + scripts}) {
        const auto seen = parseKeepalivedConfig(text, kVip);
        QVERIFY(seen.has_value());
        QTEST(seen->scriptWeight, "weight");
        QTEST(seen->scriptFaults, "faults");
    }
}

void ConfigTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("names");
    QTest::newRow("empty") << QByteArray() << int(ErrorCode::NotFound) << "no vrrp_instance";
    QTest::newRow("another VIP") << instance({}).replace("104", "105") << int(ErrorCode::NotFound) << "192.168.1.104";
    QTest::newRow("include") << QByteArray("include /etc/keepalived/conf.d/*.conf\n") << int(ErrorCode::NotFound)
                             << "/etc/keepalived/conf.d/*.conf";
    QTest::newRow("block left open") << instance({}).chopped(2) << int(ErrorCode::Protocol) << "not closed";
    QTest::newRow("closed twice") << instance({}) + "}\n" << int(ErrorCode::Protocol) << "closed twice";
    QTest::newRow("nested without end") << QByteArray("a {\n").repeated(10'000) << int(ErrorCode::Protocol) << "";
    QTest::newRow("bytes") << QByteArray("\x7f"
                                         "ELF\x00\x01{{{",
                                         9)
                           << int(ErrorCode::Protocol) << "";
}

void ConfigTest::refuses() {
    QFETCH(QByteArray, text);
    QFETCH(QString, names);
    const auto seen = parseKeepalivedConfig(text, kVip);
    QVERIFY(!seen.has_value());
    QTEST(int(seen.error().code), "code");
    QVERIFY2(seen.error().text.contains(names), qPrintable(seen.error().text));
    QVERIFY(seen.error().remedy.endsWith(u'.'));
}

void ConfigTest::neverTellsThePassword() {
    const auto seen = parseKeepalivedConfig(
        instance("authentication {\nauth_type PASS\nauth_pass s3cr3t\n}\nnotify_master /bin/x"), kVip);
    QVERIFY(seen.has_value());
    for (const QString& text : {seen->instance, seen->initialState, seen->notifyMaster, seen->notifyBackup})
        QVERIFY(!text.contains(QStringLiteral("s3cr3t")));
}

QTEST_GUILESS_MAIN(ConfigTest)
#include "config_test.moc"
