// SPDX-License-Identifier: GPL-3.0-or-later

// The manual says what the program does: verdict codes, exit codes, commands and options are compared with it.

#include "arguments.h"
#include "model/action.h"
#include "model/error.h"
#include "model/verdict.h"
#include "rules_manual.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;

class ManualTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rules();
    void exitCodes();
    void commandsAndOptions();

private:
    QString section(const QString& title) const;
    QString text_;
};

void ManualTest::initTestCase() {
    QFile file(QStringLiteral(MANUAL));
    QVERIFY(file.open(QIODevice::ReadOnly));
    text_ = QString::fromUtf8(file.readAll()).replace(u"\\-"_s, u"-"_s);
}

QString ManualTest::section(const QString& title) const {
    const qsizetype begin = text_.indexOf(u"\n.SH "_s + title + u'\n');
    const qsizetype end = text_.indexOf(u"\n.SH "_s, begin + 5);
    return begin < 0 ? QString() : text_.mid(begin, end < 0 ? -1 : end - begin);
}

/// Write it anew with: build/asan/bin/write_rules_manual > resources/man/milvus-ha-rules.7
void ManualTest::rules() {
    QFile file(QStringLiteral(RULES_MANUAL));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), rulesManual());
    QVERIFY(text_.contains(u"milvus-ha-rules (7)"_s));
}

void ManualTest::exitCodes() {
    const QString codes = section(u"EXIT STATUS"_s);
    const auto listed = [&](int code, const QString& word) {
        return codes.contains(u".B %1\n%2"_s.arg(QString::number(code), word));
    };
    for (const VerdictLevel level :
         {VerdictLevel::Healthy, VerdictLevel::Degraded, VerdictLevel::Switching, VerdictLevel::Unknown,
          VerdictLevel::Down, VerdictLevel::SplitBrain, VerdictLevel::TwoWriters})
        QVERIFY2(listed(verdictExitCode(level), verdictName(level)), qPrintable(verdictName(level)));
    for (const Outcome outcome :
         {Outcome::Done, Outcome::Refused, Outcome::RolledBack, Outcome::Incomplete, Outcome::Interrupted})
        QVERIFY2(listed(outcomeExitCode(outcome), outcomeName(outcome)), qPrintable(outcomeName(outcome)));
    for (const ErrorCode code : {ErrorCode::Usage, ErrorCode::BadPairFile, ErrorCode::Unreachable, ErrorCode::TimedOut,
                                 ErrorCode::Refused, ErrorCode::HostKeyUnknown, ErrorCode::HostKeyChanged,
                                 ErrorCode::NotFound, ErrorCode::Protocol, ErrorCode::Storage, ErrorCode::Internal})
        QVERIFY2(listed(exitCode(code), {}), qPrintable(errorCodeName(code)));
}

void ManualTest::commandsAndOptions() {
    const QString top = cli::parseArguments({u"milvus-ha"_s, u"--help"_s}).help;
    static const QRegularExpression command(u"^  ([a-z]+) "_s, QRegularExpression::MultilineOption);
    static const QRegularExpression option(u"--[a-z-]+"_s);
    int commands = 0;
    const qsizetype list = top.indexOf(u"Subcommands:"_s);
    QVERIFY(list > 0);
    for (auto match = command.globalMatch(top.mid(list)); match.hasNext(); ++commands) {
        const QString name = match.next().captured(1);
        QVERIFY2(section(u"COMMANDS"_s).contains(u"\n.B "_s + name + u'\n'), qPrintable(name));
        const QString help = cli::parseArguments({u"milvus-ha"_s, name, u"--help"_s}).help;
        for (auto found = option.globalMatch(help); found.hasNext();) {
            const QString word = found.next().captured();
            QVERIFY2(text_.contains(word), qPrintable(name + u' ' + word));
        }
    }
    QCOMPARE(commands, 12);
}

QTEST_GUILESS_MAIN(ManualTest)
#include "manual_test.moc"
