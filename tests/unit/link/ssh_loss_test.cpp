// SPDX-License-Identifier: GPL-3.0-or-later
#include "link_probe.h"
#include "test_sshd.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QtTest>

#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace mha;
using namespace mha::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kLong = 20s;

double secondsFrom(Instant begin, Instant end) {
    return toSeconds(end - begin);
}

/// A loopback port where a SYN gets no answer: a listener whose queue is full.
class FullListener {
public:
    FullListener() {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        (void)::bind(listener_, generic(&address), sizeof address);
        ::listen(listener_, 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, generic(&address), &size);
        port_ = ntohs(address.sin_port);
        for (int& fd : waiting_) {
            fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            (void)::connect(fd, generic(&address), sizeof address);
        }
    }

    ~FullListener() {
        ::close(listener_);
        for (const int fd : waiting_)
            ::close(fd);
    }

    quint16 port() const { return port_; }

private:
    static sockaddr* generic(sockaddr_in* address) { return reinterpret_cast<sockaddr*>(address); }

    int listener_ = -1;
    std::array<int, 8> waiting_{};
    quint16 port_ = 0;
};

qsizetype entries(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System | QDir::Hidden).size();
}

} // namespace

/// Peers that freeze, vanish or never answer, and that nothing of ours waits for them.
class SshLossTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void frozenPeerIsSilentThenLost();
    void pausedPeerIsHeardAgain();
    void frozenPeerDoesNotHoldUpStop();
    void frozenPeerDoesNotHoldUpTheOther();
    void heldUpOurselvesIsNoSilence();
    void killedSessionIsReopened();
    void serverThatReturnsIsFound();
    void withoutReconnectTheFirstLossIsFinal();
    void refusalIsNotRetried();
    void droppedSynTimesOut();
    void openPortThatSaysNothing();
    void stopWhileConnecting_data();
    void stopWhileConnecting();
    void streamsEndWithTheSession();
    void lossIsToldToAll();
    void startAndStopLeavesNothing();

private:
    SshOptions oneShot() const;

    TestSshd sshd_;
};

void SshLossTest::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    qunsetenv("SSH_AUTH_SOCK");
    QVERIFY(sshd_.start());
}

void SshLossTest::cleanup() {
    sshd_.signalSessions(SIGCONT);
}

SshOptions SshLossTest::oneShot() const {
    SshOptions options = sshd_.options();
    options.reconnect = false;
    return options;
}

void SshLossTest::frozenPeerIsSilentThenLost() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    Arrival answered;
    Result<ExecResult> result;
    link.exec(scriptCommand("sleep 60"), 60s, [&](Result<ExecResult> given) {
        result = std::move(given);
        answered.arrive();
    });
    QVERIFY(inLink(link, [] {}));
    const Instant frozenAt = wallClockNow();
    sshd_.signalSessions(SIGSTOP);
    const auto silent = probe.wait(LinkState::Silent);
    QVERIFY(silent);
    QVERIFY2(secondsFrom(frozenAt, silent->at) > 0.5 && secondsFrom(frozenAt, silent->at) < 1.2,
             qPrintable(QString::number(secondsFrom(frozenAt, silent->at))));
    const auto down = probe.wait(LinkState::Down);
    QVERIFY(down);
    QVERIFY2(secondsFrom(frozenAt, down->at) > 2.4 && secondsFrom(frozenAt, down->at) < 3.0,
             qPrintable(QString::number(secondsFrom(frozenAt, down->at))));
    QCOMPARE(errorCodeName(down->link.error->code), QStringLiteral("timed-out"));
    QVERIFY2(down->link.error->text.contains(QLatin1String("has not answered for 2.7")),
             qPrintable(down->link.error->text));
    QVERIFY(answered.wait(1s)); // Unreachable as soon as that is known, not at the deadline
    QVERIFY(!result);
    QVERIFY(probe.wait(LinkState::Up, kLong, probe.count() - 1)); // a new session, while the old one stays frozen
    qInfo("silent after %.2f s, lost after %.2f s", secondsFrom(frozenAt, silent->at), secondsFrom(frozenAt, down->at));
}

void SshLossTest::pausedPeerIsHeardAgain() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    sshd_.signalSessions(SIGSTOP);
    QVERIFY(probe.wait(LinkState::Silent));
    const qsizetype before = probe.count();
    const Instant continuedAt = wallClockNow();
    sshd_.signalSessions(SIGCONT);
    const auto up = probe.wait(LinkState::Up, kLong, before);
    QVERIFY(up);
    QVERIFY(secondsFrom(continuedAt, up->at) < 1.0);
    QVERIFY(!up->link.error);
    QVERIFY(!probe.wait(LinkState::Down, 0ms));
    QVERIFY(execAndWait(link, scriptCommand("true"), 5s));
}

void SshLossTest::frozenPeerDoesNotHoldUpStop() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    std::unique_ptr<ByteChannel> sink;
    QVERIFY(inLink(link, [&] { sink = link.openCommand({.argv = {QStringLiteral("cat")}}, {}); }));
    QVERIFY(execAndWait(link, scriptCommand("true"), 5s));
    sshd_.signalSessions(SIGSTOP);
    // More than the window and the socket's buffers take.
    QVERIFY(inLink(link, [&] { sink->write(QByteArray(qsizetype(32) * 1024 * 1024, 'x')); }));
    QVERIFY(probe.wait(LinkState::Silent));
    QElapsedTimer clock;
    clock.start();
    link.stop();
    QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    sink.reset();
}

void SshLossTest::frozenPeerDoesNotHoldUpTheOther() {
    TestSshd other;
    QVERIFY(other.start());
    SshLink frozen(sshd_.node(), sshd_.options());
    SshLink lively(other.node(), other.options());
    LinkProbe probe(frozen);
    LinkProbe otherProbe(lively);
    frozen.start();
    lively.start();
    QVERIFY(probe.wait(LinkState::Up) && otherProbe.wait(LinkState::Up));
    sshd_.signalSessions(SIGSTOP);
    qint64 longest = 0;
    while (!probe.wait(LinkState::Down, 0ms)) {
        QElapsedTimer clock;
        clock.start();
        const auto result = execAndWait(lively, scriptCommand("true"), 5s);
        QVERIFY2(result, result ? "" : qPrintable(toSentence(result.error())));
        longest = std::max(longest, clock.elapsed());
    }
    QVERIFY2(longest < 1000, qPrintable(QString::number(longest)));
    QCOMPARE(otherProbe.all().last().link.state, LinkState::Up);
}

/// Our own thread does not run for longer than any limit: then nobody asked, so nobody is silent.
void SshLossTest::heldUpOurselvesIsNoSilence() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    const qsizetype before = probe.count();
    Arrival never;
    for (const auto held : {1000ms, 3500ms})
        link.post([&never, held] { never.wait(held); });
    QVERIFY(inLink(link, [] {}));
    QVERIFY(!never.wait(1s)); // four heartbeats
    QCOMPARE(probe.count(), before);
    QVERIFY(execAndWait(link, scriptCommand("true"), 5s));
}

void SshLossTest::killedSessionIsReopened() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    for (int round = 0; round < 3; ++round) {
        const qsizetype before = probe.count();
        const Instant killedAt = wallClockNow();
        sshd_.signalSessions(SIGKILL);
        const auto down = probe.wait(LinkState::Down, kLong, before);
        QVERIFY(down);
        QVERIFY(secondsFrom(killedAt, down->at) < 0.3);
        QCOMPARE(errorCodeName(down->link.error->code), QStringLiteral("unreachable"));
        const auto up = probe.wait(LinkState::Up, kLong, before);
        QVERIFY(up);
        // The first retry, as success begins the back-off anew.
        QVERIFY2(secondsFrom(down->at, up->at) >= 0.45 && secondsFrom(down->at, up->at) < 2.0,
                 qPrintable(QString::number(secondsFrom(down->at, up->at))));
        QVERIFY(execAndWait(link, scriptCommand("true"), 5s));
    }
    for (const LinkProbe::Seen& seen : probe.all())
        QVERIFY(seen.link.state != LinkState::Silent);
}

void SshLossTest::serverThatReturnsIsFound() {
    TestSshd server;
    QVERIFY(server.start());
    SshLink link(server.node(), server.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    const qsizetype before = probe.count();
    server.stop();
    QVERIFY(probe.wait(LinkState::Down, kLong, before));
    // The reason follows the facts: first lost, then nothing listens.
    const auto refused = [&] {
        const LinkSeen last = probe.all().last().link;
        return last.state == LinkState::Down && last.error->text.contains(QLatin1String("nothing listens"));
    };
    QTRY_VERIFY(refused());
    const auto result = execAndWait(link, scriptCommand("true"), 5s);
    QVERIFY(!result);
    QCOMPARE(result.error(), *probe.all().last().link.error);
    QVERIFY(server.start());
    QVERIFY(probe.wait(LinkState::Up, kLong, before));
}

void SshLossTest::withoutReconnectTheFirstLossIsFinal() {
    SshLink link(sshd_.node(), oneShot());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    sshd_.signalSessions(SIGKILL);
    QVERIFY(probe.wait(LinkState::Down));
    QVERIFY(!probe.wait(LinkState::Up, 1500ms, probe.count()));
}

void SshLossTest::refusalIsNotRetried() {
    QVERIFY(sshd_.makeKey(QStringLiteral("stranger"), {}, false));
    NodeConfig node = sshd_.node();
    node.identity = sshd_.path(QStringLiteral("stranger"));
    SshLink link(node, sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Refused));
    const qsizetype before = probe.count();
    QVERIFY(sshd_.authorize(QStringLiteral("stranger")));
    QVERIFY(!probe.wait(LinkState::Up, 1500ms, before));
    link.stop(); // an operator mends it and connects again
    link.start();
    QVERIFY(probe.wait(LinkState::Up, kLong, before));
}

void SshLossTest::droppedSynTimesOut() {
    const FullListener full;
    NodeConfig node = sshd_.node();
    node.port = full.port();
    SshOptions options = oneShot();
    options.connectTimeout = 700ms;
    SshLink link(node, options);
    LinkProbe probe(link);
    QElapsedTimer clock;
    clock.start();
    link.start();
    const auto seen = probe.wait(LinkState::Down);
    QVERIFY(seen);
    QVERIFY2(clock.elapsed() > 600 && clock.elapsed() < 1500, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(errorCodeName(seen->link.error->code), QStringLiteral("timed-out"));
    QVERIFY2(seen->link.error->text.contains(QLatin1String("while connecting")), qPrintable(seen->link.error->text));
    QVERIFY(seen->link.error->remedy.contains(QLatin1String("firewall")));
}

void SshLossTest::openPortThatSaysNothing() {
    QTcpServer mute;
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    NodeConfig node = sshd_.node();
    node.port = mute.serverPort();
    SshOptions options = oneShot();
    options.connectTimeout = 500ms;
    SshLink link(node, options);
    LinkProbe probe(link);
    link.start();
    const auto seen = probe.wait(LinkState::Down);
    QVERIFY(seen);
    const Error& error = *seen->link.error;
    QCOMPARE(errorCodeName(error.code), QStringLiteral("timed-out"));
    QVERIFY2(error.text.contains(QLatin1String("accepts the connection")), qPrintable(error.text));
    QVERIFY2(error.remedy.contains(QLatin1String("SSH server")), qPrintable(error.remedy));
    QVERIFY2(!error.remedy.contains(QLatin1String("firewall")), qPrintable(error.remedy));
}

void SshLossTest::stopWhileConnecting_data() {
    QTest::addColumn<bool>("synDropped");
    QTest::newRow("SYN dropped") << true;
    QTest::newRow("no banner") << false;
}

void SshLossTest::stopWhileConnecting() {
    QFETCH(bool, synDropped);
    const FullListener full;
    TestSshd stuck;
    QVERIFY(stuck.start());
    if (!synDropped)
        stuck.signalServer(SIGSTOP); // the kernel still takes the connection
    NodeConfig node = stuck.node();
    node.port = synDropped ? full.port() : stuck.port();
    SshLink link(node, stuck.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Connecting));
    QVERIFY(!probe.settled(300ms));
    QElapsedTimer clock;
    clock.start();
    link.stop();
    QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!probe.settled(0ms));
    stuck.signalServer(SIGCONT);
}

void SshLossTest::streamsEndWithTheSession() {
    SshLink link(sshd_.node(), oneShot());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    Arrival closed;
    std::optional<Error> error;
    std::unique_ptr<ByteChannel> channel;
    QVERIFY(inLink(link, [&] {
        channel =
            link.openCommand({.argv = {QStringLiteral("cat")}}, {.closed = [&](const Error& why, std::optional<int>) {
                                 error = why;
                                 closed.arrive();
                             }});
    }));
    QVERIFY(execAndWait(link, scriptCommand("true"), 5s));
    sshd_.signalSessions(SIGKILL);
    QVERIFY(closed.wait(kLong));
    QCOMPARE(errorCodeName(error->code), QStringLiteral("unreachable"));
    QVERIFY2(error->text.contains(QLatin1String("was lost")), qPrintable(error->text));
    // On a link that is down the end comes, too, and the channel can be used without harm.
    QVERIFY(probe.wait(LinkState::Down));
    QVERIFY(inLink(link, [&] {
        channel->write("x");
        channel = link.openUnix(QStringLiteral("/x"), {.closed = [&](auto&&...) { closed.arrive(); }});
        channel->write("x");
        channel->finishWriting();
    }));
    QVERIFY(closed.wait(kLong, 2));
    link.stop();
    channel.reset(); // also after its link's end
    QCOMPARE(closed.count(), 2);
}

/// What runs and what waits is told at once, and what a handler opens in reply to that, too.
void SshLossTest::lossIsToldToAll() {
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    Arrival answered;
    std::atomic<int> unreachable = 0;
    for (int i = 0; i < 12; ++i) {
        link.exec(scriptCommand("sleep 60"), 60s, [&](Result<ExecResult> result) {
            unreachable += !result && result.error().code == ErrorCode::Unreachable ? 1 : 0;
            answered.arrive();
        });
    }
    Arrival closed;
    std::unique_ptr<ByteChannel> channel;
    std::function<void()> open = [&] {
        channel = link.openCommand({.argv = {QStringLiteral("cat")}}, {.closed = [&](const Error&, std::optional<int>) {
                                       closed.arrive();
                                       if (closed.count() == 1)
                                           open();
                                   }});
    };
    QVERIFY(inLink(link, open));
    const auto atWork = [this] {
        return sshd_.sessionProcesses().size() >= 10;
    }; // 4 commands, 1 stream, each with a shell
    QTRY_VERIFY(atWork());
    sshd_.signalSessions(SIGKILL);
    QVERIFY(answered.wait(2s, 12));
    QCOMPARE(unreachable.load(), 12);
    QVERIFY(closed.wait(2s, 2));
    QVERIFY(inLink(link, [&] { channel.reset(); }));
}

void SshLossTest::startAndStopLeavesNothing() {
    const auto round = [this] {
        SshLink link(sshd_.node(), sshd_.options());
        LinkProbe probe(link);
        link.start();
        return probe.wait(LinkState::Up).has_value();
    };
    QVERIFY(round()); // what is made once stays
    const qsizetype files = entries(QStringLiteral("/proc/self/fd"));
    const qsizetype threads = entries(QStringLiteral("/proc/self/task"));
    for (int i = 0; i < 20; ++i)
        QVERIFY(round());
    QCOMPARE(entries(QStringLiteral("/proc/self/fd")), files);
    QTRY_VERIFY(entries(QStringLiteral("/proc/self/task")) <= threads); // the kernel ends them a moment after the join
    const auto noSession = [this] { return sshd_.sessionProcesses().isEmpty(); };
    QTRY_VERIFY(noSession());
}

QTEST_GUILESS_MAIN(SshLossTest)
#include "ssh_loss_test.moc"
