// SPDX-License-Identifier: GPL-3.0-or-later

// Points in time as an operator types them, and periods made of two of them.

#include "period.h"
#include "when.h"

#include <QTest>

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

class WhenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void when_data();
    void when();
    void future_data();
    void future();
    void periodEndsAfterItsBegin();
};

void WhenTest::when_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("ISO") << "2026-01-02T03:04:05Z" << "2026-01-02T03:04:05.000Z";
    QTest::newRow("ISO with offset") << "2026-01-02T03:04:05+02:00" << "2026-01-02T01:04:05.000Z";
    QTest::newRow("date") << "2026-01-02" << "2026-01-02T00:00:00.000Z";
    QTest::newRow("seconds") << "90s" << "2026-06-15T11:58:30.000Z";
    QTest::newRow("minutes") << "30m" << "2026-06-15T11:30:00.000Z";
    QTest::newRow("hours") << "2h" << "2026-06-15T10:00:00.000Z";
    QTest::newRow("a half") << "1.5h" << "2026-06-15T10:30:00.000Z";
    QTest::newRow("days") << "7d" << "2026-06-08T12:00:00.000Z";
    QTest::newRow("weeks") << "2w" << "2026-06-01T12:00:00.000Z";
    QTest::newRow("nothing") << "" << "";
    QTest::newRow("no unit") << "7" << "";
    QTest::newRow("unknown unit") << "7y" << "";
    QTest::newRow("negative") << "-7d" << "";
    QTest::newRow("a word") << "yesterday" << "";
    QTest::newRow("no such date") << "2026-13-01" << "";
    QTest::newRow("digits of another script") << u"٧d"_s << "";
}

void WhenTest::when() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const Result<Instant> at = parseWhen(text, *fromIso(u"2026-06-15T12:00:00Z"));
    QCOMPARE(at ? toIso(*at) : QString(), expected);
    if (!at) {
        QCOMPARE(at.error().code, ErrorCode::Usage);
        QVERIFY(!at.error().remedy.isEmpty());
    }
}

void WhenTest::future_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("UTC") << "2026-06-15T12:00:01Z" << "2026-06-15T12:00:01.000Z";
    QTest::newRow("offset") << "2026-06-16T03:00:00+02:00" << "2026-06-16T01:00:00.000Z";
    QTest::newRow("from now") << "+30m" << "2026-06-15T12:30:00.000Z";
    QTest::newRow("no zone") << "2026-06-16T03:00:00" << "";
    QTest::newRow("a date") << "2026-06-16" << "";
    QTest::newRow("past") << "2026-06-15T12:00:00Z" << "";
    QTest::newRow("an age") << "30m" << "";
    QTest::newRow("no age") << "+soon" << "";
    QTest::newRow("nothing") << "" << "";
}

void WhenTest::future() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const Result<Instant> at = parseFuture(text, *fromIso(u"2026-06-15T12:00:00Z"));
    QCOMPARE(at ? toIso(*at) : QString(), expected);
    if (!at)
        QVERIFY(!at.error().remedy.isEmpty());
}

void WhenTest::periodEndsAfterItsBegin() {
    const Instant now = *fromIso(u"2026-06-15T12:00:00Z");
    QVERIFY(parsePeriod({}, {}, now).has_value());
    QVERIFY(parsePeriod(u"2h"_s, u"1h"_s, now).has_value());
    const Result<Period> wrong = parsePeriod(u"1h"_s, u"2h"_s, now);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, ErrorCode::Usage);
    QVERIFY(!parsePeriod(u"soon"_s, {}, now));
    QVERIFY(!parsePeriod({}, u"later"_s, now));
}

QTEST_GUILESS_MAIN(WhenTest)
#include "when_test.moc"
