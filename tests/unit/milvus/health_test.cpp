// SPDX-License-Identifier: GPL-3.0-or-later
#include "milvus/health.h"

#include <QtTest>

using namespace mha;

Q_DECLARE_METATYPE(mha::Generation)

namespace {

const QString kHost = QStringLiteral("192.168.1.104");

HealthQuestion only(Generation generation) {
    return healthQuestions(generation, std::nullopt, kHost).value(0);
}

} // namespace

class HealthTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksByGeneration();
    void asksTheOwnEndpoint();
    void judges_data();
    void judges();
    void asksForTheData();
    void judgesTheData_data();
    void judgesTheData();
    void shortensWhatTheServerSays();
    void readsTheVersion_data();
    void readsTheVersion();
};

void HealthTest::asksByGeneration() {
    QCOMPARE(only(Generation::V0).port, quint16{19121});
    QCOMPARE(only(Generation::V0).request.target, QByteArray("/state"));
    QCOMPARE(only(Generation::V0).request.host, QByteArray("192.168.1.104:19121"));
    QCOMPARE(only(Generation::V2).port, quint16{9091});
    QVERIFY(only(Generation::V2)
                .request.headers.contains(qMakePair(QByteArray("Content-Type"), QByteArray("application/json"))));
    const auto both = healthQuestions(Generation::Auto, std::nullopt, kHost);
    QCOMPARE(both, (QList{only(Generation::V0), only(Generation::V2)}));
    QCOMPARE(generationOf(both[0]), Generation::V0);
    QCOMPARE(generationOf(both[1]), Generation::V2);
    QVERIFY(versionQuestion(Generation::V0, kHost).has_value());
    QVERIFY(!versionQuestion(Generation::V2, kHost).has_value());
    QCOMPARE(healthQuestions(Generation::V0, std::nullopt, QStringLiteral("fd00::68"))[0].request.host,
             QByteArray("[fd00::68]:19121"));
}

void HealthTest::asksTheOwnEndpoint() {
    const auto questions = healthQuestions(Generation::V2, HealthEndpoint{QStringLiteral("/ready"), 8080}, kHost);
    QCOMPARE(questions.size(), 1);
    QCOMPARE(questions[0].port, quint16{8080});
    QCOMPARE(questions[0].request.target, QByteArray("/ready"));
    QVERIFY(!generationOf(questions[0]));
    QVERIFY(whyNotServing(questions[0], {200, "anything", true}).isEmpty());
    QVERIFY(whyNotServing(questions[0], {503, "", true}).contains(QStringLiteral("503")));
}

void HealthTest::judges_data() {
    QTest::addColumn<Generation>("generation");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("why"); // empty: serving; else a part of the sentence
    const auto v0 = Generation::V0;
    const auto v2 = Generation::V2;
    QTest::newRow("0.x serves") << v0 << 200 << QByteArray(R"({"message":"Success","code":0})") << "";
    QTest::newRow("0.x fails") << v0 << 200 << QByteArray(R"({"message":"No space","code":5})") << "code 5: No space";
    QTest::newRow("0.x port, not Milvus") << v0 << 200 << QByteArray("<html>It works!</html>") << "not as Milvus";
    QTest::newRow("0.x, code as text") << v0 << 200 << QByteArray(R"({"code":"0"})") << "not as Milvus";
    QTest::newRow("0.x, empty body") << v0 << 200 << QByteArray() << "not as Milvus";
    QTest::newRow("0.x, no such page") << v0 << 404 << QByteArray(R"({"code":0})") << "status 404";
    QTest::newRow("2.x serves, JSON") << v2 << 200 << QByteArray(R"({"state":"OK","detail":[]})") << "";
    QTest::newRow("2.x serves, text") << v2 << 200 << QByteArray("OK\n") << "";
    QTest::newRow("2.x fails, text") << v2 << 500 << QByteArray("Not all components are healthy, 3/4") << "3/4";
    QTest::newRow("2.x fails, JSON") << v2 << 500
                                     << QByteArray(R"({"state":"component querynode is Abnormal","detail":[]})")
                                     << "querynode";
    QTest::newRow("2.x starts") << v2 << 200 << QByteArray(R"({"state":"Initializing"})") << "Initializing";
    QTest::newRow("2.x, empty failure") << v2 << 500 << QByteArray() << "not healthy.";
}

void HealthTest::judges() {
    QFETCH(Generation, generation);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, why);
    const QString told = whyNotServing(only(generation), {status, body, true});
    QCOMPARE(told.isEmpty(), why.isEmpty());
    QVERIFY2(told.contains(why), qPrintable(told));
    QVERIFY(told.isEmpty() || told.endsWith(u'.'));
}

void HealthTest::asksForTheData() {
    Pair pair;
    const auto v2 = dataQuestion(pair, Generation::V2, kHost);
    QVERIFY(v2.has_value());
    QCOMPARE(v2->port, quint16{19530});
    QCOMPARE(v2->request.method, QByteArray("POST"));
    QCOMPARE(v2->request.target, QByteArray("/v2/vectordb/collections/list"));
    QCOMPARE(v2->request.body, QByteArray(R"({"dbName":"default"})"));
    QCOMPARE(dataQuestion(pair, Generation::V0, kHost)->port, quint16{19121});
    QVERIFY2(!dataQuestion(pair, std::nullopt, kHost), "an own health check says nothing of the generation");
    pair.query = MilvusQuery{0, QStringLiteral("/count"), {}, QStringLiteral("42")};
    QVERIFY(!dataQuestion(pair, std::nullopt, kHost));
    pair.query->port = 8080;
    QCOMPARE(dataQuestion(pair, std::nullopt, kHost)->request.method, QByteArray("GET"));
}

void HealthTest::judgesTheData_data() {
    QTest::addColumn<bool>("own");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("answer");
    const auto row = [](const char* name, bool own, int status, const char* body, DataAnswer answer) {
        QTest::newRow(name) << own << status << QByteArray(body) << int(answer);
    };
    row("no collections", false, 200, R"({"code":0,"data":[]})", DataAnswer::Answered);
    row("2.3 says 200", false, 200, R"({"code":200,"data":["a"]})", DataAnswer::Answered);
    row("0.x", false, 200, R"({"collections":[],"count":0})", DataAnswer::Answered);
    row("failed inside", false, 200, R"({"code":65535,"message":"cannot read"})", DataAnswer::Failed);
    row("wants a login", false, 200, R"({"code":1800,"message":"user hasn't authenticated"})", DataAnswer::NotAllowed);
    row("wants a login, by status", false, 401, "", DataAnswer::NotAllowed);
    row("too old to know it", false, 404, "", DataAnswer::NotAllowed);
    row("fails", false, 500, R"({"code":5,"message":"no"})", DataAnswer::Failed);
    row("something else", false, 200, "<html>", DataAnswer::Failed);
    row("own, as expected", true, 200, R"({"count":42})", DataAnswer::Answered);
    row("own, another answer", true, 200, R"({"count":41})", DataAnswer::Failed);
    row("own, unknown path: a mistake in the pair file must not look well", true, 404, "42", DataAnswer::Failed);
}

void HealthTest::judgesTheData() {
    QFETCH(bool, own);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    Pair pair;
    if (own)
        pair.query = MilvusQuery{0, QStringLiteral("/count"), {}, QStringLiteral("42")};
    const DataVerdict verdict = judgeData(pair, *dataQuestion(pair, Generation::V2, kHost), {status, body, true});
    QTEST(int(verdict.answer), "answer");
    QCOMPARE(verdict.why.isEmpty(), verdict.answer == DataAnswer::Answered);
}

void HealthTest::shortensWhatTheServerSays() {
    const QString told = whyNotServing(only(Generation::V2), {500, QByteArray(100'000, 'x') + "\x1b[31m", true});
    QVERIFY(told.size() < 300);
    const QString control = whyNotServing(only(Generation::V2), {500, "a\x1b[31m\nb", true});
    QVERIFY(!control.contains(QChar(0x1b)) && !control.contains(u'\n'));
}

void HealthTest::readsTheVersion_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("version");
    QTest::newRow("0.8") << 200 << QByteArray(R"({"reply":"0.8.0","message":"Success","code":0})") << "0.8.0";
    QTest::newRow("no reply") << 200 << QByteArray(R"({"message":"Success","code":0})") << "";
    QTest::newRow("not JSON") << 200 << QByteArray("0.8.0") << "";
    QTest::newRow("failure") << 500 << QByteArray(R"({"reply":"0.8.0"})") << "";
    QTest::newRow("far too long") << 200 << QByteArray(R"({"reply":")" + QByteArray(5000, '1') + R"("})") << "";
}

void HealthTest::readsTheVersion() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QTEST(versionFrom({status, body, true}), "version");
}

QTEST_GUILESS_MAIN(HealthTest)
#include "health_test.moc"
