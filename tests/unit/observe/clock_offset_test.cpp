// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_offset.h"

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
    void ignoresATripBackInTime();
    void shiftsOnlyBeyondTheError_data();
    void shiftsOnlyBeyondTheError();
    void readsDates_data();
    void readsDates();
};

void ClockOffsetTest::knowsNothingAtFirst() {
    const ClockOffset clock;
    QVERIFY(!clock.best());
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
    QVERIFY(clock.best().has_value());
    QTEST(int(clock.best()->offset.count()), "offsetUs");
    QTEST(int(clock.best()->error.count()), "errorUs");
}

void ClockOffsetTest::takesTheShortestTrip() {
    ClockOffset clock;
    clock.add(kStart, kStart + 400ms, kStart + 500ms);
    clock.add(kStart, kStart + 1ms, kStart + 2ms);
    clock.add(kStart, kStart - 300ms, kStart + 500ms);
    QCOMPARE(*clock.best(), (ClockSeen{0us, 1ms}));
}

void ClockOffsetTest::forgetsOldTrips() {
    ClockOffset clock;
    clock.add(kStart, kStart + 1ms, kStart + 2ms);
    for (int i = 0; i < ClockOffset::kRoundTrips; ++i)
        clock.add(kStart, kStart + 1s + 5ms, kStart + 10ms);
    QCOMPARE(*clock.best(), (ClockSeen{1s, 5ms}));
}

void ClockOffsetTest::ignoresATripBackInTime() {
    ClockOffset clock;
    clock.add(kStart, kStart, kStart - 1s);
    QVERIFY(!clock.best());
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
