// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_link.h"
#include "observe/node_shell.h"

#include <QProcess>
#include <QtTest>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

struct Asker {
    std::shared_ptr<FakeLink> link = std::make_shared<FakeLink>();
    std::shared_ptr<SensorContext> context = std::make_shared<SensorContext>();
    std::unique_ptr<NodeShell> shell;
    QList<Result<NodeShell::Answer>> answers;

    Asker() {
        context->link = link;
        link->answer = [](const Command& command) {
            return ExecResult{0, "by command: " + command.argv.last().toUtf8() + '\n', {}};
        };
        shell = std::make_unique<NodeShell>(
            context, "greet() { echo \"hello $1 and $2, $#\"; }\nfail() { return 7; }\n", nullptr);
    }

    void ask(const QStringList& words) {
        shell->ask(words, [this](const Result<NodeShell::Answer>& answer) { answers.append(answer); });
    }

    bool open() {
        shell->open();
        ask({u"greet"_s}); // by a command, as it is not open yet
        return QTest::qWaitFor([this] { return answers.size() == 1; });
    }

    QByteArray said(qsizetype which) const {
        return which < answers.size() && answers[which] ? answers[which]->result.output : QByteArray();
    }
};

} // namespace

class NodeShellTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksByCommandUntilItIsOpen();
    void asksOneAfterTheOther();
    void stampsTheFirstByte();
    void asksByCommandWhereItIsSilent();
    void asksByCommandWhereItEnds();
    void answersNobodyAfterItWasClosed();
    void aShellAnswers();
};

void NodeShellTest::asksByCommandUntilItIsOpen() {
    Asker asker;
    asker.ask({u"greet"_s, u"first"_s});
    QVERIFY2(asker.answers.isEmpty(), "not before ask() returns");
    QTRY_COMPARE(asker.said(0), "by command: first\n");
}

void NodeShellTest::asksOneAfterTheOther() {
    Asker asker;
    QVERIFY(asker.open());
    asker.ask({u"greet"_s, u"a b"_s, u"c"_s});
    asker.ask({u"fail"_s});
    QCOMPARE(asker.link->heard("greet"), "greet\ta b\tc\n");
    QVERIFY(asker.link->speak("greet", "hello\n@@m"));
    QCOMPARE(asker.answers.size(), 1);
    QVERIFY(asker.link->speak("greet", "ha 0\n"));
    QCOMPARE(asker.said(1), "hello\n");
    QCOMPARE(asker.link->heard("greet"), "greet\ta b\tc\nfail\n");
    QVERIFY(asker.link->speak("greet", "@@mha 7\n"));
    QCOMPARE(asker.answers.size(), 3);
    QCOMPARE(asker.answers[2]->result.exitCode, 7);
    QVERIFY(asker.said(2).isEmpty());
    QCOMPARE(asker.link->commands.size(), 1);
}

void NodeShellTest::stampsTheFirstByte() {
    Asker asker;
    QVERIFY(asker.open());
    const Instant before = wallClockNow();
    asker.ask({u"greet"_s});
    QVERIFY(asker.link->speak("greet", "h"));
    const Instant first = wallClockNow();
    QVERIFY(asker.link->speak("greet", "ello\n@@mha 0\n"));
    QVERIFY(asker.answers.last()->askedAt >= before);
    QVERIFY(asker.answers.last()->answeredAt >= asker.answers.last()->askedAt);
    QVERIFY(asker.answers.last()->answeredAt <= first);
}

void NodeShellTest::asksByCommandWhereItIsSilent() {
    Asker asker;
    QVERIFY(asker.open());
    asker.ask({u"greet"_s, u"one"_s});
    asker.ask({u"greet"_s, u"two"_s});
    QTRY_COMPARE(asker.said(1), "by command: one\n");
    QTRY_COMPARE(asker.said(2), "by command: two\n");
    QCOMPARE(asker.link->channels.size(), 1);
    asker.ask({u"greet"_s, u"three"_s}); // it has been opened anew
    QCOMPARE(asker.link->heard("greet"), "greet\tthree\n");
}

void NodeShellTest::asksByCommandWhereItEnds() {
    Asker asker;
    QVERIFY(asker.open());
    asker.ask({u"greet"_s, u"one"_s});
    asker.link->hangUp(u"command"_s, {ErrorCode::Refused, u"It has ended."_s, {}, u"Nothing."_s});
    QTRY_COMPARE(asker.said(1), "by command: one\n");
}

void NodeShellTest::answersNobodyAfterItWasClosed() {
    Asker asker;
    QVERIFY(asker.open());
    asker.link->mute = true;
    asker.ask({u"greet"_s});
    asker.shell->close();
    asker.ask({u"greet"_s}); // waits for the link
    asker.shell->close();
    QCOMPARE(asker.link->hanging.size(), 1);
    asker.link->hanging.first()(ExecResult{});
    QCOMPARE(asker.answers.size(), 1);
}

/// The scripts themselves, in whatever shells this computer has.
void NodeShellTest::aShellAnswers() {
    Asker asker;
    QVERIFY(asker.open());
    const QStringList resident = asker.link->channels.first()->command.argv;
    for (const QStringList& argv : {resident, QStringList{u"sh"_s, u"-c"_s, resident.last()}}) {
        QProcess process;
        process.start(argv.first(), argv.sliced(1));
        QVERIFY(process.waitForStarted());
        process.write("greet\ta b\tc*\nfail\nsh\t-c\techo x >&2; cat\nno_such_thing\n");
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.readAllStandardOutput(), "hello a b and c*, 2\n@@mha 0\n@@mha 7\n@@mha 0\n@@mha 127\n");
    }
    const QStringList once = asker.link->commands.first().argv;
    QProcess process;
    process.start(once.first(), once.sliced(1) + QStringList{u"a b"_s, u"c*"_s});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.readAllStandardOutput(), "hello a b and c*, 2\n");
}

QTEST_GUILESS_MAIN(NodeShellTest)
#include "node_shell_test.moc"
