// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/time_machine.h"

#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

Instant second(int seconds) {
    return nightAt(seconds * 1s);
}

/// A picture a second from `from` until before `until`.
void fill(TimeMachine& times, int from, int until) {
    for (int s = from; s < until; ++s)
        times.add(healthy(second(s)));
}

} // namespace

class TimeMachineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isLiveAtFirst();
    void windsToTheLastPictureUntilThen_data();
    void windsToTheLastPictureUntilThen();
    void stepsFromPictureToPicture();
    void toTheBeginningAndBack();
    void theShownPictureOutlivesItsTime();
    void stepsOnFromAForgottenPicture();
    void tellsEachMomentOnce();
    void keepsAnHourWithItsChanges();
    void keepsABoundedNumber();
};

void TimeMachineTest::isLiveAtFirst() {
    TimeMachine times;
    QVERIFY(times.live() && times.shown() == nullptr && !times.moment() && !times.oldest());
    times.windTo(second(0));
    times.step(-1);
    times.windToBegin();
    QVERIFY(times.live());
    fill(times, 0, 3);
    QVERIFY(times.live());
    QCOMPARE(times.oldest(), std::optional(second(0)));
    QCOMPARE(times.newest(), std::optional(second(2)));
}

void TimeMachineTest::windsToTheLastPictureUntilThen_data() {
    QTest::addColumn<Duration>("to");
    QTest::addColumn<int>("shown"); // second of the picture, -1: live
    QTest::newRow("at a picture") << Duration(4s) << 4;
    QTest::newRow("between two") << Duration(4900ms) << 4;
    QTest::newRow("before the first") << Duration(-1h) << 0;
    QTest::newRow("at the newest") << Duration(9s) << 9;
    QTest::newRow("behind the newest") << Duration(9001ms) << -1;
}

void TimeMachineTest::windsToTheLastPictureUntilThen() {
    QFETCH(Duration, to);
    QFETCH(int, shown);
    TimeMachine times;
    fill(times, 0, 10);
    times.windTo(nightAt(to));
    QCOMPARE(times.live(), shown < 0);
    if (shown >= 0)
        QCOMPARE(times.shown()->at, second(shown));
}

void TimeMachineTest::stepsFromPictureToPicture() {
    TimeMachine times;
    fill(times, 0, 10);
    times.step(-1);
    QCOMPARE(times.moment(), std::optional(second(8)));
    times.step(-3);
    QCOMPARE(times.moment(), std::optional(second(5)));
    times.step(1);
    QCOMPARE(times.moment(), std::optional(second(6)));
    times.step(-100);
    QCOMPARE(times.moment(), std::optional(second(0)));
    times.step(9);
    QCOMPARE(times.moment(), std::optional(second(9)));
    times.step(1);
    QVERIFY(times.live());
}

void TimeMachineTest::toTheBeginningAndBack() {
    TimeMachine times;
    fill(times, 0, 10);
    times.windToBegin();
    QCOMPARE(times.moment(), std::optional(second(0)));
    times.goLive();
    QVERIFY(times.live());
    times.windToBegin();
    times.clear();
    QVERIFY(times.live());
    QCOMPARE(times.size(), 0);
}

void TimeMachineTest::theShownPictureOutlivesItsTime() {
    TimeMachine times;
    fill(times, 0, 10);
    times.windTo(second(3));
    fill(times, 10, 2 * 3600);
    QCOMPARE(times.shown()->at, second(3));
    QVERIFY(*times.oldest() > second(3));
}

void TimeMachineTest::stepsOnFromAForgottenPicture() {
    TimeMachine times;
    fill(times, 0, 10);
    times.windTo(second(3));
    fill(times, 10, 2 * 3600);
    times.step(-1);
    QCOMPARE(times.moment(), times.oldest());
}

void TimeMachineTest::tellsEachMomentOnce() {
    TimeMachine times;
    fill(times, 0, 10);
    QSignalSpy wound(&times, &TimeMachine::wound);
    times.goLive();
    QCOMPARE(wound.size(), 0);
    times.windTo(second(4));
    times.windTo(nightAt(4100ms));
    QCOMPARE(wound.size(), 1);
    fill(times, 10, 20);
    QCOMPARE(wound.size(), 1);
    times.goLive();
    QCOMPARE(wound.size(), 2);
}

void TimeMachineTest::keepsAnHourWithItsChanges() {
    TimeMachine times;
    const Picture up = healthy(nightAt());
    const Picture gone = down(nightAt());
    for (int s = 0; s < 2 * 3600; ++s) {
        Picture picture = s == 5000 || s == 5001 ? gone : up;
        picture.at = second(s);
        times.add(picture);
    }
    QVERIFY(*times.newest() - *times.oldest() <= TimeMachine::kKept);
    QVERIFY(*times.newest() - *times.oldest() > TimeMachine::kKept - 10s);
    // A picture every five seconds but for the last five minutes, and no change is lost.
    QVERIFY2(times.size() > 900 && times.size() < 1'000, qPrintable(QString::number(times.size())));
    const auto levelAt = [&](int s) {
        times.windTo(second(s));
        return times.shown()->verdict.level;
    };
    QCOMPARE(levelAt(4999), VerdictLevel::Healthy);
    QCOMPARE(levelAt(5000), VerdictLevel::Down);
    QCOMPARE(times.shown()->at, second(5000));
    QCOMPARE(levelAt(5001), VerdictLevel::Down);
    QCOMPARE(levelAt(5002), VerdictLevel::Healthy);
    QCOMPARE(times.shown()->at, second(5002));
    times.windTo(nightAt(2h - 100s));
    QCOMPARE(times.shown()->at, nightAt(2h - 100s));
}

void TimeMachineTest::keepsABoundedNumber() {
    TimeMachine times;
    for (int i = 0; i < 10'000; ++i)
        times.add(i % 2 == 0 ? healthy(nightAt(i * 10ms)) : down(nightAt(i * 10ms)));
    QCOMPARE(times.size(), TimeMachine::kMostPictures);
}

QTEST_GUILESS_MAIN(TimeMachineTest)
#include "time_machine_test.moc"
