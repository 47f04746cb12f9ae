// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/time.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

class TimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsIso_data();
    void readsIso();
    void refusesWhatIsNoTime_data();
    void refusesWhatIsNoTime();
    void writesWhatItReads();
    void tellsDurations_data();
    void tellsDurations();
    void keepsSecondsExact();
};

void TimeTest::readsIso_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("microseconds");
    QTest::newRow("milliseconds") << "2026-01-02T03:04:05.678Z" << qint64{1767323045678000};
    QTest::newRow("no fraction") << "2026-01-02T03:04:05Z" << qint64{1767323045000000};
    QTest::newRow("Docker's nanoseconds are cut") << "2026-01-02T03:04:05.123456789Z" << qint64{1767323045123456};
    QTest::newRow("one digit") << "2026-01-02T03:04:05.5Z" << qint64{1767323045500000};
    QTest::newRow("offset east") << "2026-01-02T05:04:05.678+02:00" << qint64{1767323045678000};
    QTest::newRow("offset west, no colon") << "2026-01-01T23:34:05.678-0330" << qint64{1767323045678000};
    QTest::newRow("blank for T, small z") << "2026-01-02 03:04:05.678z" << qint64{1767323045678000};
    QTest::newRow("leap day") << "2024-02-29T00:00:00Z" << qint64{1709164800000000};
    QTest::newRow("epoch") << "1970-01-01T00:00:00Z" << qint64{0};
    QTest::newRow("before the epoch") << "1969-12-31T23:59:59.999Z" << qint64{-1000};
}

void TimeTest::readsIso() {
    QFETCH(QString, text);
    QFETCH(qint64, microseconds);
    const auto read = fromIso(text);
    QVERIFY(read.has_value());
    QCOMPARE(qint64{read->time_since_epoch().count()}, microseconds);
}

void TimeTest::refusesWhatIsNoTime_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << "";
    QTest::newRow("Docker's zero time") << "0001-01-01T00:00:00Z";
    QTest::newRow("no zone") << "2026-01-02T03:04:05";
    QTest::newRow("month 13") << "2026-13-02T03:04:05Z";
    QTest::newRow("30 February") << "2026-02-30T03:04:05Z";
    QTest::newRow("hour 24") << "2026-01-02T24:00:00Z";
    QTest::newRow("bare point") << "2026-01-02T03:04:05.Z";
    QTest::newRow("words after") << "2026-01-02T03:04:05Z yesterday";
    QTest::newRow("date alone") << "2026-01-02";
    QTest::newRow("words") << "half past three";
    QTest::newRow("other digits") << QString::fromUtf8("٢٠٢٦-01-02T03:04:05Z");
}

void TimeTest::refusesWhatIsNoTime() {
    QFETCH(QString, text);
    QVERIFY(!fromIso(text).has_value());
}

void TimeTest::writesWhatItReads() {
    for (const qint64 millis :
         {qint64{0}, qint64{1767323045678}, qint64{1709164799999}, qint64{951782400000}, qint64{-1}}) {
        const Instant at{std::chrono::milliseconds{millis}};
        QCOMPARE(fromIso(toIso(at)), std::optional(at));
    }
    QCOMPARE(toIso(Instant{1767323045678999us}), QStringLiteral("2026-01-02T03:04:05.678Z"));
}

void TimeTest::tellsDurations_data() {
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64{0} << "0 s";
    QTest::newRow("part of a millisecond") << qint64{400} << "0.4 ms";
    QTest::newRow("milliseconds") << qint64{40'000} << "40 ms";
    QTest::newRow("under a second") << qint64{260'400} << "0.26 s";
    QTest::newRow("rounds up to one") << qint64{996'000} << "1.0 s";
    QTest::newRow("seconds") << qint64{4'430'000} << "4.4 s";
    QTest::newRow("almost a minute") << qint64{59'960'000} << "1 min";
    QTest::newRow("minutes") << qint64{192'000'000} << "3 min 12 s";
    QTest::newRow("hours") << qint64{7'500'000'000} << "2 h 5 min";
    QTest::newRow("days") << qint64{3600'000'000} * 76 << "3 d 4 h";
    QTest::newRow("negative") << qint64{-260'000} << "-0.26 s";
}

void TimeTest::tellsDurations() {
    QFETCH(qint64, microseconds);
    QFETCH(QString, text);
    QCOMPARE(toText(Duration{microseconds}), text);
}

void TimeTest::keepsSecondsExact() {
    QCOMPARE(toSeconds(260'000us), 0.26);
    QCOMPARE(fromSeconds(0.26), Duration{260'000});
    QCOMPARE(fromSeconds(-1.5), Duration{-1'500'000});
    QCOMPARE(fromEpochSeconds(1767323045.678), Instant{1767323045678000us});
}

QTEST_APPLESS_MAIN(TimeTest)
#include "time_test.moc"
