// SPDX-License-Identifier: GPL-3.0-or-later

// What a client's outage comes to, from the answers as they came: rows of "g" (good) and "b" (bad), 100 ms apart.

#include "act/outage_meter.h"

#include <QTest>

using namespace mha;
using std::chrono::milliseconds;

class OutageMeterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void total_data();
    void total();
    void anAnswerCountsOnce();
    void aLaterGoodAnswerIsTold();
};

void OutageMeterTest::total_data() {
    QTest::addColumn<QString>("answers");
    QTest::addColumn<int>("expected"); // ms, -1: nothing
    QTest::newRow("never asked") << "" << -1;
    QTest::newRow("never good") << "bbb" << -1;
    QTest::newRow("always good") << "ggg" << 0;
    QTest::newRow("one missing") << "gbg" << 200;
    QTest::newRow("three missing") << "ggbbbgg" << 400;
    QTest::newRow("bad before the first good one") << "bbgbg" << 200;
    QTest::newRow("two interruptions") << "gbggbbg" << 500;
    QTest::newRow("not over") << "ggbbb" << 300;
}

void OutageMeterTest::total() {
    QFETCH(QString, answers);
    QFETCH(int, expected);
    OutageMeter meter;
    Instant at = *fromIso(u"2026-01-01T00:00:00Z");
    for (const QChar answer : answers) {
        VipProbeSeen probe;
        probe.good = answer == u'g';
        probe.askedAt = at;
        at += milliseconds(100);
        meter.see(probe);
    }
    QCOMPARE(meter.total() ? static_cast<int>(*meter.total() / milliseconds(1)) : -1, expected);
}

void OutageMeterTest::anAnswerCountsOnce() {
    const Instant at = *fromIso(u"2026-01-01T00:00:00Z");
    VipProbeSeen good;
    good.good = true;
    good.askedAt = at;
    VipProbeSeen bad;
    bad.askedAt = at + milliseconds(100);
    OutageMeter meter;
    meter.see(good);
    meter.see(bad);
    meter.see(good); // the picture is shown again, late
    QCOMPARE(*meter.total(), Duration(milliseconds(100)));
}

void OutageMeterTest::aLaterGoodAnswerIsTold() {
    const Instant at = *fromIso(u"2026-01-01T00:00:00Z");
    OutageMeter meter;
    meter.answered(at);
    meter.answered(at + milliseconds(700));
    VipProbeSeen bad;
    bad.askedAt = at + milliseconds(800);
    meter.see(bad);
    meter.answered(at + milliseconds(750)); // before the missing one: it came while that was asked
    QCOMPARE(*meter.total(), Duration(milliseconds(100)));
    meter.answered(at + milliseconds(1700));
    QCOMPARE(*meter.total(), Duration(milliseconds(1000)));
}

QTEST_GUILESS_MAIN(OutageMeterTest)
#include "outage_meter_test.moc"
