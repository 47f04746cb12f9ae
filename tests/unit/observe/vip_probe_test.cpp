// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/probe_filter.h"
#include "observe/vip_probe.h"

#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QtTest>

#include <mutex>

using namespace mha;
using namespace std::chrono_literals;

namespace {

/// Plays Milvus's health port on loopback: answers, is mute, closes each connection, or is not there.
class HealthServer : public QObject {
public:
    enum class Mood { Serves, Closes, Mute, Fails };

    HealthServer() {
        connect(&server_, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* const socket = server_.nextPendingConnection())
                take(socket);
        });
        if (server_.listen(QHostAddress::LocalHost))
            port_ = server_.serverPort();
    }

    quint16 port() const { return port_; }

    int connections() const { return connections_; }

    int questions() const { return questions_; }

    /// As a killed process: port closed, connections broken.
    void die() {
        server_.close();
        const auto sockets = server_.findChildren<QTcpSocket*>() + findChildren<QTcpSocket*>();
        for (QTcpSocket* const socket : sockets)
            socket->abort();
    }

    bool comeBack() { return server_.listen(QHostAddress::LocalHost, port_); }

    Mood mood = Mood::Serves;

private:
    void take(QTcpSocket* socket) {
        ++connections_;
        socket->setParent(this);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    }

    void read(QTcpSocket* socket) {
        QByteArray& bytes = rest_[socket];
        bytes += socket->readAll();
        while (bytes.contains("\r\n\r\n")) {
            bytes.remove(0, bytes.indexOf("\r\n\r\n") + 4);
            ++questions_;
            answer(socket);
        }
    }

    void answer(QTcpSocket* socket) {
        switch (mood) {
        case Mood::Serves:
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            break;
        case Mood::Closes:
            socket->write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            socket->disconnectFromHost();
            break;
        case Mood::Fails:
            socket->write("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
            break;
        case Mood::Mute:
            break;
        }
    }

    QTcpServer server_;
    quint16 port_ = 0;
    int connections_ = 0;
    int questions_ = 0;
    QHash<QTcpSocket*, QByteArray> rest_;
};

/// What the probe told, taken over into the test's thread.
class Told {
public:
    VipProbe::Sink sink() {
        return [this](const Observation& seen) {
            const std::scoped_lock lock(mutex_);
            all_.append(seen);
        };
    }

    QList<Observation> all() const {
        const std::scoped_lock lock(mutex_);
        return all_;
    }

    bool any(bool good) const {
        const auto list = all();
        return std::ranges::any_of(list, [good](const Observation& o) { return probe(o).good == good; });
    }

    bool lastIs(bool good) const {
        const auto list = all();
        return !list.isEmpty() && probe(list.last()).good == good;
    }

    static const VipProbeSeen& probe(const Observation& seen) { return std::get<VipProbeSeen>(seen.sighting); }

private:
    mutable std::mutex mutex_;
    QList<Observation> all_;
};

bool isBad(const Observation& seen) {
    return !Told::probe(seen).good;
}

Pair pairOn(quint16 port) {
    Pair pair;
    pair.vip = QStringLiteral("127.0.0.1/8");
    pair.health = HealthEndpoint{QStringLiteral("/health"), port};
    return pair;
}

} // namespace

class VipProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksOnOneConnectionWhileAllIsWell();
    void measuresAnOutage();
    void tellsTheFirstResultAtOnceWhereNothingListens();
    void noticesAMuteServer();
    void toldByAnAnswerThatServiceFails();
    void livesWithAServerThatKeepsNoConnection();
    void isNotFooledByAMuteOldConnection();
    void asksFastAfterAHint();
    void findsOutTheGeneration();
    void endsAtOnce();
};

void VipProbeTest::asksOnOneConnectionWhileAllIsWell() {
    HealthServer server;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 20, 10'000);
    QVERIFY2(server.connections() <= 4, qPrintable(QString::number(server.connections())));
    QVERIFY(told.lastIs(true) && !told.any(false));
    const auto all = told.all();
    for (const Observation& seen : all) {
        QCOMPARE(seen.node, -1);
        QVERIFY(Told::probe(seen).askedAt <= seen.at);
    }
    for (qsizetype i = 1; i < all.size(); ++i)
        QVERIFY(all[i].at - all[i - 1].at >= kProbeToldEvery);
}

void VipProbeTest::measuresAnOutage() {
    HealthServer server;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 10, 10'000);
    const Instant died = wallClockNow();
    server.die();
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(false), 5'000);
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::count_if(told.all(), isBad) >= 3, 5'000); // half a second of it
    const Instant back = wallClockNow();
    QVERIFY(server.comeBack());
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(true), 5'000);
    const auto all = told.all();
    qsizetype firstBad = 0;
    while (Told::probe(all[firstBad]).good)
        ++firstBad;
    qsizetype firstGood = firstBad;
    while (!Told::probe(all[firstGood]).good)
        ++firstGood;
    const Duration measured = all[firstGood].at - all[firstBad - 1].at;
    const Duration really = back - died;
    QVERIFY2(std::chrono::abs(measured - really) < 150ms,
             qPrintable(QStringLiteral("%1 s, really %2 s").arg(toSeconds(measured)).arg(toSeconds(really))));
    QVERIFY2(all[firstBad].at - died < 150ms, qPrintable(toText(all[firstBad].at - died)));
    QVERIFY(!Told::probe(all[firstBad]).detail.isEmpty());
}

void VipProbeTest::tellsTheFirstResultAtOnceWhereNothingListens() {
    HealthServer server;
    server.die();
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(told.any(false), 3'000);
    QVERIFY(Told::probe(told.all().first()).detail.contains(QString::number(server.port())));
}

void VipProbeTest::noticesAMuteServer() {
    HealthServer server;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 5, 10'000);
    const int connectionsBefore = server.connections();
    const Instant mute = wallClockNow();
    server.mood = HealthServer::Mood::Mute;
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(false), 5'000);
    QVERIFY2(wallClockNow() - mute < 1s, "the verdict has a second");
    QVERIFY2(server.connections() > connectionsBefore + 2, "fresh connections are tried, none waiting for another");
    server.mood = HealthServer::Mood::Serves;
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(true), 3'000);
}

void VipProbeTest::toldByAnAnswerThatServiceFails() {
    HealthServer server;
    server.mood = HealthServer::Mood::Fails;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(told.any(false), 3'000);
    QVERIFY(Told::probe(told.all().first()).detail.contains(QStringLiteral("500")));
}

void VipProbeTest::livesWithAServerThatKeepsNoConnection() {
    HealthServer server;
    server.mood = HealthServer::Mood::Closes;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 30, 10'000);
    QVERIFY(!told.any(false));
}

void VipProbeTest::isNotFooledByAMuteOldConnection() {
    // As after the VIP has moved: the kept connection hangs, a fresh one is answered.
    HealthServer server;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 5, 10'000);
    const auto old = server.findChildren<QTcpSocket*>();
    for (QTcpSocket* const socket : old)
        socket->disconnect(&server); // it is read no more
    const int questions = server.questions();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > questions + 20, 5'000);
    QVERIFY2(!told.any(false), "the stall was no outage");
}

void VipProbeTest::asksFastAfterAHint() {
    HealthServer server;
    Told told;
    VipProbe probe(pairOn(server.port()), told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 10, 10'000);
    const int connections = server.connections();
    probe.hint();
    QTRY_VERIFY_WITH_TIMEOUT(server.connections() > connections + 10, 2'000);
    QVERIFY(!told.any(false));
    // And it calms down again.
    const auto calm = [&] {
        const int before = server.connections();
        const int asked = server.questions();
        return QTest::qWaitFor([&] { return server.questions() > asked + 10; }, 2'000) &&
               server.connections() == before;
    };
    QTRY_VERIFY_WITH_TIMEOUT(calm(), 10'000);
}

void VipProbeTest::findsOutTheGeneration() {
    // Port 19121 of 0.x and 9091 of 2.x on loopback: taken only where the machine leaves them free.
    QTcpServer milvus;
    if (!milvus.listen(QHostAddress(QStringLiteral("127.9.1.21")), 9091))
        QSKIP("port 9091 of 127.9.1.21 is taken");
    connect(&milvus, &QTcpServer::newConnection, &milvus, [&milvus] {
        QTcpSocket* const socket = milvus.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            const bool healthz = socket->readAll().startsWith("GET /healthz ");
            socket->write(healthz ? "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"state\":\"OK\"}"
                                  : "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        });
    });
    QTcpServer clients;
    if (!clients.listen(QHostAddress(QStringLiteral("127.9.1.21")), 19530))
        QSKIP("port 19530 of 127.9.1.21 is taken");
    bool readable = true;
    connect(&clients, &QTcpServer::newConnection, &clients, [&clients, &readable] {
        QTcpSocket* const socket = clients.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &readable] {
            const bool lists = socket->readAll().startsWith("POST /v2/vectordb/collections/list ");
            const QByteArray body = lists && readable ? R"({"code":0,"data":[]})" : R"({"code":65535,"message":"x"})";
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        });
    });
    Pair pair;
    pair.vip = QStringLiteral("127.9.1.21/8");
    Told told;
    VipProbe probe(pair, told.sink());
    probe.start();
    QTRY_VERIFY_WITH_TIMEOUT(told.all().size() >= 3, 5'000);
    QVERIFY2(!told.any(false), "the other generation's closed port is no outage");
    const auto last = [&told] { return Told::probe(told.all().last()); };
    QTRY_VERIFY_WITH_TIMEOUT(last().queriedAt.has_value(), 5'000);
    readable = false; // it still says that it is healthy
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(false), 10'000);
    QVERIFY(last().alive);
    QVERIFY2(last().detail.contains(QStringLiteral("65535")), qPrintable(last().detail));
    readable = true;
    QTRY_VERIFY_WITH_TIMEOUT(told.lastIs(true), 10'000);
}

void VipProbeTest::endsAtOnce() {
    HealthServer server;
    server.mood = HealthServer::Mood::Mute;
    Told told;
    QElapsedTimer timer;
    {
        VipProbe probe(pairOn(server.port()), told.sink());
        probe.start();
        QTRY_VERIFY_WITH_TIMEOUT(server.questions() > 2, 5'000);
        timer.start();
    }
    QVERIFY(timer.elapsed() < 500);
}

QTEST_GUILESS_MAIN(VipProbeTest)
#include "vip_probe_test.moc"
