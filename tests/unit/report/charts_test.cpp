// SPDX-License-Identifier: GPL-3.0-or-later

// The layout of the waterfall and of the bars of recovery times.

#include "report/recovery_bars.h"
#include "report/svg.h"
#include "report/waterfall.h"
#include "report_sample.h"

#include <QtTest>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr double kWidth = 800;
constexpr double kHeight = 240;

template <typename T> QList<T> marksOf(const Drawing& drawing) {
    QList<T> found;
    for (const Mark& mark : drawing.marks) {
        if (const T* one = std::get_if<T>(&mark))
            found.append(*one);
    }
    return found;
}

QStringList textsOf(const Drawing& drawing) {
    QStringList texts;
    for (const Words& words : marksOf<Words>(drawing))
        texts.append(QString(words.text).replace(QChar::Nbsp, u' '));
    return texts;
}

Failover flap() {
    Failover failover = sample::failover(100, 4);
    for (Phase& phase : failover.phases)
        phase.node = u"backup"_s;
    failover.phases[0].node = u"master"_s;
    failover.phases[3].parallel = true;
    failover.moves = {{u"master"_s, u"backup"_s, failover.startedAt + 1s},
                      {u"backup"_s, u"master"_s, failover.startedAt + 2s},
                      {u"master"_s, u"backup"_s, failover.startedAt + 3s}};
    return failover;
}

QList<Failover> unplanned(int count) {
    QList<Failover> failovers;
    for (int i = 0; i < count; ++i) {
        failovers.append(sample::failover(i * 100, 3 + i % 5 * 0.5));
        failovers.last().id = i + 1;
    }
    return failovers;
}

RecoveryBars bars(int count) {
    return {unplanned(count), 5s, QTimeZone::utc()};
}

} // namespace

class ChartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waterfallIsToScale();
    void waterfallSaysAll();
    void waterfallStaysInside_data();
    void waterfallStaysInside();
    void waterfallAsCsv();
    void barsStackToTheRecovery();
    void drawsOnlyWhatIsInSight();
    void panningIsHeldAtTheEnds();
    void zoomKeepsThePlaceUnderThePointer();
    void aGroupStandsForItsWorst();
    void findsTheBarUnderThePointer();
    void showsTheChosen();
    void nothing();
};

void ChartsTest::waterfallIsToScale() {
    const Failover failover = flap();
    const QList<Box> boxes = marksOf<Box>(waterfall(failover, {}, 5s, QTimeZone::utc(), 960));
    QCOMPARE(boxes.size(), 1 + failover.phases.size());
    const double scale = boxes[0].width / 4.0;
    for (qsizetype i = 0; i < failover.phases.size(); ++i) {
        const Phase& phase = failover.phases[i];
        const Box& box = boxes[i + 1];
        QVERIFY(std::abs(box.x - boxes[0].x - toSeconds(phase.start) * scale) < 0.01);
        QVERIFY(std::abs(box.width - std::max(1.5, toSeconds(phase.duration) * scale)) < 0.01);
        QCOMPARE(box.hollow, phase.parallel);
        QVERIFY(box.y >= boxes[i].y + boxes[i].height); // each in a row of its own
    }
    // The line of the RTO is at 5 s on the same axis.
    const QList<Stroke> strokes = marksOf<Stroke>(waterfall(failover, {}, 5s, QTimeZone::utc(), 960));
    const auto rto = std::ranges::find(strokes, Ink::Rto, &Stroke::ink);
    QVERIFY(rto != strokes.end());
    QVERIFY(std::abs(rto->x1 - boxes[0].x - 5 * scale) < 0.01);
}

void ChartsTest::waterfallSaysAll() {
    Event event = sample::event(101, u"vip-lost"_s, Severity::Error);
    Event outside = sample::event(5000, u"later"_s);
    const Drawing drawing = waterfall(flap(), {event, outside}, 5s, QTimeZone::utc(), 960);
    const QStringList texts = textsOf(drawing);
    for (const auto& text : {u"outage"_s, u"4.0 s ± 30 ms"_s, u"detection"_s, u"master"_s, u"1.7 s ± 20 ms"_s,
                             u"0.52 s ± 20 ms, beside"_s, u"3 moves"_s, u"events"_s, u"RTO 5 s"_s})
        QVERIFY2(texts.contains(text), qPrintable(text + u" is not in "_s + texts.join(u'|')));
    const QList<Diamond> moments = marksOf<Diamond>(drawing);
    QCOMPARE(moments.size(), 4); // three moves, one event
    QVERIFY(moments[3].tip.contains(u"It was told that vip-lost."_s));
    QVERIFY(moments[0].x < moments[1].x && moments[1].x < moments[2].x);
    QVERIFY(toSvg(drawing).toUtf8().contains("<title>"));
}

void ChartsTest::waterfallStaysInside_data() {
    QTest::addColumn<Failover>("failover");
    QTest::addColumn<double>("width");
    Failover longer = flap();
    longer.endedAt = longer.startedAt + 2h;
    Failover early = flap();
    early.phases[0].start = -3s;
    Failover unsure = flap();
    unsure.error = 20s;
    Failover none = sample::switchover(5, 0);
    none.phases.clear();
    Failover named = flap();
    named.phases[0].node = QString(200, u'm');
    QTest::newRow("flap") << flap() << 960.0;
    QTest::newRow("hours") << longer << 960.0;
    QTest::newRow("begins before") << early << 960.0;
    QTest::newRow("unsure") << unsure << 960.0;
    QTest::newRow("no outage") << none << 960.0;
    QTest::newRow("narrow") << flap() << 420.0;
    QTest::newRow("long name") << named << 700.0;
}

void ChartsTest::waterfallStaysInside() {
    QFETCH(Failover, failover);
    QFETCH(double, width);
    const Drawing drawing = waterfall(failover, {}, 5s, QTimeZone::utc(), width);
    QVERIFY(drawing.height > 40);
    for (const Box& box : marksOf<Box>(drawing))
        QVERIFY(box.x >= 0 && box.width > 0 && box.x + box.width <= width && box.y + box.height <= drawing.height);
    for (const Stroke& stroke : marksOf<Stroke>(drawing))
        QVERIFY(stroke.x1 >= 0 && stroke.x2 <= width && stroke.y2 <= drawing.height);
}

void ChartsTest::waterfallAsCsv() {
    const QList<QByteArray> lines = waterfallCsv(flap()).split('\n');
    QCOMPARE(lines.size(), 1 + 1 + 5 + 3 + 1);
    QCOMPARE(lines[0], "what,node,start_s,duration_s,error_s,parallel\r");
    QCOMPARE(lines[1], "outage,,0.000000,4.000000,0.030000,no\r");
    QCOMPARE(lines[5], "container,backup,2.280000,0.520000,0.020000,yes\r");
}

void ChartsTest::barsStackToTheRecovery() {
    const RecoveryBars one({flap()}, 5s, QTimeZone::utc());
    const QList<Box> boxes = marksOf<Box>(one.draw({}, kWidth, kHeight, 0));
    double top = kHeight;
    double height = 0;
    for (const Box& box : boxes) {
        top = std::min(top, box.y);
        height += box.height;
    }
    // What the parallel phase leaves open is filled, so that the bar is as high as its recovery.
    QCOMPARE(boxes.last().ink, Ink::OtherPhase);
    const RecoveryBars plain({sample::switchover(1, 4)}, 5s, QTimeZone::utc());
    double plainHeight = 0;
    for (const Box& box : marksOf<Box>(plain.draw({}, kWidth, kHeight, 0)))
        plainHeight += box.height;
    QVERIFY(std::abs(height - plainHeight) < 1);
    QVERIFY(top > 0);
}

void ChartsTest::drawsOnlyWhatIsInSight() {
    const RecoveryBars many = bars(10000);
    for (const BarView& view : {BarView{5000, 14}, BarView{0, 0.0}, BarView{9999, 48}, many.all(kWidth)}) {
        const Drawing drawing = many.draw(view, kWidth, kHeight, 0);
        QVERIFY(drawing.marks.size() < 1200);
        for (const Box& box : marksOf<Box>(drawing))
            QVERIFY(box.x >= 0 && box.x + box.width <= kWidth);
    }
}

void ChartsTest::panningIsHeldAtTheEnds() {
    const RecoveryBars many = bars(1000);
    QCOMPARE(many.fitted({-50, 14}, kWidth).first, 0.0);
    const BarView last = many.fitted({5000, 14}, kWidth);
    QCOMPARE(last, many.newest(14, kWidth));
    QVERIFY(last.first > 900 && last.first < 1000);
    QCOMPARE(bars(3).fitted({2, 14}, kWidth).first, 0.0); // all of them have room
}

void ChartsTest::zoomKeepsThePlaceUnderThePointer() {
    const RecoveryBars many = bars(1000);
    const BarView before{500, 10};
    const qsizetype index = many.indexAt(before, kWidth, 300);
    const BarView near = many.zoomed(before, 2, 300, kWidth);
    QCOMPARE(near.pitch, 20.0);
    QCOMPARE(many.indexAt(near, kWidth, 300), index);
    BarView far = before;
    for (int i = 0; i < 40; ++i)
        far = many.zoomed(far, 0.5, 300, kWidth);
    QCOMPARE(far, many.all(kWidth));
}

void ChartsTest::aGroupStandsForItsWorst() {
    QList<Failover> failovers = unplanned(10000);
    failovers[7777].endedAt = failovers[7777].startedAt + 9s;
    const RecoveryBars many(failovers, 5s, QTimeZone::utc());
    const BarView view = many.all(kWidth);
    bool found = false;
    for (double x = 0; x < kWidth && !found; ++x)
        found = many.indexAt(view, kWidth, x) == 7777;
    QVERIFY(found);
    QVERIFY(many.tipAt(view, kWidth, 300).startsWith(u"The worst of "_s));
}

void ChartsTest::findsTheBarUnderThePointer() {
    const RecoveryBars ten = bars(10);
    const BarView view{0, 14};
    QCOMPARE(ten.indexAt(view, kWidth, 40 + 7), 0);
    QCOMPARE(ten.indexAt(view, kWidth, 40 + 14 * 9 + 7), 9);
    QCOMPARE(ten.indexAt(view, kWidth, 40 + 14 * 10 + 7), -1);
    QCOMPARE(ten.indexAt(view, kWidth, 3), -1);
    const QString tip = ten.tipAt(view, kWidth, 40 + 14 * 2 + 7).replace(QChar::Nbsp, u' ');
    QVERIFY2(tip.startsWith(u"2026-03-01 00:03:20.000 UTC: Failover master → backup, 4.0 s ± 30 ms\ndetection 1.7 s"_s),
             qPrintable(tip));
}

void ChartsTest::showsTheChosen() {
    const RecoveryBars many = bars(1000);
    BarView view = many.newest(14, kWidth);
    view = many.showing(view, 3, kWidth);
    QVERIFY(view.first <= 3);
    QCOMPARE(many.showing(view, 4, kWidth), view); // it is in sight already
    const QList<Box> boxes = marksOf<Box>(many.draw(view, kWidth, kHeight, 4));
    QCOMPARE(std::ranges::count(boxes, Ink::Selection, &Box::ink), 1);
}

void ChartsTest::nothing() {
    const RecoveryBars none({}, 5s, QTimeZone::utc());
    QVERIFY(marksOf<Box>(none.draw({}, kWidth, kHeight, 0)).isEmpty());
    QCOMPARE(none.indexAt({}, kWidth, 200), -1);
    QVERIFY(none.tipAt({}, kWidth, 200).isEmpty());
}

QTEST_APPLESS_MAIN(ChartsTest)
#include "charts_test.moc"
