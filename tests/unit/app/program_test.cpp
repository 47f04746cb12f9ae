// SPDX-License-Identifier: GPL-3.0-or-later

// The program as a process, as far as it needs no node: exit codes, and nothing but one JSON object on standard output.

#include "history/history.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;

class ProgramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void wrong_data();
    void wrong();
    void withoutJsonASentenceOnStandardError();
    void lists();
    void report_data();
    void report();
    void neitherNodeNorVip();

private:
    struct Ran {
        int code = -1;
        QByteArray output;
        QByteArray errors;

        QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
    };

    Ran run(const QStringList& arguments) const;
    QTemporaryDir folder_;
    QString pair_;
    QString history_;
};

ProgramTest::Ran ProgramTest::run(const QStringList& arguments) const {
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(QStringLiteral(PROGRAM), arguments);
    if (!process.waitForFinished(30000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void ProgramTest::initTestCase() {
    pair_ = folder_.filePath(u"pair.toml"_s);
    history_ = folder_.filePath(u"history.sqlite"_s);
    QFile file(pair_);
    QVERIFY(file.open(QIODevice::WriteOnly));
    // Ports of loopback on which nothing listens.
    file.write("name = \"p\"\nvip = \"127.0.0.9/8\"\n[milvus]\nclient_port = 9\n[[node]]\nname = \"a\"\nhost = "
               "\"127.0.0.1\"\nport = 9\n"
               "[[node]]\nname = \"b\"\nhost = \"127.0.0.2\"\nport = 9\n");
    file.close();
    auto history = History::open(history_);
    QVERIFY(history.has_value());
    Failover failover;
    failover.pair = u"p"_s;
    failover.from = u"a"_s;
    failover.to = u"b"_s;
    failover.trigger = u"container-died"_s;
    failover.startedAt = wallClockNow() - std::chrono::hours(1);
    failover.endedAt = failover.startedAt + std::chrono::milliseconds(4400);
    QVERIFY((*history)->addFailover(failover).has_value());
    Event event;
    event.pair = u"p"_s;
    event.node = u"a"_s;
    event.at = failover.startedAt;
    event.kind = EventKind::Container;
    event.severity = Severity::Error;
    event.code = u"container-died"_s;
    event.text = u"The container ended."_s;
    QVERIFY((*history)->addEvents({event}).has_value());
}

void ProgramTest::wrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says");
    QTest::newRow("no command") << QStringList{} << 64 << "usage" << "subcommand";
    QTest::newRow("unknown command") << QStringList{u"dance"_s} << 64 << "usage" << "dance";
    QTest::newRow("unknown option") << QStringList{u"status"_s, u"--fast"_s} << 64 << "usage" << "--fast";
    QTest::newRow("no pair file") << QStringList{u"status"_s, u"--pair"_s, u"/none/pair.toml"_s} << 65
                                  << "bad-pair-file" << "/none/pair.toml";
    QTest::newRow("no time") << QStringList{u"events"_s, u"--pair"_s, u"PAIR"_s, u"--since"_s, u"soon"_s} << 64
                             << "usage" << "soon";
    QTest::newRow("no such kind") << QStringList{u"events"_s, u"--pair"_s, u"PAIR"_s, u"--kind"_s, u"x"_s} << 64
                                  << "usage" << "\"x\"";
    QTest::newRow("no such node") << QStringList{u"events"_s, u"--pair"_s, u"PAIR"_s, u"--node"_s, u"c"_s} << 64
                                  << "usage" << "a and b";
    QTest::newRow("no such history") << QStringList{u"events"_s, u"--pair"_s, u"PAIR"_s, u"--history"_s, u"/proc/x/h"_s}
                                     << 73 << "storage"
                                     << "/proc/x";
    QTest::newRow("switchover without a reason")
        << QStringList{u"switchover"_s, u"--pair"_s, u"PAIR"_s, u"--yes"_s} << 64 << "usage"
        << "reason";
    QTest::newRow("switchover without confirmation")
        << QStringList{u"switchover"_s, u"--pair"_s, u"PAIR"_s, u"--reason"_s, u"x"_s} << 64 << "usage" << "terminal";
    QTest::newRow("switchover to nowhere")
        << QStringList{u"switchover"_s, u"--pair"_s, u"PAIR"_s, u"--to"_s, u"c"_s, u"--dry-run"_s} << 64 << "usage"
        << "no node c";
    QTest::newRow("report nowhere") << QStringList{u"report"_s, u"--pair"_s,   u"PAIR"_s,       u"--format"_s,
                                                   u"csv"_s,    u"--output"_s, u"/none/x.csv"_s}
                                    << 73 << "storage" << "/none/x.csv";
}

void ProgramTest::wrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, name);
    QFETCH(QString, says);
    arguments.replaceInStrings(u"PAIR"_s, pair_);
    if (!arguments.contains(u"--history"_s) && !arguments.isEmpty() && code != 65 && arguments.contains(pair_))
        arguments << u"--history"_s << history_;
    arguments << u"--json"_s;
    const Ran ran = run(arguments);
    QVERIFY2(ran.code == code, ran.output + ran.errors);
    const QJsonObject error = ran.json().value(u"error"_s).toObject();
    QCOMPARE(error.value(u"code"_s).toString(), name);
    QVERIFY(!error.value(u"text"_s).toString().isEmpty());
    QVERIFY2(!error.value(u"remedy"_s).toString().isEmpty(), ran.output);
    QVERIFY2(ran.json().value(u"error"_s).toObject().contains(u"node"_s), ran.output);
    QVERIFY2(QString::fromUtf8(QJsonDocument(error).toJson()).replace(u"\\\""_s, u"\""_s).contains(says), ran.output);
}

void ProgramTest::withoutJsonASentenceOnStandardError() {
    const Ran ran = run({u"status"_s, u"--pair"_s, u"/none/pair.toml"_s});
    QCOMPARE(ran.code, 65);
    QVERIFY(ran.output.isEmpty());
    QVERIFY2(ran.errors.startsWith("milvus-ha: /none/pair.toml"), ran.errors);
}

void ProgramTest::lists() {
    const QStringList common{u"--pair"_s, pair_, u"--history"_s, history_, u"--json"_s};
    const Ran failovers = run(QStringList{u"failovers"_s} + common);
    QCOMPARE(failovers.code, 0);
    const QJsonArray list = failovers.json().value(u"failovers"_s).toArray();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.at(0)[u"recovery_s"].toDouble(), 4.4);
    QCOMPARE(
        run(QStringList{u"failovers"_s, u"--since"_s, u"30m"_s} + common).json().value(u"failovers"_s).toArray().size(),
        0);
    QCOMPARE(run(QStringList{u"failovers"_s, u"--kind"_s, u"failback"_s} + common)
                 .json()
                 .value(u"failovers"_s)
                 .toArray()
                 .size(),
             0);
    QCOMPARE(
        run(QStringList{u"failovers"_s, u"--node"_s, u"b"_s} + common).json().value(u"failovers"_s).toArray().size(),
        1);
    const Ran events = run(QStringList{u"events"_s} + common);
    QCOMPARE(events.json().value(u"events"_s).toArray().at(0)[u"code"].toString(), u"container-died"_s);
    QCOMPARE(run(QStringList{u"events"_s, u"--node"_s, u"b"_s} + common).json().value(u"events"_s).toArray().size(), 0);
    QCOMPARE(
        run(QStringList{u"events"_s, u"--severity"_s, u"error"_s} + common).json().value(u"events"_s).toArray().size(),
        1);
}

void ProgramTest::report_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("begins");
    QTest::newRow("html") << "html" << QByteArray("<!DOCTYPE html>");
    QTest::newRow("csv") << "csv" << QByteArray();
    QTest::newRow("json") << "json" << QByteArray("{");
    QTest::newRow("pdf") << "pdf" << QByteArray("%PDF");
}

void ProgramTest::report() {
    QFETCH(QString, format);
    QFETCH(QByteArray, begins);
    const QString output = folder_.filePath(u"report."_s + format);
    const Ran ran =
        run({u"report"_s, u"--pair"_s, pair_, u"--history"_s, history_, u"--format"_s, format, u"--output"_s, output});
    QVERIFY2(ran.code == 0, ran.errors);
    QFile file(output);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY2(bytes.toLower().startsWith(begins.toLower()), bytes.left(200));
    const Ran toOutput =
        run({u"report"_s, u"--pair"_s, pair_, u"--history"_s, history_, u"--format"_s, format, u"--output"_s, u"-"_s});
    QCOMPARE(toOutput.code, 0);
    QVERIFY(toOutput.output.size() > 50);
}

void ProgramTest::neitherNodeNorVip() {
    const Ran ran = run({u"status"_s, u"--pair"_s, pair_, u"--json"_s, u"--timeout"_s, u"2"_s});
    const QJsonObject status = ran.json();
    QCOMPARE(status.value(u"nodes"_s).toArray().size(), 2);
    QVERIFY2(ran.code == 12 || ran.code == 11, ran.output);
    const Ran switchover = run({u"switchover"_s, u"--pair"_s, pair_, u"--history"_s, history_, u"--dry-run"_s,
                                u"--json"_s, u"--timeout"_s, u"2"_s});
    QVERIFY2(switchover.code == 69, switchover.output);
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
