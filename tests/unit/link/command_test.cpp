// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/command.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QtTest>

using namespace mha;

namespace {

/// What the programs of a line see: each argument ended by NUL.
QByteArray seenByTheShell(const QByteArray& line) {
    QProcess process;
    process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QString::fromUtf8(line)});
    if (!process.waitForFinished(10000) || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput();
}

Command printed(const QStringList& arguments) {
    return {.argv = QStringList{QStringLiteral("printf"), QStringLiteral("%s\\0")} + arguments};
}

QByteArray expected(const QStringList& arguments) {
    QByteArray bytes;
    for (const QString& argument : arguments)
        bytes += argument.toUtf8() + '\0';
    return bytes;
}

} // namespace

class CommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
    void argumentsArriveAsTheyAre_data();
    void argumentsArriveAsTheyAre();
    void randomArgumentsArriveAsTheyAre();
    void scriptsGetTheirArguments();
};

void CommandTest::lines_data() {
    QTest::addColumn<Command>("command");
    QTest::addColumn<bool>("userIsRoot");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char* name, const QStringList& argv, bool asRoot, bool userIsRoot, const char* line) {
        QTest::newRow(name) << Command{.argv = argv, .asRoot = asRoot} << userIsRoot << QByteArray(line);
    };
    const QStringList ip{QStringLiteral("ip"), QStringLiteral("-j"), QStringLiteral("addr")};
    row("plain words stay readable", ip, false, false, "ip -j addr");
    row("as root by a user", ip, true, false, "sudo -n -- ip -j addr");
    row("as root by root", ip, true, true, "ip -j addr");
    row("quotes", {QStringLiteral("echo"), QStringLiteral("it's")}, false, true, "echo 'it'\\''s'");
    row("an empty word", {QStringLiteral("echo"), QString()}, false, true, "echo ''");
    row("no assignment", {QStringLiteral("A=1")}, false, true, "'A=1'");
    row("home", {QStringLiteral("ls"), QStringLiteral("~")}, false, true, "ls '~'");
}

void CommandTest::lines() {
    QFETCH(Command, command);
    QFETCH(bool, userIsRoot);
    QFETCH(QByteArray, line);
    QCOMPARE(toShellLine(command, userIsRoot), line);
}

void CommandTest::argumentsArriveAsTheyAre_data() {
    QTest::addColumn<QString>("argument");
    for (const char* text : {"",
                             " ",
                             "a b",
                             "'",
                             "''",
                             "\"",
                             "\\",
                             "\\'",
                             "`id`",
                             "$(id)",
                             "$HOME",
                             "${IFS}",
                             "*",
                             "?",
                             "[a-z]",
                             "~",
                             "~root",
                             "!",
                             "!!",
                             "#",
                             "a#b",
                             ";",
                             "a;b",
                             "&",
                             "&&",
                             "|",
                             ">",
                             "<",
                             "<<EOF",
                             "(",
                             ")",
                             "{a,b}",
                             "=",
                             "a=b",
                             "-n",
                             "--",
                             "\n",
                             "a\nb",
                             "\t",
                             "\r\n",
                             "%s",
                             "%d",
                             "\x01\x7f",
                             "é",
                             "中文",
                             "🦆",
                             "'; rm -rf /; '",
                             "$'\\n'",
                             "\\0",
                             "^",
                             ":"})
        QTest::newRow(QByteArray(text).toPercentEncoding().constData()) << QString::fromUtf8(text);
}

void CommandTest::argumentsArriveAsTheyAre() {
    QFETCH(QString, argument);
    const QStringList arguments{argument, QStringLiteral("end")};
    QCOMPARE(seenByTheShell(toShellLine(printed(arguments), true)), expected(arguments));
}

void CommandTest::randomArgumentsArriveAsTheyAre() {
    QRandomGenerator random(20260101); // the same strings each time
    for (int round = 0; round < 60; ++round) {
        QStringList arguments;
        for (int i = 0; i < 12; ++i) {
            QString argument;
            const auto length = random.bounded(20);
            for (int at = 0; at < length; ++at) {
                const bool ascii = random.bounded(4) != 0;
                argument += QChar(ascii ? 1 + random.bounded(127) : 0xa0 + random.bounded(0x2000));
            }
            arguments += argument;
        }
        QCOMPARE(seenByTheShell(toShellLine(printed(arguments), true)), expected(arguments));
    }
}

void CommandTest::scriptsGetTheirArguments() {
    const Command command = scriptCommand("printf '%s\\0' \"$0\" \"$#\" \"$1\" \"$2\"",
                                          {QStringLiteral("it's; $x"), QStringLiteral("b")}, true);
    QVERIFY(command.asRoot);
    QCOMPARE(seenByTheShell(toShellLine(command, true)),
             expected({QStringLiteral("mha"), QStringLiteral("2"), QStringLiteral("it's; $x"), QStringLiteral("b")}));
}

QTEST_GUILESS_MAIN(CommandTest)
#include "command_test.moc"
