// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/redaction.h"
#include "report/statistics.h"
#include "report_sample.h"

#include <QtTest>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class StatisticsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void percentiles_data();
    void percentiles();
    void plannedAndUnplannedApart();
    void redacts_data();
    void redacts();
};

void StatisticsTest::percentiles_data() {
    QTest::addColumn<QList<int>>("ms");
    QTest::addColumn<QList<double>>("expected"); // p50, p95, p99, worst
    QTest::newRow("one") << QList<int>{400} << QList<double>{400, 400, 400, 400};
    QTest::newRow("two") << QList<int>{300, 100} << QList<double>{200, 290, 298, 300};
    QTest::newRow("in any order") << QList<int>{5, 1, 4, 2, 3} << QList<double>{3, 4.8, 4.96, 5};
    QList<int> hundred;
    for (int i = 1; i <= 101; ++i)
        hundred.append(i * 10);
    QTest::newRow("101") << hundred << QList<double>{510, 960, 1000, 1010};
}

void StatisticsTest::percentiles() {
    QFETCH(QList<int>, ms);
    QFETCH(QList<double>, expected);
    QList<Duration> durations;
    for (const int each : ms)
        durations.append(std::chrono::milliseconds(each));
    const auto found = percentilesOf(durations);
    QVERIFY(found);
    QCOMPARE(found->count, ms.size());
    const QList<Duration> values{found->p50, found->p95, found->p99, found->worst};
    for (qsizetype i = 0; i < values.size(); ++i)
        QCOMPARE(static_cast<double>(values[i].count()) / 1000.0, expected[i]);
}

void StatisticsTest::plannedAndUnplannedApart() {
    QVERIFY(!percentilesOf({}));
    const QList<Failover> failovers{sample::failover(10, 4), sample::switchover(20, 1), sample::failover(30, 6),
                                    sample::switchover(40, 0)};
    QCOMPARE(recoveryPercentiles(failovers, false)->p50, Duration(5s));
    QCOMPARE(recoveryPercentiles(failovers, true)->count, 1); // the move that no client noticed has no recovery time
    QVERIFY(!recoveryPercentiles({}, true));
}

void StatisticsTest::redacts_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QString& text, const QString& expected) {
        QTest::newRow(name) << text << expected;
    };
    row("nothing to hide", u"Kernel update on backup: 3 packages."_s, u"Kernel update on backup: 3 packages."_s);
    row("keepalived", u"(VI_1) auth_pass hunter2 differs"_s, u"(VI_1) auth_pass *** differs"_s);
    row("in a block", u"authentication { auth_type PASS auth_pass 1111}"_s,
        u"authentication { auth_type PASS auth_pass ***}"_s);
    row("password", u"password=hunter2, then retried"_s, u"password=***, then retried"_s);
    row("quoted", u"root password: \"two words\" set"_s, u"root password: *** set"_s);
    row("environment", u"MINIO_SECRET_KEY=abc MYSQL_PASSWORD=def"_s, u"MINIO_SECRET_KEY=*** MYSQL_PASSWORD=***"_s);
    row("json", u"{\"token\": \"abc\"}"_s, u"{\"token\": ***}"_s);
    row("url", u"pulled https://ann:hunter2@registry.lan/milvus"_s, u"pulled https://ann:***@registry.lan/milvus"_s);
    row("a host and port", u"GET http://192.168.1.85:9091/healthz"_s, u"GET http://192.168.1.85:9091/healthz"_s);
    row("authorization", u"Authorization: Bearer eyJhbGciOi.J9"_s, u"Authorization: Bearer ***"_s);
    row("private key", u"a\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\nb"_s,
        u"a\n***\nb"_s);
    row("a key that is cut off", u"-----BEGIN RSA PRIVATE KEY-----\nAAAA"_s, u"***"_s);
    row("passing words", u"The password was changed; passive checks pass."_s,
        u"The password was changed; passive checks pass."_s);
}

void StatisticsTest::redacts() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(redacted(text), expected);
    QCOMPARE(redacted(expected), expected);
}

QTEST_APPLESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
