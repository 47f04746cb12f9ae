// SPDX-License-Identifier: GPL-3.0-or-later

// Command lines in, values out; a wrong one says what is wrong and throws nothing.

#include "arguments.h"

#include <QTest>

using namespace mha::cli;
using namespace Qt::StringLiterals;

class ArgumentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void command_data();
    void command();
    void wrong_data();
    void wrong();
    void values();
    void help();
};

namespace {

Parsed parse(const QString& line) {
    return parseArguments(u"milvus-ha "_s.append(line).split(u' ', Qt::SkipEmptyParts));
}

} // namespace

Q_DECLARE_METATYPE(mha::cli::Command)

void ArgumentsTest::command_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<Command>("command");
    QTest::newRow("status") << "status" << Command::Status;
    QTest::newRow("watch") << "watch --for 3" << Command::Watch;
    QTest::newRow("events") << "events" << Command::Events;
    QTest::newRow("failovers") << "failovers --since 2h" << Command::Failovers;
    QTest::newRow("switchover") << "switchover" << Command::Switchover;
    QTest::newRow("takeover") << "takeover --to backup" << Command::Takeover;
    QTest::newRow("drill") << "drill --reason x" << Command::Drill;
    QTest::newRow("lever") << "lever" << Command::Lever;
    QTest::newRow("report") << "report --format csv --output -" << Command::Report;
    QTest::newRow("doctor") << "doctor" << Command::Doctor;
    QTest::newRow("version") << "version" << Command::Version;
}

void ArgumentsTest::command() {
    QFETCH(QString, line);
    QFETCH(Command, command);
    const Parsed parsed = parse(line);
    QVERIFY2(parsed.arguments.has_value(), qPrintable(parsed.wrong));
    QCOMPARE(parsed.arguments->command, command);
}

void ArgumentsTest::wrong_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << "" << "subcommand";
    QTest::newRow("unknown command") << "dance" << "dance";
    QTest::newRow("unknown option") << "status --fast" << "--fast";
    QTest::newRow("no number") << "status --timeout soon" << "soon";
    QTest::newRow("timeout of nothing") << "status --timeout 0" << "0";
    QTest::newRow("negative limit") << "events --limit -3" << "limit";
    QTest::newRow("takeover to nobody") << "takeover --reason x" << "--to";
    QTest::newRow("lever dance") << "lever dance" << "dance";
    QTest::newRow("format missing") << "report --output x" << "--format";
    QTest::newRow("unknown format") << "report --format doc --output x" << "doc";
    QTest::newRow("output missing") << "report --format csv" << "--output";
    QTest::newRow("option of another command") << "status --to backup" << "--to";
    QTest::newRow("record a replay") << "watch --record a --replay b" << "--re";
    QTest::newRow("speed of no replay") << "watch --speed 2" << "--replay";
    QTest::newRow("no speed") << "watch --replay a --speed fast" << "max, not fast";
    QTest::newRow("standing still") << "watch --replay a --speed 0" << "max, not 0";
    QTest::newRow("value missing") << "status --pair" << "--pair";
}

void ArgumentsTest::wrong() {
    QFETCH(QString, line);
    QFETCH(QString, says);
    const Parsed parsed = parse(line);
    QVERIFY(!parsed.arguments);
    QVERIFY(parsed.help.isEmpty());
    QVERIFY2(parsed.wrong.contains(says), qPrintable(parsed.wrong));
    QCOMPARE(parse(line + u" --json"_s).json, true);
}

void ArgumentsTest::values() {
    const Parsed parsed =
        parse(u"switchover --pair p.toml --json --accept-new --history h.sqlite --timeout 2.5 --to backup "
              "--reason update --dry-run --yes"_s);
    QVERIFY2(parsed.arguments.has_value(), qPrintable(parsed.wrong));
    const Arguments& a = *parsed.arguments;
    QCOMPARE(a.pairFile, u"p.toml"_s);
    QVERIFY(a.json && a.acceptNew && a.dryRun && a.yes);
    QCOMPARE(a.historyFile, u"h.sqlite"_s);
    QCOMPARE(a.timeout, std::chrono::milliseconds(2500));
    QCOMPARE(a.to, u"backup"_s);
    QCOMPARE(a.reason, u"update"_s);
    const Parsed unicode =
        parseArguments({u"milvus-ha"_s, u"switchover"_s, u"--reason"_s, u"Wartung für größere Platte 磁盘"_s});
    QCOMPARE(unicode.arguments->reason, u"Wartung für größere Platte 磁盘"_s);
    QCOMPARE(parse(u"takeover --to backup --confirm master"_s).arguments->confirm, u"master"_s);
    QCOMPARE(parse(u"switchover --at +2h"_s).arguments->at, u"+2h"_s);
    QCOMPARE(parse(u"lever"_s).arguments->leverTask, LeverTask::Show);
    QCOMPARE(parse(u"lever install --node backup"_s).arguments->leverTask, LeverTask::Install);
    QCOMPARE(parse(u"lever remove --dry-run"_s).arguments->leverTask, LeverTask::Remove);
    QVERIFY(!parse(u"watch"_s).arguments->watchFor);
    QCOMPARE(*parse(u"watch --for 0.5"_s).arguments->watchFor, std::chrono::milliseconds(500));
    QCOMPARE(parse(u"watch --record r.jsonl"_s).arguments->recordFile, u"r.jsonl"_s);
    QCOMPARE(parse(u"watch --replay r.jsonl"_s).arguments->replayFile, u"r.jsonl"_s);
    QCOMPARE(parse(u"watch --replay r"_s).arguments->speed, std::optional(1.0));
    QCOMPARE(parse(u"watch --replay r --speed 60"_s).arguments->speed, std::optional(60.0));
    QCOMPARE(parse(u"watch --replay r --speed max"_s).arguments->speed, std::optional<double>());
}

void ArgumentsTest::help() {
    for (const QString& line : {u"--help"_s, u"status --help"_s, u"report -h"_s}) {
        const Parsed parsed = parse(line);
        QVERIFY(!parsed.arguments);
        QVERIFY(parsed.wrong.isEmpty());
        QVERIFY2(parsed.help.contains(u"--help"), qPrintable(parsed.help));
    }
    QVERIFY(parse(u"events --help"_s).help.contains(u"--severity"));
}

QTEST_GUILESS_MAIN(ArgumentsTest)
#include "arguments_test.moc"
