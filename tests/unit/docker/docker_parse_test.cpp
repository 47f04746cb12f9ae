// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_api.h"

#include <QFile>
#include <QtTest>

using namespace mha;

Q_DECLARE_METATYPE(mha::ContainerState)

namespace {

QByteArray fixture(const char* name) {
    QFile file(QFINDTESTDATA("fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no fixture");
}

QByteArray inspect(const QByteArray& status, const QByteArray& more = R"("ExitCode":137)") {
    return R"({"Name":"/milvus","State":{"Status":")" + status + "\"," + more + "}}";
}

QByteArray eventOf(const QByteArray& action, const QByteArray& type = "container") {
    return R"({"Type":")" + type + R"(","Action":")" + action +
           R"(","Actor":{"Attributes":{"name":"milvus"}},"time":1795427787,"timeNano":1795427787832907067})";
}

} // namespace

class DockerParseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsARunningContainer();
    void readsAKilledContainer();
    void readsStates_data();
    void readsStates();
    void refuses_data();
    void refuses();
    void readsTheEventOfAKill();
    void choosesEvents_data();
    void choosesEvents();
};

void DockerParseTest::readsARunningContainer() {
    const auto seen = parseInspect(fixture("inspect-running.json"));
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    QCOMPARE(seen->name, QStringLiteral("milvus"));
    QCOMPARE(seen->state, ContainerState::Running);
    QCOMPARE(seen->id, QStringLiteral("b0041b84937f32c69bc5c29dc22760fd594ab48e193906e6271bcfda4569a320"));
    QCOMPARE(seen->image, QStringLiteral("milvus-standin:0.8"));
    QVERIFY(seen->imageId.startsWith(QStringLiteral("sha256:")));
    QCOMPARE(seen->restartPolicy, QStringLiteral("no"));
    // Of each value the first digits of its SHA-256: of "0.x", "0" and "0".
    QCOMPARE(seen->environment,
             (QStringList{QStringLiteral("STANDIN_GENERATION#1be4"), QStringLiteral("STANDIN_START_DELAY_S#5fec"),
                          QStringLiteral("STANDIN_STOP_DELAY_S#5fec")}));
    QCOMPARE(seen->mounts, (QList<QString>{QStringLiteral("/srv/milvus/db:/var/lib/milvus/db"),
                                           QStringLiteral("/srv/milvus/wal:/var/lib/milvus/wal")}));
    QVERIFY2(!seen->exitCode, "a running container has no exit code, whatever Docker prints");
    QCOMPARE(seen->startedAt, fromIso(u"2026-11-23T09:55:44.271340237Z"));
    QVERIFY2(!seen->finishedAt, "Docker's zero time is no time");
}

void DockerParseTest::readsAKilledContainer() {
    const auto seen = parseInspect(fixture("inspect-killed.json"));
    QVERIFY(seen.has_value());
    QCOMPARE(seen->state, ContainerState::Exited);
    QCOMPARE(seen->exitCode, 137);
    QVERIFY(seen->finishedAt > seen->startedAt);
}

void DockerParseTest::readsStates_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<ContainerState>("state");
    QTest::addColumn<bool>("exitCode");
    QTest::newRow("created") << inspect("created") << ContainerState::Created << false;
    QTest::newRow("running") << inspect("running") << ContainerState::Running << false;
    QTest::newRow("paused") << inspect("paused") << ContainerState::Paused << false;
    QTest::newRow("restarting") << inspect("restarting") << ContainerState::Restarting << true;
    QTest::newRow("exited") << inspect("exited") << ContainerState::Exited << true;
    QTest::newRow("removing") << inspect("removing") << ContainerState::Dead << true;
    QTest::newRow("dead") << inspect("dead") << ContainerState::Dead << true;
    QTest::newRow("no exit code given") << inspect("exited", R"("Pid":0)") << ContainerState::Exited << false;
}

void DockerParseTest::readsStates() {
    QFETCH(QByteArray, json);
    const auto seen = parseInspect(json);
    QVERIFY(seen.has_value());
    QTEST(seen->state, "state");
    QTEST(seen->exitCode.has_value(), "exitCode");
}

void DockerParseTest::refuses_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a page") << QByteArray("<html>");
    QTest::newRow("cut off") << fixture("inspect-running.json").first(2000);
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("no state") << QByteArray(R"({"Name":"/milvus"})");
    QTest::newRow("state of another kind") << QByteArray(R"({"State":"running"})");
    QTest::newRow("a status of a later version") << inspect("hibernating");
    QTest::newRow("bytes") << QByteArray("\x00\xff{\"", 4);
}

void DockerParseTest::refuses() {
    QFETCH(QByteArray, json);
    const auto seen = parseInspect(json);
    QVERIFY(!seen.has_value());
    QCOMPARE(seen.error().code, ErrorCode::Protocol);
    QVERIFY(seen.error().remedy.endsWith(u'.'));
    QVERIFY(!parseEvent(json));
}

void DockerParseTest::readsTheEventOfAKill() {
    const auto seen = parseEvent(
        R"({"status":"die","id":"b0041b84937f","from":"milvus-standin:0.8","Type":"container","Action":"die","Actor":{"ID":"b0041b84937f","Attributes":{"exitCode":"137","image":"milvus-standin:0.8","name":"milvus"}},"scope":"local","time":1795427787,"timeNano":1795427787832907067})");
    QVERIFY(seen.has_value());
    QCOMPARE(seen->action, QStringLiteral("die"));
    QCOMPARE(seen->exitCode, 137);
    QCOMPARE(qint64{seen->happenedAt.time_since_epoch().count()}, qint64{1795427787832907});
}

void DockerParseTest::choosesEvents_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("taken");
    for (const char* action : {"create", "start", "die", "stop", "kill", "oom", "pause", "unpause", "destroy"})
        QTest::newRow(action) << eventOf(action) << true;
    for (const char* action : {"exec_create: sh", "exec_die", "top", "attach", "health_status: healthy", ""})
        QTest::newRow(action) << eventOf(action) << false;
    QTest::newRow("of an image") << eventOf("start", "image") << false;
    QTest::newRow("no time in nanoseconds")
        << QByteArray(R"({"Type":"container","Action":"start","time":1795427787})") << true;
}

void DockerParseTest::choosesEvents() {
    QFETCH(QByteArray, json);
    const auto seen = parseEvent(json);
    QTEST(seen.has_value(), "taken");
    if (seen) {
        QCOMPARE(qint64{std::chrono::floor<std::chrono::seconds>(seen->happenedAt).time_since_epoch().count()},
                 qint64{1795427787});
    }
}

QTEST_GUILESS_MAIN(DockerParseTest)
#include "docker_parse_test.moc"
