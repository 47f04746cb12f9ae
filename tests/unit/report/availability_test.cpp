// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/availability.h"
#include "report_sample.h"

#include <QtTest>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::at;

namespace {

constexpr double kDay = 86400.0;

ReportInput quiet(double days) {
    ReportInput input = sample::quietDay();
    input.until = input.now = at(days * kDay);
    input.covered = {{input.from, input.until}};
    return input;
}

} // namespace

class AvailabilityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutsTheCalendar_data();
    void cutsTheCalendar();
    void gapsAreNeitherUpNorDown();
    void budget();
    void anOutageOverMidnight();
    void partsAddUpToTheReport();
    void aChangeOfTheClock();
    void chartOfTenYears();
    void csv();
};

void AvailabilityTest::cutsTheCalendar_data() {
    QTest::addColumn<int>("unit");
    QTest::addColumn<double>("days");
    QTest::addColumn<QStringList>("names");
    QTest::newRow("days") << int(CalendarUnit::Day) << 2.5
                          << QStringList{u"2026-03-01"_s, u"2026-03-02"_s, u"2026-03-03"_s};
    // The first of March 2026 is a Sunday.
    QTest::newRow("weeks") << int(CalendarUnit::Week) << 9.0
                           << QStringList{u"week of 2026-02-23"_s, u"week of 2026-03-02"_s, u"week of 2026-03-09"_s};
    QTest::newRow("months") << int(CalendarUnit::Month) << 40.0 << QStringList{u"2026-03"_s, u"2026-04"_s};
    QTest::newRow("nothing") << int(CalendarUnit::Day) << 0.0 << QStringList{};
}

void AvailabilityTest::cutsTheCalendar() {
    QFETCH(int, unit);
    QFETCH(double, days);
    QFETCH(QStringList, names);
    const auto spans = availabilityBy(makeReport(quiet(days)), CalendarUnit(unit), QTimeZone::utc());
    QStringList found;
    for (const AvailabilitySpan& span : spans)
        found.append(spanName(span, CalendarUnit(unit), QTimeZone::utc()));
    QCOMPARE(found, names);
    if (!spans.isEmpty()) {
        QCOMPARE(spans.first().from, at(0));
        QCOMPARE(spans.last().until, at(days * kDay));
    }
}

void AvailabilityTest::gapsAreNeitherUpNorDown() {
    ReportInput input = quiet(3);
    input.covered = {{at(0), at(0.5 * kDay)}}; // half of the first day, nothing of the others
    input.failovers = {sample::failover(100, 60), sample::failover(1.2 * kDay, 60)};
    const auto spans = availabilityBy(makeReport(input), CalendarUnit::Day, QTimeZone::utc());
    QCOMPARE(spans.size(), 3);
    QCOMPARE(spans[0].covered, Duration(12h));
    QCOMPARE(*spans[0].availability, 1.0 - 60.0 / (0.5 * kDay));
    QCOMPARE(spans[0].budget, fromSeconds(0.5 * kDay * 0.001));
    QVERIFY(!spans[1].availability); // an outage is known there, but not how much was up
    QCOMPARE(spans[1].outage, Duration{});
    QVERIFY(!spans[2].availability);
    QVERIFY(spanText(spans[2], CalendarUnit::Day, QTimeZone::utc()).contains(u"not watched"_s));
}

void AvailabilityTest::budget() {
    ReportInput input = quiet(1);
    input.target = 0.9999; // 8.64 s a day
    input.failovers = {sample::failover(100, 6), sample::switchover(1000, 2)};
    const AvailabilitySpan kept = availabilityOf(makeReport(input));
    QCOMPARE(kept.budget, Duration(8640ms));
    QCOMPARE(kept.outage, Duration(8s));
    QCOMPARE(kept.plannedOutage, Duration(2s));
    QVERIFY(kept.kept());
    input.failovers.append(sample::failover(2000, 1));
    const AvailabilitySpan over = availabilityOf(makeReport(input));
    QVERIFY(!over.kept());
    QVERIFY(spanText(over, CalendarUnit::Day, QTimeZone::utc()).contains(u"over the error budget"_s));
}

void AvailabilityTest::anOutageOverMidnight() {
    ReportInput input = quiet(2);
    input.failovers = {sample::failover(kDay - 10, 30)};
    const auto spans = availabilityBy(makeReport(input), CalendarUnit::Day, QTimeZone::utc());
    QCOMPARE(spans[0].outage, Duration(10s));
    QCOMPARE(spans[1].outage, Duration(20s));
}

void AvailabilityTest::partsAddUpToTheReport() {
    const ReportModel report = makeReport(sample::busyWeek());
    for (const CalendarUnit unit : {CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month}) {
        Duration covered{};
        Duration outage{};
        Duration planned{};
        for (const AvailabilitySpan& span : availabilityBy(report, unit, QTimeZone("Europe/Berlin"))) {
            covered += span.covered;
            outage += span.outage;
            planned += span.plannedOutage;
        }
        QCOMPARE(covered, report.covered);
        QCOMPARE(outage, report.outage);
        QCOMPARE(planned, report.plannedOutage);
    }
}

void AvailabilityTest::aChangeOfTheClock() {
    const QTimeZone berlin("Europe/Berlin");
    if (!berlin.isValid())
        QSKIP("no time zones on this machine");
    const auto spans = availabilityBy(makeReport(quiet(31)), CalendarUnit::Day, berlin);
    const auto spring = std::ranges::find_if(spans, [&](const AvailabilitySpan& span) {
        return spanName(span, CalendarUnit::Day, berlin) == u"2026-03-29"_s;
    });
    QVERIFY(spring != spans.end());
    QCOMPARE(spring->covered, Duration(23h));
}

void AvailabilityTest::chartOfTenYears() {
    ReportInput input = quiet(3650);
    for (int i = 0; i < 1000; ++i)
        input.failovers.append(sample::failover((i * 3.65 + 0.3) * kDay, 20));
    const auto spans = availabilityBy(makeReport(input), CalendarUnit::Day, QTimeZone::utc());
    QCOMPARE(spans.size(), 3650);
    const Drawing chart = availabilityChart(spans, CalendarUnit::Day, QTimeZone::utc(), 960, 260);
    QVERIFY(chart.marks.size() < 1000);
    for (const Mark& mark : chart.marks) {
        if (const Box* box = std::get_if<Box>(&mark))
            QVERIFY(box->x >= 0 && box->x + box->width <= 960 && box->y >= 0 && box->y + box->height <= 260);
    }
}

void AvailabilityTest::csv() {
    ReportInput input = quiet(2);
    input.failovers = {sample::failover(100, 4.5)};
    const QList<QByteArray> lines =
        toCsv(availabilityBy(makeReport(input), CalendarUnit::Day, QTimeZone::utc())).split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[1], "2026-03-01T00:00:00.000Z,2026-03-02T00:00:00.000Z,86400.000,4.500,0.000,0.999947917,86.400,"
                       "81.900\r");
}

QTEST_APPLESS_MAIN(AvailabilityTest)
#include "availability_test.moc"
