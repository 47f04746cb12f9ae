// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/runtime.h"

#include <QFile>
#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(mha::VrrpState)

namespace {

const QString kVip = QStringLiteral("192.168.1.104");

QByteArray fixture(const char* name) {
    QFile file(QFINDTESTDATA("fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no fixture");
}

QByteArray section(const QByteArray& name, const QByteArray& text) {
    return "@@mha " + name + '\n' + text + '\n';
}

const QByteArray kRunning = "@@mha running 224 1234\n";

QByteArray withConfig(const QByteArray& before) {
    return before + section("config", fixture("guide-master.conf")) + "@@mha end\n";
}

QByteArray dump(const QByteArray& fields) {
    return section("json", R"([{"data":{"iname":"VI_SERVER","vips":["192.168.1.104/24 dev e0"],)" + fields + "}}]");
}

} // namespace

class RuntimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheMaster();
    void readsTheBackup();
    void readsDumps_data();
    void readsDumps();
    void readsTheJournal();
    void readsASyslogWithoutYear();
    void tellsWhyNot_data();
    void tellsWhyNot();
    void tellsStopped();
    void readsMaintenance();
    void survivesACutOutput();
    void cutsThePasswordOutOnTheNode();
    void hearsLines_data();
    void hearsLines();
};

void RuntimeTest::readsTheMaster() {
    const KeepalivedSeen seen = parseKeepalivedState(fixture("state-master.txt"), kVip);
    QVERIFY(seen.vrrp.has_value());
    VrrpSeen expected;
    expected.running = true;
    expected.state = VrrpState::Master;
    expected.priority = 110;
    expected.effectivePriority = 110;
    expected.vrid = 51;
    expected.advertInterval = 1s;
    expected.since = fromEpochSeconds(1795427748.107163);
    expected.source = QStringLiteral("json");
    // RFC 3768, 6.1: 3 s and (256 - 110) / 256 s.
    expected.masterDown = Duration(3'570'312);
    expected.counts = VrrpCounts{.sent = 21, .becameMaster = 1};
    QCOMPARE(*seen.vrrp, expected);
    QVERIFY(!seen.nodeProgram);
    QVERIFY(seen.config.has_value());
    QCOMPARE(seen.config->priority, 110);
}

void RuntimeTest::readsMaintenance() {
    const QByteArray file = "@@mha maintenance\nann@desk\n1795430000\nnew disk: slot 3\n";
    const KeepalivedSeen seen = parseKeepalivedState(file + fixture("state-backup.txt"), kVip);
    QVERIFY(seen.vrrp.has_value());
    QCOMPARE(seen.vrrp->maintenance, (Maintenance{QStringLiteral("ann@desk"), QStringLiteral("new disk: slot 3"),
                                                  fromEpochSeconds(1795430000)}));
    QCOMPARE(seen.vrrp->state, VrrpState::Backup);
    const KeepalivedSeen broken = parseKeepalivedState("@@mha maintenance\n\n" + fixture("state-backup.txt"), kVip);
    QVERIFY(broken.vrrp.has_value() && !broken.vrrp->maintenance);
}

void RuntimeTest::readsTheBackup() {
    const KeepalivedSeen seen = parseKeepalivedState(fixture("state-backup.txt"), kVip);
    QVERIFY(seen.vrrp.has_value());
    QCOMPARE(seen.vrrp->state, VrrpState::Backup);
    QCOMPARE(seen.vrrp->effectivePriority, 91);
    QVERIFY(seen.config.has_value());
    QCOMPARE(seen.config->notifyMaster, QStringLiteral("/etc/keepalived/start_docker.sh master"));
}

void RuntimeTest::readsDumps_data() {
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<VrrpState>("state");
    QTest::addColumn<int>("effective");
    QTest::addColumn<bool>("nopreempt");
    const auto row = [](const char* name, const QByteArray& sections, VrrpState state, int effective, bool nopreempt) {
        QTest::newRow(name) << withConfig(kRunning + sections) << state << effective << nopreempt;
    };
    row("lowered", dump(R"("state":1,"base_priority":110,"effective_priority":90)"), VrrpState::Backup, 90, false);
    row("fault", dump(R"("state":3,"effective_priority":0)"), VrrpState::Fault, 0, false);
    row("init", dump(R"("state":0)"), VrrpState::Init, -1, false);
    row("stopping", dump(R"("state":98)"), VrrpState::Stopped, -1, false);
    row("a state of a later version", dump(R"("state":42)"), VrrpState::Unknown, -1, false);
    row("flag as a number", dump(R"("state":2,"nopreempt":1)"), VrrpState::Master, -1, true);
    row("flag as a boolean", dump(R"("state":2,"nopreempt":true)"), VrrpState::Master, -1, true);
    row("dump of version 2",
        section("json", R"({"vrrp":[{"data":{"state":2,"vips":["192.168.1.104 dev e0"],"effective_priority":7}}]})"),
        VrrpState::Master, 7, false);
    row("VIP among the excluded ones, second instance",
        section("json",
                R"([{"data":{"state":1,"vips":["10.0.0.1"]}},{"data":{"state":2,"evips":["192.168.1.104/32"]}}])"),
        VrrpState::Master, -1, false);
}

void RuntimeTest::readsDumps() {
    QFETCH(QByteArray, output);
    const KeepalivedSeen seen = parseKeepalivedState(output, kVip);
    QVERIFY2(seen.vrrp.has_value(), seen.vrrp ? "" : qPrintable(seen.vrrp.error().text));
    QTEST(seen.vrrp->state, "state");
    QTEST(seen.vrrp->effectivePriority, "effective");
    QTEST(seen.vrrp->nopreempt, "nopreempt");
    QCOMPARE(seen.run, QByteArray("224 1234"));
}

void RuntimeTest::readsTheJournal() {
    const QByteArray lines =
        "1795427744.535772 master Keepalived_vrrp[225]: (VI_SERVER) Entering BACKUP STATE (init)\n"
        "1795427748.106406 master Keepalived_vrrp[225]: (VI_SERVER) Entering MASTER STATE\n"
        "1795427788.565782 master Keepalived_vrrp[225]: (VI_SERVER) Changing effective priority from 110 to 90\n"
        "1795427791.760582 master Keepalived_vrrp[225]: (VI_SERVER) Master received advert from 192.168.1.38 with "
        "higher "
        "priority 91, ours 90\n"
        "1795427791.760592 master Keepalived_vrrp[225]: (VI_SERVER) Entering BACKUP STATE\n"
        "1795427795.000000 master Keepalived_vrrp[225]: (VI_OTHER) Entering MASTER STATE\n";
    const KeepalivedSeen seen = parseKeepalivedState(withConfig(kRunning + section("journal", lines)), kVip);
    QVERIFY(seen.vrrp.has_value());
    QCOMPARE(seen.vrrp->state, VrrpState::Backup);
    QCOMPARE(seen.vrrp->source, QStringLiteral("journal"));
    QCOMPARE(seen.vrrp->priority, 110);
    QCOMPARE(seen.vrrp->effectivePriority, 90);
    QCOMPARE(seen.vrrp->since, fromEpochSeconds(1795427791.760592));
}

void RuntimeTest::readsASyslogWithoutYear() {
    const QByteArray lines =
        "Nov 23 09:55:48 master Keepalived_vrrp[225]: VRRP_Instance(VI_SERVER) Entering MASTER STATE";
    const KeepalivedSeen seen = parseKeepalivedState(withConfig(kRunning + section("syslog", lines)), kVip);
    QVERIFY(seen.vrrp.has_value());
    QCOMPARE(seen.vrrp->state, VrrpState::Master);
    QVERIFY2(!seen.vrrp->since, "a time without a year and a zone is no time");
    QCOMPARE(seen.vrrp->effectivePriority, 110);
}

void RuntimeTest::tellsWhyNot_data() {
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("names");
    const auto end = QByteArray("@@mha end\n");
    QTest::newRow("not installed") << "@@mha absent\n@@mha config-missing\n" + end << int(ErrorCode::NotFound)
                                   << "not installed";
    QTest::newRow("nothing readable") << kRunning + "@@mha config-unreadable\n" + end << int(ErrorCode::Refused)
                                      << "may neither";
    QTest::newRow("dump without the VIP")
        << withConfig(kRunning + section("json", R"([{"data":{"state":2,"vips":[]}}])")) << int(ErrorCode::NotFound)
        << "192.168.1.104";
    QTest::newRow("dump is no JSON") << withConfig(kRunning + section("json", "[{")) << int(ErrorCode::Protocol)
                                     << "understood";
    QTest::newRow("dump is empty") << withConfig(kRunning + section("json", "")) << int(ErrorCode::Protocol)
                                   << "understood";
    QTest::newRow("log without a state") << withConfig(kRunning +
                                                       section("journal", "1.0 m Keepalived[1]: Startup complete"))
                                         << int(ErrorCode::NotFound) << "names no VRRP state";
    QTest::newRow("nothing at all") << QByteArray() << int(ErrorCode::Protocol) << "broke off";
    QTest::newRow("a login message only")
        << QByteArray("This account is not available.\n") << int(ErrorCode::Protocol) << "broke off";
}

void RuntimeTest::tellsWhyNot() {
    QFETCH(QByteArray, output);
    QFETCH(QString, names);
    const KeepalivedSeen seen = parseKeepalivedState(output, kVip);
    QVERIFY(!seen.vrrp.has_value());
    QTEST(int(seen.vrrp.error().code), "code");
    QVERIFY2(seen.vrrp.error().text.contains(names), qPrintable(seen.vrrp.error().text));
    QVERIFY(seen.vrrp.error().remedy.endsWith(u'.'));
}

void RuntimeTest::tellsStopped() {
    const KeepalivedSeen seen = parseKeepalivedState(withConfig("@@mha stopped\n"), kVip);
    QVERIFY(seen.vrrp.has_value());
    QVERIFY(!seen.vrrp->running);
    QCOMPARE(seen.vrrp->state, VrrpState::Stopped);
    QCOMPARE(seen.vrrp->priority, 110);
    QCOMPARE(seen.vrrp->effectivePriority, -1);
    QVERIFY(seen.run.isEmpty());
}

void RuntimeTest::survivesACutOutput() {
    const QByteArray whole = fixture("state-master.txt");
    for (qsizetype size = 0; size < whole.size() - 4; ++size)
        QVERIFY(!parseKeepalivedState(whole.first(size), kVip).vrrp.has_value());
}

void RuntimeTest::cutsThePasswordOutOnTheNode() {
    const QByteArray state = fixture("state-master.txt");
    QVERIFY(state.contains(R"("auth_data":"")"));
    QVERIFY(state.contains("auth_pass -"));
    QVERIFY(!state.contains("1111"));
}

void RuntimeTest::hearsLines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<VrrpState>("state"); // Unknown: announces none
    QTest::addColumn<bool>("change");
    const auto none = VrrpState::Unknown;
    QTest::newRow("master") << QByteArray(
                                   "1795427748.106406 master Keepalived_vrrp[225]: (VI_SERVER) Entering MASTER STATE")
                            << VrrpState::Master << true;
    QTest::newRow("initial backup") << QByteArray("1.5 m Keepalived_vrrp[225]: (VI) Entering BACKUP STATE (init)")
                                    << VrrpState::Backup << true;
    QTest::newRow("fault") << QByteArray("Nov 23 09:55:48 m Keepalived_vrrp[1]: (VI) Entering FAULT STATE")
                           << VrrpState::Fault << true;
    QTest::newRow("older spelling") << QByteArray("Keepalived_vrrp[1]: VRRP_Instance(VI_1) Entering MASTER STATE")
                                    << VrrpState::Master << true;
    QTest::newRow("only a candidate") << QByteArray(
                                             "Keepalived_vrrp[1]: VRRP_Instance(VI_1) Transition to MASTER STATE")
                                      << none << false;
    QTest::newRow("stopping") << QByteArray("1.5 m Keepalived[224]: Stopping") << VrrpState::Stopped << true;
    QTest::newRow("stopped") << QByteArray("1.5 m Keepalived[224]: Stopped Keepalived v2.2.7 (01/16,2022)")
                             << VrrpState::Stopped << true;
    QTest::newRow("killed")
        << QByteArray("1.5 m systemd[1]: keepalived.service: Main process exited, code=killed, status=9/KILL")
        << VrrpState::Stopped << true;
    QTest::newRow("priority") << QByteArray("1.5 m Keepalived_vrrp[1]: (VI) Changing effective priority from 110 to 90")
                              << none << true;
    QTest::newRow("the dump's own line is no change")
        << QByteArray("1.5 m Keepalived_vrrp[225]: Printing VRRP as json for process(225) on signal") << none << false;
    QTest::newRow("each advert is no change")
        << QByteArray(
               "1.5 m Keepalived_vrrp[1]: (VI) received lower priority (91) advert from 192.168.1.38 - discarding")
        << none << false;
    QTest::newRow("another program") << QByteArray("1.5 m app[7]: Entering MASTER STATE") << none << false;
    QTest::newRow("empty") << QByteArray() << none << false;
}

void RuntimeTest::hearsLines() {
    QFETCH(QByteArray, line);
    QTEST(parseKeepalivedLine(line).value_or(VrrpState::Unknown), "state");
    QTEST(isKeepalivedChange(line), "change");
}

QTEST_GUILESS_MAIN(RuntimeTest)
#include "runtime_test.moc"
