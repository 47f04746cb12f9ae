// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/quiet_connection.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const QByteArray kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace

/// A connection over loopback; the test plays the server.
class QuietConnectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tellsWhenAnAnswerCame();
    void readsTheSameAnswerOnce();
    void waitsForTheWholeAnswer();
    void tellsWhatIsNoHttp();
    void dataIsNoEnd();
    void tellsItsEndAndKeepsTheLastWords();
    void cannotAskABrokenPeer();
    void saysNothingOnceDiscarded();

private:
    bool ask();
    bool answer(const QByteArray& bytes);
    std::optional<QuietConnection::Answer> fetch(); ///< when it comes

    std::unique_ptr<QTcpServer> server_;
    QTcpSocket* peer_ = nullptr;
    QuietConnection* quiet_ = nullptr;
    int ended_ = 0;
};

void QuietConnectionTest::init() {
    ended_ = 0;
    server_ = std::make_unique<QTcpServer>();
    QVERIFY(server_->listen(QHostAddress::LocalHost));
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, server_->serverPort());
    QTRY_VERIFY_WITH_TIMEOUT(socket.state() == QAbstractSocket::ConnectedState && server_->hasPendingConnections(),
                             5'000);
    peer_ = server_->nextPendingConnection();
    quiet_ = QuietConnection::from(socket.socketDescriptor(), [this] { ++ended_; }, server_.get());
    QVERIFY(quiet_);
    socket.abort(); // its own descriptor only
}

void QuietConnectionTest::cleanup() {
    server_.reset();
}

bool QuietConnectionTest::ask() {
    return quiet_->ask("GET / HTTP/1.1\r\n\r\n") &&
           QTest::qWaitFor([this] { return peer_->readAll().endsWith("\r\n\r\n"); }, 5'000);
}

bool QuietConnectionTest::answer(const QByteArray& bytes) {
    return peer_->write(bytes) == bytes.size() && peer_->flush();
}

std::optional<QuietConnection::Answer> QuietConnectionTest::fetch() {
    std::optional<QuietConnection::Answer> told;
    const auto come = [&] {
        told = quiet_->fetch();
        return told.has_value();
    };
    return QTest::qWaitFor(come, 5'000) ? told : std::nullopt;
}

void QuietConnectionTest::tellsWhenAnAnswerCame() {
    const Instant asked = wallClockNow();
    QVERIFY(ask());
    QVERIFY(!quiet_->fetch());
    QVERIFY(answer(kOk));
    const Instant written = wallClockNow();
    QTRY_VERIFY(wallClockNow() - written > 50ms);
    const Instant fetched = wallClockNow();
    const auto told = quiet_->fetch();
    QVERIFY(told && told->response && *told->response);
    QCOMPARE((*told->response)->body, "ok");
    QVERIFY(told->at >= asked);
    QVERIFY2(fetched - told->at > 25ms, "the time of its coming, not that of the look");
    QVERIFY2(!quiet_->fetch(), "once");
}

void QuietConnectionTest::readsTheSameAnswerOnce() {
    for (const bool first : {true, false, false}) {
        QVERIFY(ask());
        QVERIFY(answer(kOk));
        const auto told = fetch();
        QVERIFY(told);
        QCOMPARE(told->response.has_value(), first);
    }
    QVERIFY(ask());
    QVERIFY(answer("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nok"));
    const auto told = fetch();
    QVERIFY(told);
    QVERIFY(told->response && *told->response);
    QCOMPARE((*told->response)->status, 500);
}

void QuietConnectionTest::waitsForTheWholeAnswer() {
    const QByteArray long_ = "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + QByteArray(9000, 'x');
    QVERIFY(ask());
    QVERIFY(answer(long_.first(30)));
    QVERIFY(!quiet_->fetch());
    QVERIFY(answer(long_.sliced(30)));
    const auto told = fetch();
    QVERIFY(told);
    QVERIFY(told->response && *told->response);
    QCOMPARE((*told->response)->body.size(), 9000);
}

void QuietConnectionTest::tellsWhatIsNoHttp() {
    QVERIFY(ask());
    QVERIFY(answer("220 mail.example ESMTP\r\n\r\n"));
    const auto told = fetch();
    QVERIFY(told);
    QVERIFY(told->response && !*told->response);
    QCOMPARE(told->response->error().code, ErrorCode::Protocol);
}

void QuietConnectionTest::dataIsNoEnd() {
    QVERIFY(ask());
    QVERIFY(answer(kOk));
    const auto told = fetch();
    QVERIFY(told);
    QVERIFY(ask()); // turns of the event loop
    QCOMPARE(ended_, 0);
}

void QuietConnectionTest::tellsItsEndAndKeepsTheLastWords() {
    QVERIFY(ask());
    QVERIFY(answer(kOk));
    peer_->disconnectFromHost();
    QTRY_COMPARE(ended_, 1);
    const auto told = quiet_->fetch();
    QVERIFY(told && told->response && *told->response);
    QVERIFY(!quiet_->fetch());
}

void QuietConnectionTest::cannotAskABrokenPeer() {
    QVERIFY(ask());
    peer_->abort();
    QTRY_COMPARE(ended_, 1);
    QTRY_VERIFY(!quiet_->ask("GET / HTTP/1.1\r\n\r\n"));
}

void QuietConnectionTest::saysNothingOnceDiscarded() {
    QPointer<QuietConnection> watched = quiet_;
    quiet_->discard();
    peer_->disconnectFromHost();
    QTRY_VERIFY(!watched);
    QCOMPARE(ended_, 0);
}

QTEST_GUILESS_MAIN(QuietConnectionTest)
#include "quiet_connection_test.moc"
