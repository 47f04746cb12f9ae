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
    void readsTheCorpus_data();
    void readsTheCorpus();
    void takesWhatTheNodeKnows();
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
    expected.checks = 1;
    expected.interface = QStringLiteral("enp7s0");
    expected.authType = QStringLiteral("PASS");
    expected.vips = {kVip};
    expected.scripts = {{.use = ScriptUse::Check,
                         .name = QStringLiteral("chk_milvus"),
                         .path = QStringLiteral("/etc/keepalived/chk_milvus.sh")}};
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
    expected.interface = QStringLiteral("enp3s0");
    expected.authType = QStringLiteral("PASS");
    expected.vips = {kVip};
    expected.scripts = {{.use = ScriptUse::NotifyMaster,
                         .name = QStringLiteral("notify_master"),
                         .path = QStringLiteral("/etc/keepalived/start_docker.sh")},
                        {.use = ScriptUse::NotifyBackup,
                         .name = QStringLiteral("notify_backup"),
                         .path = QStringLiteral("/etc/keepalived/stop_docker.sh")}};
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
    for (const QString& text :
         {seen->instance, seen->initialState, seen->notifyMaster, seen->notifyBackup, seen->authType, seen->authMark})
        QVERIFY(!text.contains(QStringLiteral("s3cr3t")));
    const auto marked = parseKeepalivedConfig(instance("authentication {\nauth_pass mha-mark:00ff\n}"), kVip);
    QCOMPARE(marked->authMark, QStringLiteral("00ff"));
}

void ConfigTest::readsTheCorpus_data() {
    QTest::addColumn<QString>("configId");
    QTest::addColumn<int>("priority");
    QTest::addColumn<int>("vrid");
    QTest::addColumn<QString>("interface");
    QTest::addColumn<int>("scripts");
    QTest::newRow("corpus/guide-commented.conf") << "" << 110 << 51 << "enp7s0" << 1;
    QTest::newRow("corpus/conditions.conf") << "main" << 110 << 51 << "enp7s0" << 1;
    QTest::newRow("corpus/conditions.conf ") << "spare" << 91 << 51 << "enp7s0" << 1;
    QTest::newRow("corpus/sync-group.conf") << "" << 100 << 60 << "eth0" << 3;
    QTest::newRow("corpus/carriage-returns.conf") << "" << 91 << 51 << "eth0" << 0;
    QTest::newRow("corpus/no-final-newline.conf") << "" << 91 << 51 << "" << 0;
    QTest::newRow("corpus/quotes.conf") << "" << 100 << -1 << "" << 3;
    QTest::newRow("corpus/unknown-blocks.conf") << "" << 100 << -1 << "" << 0;
    QTest::newRow("corpus/lvs.conf") << "" << 100 << 51 << "eth0" << 0;
    QTest::newRow("corpus/latin1.conf") << "" << 100 << -1 << "" << 0;
}

void ConfigTest::readsTheCorpus() {
    QFETCH(QString, configId);
    const QByteArray text = fixture(QByteArray(QTest::currentDataTag()).trimmed().constData());
    const auto seen = parseKeepalivedConfig(text, kVip, {.configId = configId});
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    QTEST(seen->priority, "priority");
    QTEST(seen->vrid, "vrid");
    QTEST(seen->interface, "interface");
    QTEST(int(seen->scripts.size()), "scripts");
}

void ConfigTest::takesWhatTheNodeKnows() {
    ConfigSurroundings node;
    node.usersKnown = true;
    node.userMayDocker = {{QStringLiteral("root"), true}, {QStringLiteral("keepalived_script"), false}};
    ScriptFile file;
    file.exists = true;
    file.callsDocker = file.startsContainer = true;
    node.files.insert(QStringLiteral("/bin/a"), file);
    node.files.insert(QStringLiteral("/bin/gone"), {});
    const auto seen = parseKeepalivedConfig(
        instance("notify_backup \"/bin/a x\" root\nnotify_master /bin/gone\nnotify_stop /bin/unseen"), kVip, node);
    QVERIFY(seen.has_value());
    const QList<ScriptSeen>& scripts = seen->scripts;
    QCOMPARE(scripts.size(), 3);
    QCOMPARE(scripts[0].user, QStringLiteral("root"));
    QVERIFY(scripts[0].exists == true && scripts[0].executable == false && scripts[0].startsContainer);
    QVERIFY(scripts[0].userMayDocker == true);
    QVERIFY(scripts[1].exists == false && !scripts[1].executable);
    QCOMPARE(scripts[1].user, QStringLiteral("keepalived_script"));
    QVERIFY(scripts[1].userMayDocker == false);
    QVERIFY(!scripts[2].exists && !scripts[2].executable);
}

QTEST_GUILESS_MAIN(ConfigTest)
#include "config_test.moc"
