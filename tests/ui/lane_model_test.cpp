// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/lane_model.h"

#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

constexpr int kVip = LaneModel::ThroughVip;
constexpr int kMasterContainer = LaneModel::FirstOfNode + 2;

const QList<LaneSpan>& spans(const LaneModel& model, int lane) {
    return model.lanes().at(std::size_t(lane)).spans;
}

} // namespace

class LaneModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameLooksAreOneSpan();
    void aChangeEndsASpanExactlyThere();
    void aPictureOlderThanTheTickCutsBack();
    void looks_data();
    void looks();
    void nobodyWatchedIsAGap();
    void boundedInTime();
    void boundedInNumber();
    void neighboursAndHits();
};

void LaneModelTest::sameLooksAreOneSpan() {
    LaneModel model;
    QVERIFY(model.empty());
    for (int i = 0; i < 10; ++i)
        model.add(healthy(nightAt(i * 250ms)));
    QVERIFY(!model.empty());
    for (int lane = 0; lane < LaneModel::kLanes; ++lane)
        QCOMPARE(spans(model, lane).size(), 1);
    QCOMPARE(spans(model, kVip).first().from, nightAt());
    QCOMPARE(spans(model, kVip).first().until, nightAt(2250ms));
}

void LaneModelTest::aChangeEndsASpanExactlyThere() {
    LaneModel model;
    model.add(healthy(nightAt()));
    model.add(down(nightAt(1s)));
    model.add(healthy(nightAt(5400ms)));
    model.tick(nightAt(6s));
    const QList<LaneSpan> expected{{nightAt(), nightAt(1s), LaneMark::Good, u"answers"_s},
                                   {nightAt(1s), nightAt(5400ms), LaneMark::Bad, u"no answer"_s},
                                   {nightAt(5400ms), nightAt(6s), LaneMark::Good, u"answers"_s}};
    QCOMPARE(spans(model, kVip), expected);
}

void LaneModelTest::aPictureOlderThanTheTickCutsBack() {
    LaneModel model;
    model.add(healthy(nightAt()));
    model.tick(nightAt(1s));
    model.add(down(nightAt(950ms)));
    QCOMPARE(spans(model, kVip).size(), 2);
    QCOMPARE(spans(model, kVip).at(0).until, nightAt(950ms));
    QCOMPARE(spans(model, kVip).at(1).from, nightAt(950ms));
    QCOMPARE(spans(model, kVip).at(1).until, nightAt(1s));
}

void LaneModelTest::looks_data() {
    QTest::addColumn<Picture>("picture");
    QTest::addColumn<int>("lane");
    QTest::addColumn<int>("mark");
    const int backup = LaneModel::FirstOfNode + LaneModel::kLanesPerNode;
    const auto row = [](const char* name, const Picture& picture, int lane, LaneMark mark) {
        QTest::newRow(name) << picture << lane << int(mark);
    };
    row("healthy: through the VIP", healthy(), kVip, LaneMark::Good);
    row("healthy: MASTER", healthy(), LaneModel::FirstOfNode, LaneMark::Good);
    row("healthy: VIP here", healthy(), LaneModel::FirstOfNode + 1, LaneMark::Good);
    row("healthy: BACKUP", healthy(), backup, LaneMark::Idle);
    row("healthy: VIP not here", healthy(), backup + 1, LaneMark::Idle);
    row("healthy: standby stopped", healthy(), backup + 2, LaneMark::Idle);
    row("healthy: standby not serving", healthy(), backup + 3, LaneMark::Idle);
    row("down: through the VIP", down(), kVip, LaneMark::Bad);
    row("degraded: keepalived stopped", degraded(), backup, LaneMark::Bad);
    row("two writers: both run", twoWriters(), backup + 2, LaneMark::Good);
    // Unknown is never green: what was seen before the silence does not count.
    for (int lane = 0; lane < LaneModel::kLanes; ++lane)
        QTest::addRow("unknown: lane %d", lane) << unknown() << lane << int(LaneMark::Unknown);
    row("refused node", refused(), backup + 2, LaneMark::Unknown);
}

void LaneModelTest::looks() {
    QFETCH(Picture, picture);
    QFETCH(int, lane);
    QFETCH(int, mark);
    LaneModel model;
    model.add(picture);
    QCOMPARE(int(spans(model, lane).last().mark), mark);
    QVERIFY(!spans(model, lane).last().text.isEmpty());
}

void LaneModelTest::nobodyWatchedIsAGap() {
    LaneModel model;
    model.add(healthy(nightAt()));
    model.tick(nightAt(2s));
    model.tick(nightAt(10min));
    QCOMPARE(spans(model, kVip).last().until, nightAt(2s));
    QCOMPARE(model.at(kVip, nightAt(5min)), nullptr);
    model.add(healthy(nightAt(10min + 1s)));
    QCOMPARE(spans(model, kVip).size(), 2);
    QCOMPARE(spans(model, kVip).last().from, nightAt(10min + 1s));
}

void LaneModelTest::boundedInTime() {
    LaneModel model;
    for (int i = 0; i < 4000; ++i)
        model.add(i % 2 == 0 ? healthy(nightAt(i * 2s)) : down(nightAt(i * 2s)));
    QVERIFY(spans(model, kVip).first().until >= model.end() - LaneModel::kKept);
}

void LaneModelTest::boundedInNumber() {
    LaneModel model;
    for (int i = 0; i < 2 * LaneModel::kMostSpans + 10; ++i)
        model.add(i % 2 == 0 ? healthy(nightAt(i * 1ms)) : down(nightAt(i * 1ms)));
    QCOMPARE(spans(model, kMasterContainer).size(), LaneModel::kMostSpans);
}

void LaneModelTest::neighboursAndHits() {
    LaneModel model;
    model.add(healthy(nightAt()));
    model.add(down(nightAt(1s)));
    model.add(healthy(nightAt(3s)));
    model.tick(nightAt(4s));
    QCOMPARE(model.at(kVip, nightAt(500ms))->mark, LaneMark::Good);
    QCOMPARE(model.at(kVip, nightAt(1s))->mark, LaneMark::Bad);
    QCOMPARE(model.at(kVip, nightAt(4s))->mark, LaneMark::Good);
    QCOMPARE(model.at(kVip, nightAt(-1s)), nullptr);
    QCOMPARE(model.neighbour(kVip, nightAt(500ms), 1), nightAt(1s));
    QCOMPARE(model.neighbour(kVip, nightAt(3500ms), -1), nightAt(3s));
    QCOMPARE(model.neighbour(kVip, nightAt(3500ms), 1), nightAt(3500ms));
}

QTEST_MAIN(LaneModelTest)
#include "lane_model_test.moc"
