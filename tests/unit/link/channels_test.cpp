// SPDX-License-Identifier: GPL-3.0-or-later
#include "echo_server.h"
#include "link/local_link.h"
#include "link_probe.h"
#include "test_sshd.h"

#include <QElapsedTimer>
#include <QtTest>

#include <csignal>

using namespace mha;
using namespace mha::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kLong = 20s;

/// A channel and what came of it. Used in the link's thread but for the waiting.
struct Talk {
    std::unique_ptr<ByteChannel> channel;
    QByteArray received;
    std::optional<Error> error;
    std::optional<int> exitCode;
    Arrival opened;
    Arrival got;
    Arrival closed;

    ByteChannel::Handlers handlers() {
        return {
            .opened = [this] { opened.arrive(); },
            .received =
                [this](const QByteArray& bytes) {
                    received += bytes;
                    got.arrive();
                },
            .closed =
                [this](const Error& why, std::optional<int> code) {
                    error = why;
                    exitCode = code;
                    closed.arrive();
                },
        };
    }
};

Command shell(const char* script, const QStringList& arguments = {}) {
    return scriptCommand(script, arguments);
}

} // namespace

/// Commands and streams over each kind of link: to a real sshd, and to this machine without one.
class ChannelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void cleanup();
    void thereIsAnSshd();
    void runsCommands_data();
    void runsCommands();
    void endedBySignal_data();
    void endedBySignal();
    void takesLargeOutput();
    void givesLargeInput();
    void runsManyAtOnceFourAtATime();
    void deadlineEndsTheCommandNotTheLink();
    void deadlineCountsInTheQueue();
    void execInsideACallback();
    void execIsAnsweredOnceWhateverHappens();
    void echoesOverSocketAndPort_data();
    void echoesOverSocketAndPort();
    void refusals_data();
    void refusals();
    void forbiddenForwarding_data();
    void forbiddenForwarding();
    void closedByTheOtherSide();
    void streamsACommand();
    void destroyedInsideItsHandler_data();
    void destroyedInsideItsHandler();
    void droppedWhileOpeningLeavesNothingOpen();
    void destructionEndsTheCommand();
    void waitsForAFreeSession();
    void figures();

private:
    bool connectTo(Link& link);

    Result<ExecResult> run(const Command& command, std::chrono::milliseconds deadline = kLong) {
        return execAndWait(*link_, command, deadline);
    }

    std::unique_ptr<Link> another() const;
    bool isSsh() const;

    TestSshd sshd_;
    QTemporaryDir folder_; ///< for every user of the node
    LocalLink localLink_;
    std::unique_ptr<SshLink> sshLink_;
    std::unique_ptr<SshLink> userLink_; ///< not root: sshd takes signals only where it separates privileges
    Link* link_ = &localLink_;
    Link* signalLink_ = &localLink_; ///< one whose commands end with their channel
    std::unique_ptr<EchoServer> echo_;
};

bool ChannelsTest::connectTo(Link& link) {
    LinkProbe probe(link);
    link.start();
    const auto seen = probe.settled();
    if (seen && seen->link.state == LinkState::Up)
        return true;
    qWarning().noquote() << (seen ? toSentence(seen->link.error.value_or(Error{})) : QStringLiteral("no state"));
    return false;
}

std::unique_ptr<Link> ChannelsTest::another() const {
    if (isSsh())
        return std::make_unique<SshLink>(sshd_.node(), sshd_.options());
    return std::make_unique<LocalLink>();
}

bool ChannelsTest::isSsh() const {
    QFETCH_GLOBAL(bool, ssh);
    return ssh;
}

void ChannelsTest::initTestCase_data() {
    QTest::addColumn<bool>("ssh");
    QTest::newRow("local") << false;
    if (TestSshd::missing().isEmpty())
        QTest::newRow("ssh") << true;
}

void ChannelsTest::initTestCase() {
    qunsetenv("SSH_AUTH_SOCK");
    QVERIFY(QFile::setPermissions(folder_.path(), QFile::Permissions(0x7777)));
    echo_ = std::make_unique<EchoServer>(folder_.filePath(QStringLiteral("echo")));
    QVERIFY(connectTo(localLink_));
    if (!TestSshd::missing().isEmpty())
        return;
    QVERIFY(sshd_.start());
    sshLink_ = std::make_unique<SshLink>(sshd_.node(), sshd_.options());
    QVERIFY(connectTo(*sshLink_));
    userLink_ = std::make_unique<SshLink>(sshd_.node(QStringLiteral("tester")), sshd_.options());
    QVERIFY(connectTo(*userLink_));
}

void ChannelsTest::init() {
    link_ = &localLink_;
    signalLink_ = &localLink_;
    if (isSsh()) {
        link_ = sshLink_.get();
        signalLink_ = userLink_.get();
    }
}

/// Whatever a test did, the link must have lived through it.
void ChannelsTest::cleanup() {
    const auto result = run(shell("echo alive"));
    QVERIFY2(result && result->output == "alive\n", qPrintable(result ? QString() : toSentence(result.error())));
}

void ChannelsTest::thereIsAnSshd() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void ChannelsTest::runsCommands_data() {
    QTest::addColumn<QStringList>("argv");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("errors");
    const auto row = [](const char* name, const QStringList& argv, const QByteArray& input, int code,
                        const QByteArray& output,
                        const QByteArray& errors) { QTest::newRow(name) << argv << input << code << output << errors; };
    const auto sh = [](const char* script) {
        return QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
    };
    row("true", {QStringLiteral("true")}, {}, 0, {}, {});
    row("exit code", sh("exit 3"), {}, 3, {}, {});
    row("highest exit code", sh("exit 255"), {}, 255, {}, {});
    row("killed", sh("kill -KILL $$"), {}, 137, {}, {});
    row("standard error", sh("echo one; echo two >&2; exit 1"), {}, 1, "one\n", "two\n");
    row("input", {QStringLiteral("cat")}, "a\nb", 0, "a\nb", {});
    row("input that is not read", {QStringLiteral("true")}, "a\nb", 0, {}, {});
    row("no input is an end of file", {QStringLiteral("cat")}, {}, 0, {}, {});
    row("odd arguments",
        {QStringLiteral("printf"), QStringLiteral("%s|"), QStringLiteral("it's"), QStringLiteral("$HOME `id`"),
         QStringLiteral(""), QStringLiteral("é\n;")},
        {}, 0, "it's|$HOME `id`||é\n;|", {});
    row("no such program", {QStringLiteral("/no/such/program")}, {}, 127, {}, {});
}

void ChannelsTest::runsCommands() {
    QFETCH(QStringList, argv);
    QFETCH(QByteArray, input);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, output);
    QFETCH(QByteArray, errors);
    const auto result = run({.argv = argv, .asRoot = true, .input = input});
    QVERIFY2(result, qPrintable(result ? QString() : toSentence(result.error())));
    QCOMPARE(result->exitCode, exitCode);
    QCOMPARE(result->output, output);
    if (exitCode < 126) // else the shell has words of its own, where there is one
        QCOMPARE(result->errors, errors);
}

/// The other way in which sshd tells an end.
void ChannelsTest::endedBySignal_data() {
    QTest::addColumn<QString>("signal");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("KILL") << QStringLiteral("KILL") << 137;
    QTest::newRow("TERM") << QStringLiteral("TERM") << 143;
    QTest::newRow("SEGV") << QStringLiteral("SEGV") << 139;
}

void ChannelsTest::endedBySignal() {
    if (!isSsh())
        QSKIP("sshd's");
    QFETCH(QString, signal);
    QFETCH(int, exitCode);
    const auto result = run(shell("kill -\"$1\" $PPID", {signal})); // the login shell itself
    QVERIFY(result);
    QCOMPARE(result->exitCode, exitCode);
}

void ChannelsTest::takesLargeOutput() {
    const auto result = run(shell("head -c 10485760 /dev/zero | tr '\\0' x; echo end"));
    QVERIFY(result);
    QCOMPARE(result->output.size(), 10485760 + 4);
    QCOMPARE(result->output.count('x'), 10485760);
    QVERIFY(result->output.endsWith("xend\n"));
}

void ChannelsTest::givesLargeInput() {
    QByteArray input(qsizetype(8) * 1024 * 1024, 'i');
    const auto result = run({.argv = {QStringLiteral("wc"), QStringLiteral("-c")}, .input = input});
    QVERIFY(result);
    QCOMPARE(result->output.trimmed().toLongLong(), input.size());
}

void ChannelsTest::runsManyAtOnceFourAtATime() {
    constexpr int kCommands = 20;
    const QString file = folder_.filePath(QStringLiteral("running"));
    QFile::remove(file);
    Arrival done;
    std::mutex mutex;
    QSet<QByteArray> outputs;
    for (int i = 0; i < kCommands; ++i) {
        link_->exec(shell("echo + >>\"$1\"; sleep 0.05; echo - >>\"$1\"; echo $2", {file, QString::number(i)}), kLong,
                    [&](Result<ExecResult> result) {
                        if (result) {
                            const std::scoped_lock lock(mutex);
                            outputs.insert(result->output.trimmed());
                        }
                        done.arrive();
                    });
    }
    QVERIFY(done.wait(kLong, kCommands));
    QCOMPARE(done.count(), kCommands);
    QCOMPARE(outputs.size(), kCommands);
    QFile running(file);
    QVERIFY(running.open(QIODevice::ReadOnly));
    const QByteArray steps = running.readAll();
    int depth = 0;
    int deepest = 0;
    for (const char step : steps) {
        depth += step == '+' ? 1 : step == '-' ? -1 : 0;
        deepest = std::max(deepest, depth);
    }
    QVERIFY2(deepest >= 2 && deepest <= 4, qPrintable(QString::number(deepest)));
}

void ChannelsTest::deadlineEndsTheCommandNotTheLink() {
    LinkProbe probe(*signalLink_);
    QElapsedTimer clock;
    clock.start();
    const QString file = folder_.filePath(QStringLiteral("pid"));
    QFile::remove(file);
    const auto result = execAndWait(*signalLink_, shell("echo $$ >\"$1\"; exec sleep 60", {file}), 500ms);
    QVERIFY(!result);
    QCOMPARE(errorCodeName(result.error().code), QStringLiteral("timed-out"));
    QVERIFY2(clock.elapsed() >= 450 && clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    QFile pidFile(file);
    QVERIFY(pidFile.open(QIODevice::ReadOnly));
    const auto pid = static_cast<pid_t>(pidFile.readAll().trimmed().toInt());
    QVERIFY(pid > 1);
    QTRY_VERIFY(::kill(pid, 0) != 0); // it was told to end
    QVERIFY(execAndWait(*signalLink_, shell("true"), kLong));
    QCOMPARE(probe.count(), 0);
}

void ChannelsTest::deadlineCountsInTheQueue() {
    Arrival longOnes;
    for (int i = 0; i < 4; ++i)
        link_->exec(shell("sleep 1"), kLong, [&](Result<ExecResult>) { longOnes.arrive(); });
    const auto result = run(shell("echo late"), 200ms);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::TimedOut);
    QVERIFY(longOnes.wait(kLong, 4));
}

void ChannelsTest::execInsideACallback() {
    Arrival done;
    QByteArray output;
    link_->exec(shell("echo 1"), kLong, [&](Result<ExecResult> first) {
        link_->exec(shell("echo 2"), kLong, [&, first](Result<ExecResult> second) {
            if (first && second)
                output = first->output + second->output;
            done.arrive();
        });
    });
    QVERIFY(done.wait(kLong));
    QCOMPARE(output, "1\n2\n");
}

void ChannelsTest::execIsAnsweredOnceWhateverHappens() {
    const std::unique_ptr<Link> made = another();
    Link& link = *made;
    Arrival before;
    Result<ExecResult> early;
    link.exec(shell("true"), kLong, [&](Result<ExecResult> result) {
        early = std::move(result);
        before.arrive();
    });
    QVERIFY(before.wait(kLong));
    QVERIFY(!early);
    QCOMPARE(early.error().code, ErrorCode::Unreachable);

    // While it connects, commands wait for the session.
    Arrival connecting;
    link.start();
    link.exec(shell("echo up"), kLong, [&](Result<ExecResult> result) {
        early = std::move(result);
        connecting.arrive();
    });
    QVERIFY(connecting.wait(kLong));
    QVERIFY2(early, qPrintable(early ? QString() : toSentence(early.error())));
    QCOMPARE(early->output, "up\n");

    // At stop() the running and the waiting ones end, each once.
    Arrival ended;
    std::atomic<int> unreachable = 0;
    for (int i = 0; i < 10; ++i) {
        link.exec(shell("sleep 60"), 60s, [&](Result<ExecResult> result) {
            if (!result && result.error().code == ErrorCode::Unreachable)
                ++unreachable;
            ended.arrive();
        });
    }
    QVERIFY(inLink(link, [] {}));
    link.stop();
    QCOMPARE(ended.count(), 10);
    QCOMPARE(unreachable.load(), 10);
    link.exec(shell("true"), kLong, [&](Result<ExecResult> result) {
        early = std::move(result);
        ended.arrive();
    });
    QCOMPARE(ended.count(), 11);
    QVERIFY(!early);

    QVERIFY(connectTo(link)); // and it can be started again
    const auto again = execAndWait(link, shell("echo again"), kLong);
    QVERIFY(again);
    QCOMPARE(again->output, "again\n");
}

void ChannelsTest::echoesOverSocketAndPort_data() {
    QTest::addColumn<bool>("unix");
    QTest::addColumn<int>("size");
    QTest::newRow("socket, few bytes") << true << 5;
    QTest::newRow("socket, more than the window") << true << 6 * 1024 * 1024;
    QTest::newRow("port, few bytes") << false << 5;
    QTest::newRow("port, more than the window") << false << 6 * 1024 * 1024;
}

void ChannelsTest::echoesOverSocketAndPort() {
    QFETCH(bool, unix);
    QFETCH(int, size);
    QByteArray bytes;
    for (int i = 0; bytes.size() < size; ++i)
        bytes += QByteArray::number(i) + ' ';
    Talk talk;
    QVERIFY(inLink(*link_, [&] {
        talk.channel = unix ? link_->openUnix(folder_.filePath(QStringLiteral("echo")), talk.handlers())
                            : link_->openTcp(QStringLiteral("127.0.0.1"), echo_->port(), talk.handlers());
        talk.channel->write(bytes.first(3)); // before it is open
    }));
    QVERIFY(talk.opened.wait(kLong));
    QVERIFY(inLink(*link_, [&] { talk.channel->write(bytes.mid(3)); }));
    const auto complete = [&] {
        bool all = false;
        inLink(*link_, [&] { all = talk.received.size() >= bytes.size(); });
        return all;
    };
    QTRY_VERIFY_WITH_TIMEOUT(complete(), 20000);
    QVERIFY(talk.received == bytes);
    QCOMPARE(talk.closed.count(), 0);
    QVERIFY(inLink(*link_, [&] { talk.channel->finishWriting(); }));
    QVERIFY(talk.closed.wait(kLong));
    QVERIFY(inLink(*link_, [&] { talk.channel.reset(); }));
    QCOMPARE(talk.opened.count(), 1);
    QCOMPARE(talk.closed.count(), 1);
    QTRY_COMPARE(echo_->connections(), 0);
}

void ChannelsTest::refusals_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("port");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const QString& path, int port, ErrorCode code, const char* words) {
        QTest::newRow(name) << path << port << static_cast<int>(code) << QString::fromLatin1(words);
    };
    row("no such socket", QStringLiteral("/no/such/socket"), 0, ErrorCode::Refused, "/no/such/socket");
    row("a file, no socket", QStringLiteral("/etc/hostname"), 0, ErrorCode::Refused, "/etc/hostname");
    row("nothing listens", {}, 1, ErrorCode::NotFound, "Nothing listens on 127.0.0.1 port 1");
}

void ChannelsTest::refusals() {
    QFETCH(QString, path);
    QFETCH(int, port);
    QFETCH(int, code);
    QFETCH(QString, words);
    Talk talk;
    QVERIFY(inLink(*link_, [&] {
        talk.channel = port == 0
                           ? link_->openUnix(path, talk.handlers())
                           : link_->openTcp(QStringLiteral("127.0.0.1"), static_cast<quint16>(port), talk.handlers());
        talk.channel->write("hello");
    }));
    QVERIFY(talk.closed.wait(kLong));
    QCOMPARE(errorCodeName(talk.error->code), errorCodeName(static_cast<ErrorCode>(code)));
    QVERIFY2(talk.error->text.contains(words), qPrintable(talk.error->text));
    QVERIFY(!talk.error->remedy.isEmpty());
    QCOMPARE(talk.opened.count(), 0);
    QVERIFY(inLink(*link_, [&] { talk.channel.reset(); }));
}

void ChannelsTest::forbiddenForwarding_data() {
    QTest::addColumn<QString>("config");
    QTest::addColumn<bool>("unix");
    QTest::newRow("AllowStreamLocalForwarding no") << QStringLiteral("AllowStreamLocalForwarding no") << true;
    QTest::newRow("DisableForwarding, socket") << QStringLiteral("DisableForwarding yes") << true;
    QTest::newRow("AllowTcpForwarding no") << QStringLiteral("AllowTcpForwarding no") << false;
    QTest::newRow("PermitOpen elsewhere") << QStringLiteral("PermitOpen 127.0.0.1:2") << false;
    QTest::newRow("DisableForwarding, port") << QStringLiteral("DisableForwarding yes") << false;
}

void ChannelsTest::forbiddenForwarding() {
    if (!isSsh())
        QSKIP("sshd's");
    QFETCH(QString, config);
    QFETCH(bool, unix);
    TestSshd strict;
    TestSshd::Setup setup;
    setup.config = {config};
    QVERIFY(strict.start(setup));
    SshLink link(strict.node(), strict.options());
    QVERIFY(connectTo(link));
    Talk talk;
    QVERIFY(inLink(link, [&] {
        talk.channel = unix ? link.openUnix(folder_.filePath(QStringLiteral("echo")), talk.handlers())
                            : link.openTcp(QStringLiteral("127.0.0.1"), echo_->port(), talk.handlers());
    }));
    QVERIFY(talk.closed.wait(kLong));
    QCOMPARE(errorCodeName(talk.error->code), QStringLiteral("refused"));
    QVERIFY2(talk.error->remedy.contains(QLatin1String("Forwarding")), qPrintable(talk.error->remedy));
    const auto result = execAndWait(link, shell("echo alive"), kLong);
    QVERIFY(result);
    QVERIFY(inLink(link, [&] { talk.channel.reset(); }));
}

void ChannelsTest::closedByTheOtherSide() {
    Talk talk;
    QVERIFY(inLink(*link_, [&] {
        talk.channel = link_->openUnix(folder_.filePath(QStringLiteral("echo")), talk.handlers());
        talk.channel->write("bye");
    }));
    QVERIFY(talk.closed.wait(kLong));
    QCOMPARE(errorCodeName(talk.error->code), QStringLiteral("unreachable"));
    QVERIFY(talk.error->text.contains(QLatin1String("closed by the other side")));
    QCOMPARE(talk.received, "bye");
    QVERIFY(inLink(*link_, [&] { talk.channel.reset(); }));
    QCOMPARE(talk.closed.count(), 1);
}

void ChannelsTest::streamsACommand() {
    Talk talk;
    QVERIFY(inLink(*link_, [&] {
        talk.channel = link_->openCommand(
            shell("while read -r line; do echo \"<$line>\"; done; echo sorry >&2; exit 7"), talk.handlers());
        talk.channel->write("one\n");
    }));
    QVERIFY(talk.got.wait(kLong));
    QVERIFY(inLink(*link_, [&] {
        QCOMPARE(talk.received, "<one>\n");
        talk.channel->write("two\n");
        talk.channel->finishWriting();
    }));
    QVERIFY(talk.closed.wait(kLong));
    QCOMPARE(talk.received, "<one>\n<two>\n");
    QCOMPARE(talk.exitCode, std::optional(7));
    QVERIFY2(talk.error->text.contains(QLatin1String("sorry")), qPrintable(talk.error->text));
    QVERIFY(inLink(*link_, [&] { talk.channel.reset(); }));
    QCOMPARE(talk.closed.count(), 1);
}

void ChannelsTest::destroyedInsideItsHandler_data() {
    QTest::addColumn<int>("kind"); // 0: socket, 1: command, 2: refused
    QTest::addColumn<int>("handler");
    for (int kind = 0; kind < 3; ++kind) {
        for (int handler = 0; handler < 3; ++handler) {
            if (kind == 2 && handler != 2)
                continue;
            QTest::addRow("%s, in %s",
                          kind == 0   ? "socket"
                          : kind == 1 ? "command"
                                      : "refused",
                          handler == 0   ? "opened"
                          : handler == 1 ? "received"
                                         : "closed")
                << kind << handler;
        }
    }
}

void ChannelsTest::destroyedInsideItsHandler() {
    QFETCH(int, kind);
    QFETCH(int, handler);
    Arrival destroyed;
    std::atomic<int> after = 0;
    std::unique_ptr<ByteChannel> channel;
    const auto at = [&](int here) {
        if (!channel)
            ++after;
        if (here != handler)
            return;
        channel.reset();
        destroyed.arrive();
    };
    const ByteChannel::Handlers handlers{.opened = [&, at] { at(0); },
                                         .received = [&, at](const QByteArray&) { at(1); },
                                         .closed = [&, at](const Error&, std::optional<int>) { at(2); }};
    QVERIFY(inLink(*link_, [&] {
        if (kind == 1)
            channel = link_->openCommand({.argv = {QStringLiteral("cat")}}, handlers);
        else
            channel =
                link_->openUnix(kind == 0 ? folder_.filePath(QStringLiteral("echo")) : QStringLiteral("/no"), handlers);
        channel->write("bye");
        channel->finishWriting();
    }));
    QVERIFY(destroyed.wait(kLong));
    QVERIFY(run(shell("sleep 0.1"))); // whatever still comes, comes before this is answered
    QCOMPARE(after.load(), 0);
    QVERIFY(!channel);
}

void ChannelsTest::droppedWhileOpeningLeavesNothingOpen() {
    std::atomic<int> called = 0;
    QVERIFY(inLink(*link_, [&] {
        for (int i = 0; i < 30; ++i) {
            const auto channel = link_->openUnix(folder_.filePath(QStringLiteral("echo")),
                                                 {.opened = [&] { ++called; },
                                                  .received = [&](const QByteArray&) { ++called; },
                                                  .closed = [&](auto&&...) { ++called; }});
        }
    }));
    Talk asked; // these were really sent before they were dropped
    QVERIFY(inLink(*link_, [&] {
        asked.channel = link_->openUnix(folder_.filePath(QStringLiteral("echo")), asked.handlers());
        link_->post([&] { asked.channel.reset(); });
    }));
    QVERIFY(run(shell("true")));
    QTRY_COMPARE(echo_->connections(), 0);
    QCOMPARE(called.load(), 0);
    QCOMPARE(asked.closed.count(), 0);
}

void ChannelsTest::destructionEndsTheCommand() {
    Talk talk;
    QVERIFY(inLink(*signalLink_, [&] {
        talk.channel = signalLink_->openCommand(shell("echo $$; sleep 61 & wait"), talk.handlers());
    }));
    QVERIFY(talk.got.wait(kLong));
    pid_t pid = 0;
    QVERIFY(inLink(*signalLink_, [&] {
        pid = static_cast<pid_t>(talk.received.trimmed().toInt());
        talk.channel.reset();
    }));
    QVERIFY(pid > 1);
    QTRY_VERIFY(::kill(-pid, 0) != 0); // with its children
}

void ChannelsTest::waitsForAFreeSession() {
    if (!isSsh())
        QSKIP("sshd's");
    TestSshd narrow;
    TestSshd::Setup setup;
    setup.config = {QStringLiteral("MaxSessions 2")};
    QVERIFY(narrow.start(setup));
    SshLink link(narrow.node(), narrow.options());
    QVERIFY(connectTo(link));
    Arrival done;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i) {
        link.exec(shell("sleep 0.1"), kLong, [&](Result<ExecResult> result) {
            good += result && result->exitCode == 0 ? 1 : 0;
            done.arrive();
        });
    }
    QVERIFY(done.wait(kLong, 8));
    QCOMPARE(good.load(), 8);
}

/// Printed, not judged: they depend on the machine.
void ChannelsTest::figures() {
    const auto percentile = [](QList<qint64> times, double part) {
        std::ranges::sort(times);
        return static_cast<double>(times[static_cast<qsizetype>(part * static_cast<double>(times.size() - 1))]) / 1e6;
    };
    QList<qint64> commands;
    for (int i = 0; i < 100; ++i) {
        QElapsedTimer clock;
        clock.start();
        QVERIFY(run({.argv = {QStringLiteral("true")}}));
        commands += clock.nsecsElapsed();
    }
    Talk talk;
    QVERIFY(inLink(*link_,
                   [&] { talk.channel = link_->openUnix(folder_.filePath(QStringLiteral("echo")), talk.handlers()); }));
    QVERIFY(talk.opened.wait(kLong));
    QList<qint64> rounds;
    for (int i = 0; i < 200; ++i) {
        QElapsedTimer clock;
        clock.start();
        link_->post([&] { talk.channel->write("ping"); });
        QVERIFY(talk.got.wait(kLong, i + 1));
        rounds += clock.nsecsElapsed();
    }
    QVERIFY(inLink(*link_, [&] { talk.channel.reset(); }));
    qInfo("exec true: p50 %.2f ms, p95 %.2f ms; a round over a forwarded socket: p50 %.2f ms, p95 %.2f ms",
          percentile(commands, 0.5), percentile(commands, 0.95), percentile(rounds, 0.5), percentile(rounds, 0.95));
}

QTEST_GUILESS_MAIN(ChannelsTest)
#include "channels_test.moc"
