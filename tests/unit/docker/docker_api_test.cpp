// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_api.h"
#include "fake_engine.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const QString kName = QStringLiteral("milvus");
const QByteArray kInspect = R"({"Name":"/milvus","State":{"Status":"running"}})";
const QByteArray kEvents =
    "GET /events?filters=%7B%22container%22%3A%5B%22milvus%22%5D%2C%22type%22%3A%5B%22container%22%5D%7D";

template <typename T> struct Told {
    std::optional<Result<T>> result;
    int times = 0;

    std::function<void(Result<T>)> callback() {
        return [this](Result<T> told) {
            result = std::move(told);
            ++times;
        };
    }

    ErrorCode code() const { return result && !*result ? result->error().code : ErrorCode::Internal; }
};

QByteArray eventLine(const char* action) {
    return QByteArray(R"({"Type":"container","Action":")") + action + R"(","timeNano":1795427787832907067})" + '\n';
}

} // namespace

class DockerApiTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void inspectsOnOneConnection();
    void tellsAMissingContainer();
    void namesAreEscaped();
    void startsAndStops_data();
    void startsAndStops();
    void aLongStopHoldsNobodyUp();
    void goesAroundSshdsRefusal();
    void dialsBySudoWhereTheSocketIsNotTheUsers();
    void tellsWhereNoWayWorks();
    void neverWakesAStoppedEngine();
    void comesBackAfterARestart();
    void tellsAFrozenEngine();
    void streamsEvents();
    void tellsTheEndOfTheEvents();
    void asksNothingMoreWhenDestroyed();
};

void DockerApiTest::inspectsOnOneConnection() {
    FakeEngine engine;
    engine.answers["GET /containers/milvus/json"] = {200, kInspect};
    EngineLink link(engine);
    DockerApi docker(link);
    for (int i = 0; i < 5; ++i) {
        Told<ContainerSeen> told;
        docker.inspect(kName, 2s, told.callback());
        QTRY_VERIFY(told.result.has_value());
        QVERIFY2(told.result->has_value(),
                 qPrintable(told.result->has_value() ? QString() : told.result->error().text));
        QCOMPARE((*told.result)->state, ContainerState::Running);
    }
    QCOMPARE(engine.connections, 1);
    QCOMPARE(link.accessLooks, 1);
    QCOMPARE(link.asksForSocket, QStringLiteral("/var/run/docker.sock"));
}

void DockerApiTest::tellsAMissingContainer() {
    FakeEngine engine;
    EngineLink link(engine);
    DockerApi docker(link);
    Told<ContainerSeen> told;
    docker.inspect(kName, 2s, told.callback());
    QTRY_VERIFY(told.result.has_value());
    QVERIFY(told.result->has_value());
    QCOMPARE((*told.result)->state, ContainerState::Missing);
    QCOMPARE((*told.result)->name, kName);
}

void DockerApiTest::namesAreEscaped() {
    FakeEngine engine;
    EngineLink link(engine);
    DockerApi docker(link);
    Told<ContainerSeen> told;
    docker.inspect(QStringLiteral("a/../b c\r\nX: y"), 2s, told.callback());
    QTRY_VERIFY(told.result.has_value());
    QCOMPARE(engine.asked, (QList<QByteArray>{"GET /containers/a%2F..%2Fb%20c%0D%0AX%3A%20y/json"}));
}

void DockerApiTest::startsAndStops_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code"); // -1: success
    QTest::addColumn<QString>("text");
    QTest::newRow("done") << 204 << QByteArray() << -1 << "";
    QTest::newRow("was so already") << 304 << QByteArray() << -1 << "";
    QTest::newRow("no such container") << 404 << QByteArray(R"({"message":"No such container: milvus"})")
                                       << int(ErrorCode::NotFound) << "no container milvus";
    QTest::newRow("Docker's own words") << 500 << QByteArray(R"({"message":"port is already allocated"})")
                                        << int(ErrorCode::Protocol) << "port is already allocated";
    QTest::newRow("no words") << 500 << QByteArray() << int(ErrorCode::Protocol) << "status 500";
}

void DockerApiTest::startsAndStops() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    QFETCH(QString, text);
    FakeEngine engine;
    engine.answers["POST /containers/milvus/start"] = {status, body};
    engine.answers["POST /containers/milvus/stop?t=10"] = {status, body};
    EngineLink link(engine);
    DockerApi docker(link);
    Told<void> started;
    Told<void> stopped;
    docker.startContainer(kName, 2s, started.callback());
    docker.stopContainer(kName, 10s, 2s, stopped.callback());
    QTRY_VERIFY(started.result.has_value() && stopped.result.has_value());
    for (const Told<void>* told : {&started, &stopped}) {
        QCOMPARE(told->result->has_value(), code < 0);
        if (code < 0)
            continue;
        QCOMPARE(int(told->code()), code);
        QVERIFY2(told->result->error().text.contains(text), qPrintable(told->result->error().text));
        QVERIFY(told->result->error().remedy.endsWith(u'.'));
    }
}

void DockerApiTest::aLongStopHoldsNobodyUp() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    engine.answers["POST /containers/milvus/stop?t=10"] = {200, {}, true}; // begins an answer and does not end it
    EngineLink link(engine);
    DockerApi docker(link);
    Told<void> stopped;
    Told<void> ping;
    docker.stopContainer(kName, 10s, 20s, stopped.callback());
    QTRY_VERIFY(!engine.asked.isEmpty());
    docker.ping(2s, ping.callback());
    QTRY_VERIFY(ping.result.has_value());
    QVERIFY(ping.result->has_value() && !stopped.result);
}

void DockerApiTest::goesAroundSshdsRefusal() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    EngineLink link(engine);
    link.forwards = false;
    DockerApi docker(link);
    for (int i = 0; i < 3; ++i) {
        Told<void> told;
        docker.ping(2s, told.callback());
        QTRY_VERIFY(told.result.has_value());
        QVERIFY(told.result->has_value());
    }
    QVERIFY(link.dialled.has_value());
    QCOMPARE(link.dialled->argv.join(u' '), QStringLiteral("docker system dial-stdio"));
    QVERIFY(!link.dialled->asRoot);
    QCOMPARE(engine.connections, 1);
    QVERIFY2(link.accessLooks <= 2, "what worked is remembered");
}

void DockerApiTest::dialsBySudoWhereTheSocketIsNotTheUsers() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    EngineLink link(engine);
    link.access = "client\nsocket\nsudo\n";
    DockerApi docker(link);
    Told<void> told;
    docker.ping(2s, told.callback());
    QTRY_VERIFY(told.result.has_value());
    QVERIFY(told.result->has_value());
    QVERIFY(link.dialled && link.dialled->asRoot);
    QVERIFY(link.asksForSocket.isEmpty());
}

void DockerApiTest::tellsWhereNoWayWorks() {
    FakeEngine engine;
    EngineLink link(engine);
    link.forwards = false;
    link.dialWorks = false;
    DockerApi docker(link);
    Told<void> told;
    docker.ping(2s, told.callback());
    QTRY_VERIFY(told.result.has_value());
    QCOMPARE(told.code(), ErrorCode::Refused);
    QCOMPARE(told.times, 1);
}

void DockerApiTest::neverWakesAStoppedEngine() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    EngineLink link(engine);
    DockerApi docker(link);
    Told<void> before;
    docker.ping(2s, before.callback());
    QTRY_VERIFY(before.result.has_value() && before.result->has_value());
    // systemctl stop docker: the Engine hangs up, systemd keeps the socket and would start it at the next connection.
    link.access = "client\nsocket\nwritable\nstopped\n";
    engine.hangUp();
    for (int i = 0; i < 3; ++i) {
        Told<void> told;
        docker.ping(2s, told.callback());
        QTRY_VERIFY(told.result.has_value());
        QCOMPARE(told.code(), ErrorCode::Unreachable);
        QVERIFY(told.result->error().remedy.contains(QStringLiteral("systemctl start docker")));
    }
    QCOMPARE(engine.connections, 1);
}

void DockerApiTest::comesBackAfterARestart() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    EngineLink link(engine);
    DockerApi docker(link);
    Told<void> before;
    docker.ping(2s, before.callback());
    QTRY_VERIFY(before.result.has_value() && before.result->has_value());
    engine.stop();
    Told<void> meanwhile;
    docker.ping(2s, meanwhile.callback());
    QTRY_VERIFY(meanwhile.result.has_value());
    QVERIFY(!meanwhile.result->has_value());
    engine.start();
    Told<void> after;
    docker.ping(2s, after.callback());
    QTRY_VERIFY(after.result.has_value());
    QVERIFY2(after.result->has_value(), qPrintable(after.result->has_value() ? QString() : after.result->error().text));
}

void DockerApiTest::tellsAFrozenEngine() {
    FakeEngine engine;
    engine.answers["GET /_ping"] = {200, "OK"};
    engine.answers["GET /containers/milvus/json"] = {200, kInspect};
    engine.frozen = true;
    EngineLink link(engine);
    DockerApi docker(link);
    Told<void> ping;
    Told<ContainerSeen> inspect;
    docker.ping(200ms, ping.callback());
    docker.inspect(kName, 400ms, inspect.callback());
    QTRY_VERIFY_WITH_TIMEOUT(ping.result.has_value() && inspect.result.has_value(), 5'000);
    QCOMPARE(ping.code(), ErrorCode::TimedOut);
    QCOMPARE(inspect.code(), ErrorCode::TimedOut);
    QVERIFY(ping.result->error().text.contains(QStringLiteral("0.2 s")));
    engine.frozen = false;
    Told<void> after;
    docker.ping(2s, after.callback());
    QTRY_VERIFY(after.result.has_value());
    QVERIFY(after.result->has_value());
    QCOMPARE(ping.times, 1);
    QCOMPARE(inspect.times, 1);
}

void DockerApiTest::streamsEvents() {
    FakeEngine engine;
    engine.answers[kEvents] = {200, {}, true};
    EngineLink link(engine);
    DockerApi docker(link);
    bool open = false;
    QStringList actions;
    docker.watch(
        kName, [&] { open = true; }, [&](const ContainerEventSeen& seen) { actions << seen.action; },
        [](const Error&) {});
    QTRY_VERIFY2(open, engine.asked.value(0).constData());
    const QByteArray die = eventLine("die");
    engine.push(eventLine("kill") + die.first(10));
    engine.push(die.sliced(10) + "not JSON\n" + eventLine("top"));
    engine.push(eventLine("start"));
    QTRY_COMPARE(actions, (QStringList{QStringLiteral("kill"), QStringLiteral("die"), QStringLiteral("start")}));
}

void DockerApiTest::tellsTheEndOfTheEvents() {
    FakeEngine engine;
    engine.answers[kEvents] = {200, {}, true};
    EngineLink link(engine);
    DockerApi docker(link);
    bool open = false;
    int ends = 0;
    docker.watch(kName, [&] { open = true; }, [](const ContainerEventSeen&) {}, [&](const Error&) { ++ends; });
    QTRY_VERIFY(open);
    engine.hangUp();
    QTRY_COMPARE(ends, 1);
}

void DockerApiTest::asksNothingMoreWhenDestroyed() {
    FakeEngine engine;
    engine.frozen = true;
    EngineLink link(engine);
    Told<void> ping;
    Told<void> stop;
    {
        DockerApi docker(link);
        docker.ping(200ms, ping.callback());
        docker.stopContainer(kName, 10s, 200ms, stop.callback());
        QTRY_COMPARE(engine.connections, 2);
    }
    bool later = false;
    QTimer::singleShot(400, this, [&] { later = true; }); // past both deadlines
    QTRY_VERIFY(later);
    QCOMPARE(ping.times + stop.times, 0);
}

QTEST_GUILESS_MAIN(DockerApiTest)
#include "docker_api_test.moc"
