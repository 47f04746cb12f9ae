// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"
#include "report_sample.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;
using sample::at;

namespace {

constexpr double kDay = 86400.0;
using Change = std::function<void(ReportInput&)>;

/// Reads what RFC 4180 defines, strictly; empty where a quote is where none may be or a line ends in anything but CRLF.
QList<QStringList> readCsv(const QByteArray& bytes) {
    QList<QStringList> rows;
    QStringList row;
    QString field;
    const QString text = QString::fromUtf8(bytes);
    for (qsizetype i = 0; i < text.size();) {
        if (text[i] == u'"') {
            for (++i; i < text.size() && (text[i] != u'"' || (i + 1 < text.size() && text[i + 1] == u'"')); ++i) {
                if (text[i] == u'"')
                    ++i;
                field += text[i];
            }
            ++i;
        } else {
            while (i < text.size() && !u",\r\n\""_s.contains(text[i]))
                field += text[i++];
        }
        row.append(std::exchange(field, {}));
        if (i < text.size() && text[i] == u',') {
            ++i;
        } else if (text.mid(i, 2) == u"\r\n"_s) {
            rows.append(std::exchange(row, {}));
            i += 2;
        } else {
            return {};
        }
    }
    return rows;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class ReportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figures_data();
    void figures();
    void availabilityNeedsCover();
    void gaps_data();
    void gaps();
    void unended_data();
    void unended();
    void oldestFirstAndOfThePairOnly();
    void csvRows();
    void csvFields_data();
    void csvFields();
    void json();
};

void ReportTest::figures_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<double>("outage");
    QTest::addColumn<double>("planned");
    QTest::addColumn<double>("median");
    QTest::addColumn<double>("worst");
    QTest::addColumn<int>("missed");
    const auto row = [](const char* name, double outage, double planned, double median, double worst, int missed,
                        const Change& change) {
        QTest::newRow(name) << change << outage << planned << median << worst << missed;
    };
    using sample::failover;
    using sample::switchover;
    row("nothing happened", 0, 0, -1, -1, 0, [](ReportInput&) {});
    row("one", 4.4, 0, 4.4, 4.4, 0, [](ReportInput& in) { in.failovers = {failover(100, 4.4)}; });
    row("a planned one counts too, and is told apart", 7.6, 3.2, 3.8, 4.4, 0,
        [](ReportInput& in) { in.failovers = {failover(100, 4.4), switchover(200, 3.2)}; });
    row("median of an odd number", 12, 0, 2, 9, 1,
        [](ReportInput& in) { in.failovers = {failover(100, 9), failover(200, 1), failover(300, 2)}; });
    row("median of an even number", 8, 0, 1.5, 4, 0, [](ReportInput& in) {
        in.failovers = {failover(100, 1), failover(200, 2), failover(300, 1), failover(400, 4)};
    });
    row("exactly the RTO is met", 5, 0, 5, 5, 0, [](ReportInput& in) { in.failovers = {failover(100, 5.0)}; });
    row("a move without an outage has no recovery time", 4, 0, 4, 4, 0,
        [](ReportInput& in) { in.failovers = {failover(100, 4), switchover(200, 0)}; });
    row("two that overlap count once", 6, 0, 4, 4, 0,
        [](ReportInput& in) { in.failovers = {failover(100, 4), failover(102, 4)}; });
    row("where a planned and an unplanned one overlap it is unplanned", 6, 2, 4, 4, 0,
        [](ReportInput& in) { in.failovers = {switchover(100, 4), failover(102, 4)}; });
    row("only what is in the period counts, but the recovery is whole", 3, 0, 8, 8, 1,
        [](ReportInput& in) { in.failovers = {failover(-5, 8)}; });
    row("one that ends after the period", 2, 0, 8, 8, 1,
        [](ReportInput& in) { in.failovers = {failover(kDay - 2, 8)}; });
    row("before the period", 0, 0, -1, -1, 0, [](ReportInput& in) { in.failovers = {failover(-10, 8)}; });
    row("after the period", 0, 0, -1, -1, 0, [](ReportInput& in) { in.failovers = {failover(kDay + 1, 8)}; });
    row("only what was watched counts", 1, 0, 4, 4, 0, [](ReportInput& in) {
        in.failovers = {failover(100, 4)};
        in.covered = {{at(0), at(101)}, {at(200), at(300)}};
    });
    row("of another pair", 0, 0, -1, -1, 0, [](ReportInput& in) {
        in.failovers = {failover(100, 4)};
        in.failovers[0].pair = u"other"_s;
    });
}

void ReportTest::figures() {
    QFETCH(Change, change);
    QFETCH(double, outage);
    QFETCH(double, planned);
    QFETCH(double, median);
    QFETCH(double, worst);
    QFETCH(int, missed);
    ReportInput input = sample::quietDay();
    change(input);
    const ReportModel report = makeReport(input);
    QCOMPARE(toSeconds(report.outage), outage);
    QCOMPARE(toSeconds(report.plannedOutage), planned);
    QCOMPARE(report.median ? toSeconds(*report.median) : -1.0, median);
    QCOMPARE(report.worst ? toSeconds(*report.worst) : -1.0, worst);
    QCOMPARE(report.rtoMissed, missed);
    QVERIFY(report.availability.has_value());
    QCOMPARE(*report.availability, 1.0 - outage / toSeconds(report.covered));
    QCOMPARE(report.planned + report.unplanned, static_cast<int>(report.failovers.size()));
}

void ReportTest::availabilityNeedsCover() {
    ReportInput input = sample::quietDay();
    input.failovers = {sample::failover(100, 4)};
    input.covered.clear();
    const ReportModel nobody = makeReport(input);
    QVERIFY(!nobody.availability);
    QCOMPARE(nobody.outage, Duration{});
    QCOMPARE(nobody.failovers.size(), 1);

    input = sample::quietDay();
    input.until = input.from;
    const ReportModel empty = makeReport(input);
    QVERIFY(!empty.availability);
    QVERIFY(empty.gaps.isEmpty());

    input = sample::quietDay();
    input.until = input.from - std::chrono::hours(1);
    const ReportModel turned = makeReport(input);
    QVERIFY(!turned.availability);
    QVERIFY(turned.from <= turned.until);

    input = sample::quietDay();
    input.now = at(kDay / 2);
    const ReportModel half = makeReport(input);
    QCOMPARE(half.until, input.now); // what is to come is no gap
    QVERIFY(half.gaps.isEmpty());
    QCOMPARE(toSeconds(half.covered), kDay / 2);
}

void ReportTest::gaps_data() {
    using Spans = QList<QPair<double, double>>;
    QTest::addColumn<Spans>("covered");
    QTest::addColumn<Spans>("gaps");
    QTest::addColumn<double>("length");
    QTest::newRow("all") << Spans{{0, kDay}} << Spans{} << kDay;
    QTest::newRow("nothing") << Spans{} << Spans{{0, kDay}} << 0.0;
    QTest::newRow("longer than the period") << Spans{{-9, kDay + 9}} << Spans{} << kDay;
    QTest::newRow("before and behind") << Spans{{10, 20}} << Spans{{0, 10}, {20, kDay}} << 10.0;
    QTest::newRow("two recorders at once") << Spans{{0, 50}, {20, 70}, {30, 40}} << Spans{{70, kDay}} << 70.0;
    QTest::newRow("in any order") << Spans{{50, 60}, {0, 10}} << Spans{{10, 50}, {60, kDay}} << 20.0;
    QTest::newRow("one after the other") << Spans{{0, 10}, {10, 20}} << Spans{{20, kDay}} << 20.0;
    QTest::newRow("outside") << Spans{{-20, -10}, {kDay + 5, kDay + 6}} << Spans{{0, kDay}} << 0.0;
    QTest::newRow("empty and turned round") << Spans{{5, 5}, {30, 20}, {0, kDay}} << Spans{} << kDay;
}

void ReportTest::gaps() {
    using Spans = QList<QPair<double, double>>;
    QFETCH(Spans, covered);
    QFETCH(Spans, gaps);
    QFETCH(double, length);
    ReportInput input = sample::quietDay();
    input.covered.clear();
    for (const auto& [from, until] : covered)
        input.covered.append({at(from), at(until)});
    QList<QPair<Instant, Instant>> expected;
    for (const auto& [from, until] : gaps)
        expected.append({at(from), at(until)});
    const ReportModel report = makeReport(input);
    QCOMPARE(report.gaps, expected);
    QCOMPARE(toSeconds(report.covered), length);
}

void ReportTest::unended_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<double>("outage");
    const auto row = [](const char* name, double outage, const Change& change) {
        QTest::newRow(name) << change << outage;
    };
    using sample::event;
    row("silent to this day", kDay - 100, [](ReportInput& in) { in.events = {event(100, u"vip-silent"_s)}; });
    row("until nobody watched any more", 400, [](ReportInput& in) {
        in.events = {event(100, u"vip-silent"_s)};
        in.covered = {{at(0), at(500)}, {at(600), at(kDay)}};
    });
    row("answered while nobody watched", 400, [](ReportInput& in) {
        in.events = {event(100, u"vip-silent"_s), event(700, u"vip-answers"_s)};
        in.covered = {{at(0), at(500)}, {at(600), at(kDay)}};
    });
    row("answered: a failover tells of it, or it was none", 0,
        [](ReportInput& in) { in.events = {event(100, u"vip-silent"_s), event(140, u"vip-answers"_s)}; });
    row("began before anybody watched, by the logs", 40, [](ReportInput& in) {
        in.events = {event(100, u"vip-silent"_s), event(140, u"vip-answers"_s)};
        in.events[0].source = u"reconstructed"_s;
    });
    row("told as a failover, without the event of its end", 40, [](ReportInput& in) {
        in.events = {event(100, u"vip-silent"_s)};
        in.failovers = {sample::failover(99, 40)};
    });
    row("told by two recorders", kDay - 100,
        [](ReportInput& in) { in.events = {event(100, u"vip-silent"_s), event(100.5, u"vip-silent"_s)}; });
    row("again, after it had answered", kDay - 300, [](ReportInput& in) {
        in.events = {event(100, u"vip-silent"_s), event(140, u"vip-answers"_s), event(300, u"vip-silent"_s)};
    });
}

void ReportTest::unended() {
    QFETCH(Change, change);
    QFETCH(double, outage);
    ReportInput input = sample::quietDay();
    change(input);
    const ReportModel report = makeReport(input);
    QCOMPARE(toSeconds(report.outage), outage);
    QCOMPARE(report.plannedOutage, Duration{});
    QCOMPARE(report.unended.size(), outage > 0 && report.failovers.isEmpty() ? 1 : 0);
}

void ReportTest::oldestFirstAndOfThePairOnly() {
    ReportInput input = sample::busyWeek();
    std::ranges::reverse(input.failovers);
    std::ranges::reverse(input.actions);
    std::ranges::reverse(input.events);
    Event other = sample::event(1000, u"other"_s);
    other.pair = u"other"_s;
    input.events.append(other);
    const ReportModel report = makeReport(input);
    QVERIFY(std::ranges::is_sorted(report.failovers, {}, &Failover::startedAt));
    QVERIFY(std::ranges::is_sorted(report.actions, {}, &ActionRecord::startedAt));
    QVERIFY(std::ranges::is_sorted(report.events, {}, &Event::at));
    QCOMPARE(report.events.size(), input.events.size() - 1);
    QCOMPARE(report.failovers.size(), input.failovers.size());
}

void ReportTest::csvRows() {
    ReportInput input = sample::quietDay();
    QCOMPARE(readCsv(toCsv(makeReport(input))).size(), 1); // the header
    input.failovers = {sample::failover(100, 10), sample::switchover(200, 3)};
    const QList<QStringList> rows = readCsv(toCsv(makeReport(input)));
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[0].join(u' '),
             u"pair kind planned trigger from to started_at ended_at recovery_s error_s rto_s rto_met detection_s "
             "election_s address_s container_s serving_s source operator reason"_s);
    QCOMPARE(rows[1], (QStringList{u"milvus-prod"_s,
                                   u"failover"_s,
                                   u"no"_s,
                                   u"container-died"_s,
                                   u"master"_s,
                                   u"backup"_s,
                                   u"2026-03-01T00:01:40.000Z"_s,
                                   u"2026-03-01T00:01:50.000Z"_s,
                                   u"10.000"_s,
                                   u"0.030"_s,
                                   u"5.000"_s,
                                   u"no"_s,
                                   u"4.200"_s,
                                   u"1.400"_s,
                                   u"0.100"_s,
                                   u"1.300"_s,
                                   u"3.000"_s,
                                   u"observed"_s,
                                   u""_s,
                                   u""_s}));
    QCOMPARE(rows[2].mid(17), (QStringList{u"observed"_s, u"ann@desk"_s, u"kernel update on backup"_s}));
    QCOMPARE(rows[2][11], u"yes"_s);
    QCOMPARE(readCsv(toCsv(makeReport(sample::many(1000)))).size(), 1001);
}

void ReportTest::csvFields_data() {
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const QString& reason, const QString& field) {
        QTest::newRow(name) << reason << field;
    };
    row("plain", u"kernel"_s, u"kernel"_s);
    row("comma", u"a, b"_s, u"a, b"_s);
    row("quote", u"say \"yes\""_s, u"say \"yes\""_s);
    row("lines", u"one\r\ntwo\nthree"_s, u"one\r\ntwo\nthree"_s);
    row("not Latin", u"Kernel wächst 内核"_s, u"Kernel wächst 内核"_s);
    row("formula =", u"=HYPERLINK(\"http://x\",\"y\")"_s, u"'=HYPERLINK(\"http://x\",\"y\")"_s);
    row("formula +", u"+1+cmd|' /C calc'!A0"_s, u"'+1+cmd|' /C calc'!A0"_s);
    row("formula -", u"-2+3"_s, u"'-2+3"_s);
    row("formula @", u"@SUM(A1)"_s, u"'@SUM(A1)"_s);
    row("behind a tab", u"\t=1"_s, u"'\t=1"_s);
    row("behind a line end", u"\r=1"_s, u"'\r=1"_s);
    row("full width", u"\uFF1D1+1"_s, u"'\uFF1D1+1"_s);
    row("inside", u"1=1"_s, u"1=1"_s);
}

void ReportTest::csvFields() {
    QFETCH(QString, reason);
    QFETCH(QString, field);
    ReportInput input = sample::quietDay();
    input.failovers = {sample::switchover(200, 3)};
    input.failovers[0].reason = reason;
    const QList<QStringList> rows = readCsv(toCsv(makeReport(input)));
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows[1].size(), rows[0].size());
    QCOMPARE(rows[1].last(), field);
}

void ReportTest::json() {
    const ReportModel report = makeReport(sample::busyWeek());
    const QJsonObject json = QJsonDocument::fromJson(toJson(report)).object();
    QCOMPARE(json[u"pair"].toString(), u"milvus-prod"_s);
    QCOMPARE(json[u"until"].toString(), u"2026-03-08T00:00:00.000Z"_s);
    QCOMPARE(json[u"rto_s"].toDouble(), 5.0);
    QCOMPARE(json[u"failovers"].toArray().size(), report.failovers.size());
    QCOMPARE(json[u"actions"].toArray().size(), 3);
    QCOMPARE(json[u"events"].toArray().size(), report.events.size());
    QCOMPARE(json[u"gaps"].toArray().size(), 2);
    QCOMPARE(json[u"gaps"].toArray()[0].toObject()[u"duration_s"].toDouble(), 0.2 * kDay);
    QCOMPARE(json[u"availability"].toDouble(), *report.availability);
    QCOMPARE(json[u"worst_s"].toDouble(), 38.0);
    QVERIFY(!toJson(report).contains("id_secret"));

    ReportInput unwatched = sample::quietDay();
    unwatched.covered.clear();
    const QJsonObject unknown = QJsonDocument::fromJson(toJson(makeReport(unwatched))).object();
    for (const char* key : {"availability", "median_s", "worst_s"})
        QVERIFY2(unknown.value(QLatin1String(key)).isNull(), key);
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
