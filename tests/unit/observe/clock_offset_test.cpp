// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_times.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const Instant kStart = fromEpochSeconds(1'795'427'787);

} // namespace

class ClockOffsetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsNothingAtFirst();
    void measures_data();
    void measures();
    void takesTheShortestTrip();
    void forgetsOldTrips();
    void aClockThatIsSetCountsAtOnce_data();
    void aClockThatIsSetCountsAtOnce();
    void theErrorGrowsUntilTheDriftIsKnown();
    void extrapolatesWithTheDrift();
    void aTimeStaysWhatItBecame();
    void ignoresATripBackInTime();
    void shiftsOnlyBeyondTheError_data();
    void shiftsOnlyBeyondTheError();
    void readsDates_data();
    void readsDates();
};

void ClockOffsetTest::knowsNothingAtFirst() {
    const ClockOffset clock;
    QVERIFY(!clock.at(kStart));
    QCOMPARE(clock.toDesktop(kStart), kStart);
}

void ClockOffsetTest::measures_data() {
    QTest::addColumn<int>("delayUs");
    QTest::addColumn<int>("readingUs"); // after sending, as the node's clock shows it
    QTest::addColumn<int>("offsetUs");
    QTest::addColumn<int>("errorUs");
    QTest::newRow("equal clocks") << 2000 << 1000 << 0 << 1000;
    QTest::newRow("node ahead") << 2000 << 5'001'000 << 5'000'000 << 1000;
    QTest::newRow("node behind") << 4000 << -8000 << -10'000 << 2000;
    QTest::newRow("odd delay is rounded up") << 3 << 1 << 0 << 2;
    QTest::newRow("no delay at all") << 0 << 7 << 7 << 0;
}

void ClockOffsetTest::measures() {
    QFETCH(int, delayUs);
    QFETCH(int, readingUs);
    ClockOffset clock;
    clock.add(kStart, kStart + Duration(readingUs), kStart + Duration(delayUs));
    const auto known = clock.at(kStart + Duration(delayUs) / 2);
    QVERIFY(known.has_value());
    QTEST(int(known->offset.count()), "offsetUs");
    QTEST(int(known->error.count()), "errorUs");
}

void ClockOffsetTest::takesTheShortestTrip() {
    ClockOffset clock;
    clock.add(kStart, kStart + 400ms, kStart + 500ms);
    clock.add(kStart + 500ms, kStart + 501ms, kStart + 502ms);
    clock.add(kStart + 600ms, kStart + 700ms, kStart + 1100ms);
    QCOMPARE(clock.at(kStart + 501ms), (ClockSeen{0us, 1ms}));
}

void ClockOffsetTest::forgetsOldTrips() {
    ClockOffset clock;
    clock.add(kStart, kStart + 1ms, kStart + 2ms);
    Instant at = kStart;
    for (int i = 0; i < ClockOffset::kRoundTrips; ++i) {
        at += 1s;
        clock.add(at, at + 5ms, at + 10ms);
    }
    QCOMPARE(clock.at(at + 5ms)->error, Duration(5ms));
}

/// Two readings whose intervals do not meet: between them a clock was set.
void ClockOffsetTest::aClockThatIsSetCountsAtOnce_data() {
    QTest::addColumn<int>("secondMs"); // offset of the second reading
    QTest::addColumn<int>("knownMs");
    QTest::newRow("ahead by 30 s") << 30'000 << 30'000;
    QTest::newRow("behind by 2 s") << -2000 << -2000;
    QTest::newRow("within what the trips tell") << 4 << 0;
}

void ClockOffsetTest::aClockThatIsSetCountsAtOnce() {
    QFETCH(int, secondMs);
    ClockOffset clock;
    clock.add(kStart, kStart + 1ms, kStart + 2ms);
    const Instant later = kStart + 5s;
    clock.add(later, later + 5ms + std::chrono::milliseconds(secondMs), later + 10ms);
    QTEST(int(clock.at(later + 10ms)->offset / 1ms), "knownMs");
}

void ClockOffsetTest::theErrorGrowsUntilTheDriftIsKnown() {
    ClockOffset clock;
    clock.add(kStart, kStart + 1ms, kStart + 2ms);
    const Instant at = kStart + 1ms;
    QCOMPARE(clock.at(at + 10s)->error, Duration(1ms) + Duration(10s) * int(ClockOffset::kTolerancePpm) / 1'000'000);
    QCOMPARE(clock.at(at + 10s)->offset, Duration::zero());
}

/// A reading every 20 s, 2 ms long, of a clock that gains 80 microseconds a second.
void ClockOffsetTest::extrapolatesWithTheDrift() {
    ClockOffset clock;
    Instant at = kStart;
    const auto nodeTime = [](Instant desktop) { return desktop + (desktop - kStart) * 80 / 1'000'000; };
    for (; at < kStart + 20min; at += 20s)
        clock.add(at, nodeTime(at + 1ms), at + 2ms);
    const Instant later = at + 60s;
    const ClockSeen known = *clock.at(later);
    QVERIFY2(std::abs(known.driftPpm - 80) < 2, qPrintable(QString::number(known.driftPpm)));
    const Duration wrong = std::chrono::abs(known.offset - (nodeTime(later) - later));
    QVERIFY2(wrong < 200us, qPrintable(QString::number(wrong.count())));
    QVERIFY(wrong <= known.error);
    QVERIFY2(known.error < 2ms, qPrintable(QString::number(known.error.count())));
    // A time of last year is not carried away by the drift of today.
    const Instant longAgo = kStart - 24h * 365;
    QVERIFY(std::chrono::abs(clock.toDesktop(longAgo) - longAgo) < 200ms);
}

void ClockOffsetTest::aTimeStaysWhatItBecame() {
    ClockOffset clock;
    clock.add(kStart, kStart + 1ms + 1min, kStart + 2ms);
    NodeTimes times;
    const Instant started = kStart + 30s;
    QCOMPARE(times.toDesktop(started, clock), kStart - 30s);
    const Instant later = kStart + 10s;
    clock.add(later, later + 1ms + 2min, later + 2ms); // the node's clock was set
    QCOMPARE(times.toDesktop(started, clock), kStart - 30s);
    QCOMPARE(times.toDesktop(started + 1s, clock), kStart - 89s);
    for (int i = 0; i < NodeTimes::kKept; ++i)
        times.toDesktop(kStart + std::chrono::hours(i), clock);
    QCOMPARE(times.toDesktop(started, clock), kStart - 90s); // forgotten
}

void ClockOffsetTest::ignoresATripBackInTime() {
    ClockOffset clock;
    clock.add(kStart, kStart, kStart - 1s);
    QVERIFY(!clock.at(kStart));
}

void ClockOffsetTest::shiftsOnlyBeyondTheError_data() {
    QTest::addColumn<int>("offsetMs");
    QTest::addColumn<int>("shiftMs");
    QTest::newRow("within the error") << 1 << 0;
    QTest::newRow("just as much as the error") << -2 << 0;
    QTest::newRow("ahead") << 3 << -3;
    QTest::newRow("behind by an hour") << -3'600'000 << 3'600'000;
}

void ClockOffsetTest::shiftsOnlyBeyondTheError() {
    QFETCH(int, offsetMs);
    QFETCH(int, shiftMs);
    ClockOffset clock;
    clock.add(kStart, kStart + std::chrono::milliseconds(offsetMs) + 2ms, kStart + 4ms); // error 2 ms
    QCOMPARE(clock.toDesktop(kStart), kStart + std::chrono::milliseconds(shiftMs));
}

void ClockOffsetTest::readsDates_data() {
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<qint64>("microseconds"); // 0: none
    QTest::newRow("nanoseconds") << QByteArray("1795427787.736666595\n") << qint64{1795427787736666};
    QTest::newRow("leading zeros of the part") << QByteArray("1795427787.000000999\n") << qint64{1795427787000000};
    QTest::newRow("no %N") << QByteArray("1795427787.%N\n") << qint64{0};
    QTest::newRow("whole seconds") << QByteArray("1795427787\n") << qint64{0};
    QTest::newRow("empty") << QByteArray() << qint64{0};
    QTest::newRow("login words before") << QByteArray("Welcome!\n1795427787.736666595\n") << qint64{0};
    QTest::newRow("signs") << QByteArray("-5.-00001234\n") << qint64{0};
}

void ClockOffsetTest::readsDates() {
    QFETCH(QByteArray, output);
    QFETCH(qint64, microseconds);
    const std::optional<Instant> read = parseDate(output);
    QCOMPARE(read.has_value(), microseconds != 0);
    if (read)
        QCOMPARE(qint64{read->time_since_epoch().count()}, microseconds);
}

QTEST_GUILESS_MAIN(ClockOffsetTest)
#include "clock_offset_test.moc"
