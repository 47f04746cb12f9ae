// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/log_moment.h"

#include <QFile>
#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Instant kFrom = fromEpochSeconds(1795617210); ///< 2026-11-25 14:33:30 UTC
const Instant kUntil = kFrom + 40s;

QByteArray printed(const QByteArray& lines, const QByteArray& kernel = {},
                   const QByteArray& oldest = "1795610000.000001 master systemd-journald[64]: Journal started") {
    return "@@past now 1795621177.833965075 +0000\n@@past oldest " + oldest + "\n@@past lines\n" + lines +
           "@@rc 0\n@@past kernel\n" + kernel + "@@rc 0\n\n@@past end\n";
}

/// As journalctl 252 writes it: -o json with --output-fields.
QByteArray journalLine(double at, const char* program, const QByteArray& message, const QByteArray& more = {}) {
    const QByteArray microseconds = QByteArray::number(qint64(at * 1e6));
    return R"({"_BOOT_ID":"6f0a4c6f5d1e4c9b8f0e","__MONOTONIC_TIMESTAMP":"214538811","__CURSOR":"s=1;i=2a1","__REALTIME_TIMESTAMP":")" +
           microseconds + R"(","SYSLOG_IDENTIFIER":")" + program + R"(","MESSAGE":)" + message + more + "}\n";
}

LogLook parsed(const QByteArray& output) {
    const Result<LogLook> look = parseMoment(output, kFrom, kUntil);
    if (!look)
        qFatal("%s", qPrintable(look.error().text));
    return *look;
}

} // namespace

class LogMomentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aContainerThatWasKilled();
    void journal();
    void journalOddities();
    void syslog();
    void kernel_data();
    void kernel();
    void secretsAreGone();
    void onlyThatMoment();
    void notAllOfIt_data();
    void notAllOfIt();
    void cannotBeRead();
    void bothNodesByTime();
    void commandsAreArguments();
};

/// Both nodes' answers as the lab recorded them.
void LogMomentTest::aContainerThatWasKilled() {
    const Instant lastGood = fromEpochSeconds(1795713328.527);
    MomentLog log;
    log.nodes[0].node = u"master"_s;
    log.nodes[1].node = u"backup"_s;
    for (NodeLog& node : log.nodes) {
        QFile file(QStringLiteral(FIXTURES "/moment-") + node.node + u".txt"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const Result<LogLook> look = parseMoment(file.readAll(), lastGood - 10s, lastGood + 5s);
        QVERIFY2(look, look ? "" : qPrintable(look.error().text));
        QCOMPARE(look->note, QString());
        node.lines = look->lines;
        for (LogEntry& line : node.lines)
            line.node = node.node;
    }

    struct Row {
        Duration after; ///< the last good answer
        const char* node;
        const char* program;
        const char* begin;
    };

    static constexpr Row rows[] = {
        {30'548us, "master", "dockerd", "level=info msg=\"ignoring event\" container=53228f2130c1"},
        {31'726us, "master", "containerd", "level=info msg=\"shim disconnected\" id=53228f2130c1"},
        {31'797us, "master", "containerd", "level=warning msg=\"cleaning up after shim"},
        {31'808us, "master", "containerd", "level=info msg=\"cleaning up dead shim\""},
        {51'345us, "master", "containerd", "level=warning msg=\"cleanup warnings time="},
        {412ms, "master", "Keepalived_vrrp", "Script `chk_milvus` now returning 1"},
        {412ms, "master", "Keepalived_vrrp", "VRRP_Script(chk_milvus) failed (exited with status 1)"},
        {412ms, "master", "Keepalived_vrrp", "(VI_SERVER) Changing effective priority from 110 to 90"},
        {924ms, "backup", "Keepalived_vrrp", "(VI_SERVER) received lower priority (90) advert"},
        {1924ms, "backup", "Keepalived_vrrp", "(VI_SERVER) received lower priority (90) advert"},
        {2924ms, "backup", "Keepalived_vrrp", "(VI_SERVER) received lower priority (90) advert"},
        {3569ms, "backup", "Keepalived_vrrp", "(VI_SERVER) Entering MASTER STATE"},
        {3569ms, "master", "Keepalived_vrrp", "(VI_SERVER) Master received advert from 192.168.1.38"},
        {3569ms, "master", "Keepalived_vrrp", "(VI_SERVER) Entering BACKUP STATE"},
        {3865ms, "backup", "containerd", "level=info msg=\"loading plugin"},
        {3866ms, "backup", "containerd", "level=info msg=\"loading plugin"},
        {3866ms, "backup", "containerd", "level=info msg=\"loading plugin"},
        {3867ms, "backup", "containerd", "level=info msg=\"starting signal loop\""},
    };
    const QList<LogEntry> lines = linesOf(log);
    QCOMPARE(lines.size(), qsizetype(std::size(rows)));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const LogEntry& line = lines[i];
        const Row& row = rows[i];
        QCOMPARE(line.node, QString::fromLatin1(row.node));
        QCOMPARE(line.program, QString::fromLatin1(row.program));
        QVERIFY2(line.text.startsWith(QLatin1String(row.begin)), qPrintable(line.text));
        QVERIFY2(std::chrono::abs(line.at - lastGood - row.after) < 2ms, qPrintable(toIso(line.at)));
    }
}

void LogMomentTest::journal() {
    const LogLook look = parsed(printed(
        journalLine(1795617218.743966, "dockerd",
                    R"("time=\"2026-11-25T14:33:38.743897806Z\" level=info msg=\"ignoring event\" container=c3f3")",
                    R"(,"PRIORITY":"6","_TRANSPORT":"stdout","_COMM":"dockerd")") +
        journalLine(1795617219.1, "Keepalived_vrrp", R"("(VI_SERVER) Changing effective priority from 110 to 90")",
                    R"(,"PRIORITY":"6","_TRANSPORT":"syslog","_SOURCE_REALTIME_TIMESTAMP":"1795617219092466")") +
        journalLine(1795617220.5, "Keepalived_vrrp", R"("Printing VRRP as json for process(92) on signal")") +
        journalLine(1795617220.6, "systemd-logind", R"("New session 345 of user root.")") +
        journalLine(1795617222.288688, "Keepalived_vrrp", R"("(VI_SERVER) Entering BACKUP STATE")")));
    QCOMPARE(look.note, QString());
    QCOMPARE(look.lines.size(), 3); // what was said because we asked is left out
    QCOMPARE(look.lines[0].program, u"dockerd"_s);
    QCOMPARE(look.lines[0].text, u"level=info msg=\"ignoring event\" container=c3f3"_s);
    QCOMPARE(look.lines[0].at, Instant(1795617218743897us)); // its own time
    QCOMPARE(look.lines[1].program, u"Keepalived_vrrp"_s);
    QCOMPARE(look.lines[1].text, u"(VI_SERVER) Changing effective priority from 110 to 90"_s);
    QCOMPARE(look.lines[1].at, Instant(1795617219092466us)); // when it was written, not when it was received
    QCOMPARE(look.lines[1].later, Duration::zero());
    QCOMPARE(look.lines[2].text, u"(VI_SERVER) Entering BACKUP STATE"_s);
}

void LogMomentTest::journalOddities() {
    const LogLook look = parsed(printed(
        journalLine(1795617218, "start_docker.sh", "[255,32,104,105]") + journalLine(1795617219, "containerd", "null") +
        journalLine(1795617220, "dockerd", R"("panic: x\ngoroutine 1:\n\u001b[31mmain")") +
        journalLine(1795617221, "dockerd", '"' + QByteArray(3000, 'x') + '"') +
        journalLine(1795617222, "dockerd", R"("time=\"1999-01-01T00:00:00Z\" odd")") +
        R"({"__REALTIME_TIMESTAMP":"1795617223000000","MESSAGE":"cut o)"
        "\n"));
    QCOMPARE(look.lines.size(), 5);
    QVERIFY(look.lines[0].text.endsWith(u" hi"_s));
    QCOMPARE(look.lines[1].text, u"(a line of more than 4 kB)"_s);
    QVERIFY(!look.lines[2].text.contains(u'\n') && !look.lines[2].text.contains(QChar(0x1b)));
    QVERIFY(look.lines[2].text.startsWith(u"panic: x goroutine 1: "_s));
    QCOMPARE(look.lines[3].text.size(), kLongestLogText + 1);
    QVERIFY(look.lines[3].text.endsWith(u'…'));
    // A time that cannot be its own is no reason to put it elsewhere.
    QCOMPARE(look.lines[4].at, Instant(1795617222s));
    QVERIFY(look.lines[4].text.startsWith(u"time="_s));
}

void LogMomentTest::syslog() {
    const LogLook look = parsed(
        "@@past now 1795621177.833965075 +0200\n@@past oldest Nov 20 00:00:01 master rsyslogd: start\n@@past lines\n"
        "Nov 25 16:33:38 master containerd[83]: time=\"2026-11-25T14:33:38.741661032Z\" level=info msg=\"shim "
        "disconnected\" id=c3f3\n"
        "Nov 25 16:33:39 master Keepalived_vrrp[92]: (VI_SERVER) Changing effective priority from 110 to 90\n"
        "2026-11-25T16:33:42.288688+02:00 master Keepalived_vrrp[92]: (VI_SERVER) Entering BACKUP STATE\n"
        "@@rc 0\n@@past kernel\n"
        "Nov 25 16:33:40 master kernel: [   12.3] virtio_net virtio0 enp7s0: Link is Down\n@@rc 0\n\n@@past end\n");
    QCOMPARE(look.note, QString());
    QCOMPARE(look.lines.size(), 4);
    QCOMPARE(look.lines[0].at, Instant(1795617218741661us)); // exact, though the log has whole seconds
    QCOMPARE(look.lines[0].later, Duration::zero());
    QCOMPARE(look.lines[1].at, Instant(1795617219s));
    QCOMPARE(look.lines[1].later, Duration(1s));
    QCOMPARE(look.lines[1].program, u"Keepalived_vrrp"_s);
    QCOMPARE(look.lines[1].text, u"(VI_SERVER) Changing effective priority from 110 to 90"_s);
    QCOMPARE(look.lines[2].program, u"kernel"_s);
    QCOMPARE(look.lines[3].at, Instant(1795617222288688us));
    QCOMPARE(look.lines[3].later, Duration::zero());
}

void LogMomentTest::kernel_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("priority");
    QTest::addColumn<bool>("matters");
    QTest::newRow("link") << QByteArray("e1000e 0000:00:1f.6 enp7s0: NIC Link is Down") << 6 << true;
    QTest::newRow("memory") << QByteArray("Out of memory: Killed process 4711 (milvus)") << 3 << true;
    QTest::newRow("storage") << QByteArray("nfs: server 192.168.1.10 not responding, still trying") << 5 << true;
    QTest::newRow("any error") << QByteArray("something new went wrong") << 3 << true;
    QTest::newRow("Docker's bridge") << QByteArray("docker0: port 1(veth1) entered blocking state") << 6 << false;
    QTest::newRow("firewall") << QByteArray("[UFW BLOCK] IN=enp7s0 OUT= SRC=10.0.0.9") << 4 << false;
}

void LogMomentTest::kernel() {
    QFETCH(QByteArray, message);
    QFETCH(int, priority);
    QFETCH(bool, matters);
    const LogLook look =
        parsed(printed({}, journalLine(1795617218, "kernel", '"' + message + '"',
                                       R"(,"_TRANSPORT":"kernel","PRIORITY":")" + QByteArray::number(priority) + '"')));
    QCOMPARE(look.lines.size(), matters ? 1 : 0);
    if (matters)
        QCOMPARE(look.lines[0].program, u"kernel"_s);
}

void LogMomentTest::secretsAreGone() {
    const LogLook look = parsed(printed(
        journalLine(1795617218, "Keepalived", R"("(Line 12) unknown keyword in: auth_pass hunter2")") +
        journalLine(1795617219, "dockerd", R"("level=error msg=\"pull https://ann:hunter2@registry.lan/milvus\"")") +
        journalLine(1795617220, "start_docker.sh", R"("MINIO_SECRET_KEY=hunter2 docker start milvus")") +
        // Cut off only after it was hidden: half a secret is one as well.
        journalLine(1795617221, "start_docker.sh",
                    '"' + QByteArray(kLongestLogText - 12, 'x') + R"( password=hunter2")")));
    QCOMPARE(look.lines.size(), 4);
    for (const LogEntry& line : look.lines)
        QVERIFY2(!line.text.contains(u"hunt"_s), qPrintable(line.text));
    QCOMPARE(look.lines[0].text, u"(Line 12) unknown keyword in: auth_pass ***"_s);
}

void LogMomentTest::onlyThatMoment() {
    const LogLook look = parsed(printed(journalLine(1795617209.9, "dockerd", R"("before")") +
                                        journalLine(1795617250.1, "dockerd", R"("after")") +
                                        journalLine(1795617210.0, "dockerd", R"("in it")")));
    QCOMPARE(look.lines.size(), 1);
    QCOMPARE(look.lines[0].text, u"in it"_s);
}

void LogMomentTest::notAllOfIt_data() {
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QString>("note");
    const QByteArray line = journalLine(1795617218, "dockerd", R"("x")");
    QTest::newRow("whole") << printed(line) << QString();
    QTest::newRow("nothing happened") << printed({}) << QString();
    QTest::newRow("a long outage") << printed(line + "@@left 1234\n") << u"1234 lines in the midst are left out."_s;
    QTest::newRow("too slow") << printed(line).replace("@@rc 0", "@@rc 124")
                              << u"Its log of that time is too long to be read whole."_s;
    QTest::newRow("too large") << QByteArray(
                                      "@@past now 1795621177.8 +0000\n@@past oldest 1795610000.1 master x[1]: y\n"
                                      "@@past lines\n" +
                                      line + "{\"MESSA\n@@past end\n")
                               << u"Its log of that time is too long to be read whole."_s;
    QTest::newRow("too young") << printed({}, {}, "1795617230.250000 master systemd-journald[64]: Journal started")
                               << u"Its log begins only at 2026-11-25T14:33:50.250Z."_s;
}

void LogMomentTest::notAllOfIt() {
    QFETCH(QByteArray, output);
    QFETCH(QString, note);
    QCOMPARE(parsed(output).note, note);
}

void LogMomentTest::cannotBeRead() {
    const Result<LogLook> broken = parseMoment("@@past now 1795621177.8 +0000\n@@past lines\n", kFrom, kUntil);
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Protocol);
    const Result<LogLook> none =
        parseMoment("@@past now 1795621177.8 +0000\n@@past none\n\n@@past end\n", kFrom, kUntil);
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::Refused);
    QVERIFY(none.error().remedy.contains(u"systemd-journal"_s));
}

void LogMomentTest::bothNodesByTime() {
    MomentLog log;
    log.nodes[0].lines = {{kFrom, {}, u"master"_s, u"a"_s, u"1"_s}, {kFrom + 2s, {}, u"master"_s, u"a"_s, u"3"_s}};
    log.nodes[1].lines = {{kFrom + 1s, {}, u"backup"_s, u"a"_s, u"2"_s}};
    const QList<LogEntry> lines = linesOf(log);
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[1].node, u"backup"_s);
    QCOMPARE(lines[2].text, u"3"_s);
}

void LogMomentTest::commandsAreArguments() {
    const Command command = momentCommand(kFrom + 300ms, kUntil + 300ms);
    QVERIFY(command.asRoot);
    // No less than that moment, in whole seconds.
    QCOMPARE(command.argv.sliced(4), (QStringList{u"1795617210"_s, u"1795617251"_s, u"250"_s, u"1000000"_s}));
}

QTEST_APPLESS_MAIN(LogMomentTest)
#include "log_moment_test.moc"
