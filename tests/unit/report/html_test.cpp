// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_charts.h"
#include "report/html_tables.h"
#include "report/html_waterfalls.h"
#include "report/html_words.h"
#include "report/report.h"
#include "report_sample.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QtTest>

#include <algorithm>
#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;
using sample::at;

namespace {

constexpr double kDay = 86400.0;
using Change = std::function<void(ReportInput&)>;

QString htmlOf(const ReportInput& input) {
    return QString::fromUtf8(toHtml(makeReport(input)));
}

/// The text that a reader sees or hears: no tags, no style, entities read, one blank between words.
QString readable(QString html) {
    static const QRegularExpression kStyle(u"<style>.*</style>"_s, QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression kTag(u"<[^>]*>"_s);
    html.remove(kStyle).replace(kTag, u" "_s);
    html.replace(u"&lt;"_s, u"<"_s)
        .replace(u"&gt;"_s, u">"_s)
        .replace(u"&quot;"_s, u"\""_s)
        .replace(u"&amp;"_s, u"&"_s);
    return html.replace(QChar::Nbsp, u' ').simplified();
}

/// Says which tag is not closed, closed twice or has an attribute that is not name="value"; empty if all is well.
QString faultOf(const QString& html) {
    static const QRegularExpression kTag(u"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z0-9:-]+=\"[^\"<>]*\")*)(/?)>"_s);
    static const QStringList kVoid{u"meta"_s, u"br"_s};
    // Not checked each time whether it is UTF-16, which would make this quadratic.
    constexpr QRegularExpression::MatchOptions kHere =
        QRegularExpression::AnchorAtOffsetMatchOption | QRegularExpression::DontCheckSubjectStringMatchOption;
    QStringList open;
    const qsizetype begin = html.indexOf(u"<html"_s);
    for (qsizetype i = html.indexOf(u'<', begin); i >= 0; i = html.indexOf(u'<', i + 1)) {
        const auto tag = kTag.match(html, i, QRegularExpression::NormalMatch, kHere);
        if (!tag.hasMatch())
            return u"not a tag: "_s + html.mid(i, 60);
        const QString name = tag.captured(2);
        if (!tag.captured(1).isEmpty()) {
            if (open.isEmpty() || open.takeLast() != name)
                return u"closes what is not open: "_s + html.mid(i, 60);
        } else if (tag.captured(4).isEmpty() && !kVoid.contains(name)) {
            open.append(name);
        }
    }
    return open.isEmpty() ? QString() : u"left open: "_s + open.join(u' ');
}

struct DrawnBar {
    bool planned = false;
    double seconds = 0;
    double x = 0;
    double width = 0;
    double height = 0;
};

QList<DrawnBar> barsOf(const QString& html) {
    static const QRegularExpression kBar(
        u"<rect class=\"bar (planned|unplanned)\" data-seconds=\"([0-9.]+)\" x=\"([0-9.]+)\" "
        "y=\"[0-9.]+\" width=\"([0-9.]+)\" height=\"([0-9.]+)\"/>"_s);
    QList<DrawnBar> bars;
    for (auto all = kBar.globalMatch(html); all.hasNext();) {
        const auto bar = all.next();
        bars.append({bar.captured(1) == u"planned"_s, bar.captured(2).toDouble(), bar.captured(3).toDouble(),
                     bar.captured(4).toDouble(), bar.captured(5).toDouble()});
    }
    return bars;
}

ReportInput filledWith(const QString& text) {
    ReportInput input = sample::busyWeek();
    input.pair.name = text;
    input.pair.vip = text;
    for (Failover& failover : input.failovers) {
        failover.pair = failover.trigger = failover.from = failover.to = failover.source = text;
        failover.operatorName = failover.reason = text;
        for (Phase& phase : failover.phases)
            phase.name = text;
    }
    input.failovers[0].operatorName.clear(); // its trigger is shown
    for (ActionRecord& action : input.actions) {
        action.pair = action.kind = action.from = action.to = action.owner = action.reason = action.text = text;
        for (StepRecord& step : action.steps)
            step.name = step.detail = text;
    }
    for (Event& event : input.events)
        event.pair = event.node = event.code = event.text = text;
    return input;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class HtmlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void escapes_data();
    void escapes();
    void needsNothingFromOutside();
    void says_data();
    void says();
    void doesNotSay_data();
    void doesNotSay();
    void drawsEachFailover();
    void measuresBarsAndRtoAlike();
    void cutsAnOutlierAndSaysSo();
    void summaryTone_data();
    void summaryTone();
    void groupsLoseNoMiss();
    void eventsAreTheNewest();
    void aYearIsBounded();
    void noSecretInAnyFormat();
    void percent_data();
    void percent();
};

void HtmlTest::escapes_data() {
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const QString& text) { QTest::newRow(name) << text; };
    row("script", u"<script>alert(1)</script>"_s);
    row("out of an attribute", u"\"><img src=x onerror=alert(1)>"_s);
    row("single quotes", u"' onmouseover='alert(1)"_s);
    row("entities", u"&lt;b&gt; &amp; &#60;"_s);
    row("style", u"</style><style>*{display:none}"_s);
    row("comment", u"<!-- "_s);
    row("cdata", u"]]><![CDATA["_s);
    row("controls", u"a\u0000b\u0007c\u001B[31m\u009B"_s);
    row("turned round", u"abc\u202Egnp.exe\u2066"_s);
    row("lone surrogate", QString(QChar(0xD800)) + u"<b>"_s);
    row("empty", QString());
    row("very long", QString(20000, u'<'));
    row("not Latin", u"内核更新 – Übergabe"_s);
}

void HtmlTest::escapes() {
    QFETCH(QString, text);
    const QString html = htmlOf(filledWith(text));
    const QString fault = faultOf(html);
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    for (const char* bad : {"<script", "<img", "<!--", "<![CDATA", "</style><style"})
        QVERIFY2(!html.contains(QLatin1String(bad)), bad);
    QCOMPARE(html.count(u"<style>"_s), 1);
    const auto unfit = std::ranges::find_if(html, [](QChar c) {
        const char16_t unit = c.unicode();
        return (unit < 0x20 && unit != u'\n') || (unit >= 0x7f && unit < 0xa0) || unit == 0x202e || unit == 0x2066;
    });
    QVERIFY2(unfit == html.end(), qPrintable(html.mid(unfit - html.begin(), 20)));
    if (text.startsWith(u"&lt;"_s))
        QVERIFY(html.contains(u"&amp;lt;b&amp;gt; &amp;amp; &amp;#60;"_s));
    if (text.startsWith(u"内"_s))
        QVERIFY(html.count(text) > 20);
}

void HtmlTest::needsNothingFromOutside() {
    for (const QString& html : {htmlOf(sample::busyWeek()), htmlOf(sample::many(1000))}) {
        for (const char* bad :
             {"http:", "https:", "//", "src=", "href=", "@import", "<script", "<link", "<iframe", "javascript"})
            QVERIFY2(!html.contains(QLatin1String(bad)), bad);
        QCOMPARE(html.count(u"url("_s), html.count(u"url(#"_s));
        QVERIFY(html.contains(u"Content-Security-Policy"_s));
        QVERIFY(html.contains(u"prefers-color-scheme:dark"_s));
        QVERIFY(html.contains(u"@media print"_s));
        QVERIFY(html.contains(u"<meta charset=\"utf-8\">"_s));
        QVERIFY(!html.contains(u"id_secret"_s)); // the key file of a node
        QCOMPARE(faultOf(html), QString());
    }
}

void HtmlTest::says_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* text, const Change& change) {
        QTest::newRow(name) << change << QString::fromUtf8(text);
    };
    const Change quiet = [](ReportInput&) {};
    const Change week = [](ReportInput& in) { in = sample::busyWeek(); };
    const Change one = [](ReportInput& in) { in.failovers = {sample::failover(100, 4.4)}; };
    const Change planned = [](ReportInput& in) { in.failovers = {sample::switchover(100, 3.2)}; };
    const Change unwatched = [](ReportInput& in) { in.covered.clear(); };

    row("pair and period",
        "2026-03-01 00:00:00 to 2026-03-02 00:00:00 UTC (24 h) &#183; VIP 192.168.1.104/24 &#183; RTO 5 s", quiet);
    row("quiet: no outage", "No outage was seen in the 24 h that were watched.", quiet);
    row("quiet: 100 %", "Availability 100 % of the whole period", quiet);
    row("quiet: no recovery", "Median recovery – no outage", quiet);
    row("quiet: no gap", "None: the whole period was watched.", quiet);
    row("quiet: no chart", "No failover and no switchover was seen in this period.", quiet);
    row("quiet: no action", "No operator acted on the pair through milvus-ha in this period.", quiet);

    row("unwatched", "Nobody watched the pair in this period, so nothing can be said about its availability.",
        unwatched);
    row("unwatched: availability", "Availability not known nobody watched", unwatched);
    row("unwatched: outages", "Outages not known nobody watched", unwatched);
    row("unwatched: the gap", "2026-03-01 00:00:00 2026-03-02 00:00:00 24 h", unwatched);

    row("one",
        "Service was interrupted once. In the 24 h that were watched, clients were without it for 4.4 s: 99.9949 % "
        "available. It was back within the recovery time objective of 5 s.",
        one);
    row("one: row", "1 2026-03-01 00:01:40 Failover master → backup container died 4.4 s ± 30 ms", one);
    row("one: phases", "detection 1.8 s election 0.62 s address 44 ms container 0.57 s serving 1.3 s", one);
    row("one: RTO", "RTO met 1 of 1 within 5 s", one);
    row("one: error", "In this period it was ± 30 ms in the median and ± 30 ms at worst.", one);
    row("over the RTO", "It took longer than the recovery time objective of 5 s.",
        [](ReportInput& in) { in.failovers = {sample::failover(100, 5.1)}; });
    row("over the RTO: row", "5.1 s ± 30 ms over RTO",
        [](ReportInput& in) { in.failovers = {sample::failover(100, 5.1)}; });
    row("in place", "Recovered in place on master", week);
    row("planned", "Switchover, planned backup → master ann@desk kernel update on backup 3.2 s ± 20 ms", planned);
    row("all planned", "for 3.2 s, all of it planned", planned);
    row("planned and not", "clients were without it for 57.9 s, 44.3 s of it planned", week);
    row("counts", "4 unplanned, 3 planned; 57.9 s without service. 1 move without an outage", week);
    row("no outage", "no outage –", week);
    row("reconstructed", "container died reconstructed 4.6 s ± 0.90 s", week);
    row("percentiles", "Unplanned 4 4.5 s 7.0 s 7.3 s 7.4 s", week);
    row("budget",
        "The target of 99.90 % allows 9 min 22 s without service in the 6 d 12 h that were watched; 57.9 s were used",
        week);
    row("waterfall", "No. 6, 2026-03-06 02:24:00 UTC: Failover master → backup, host lost, 7.4 s ± 30 ms over RTO",
        week);
    row("gaps", "2026-03-03 14:24:00 2026-03-03 21:36:00 7 h 12 min", week);
    row("gaps in the summary", "Not everything was watched: see the gaps.", week);
    row("action",
        "Switchover backup → master &#10003; Done 2026-03-02 02:24:00 UTC, by ann@desk, took 9.0 s; clients were "
        "without an answer for 3.2 s kernel update on backup Milvus serves on master.",
        week);
    row("step",
        "&#10003; done Prove that Milvus is stopped on backup the container does not run and port 19530 is closed "
        "0.10 s",
        week);
    row("rolled back", "&#8634; Rolled back", week);
    row("failed step",
        "&#10007; failed Wait until Milvus serves on master Milvus on master did not serve through the VIP "
        "within 30 s. 30.0 s",
        week);
    row("event", "2026-03-04 09:36:00.000 &#9650; warning master It was told that clock-off. clock-off", week);
    row("silent now", "Milvus has not answered through the VIP since 2026-03-01 00:01:40 UTC.",
        [](ReportInput& in) { in.events = {sample::event(100, u"vip-silent"_s, Severity::Error)}; });
    row("silent until nobody watched", "The outage of 2026-03-01 00:01:40 UTC was not seen to end.",
        [](ReportInput& in) {
            in.events = {sample::event(100, u"vip-silent"_s, Severity::Error)};
            in.covered = {{at(0), at(500)}};
        });
    row("nothing is known of the nodes", "Failover between unknown nodes cause not seen", [](ReportInput& in) {
        in.failovers = {sample::failover(100, 4)};
        in.failovers[0].from.clear();
        in.failovers[0].to.clear();
        in.failovers[0].trigger.clear();
    });
    row("phases not seen", "± 30 ms not known", [](ReportInput& in) {
        in.failovers = {sample::failover(100, 4)};
        in.failovers[0].phases.clear();
    });
}

void HtmlTest::says() {
    QFETCH(Change, change);
    QFETCH(QString, text);
    ReportInput input = sample::quietDay();
    change(input);
    const QString html = htmlOf(input);
    const QString all = readable(html);
    QVERIFY2(all.contains(text), qPrintable(all));
    QCOMPARE(faultOf(html), QString());
}

void HtmlTest::doesNotSay_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("text");
    QTest::newRow("quiet: no missed RTO") << Change([](ReportInput&) {}) << u"over RTO"_s;
    QTest::newRow("unwatched: nothing is 100 %") << Change([](ReportInput& in) { in.covered.clear(); }) << u"100 %"_s;
    QTest::newRow("an outage is never 100 %")
        << Change([](ReportInput& in) { in.failovers = {sample::failover(100, 0.3)}; }) << u"100 %"_s;
    QTest::newRow("unwatched: no good colour")
        << Change([](ReportInput& in) { in.covered.clear(); }) << u"class=\"summary good\""_s;
    QTest::newRow("silent: no good colour")
        << Change([](ReportInput& in) { in.events = {sample::event(100, u"vip-silent"_s)}; })
        << u"class=\"summary good\""_s;
}

void HtmlTest::doesNotSay() {
    QFETCH(Change, change);
    QFETCH(QString, text);
    ReportInput input = sample::quietDay();
    change(input);
    const QString html = htmlOf(input);
    QVERIFY(!readable(html).contains(text));
    QVERIFY(!html.contains(text));
}

void HtmlTest::drawsEachFailover() {
    for (const int count : {1, 2, 17, static_cast<int>(kMostBars)}) {
        const ReportInput input = sample::many(count);
        const QList<DrawnBar> bars = barsOf(htmlOf(input));
        QCOMPARE(bars.size(), count);
        const double scale = bars[0].height / bars[0].seconds;
        for (int i = 0; i < count; ++i) {
            QCOMPARE(bars[i].planned, input.failovers[i].planned());
            QVERIFY(std::abs(bars[i].seconds - toSeconds(input.failovers[i].recovery())) < 0.001);
            QVERIFY(std::abs(bars[i].height / bars[i].seconds - scale) < 0.02 * scale);
            QVERIFY(bars[i].width > 3);
            QVERIFY(i == 0 || bars[i].x >= bars[i - 1].x + bars[i - 1].width);
        }
    }
    const QString html = htmlOf(sample::many(3));
    QVERIFY(html.contains(
        u"<title>No. 1, 2026-03-06 00:00:00 UTC: Failover master → backup, 3.0\u00A0s ±\u00A030\u00A0ms</title>"_s));
    QVERIFY(html.contains(u"class=\"rto\""_s));
}

void HtmlTest::measuresBarsAndRtoAlike() {
    ReportInput input = sample::quietDay();
    input.failovers = {sample::failover(100, 5.0)};
    const QString html = htmlOf(input);
    static const QRegularExpression kTop(u"data-seconds=\"5\" x=\"[0-9.]+\" y=\"([0-9.]+)\""_s);
    static const QRegularExpression kRto(u"class=\"rto\" x1=\"[0-9.]+\" x2=\"[0-9.]+\" y1=\"([0-9.]+)\""_s);
    QVERIFY(!kTop.match(html).captured(1).isEmpty());
    QCOMPARE(kTop.match(html).captured(1), kRto.match(html).captured(1));
}

void HtmlTest::summaryTone_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("tone");
    const auto row = [](const char* name, const char* tone, const Change& change) {
        QTest::newRow(name) << change << QString::fromLatin1(tone);
    };
    row("quiet", "good", [](ReportInput&) {});
    row("planned within the RTO", "good", [](ReportInput& in) { in.failovers = {sample::switchover(100, 3)}; });
    row("planned over the RTO", "warn", [](ReportInput& in) { in.failovers = {sample::switchover(100, 6)}; });
    row("unplanned", "warn", [](ReportInput& in) { in.failovers = {sample::failover(100, 3)}; });
    row("silent", "bad", [](ReportInput& in) { in.events = {sample::event(100, u"vip-silent"_s)}; });
    row("unwatched", "unknown", [](ReportInput& in) { in.covered.clear(); });
}

void HtmlTest::summaryTone() {
    QFETCH(Change, change);
    QFETCH(QString, tone);
    ReportInput input = sample::quietDay();
    change(input);
    QVERIFY(htmlOf(input).contains(u"class=\"summary %1\""_s.arg(tone)));
}

void HtmlTest::cutsAnOutlierAndSaysSo() {
    ReportInput input = sample::many(20);
    QVERIFY(!htmlOf(input).contains(u"class=\"break\""_s));
    input.failovers[7].endedAt = input.failovers[7].startedAt + std::chrono::hours(2);
    const QString html = htmlOf(input);
    QVERIFY(html.contains(u"class=\"break\""_s));
    QVERIFY(html.contains(u">2\u00A0h</text>"_s));
    const QList<DrawnBar> bars = barsOf(html);
    QCOMPARE(bars[7].seconds, 7200.0);
    QVERIFY(bars[8].height > 30); // the others can still be read
    QVERIFY(bars[7].height > bars[8].height);
}

void HtmlTest::groupsLoseNoMiss() {
    const ReportInput input = sample::many(1000);
    QElapsedTimer clock;
    clock.start();
    const QByteArray bytes = toHtml(makeReport(input));
    qInfo("1,000 failovers: %lld ms, %lld KiB", clock.elapsed(), static_cast<long long>(bytes.size() / 1024));
    const QString html = QString::fromUtf8(bytes);
    QCOMPARE(html.count(u"class=\"recovery\""_s), 1000); // the table has them all
    const QList<DrawnBar> bars = barsOf(html);
    QVERIFY(bars.size() > 20 && bars.size() <= 100);
    double worst = 0;
    double worstPlanned = 0;
    for (const DrawnBar& bar : bars) {
        QVERIFY(bar.width >= 4);
        double& mine = bar.planned ? worstPlanned : worst;
        mine = std::max(mine, bar.seconds);
    }
    double expected = 0;
    double expectedPlanned = 0;
    for (const Failover& failover : input.failovers) {
        double& mine = failover.planned() ? expectedPlanned : expected;
        mine = std::max(mine, toSeconds(failover.recovery()));
    }
    QVERIFY(std::abs(worst - expected) < 0.001);
    QVERIFY(std::abs(worstPlanned - expectedPlanned) < 0.001);
    QVERIFY(readable(html).contains(u"Of the 1000 failovers, neighbours share a bar"_s));
}

void HtmlTest::eventsAreTheNewest() {
    ReportInput input = sample::quietDay();
    for (int i = 0; i < kMostEvents + 20; ++i)
        input.events.append(sample::event(i, u"e%1"_s.arg(i)));
    const QString all = readable(htmlOf(input));
    QVERIFY(all.contains(u"The newest 500 of 520."_s));
    QVERIFY(all.contains(u"It was told that e519."_s));
    QVERIFY(all.contains(u"It was told that e20."_s));
    QVERIFY(!all.contains(u"It was told that e19."_s));
}

void HtmlTest::aYearIsBounded() {
    ReportInput input = sample::many(1000);
    input.until = input.now = at(365 * kDay);
    input.covered = {{input.from, input.until}};
    for (qsizetype i = 0; i < input.failovers.size(); ++i) {
        Failover& failover = input.failovers[i];
        const Duration later = fromSeconds(static_cast<double>(i) * 0.33 * kDay);
        failover.startedAt += later;
        failover.endedAt += later;
        for (int k = 0; k < 10; ++k)
            input.events.append(sample::event(toSeconds(failover.startedAt - at(0)) + k * 0.3, u"e"_s));
    }
    const ReportModel report = makeReport(input);
    QCOMPARE(frontWaterfalls(report).size(), kFrontWorst + kFrontLatest);
    QCOMPARE(appendixWaterfalls(report).size(), kMostWaterfalls);
    const QString html = htmlOf(input);
    QCOMPARE(html.count(u"<figure"_s), kFrontWorst + kFrontLatest + kMostWaterfalls);
    QVERIFY(html.indexOf(u"<h2>Appendix"_s) > html.indexOf(u"<h2>Events"_s));
    QVERIFY(readable(html).contains(u"The newest 100 of 1000."_s));
    QVERIFY2(html.size() < 4'000'000, qPrintable(QString::number(html.size())));
    QCOMPARE(faultOf(html), QString());
    QVERIFY(toCsv(report).size() < 500'000);
    QVERIFY(toJson(report).size() < 8'000'000);
}

void HtmlTest::noSecretInAnyFormat() {
    const ReportModel report = makeReport(filledWith(u"auth_pass hunter2 and password=hunter2"_s));
    for (const QString& text : {report.failovers[0].reason, report.actions[0].reason, report.actions[0].text,
                                report.actions[0].steps[0].detail, report.events[0].text})
        QVERIFY2(!text.contains(u"hunter2"_s), qPrintable(text));
    ReportInput input = sample::busyWeek();
    input.failovers[1].reason = input.actions[0].reason = input.events[0].text = u"auth_pass hunter2"_s;
    const ReportModel week = makeReport(input);
    for (const QByteArray& bytes : {toHtml(week), toCsv(week), toJson(week)}) {
        QVERIFY(!bytes.contains("hunter2"));
        QVERIFY(bytes.contains("auth_pass ***"));
    }
}

void HtmlTest::percent_data() {
    QTest::addColumn<double>("fraction");
    QTest::addColumn<QString>("text");
    QTest::newRow("all") << 1.0 << u"100 %"_s;
    QTest::newRow("nothing") << 0.0 << u"0.00 %"_s;
    QTest::newRow("half") << 0.5 << u"50.00 %"_s;
    QTest::newRow("down, not up") << 0.98999 << u"98.99 %"_s;
    QTest::newRow("three nines") << 0.9995 << u"99.95 %"_s;
    QTest::newRow("four nines") << 0.99991 << u"99.991 %"_s;
    QTest::newRow("six nines") << 0.9999991 << u"99.99991 %"_s;
    QTest::newRow("never 100") << 0.99999999999 << u"99.999999 %"_s;
    QTest::newRow("not by a rounding error") << 0.9 << u"90.00 %"_s;
}

void HtmlTest::percent() {
    QFETCH(double, fraction);
    QFETCH(QString, text);
    QCOMPARE(percentText(fraction).replace(QChar::Nbsp, u' '), text);
}

QTEST_GUILESS_MAIN(HtmlTest)
#include "html_test.moc"
