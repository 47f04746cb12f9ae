// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/lane_past.h"

#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

constexpr int kVip = LaneModel::ThroughVip;
constexpr int kMaster = LaneModel::FirstOfNode;
constexpr int kBackup = kMaster + LaneModel::kLanesPerNode;
const std::array<QString, 2> kNodes{u"master"_s, u"backup"_s};

Event told(Duration after, const char* code, const QString& node = {}) {
    Event result;
    result.at = nightAt(after);
    result.node = node;
    result.code = QString::fromLatin1(code);
    return result;
}

LaneSpan span(Duration from, Duration until, const LaneLook& look) {
    return {nightAt(from), nightAt(until), look.mark, look.text};
}

const QList<LaneSpan>& of(const LanePast& past, int lane) {
    return past.spans.at(std::size_t(lane));
}

} // namespace

class LanePastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFailoverIsDrawn();
    void anEventSaysWhatWasBefore();
    void nothingIsCarriedOverAGap();
    void nothingIsCarriedOverWhatWasRebuilt();
    void outOfSightIsUnknown();
    void unknownCodesAndNodesAreNothing();
    void quietWatchIsFilledFromTheFirstPicture();
    void quietWatchThatEndedIsLeftEmpty();
    void ourOwnSightCounts();
    void whatIsRebuiltLaterIsDrawn();
};

void LanePastTest::aFailoverIsDrawn() {
    const LanePast past = lanePastOf({told(10s, "container-died", u"master"_s), told(10s, "vip-silent"),
                                      told(12s, "vip-released", u"master"_s), told(12s, "vrrp-master", u"backup"_s),
                                      told(12s, "vip-acquired", u"backup"_s),
                                      told(13s, "container-started", u"backup"_s), told(14s, "vip-answers")},
                                     {{nightAt(), nightAt(60s)}}, kNodes, nightAt(90s));
    QCOMPARE(of(past, kVip),
             (QList<LaneSpan>{span(0s, 10s, LaneLooks::throughVip(true)), span(10s, 14s, LaneLooks::throughVip(false)),
                              span(14s, 60s, LaneLooks::throughVip(true))}));
    QCOMPARE(of(past, kMaster + 1),
             (QList<LaneSpan>{span(0s, 12s, LaneLooks::vip(true)), span(12s, 60s, LaneLooks::vip(false))}));
    QCOMPARE(of(past, kBackup), (QList<LaneSpan>{span(12s, 60s, LaneLooks::vrrp(VrrpState::Master))}));
    QCOMPARE(of(past, kBackup + 2), (QList<LaneSpan>{span(0s, 13s, LaneLooks::container(ContainerState::Exited)),
                                                     span(13s, 60s, LaneLooks::container(ContainerState::Running))}));
    QVERIFY(of(past, kMaster).isEmpty());
}

void LanePastTest::anEventSaysWhatWasBefore() {
    // Where more than one thing can have been, nothing is drawn.
    const LanePast past = lanePastOf({told(5s, "vrrp-fault", u"master"_s), told(6s, "milvus-silent", u"master"_s)},
                                     {{nightAt(), nightAt(8s)}}, kNodes, nightAt(90s));
    QCOMPARE(of(past, kMaster), (QList<LaneSpan>{span(5s, 8s, LaneLooks::vrrp(VrrpState::Fault))}));
    QCOMPARE(of(past, kMaster + 3),
             (QList<LaneSpan>{span(0s, 6s, LaneLooks::serving()), span(6s, 8s, LaneLooks::notServing(false))}));
}

void LanePastTest::nothingIsCarriedOverAGap() {
    // The middle two overlap: two recorders at once.
    const LanePast past = lanePastOf(
        {told(5s, "vip-silent"), told(40s, "vip-silent")},
        {{nightAt(), nightAt(10s)}, {nightAt(30s), nightAt(45s)}, {nightAt(35s), nightAt(50s)}}, kNodes, nightAt(90s));
    QCOMPARE(
        of(past, kVip),
        (QList<LaneSpan>{span(0s, 5s, LaneLooks::throughVip(true)), span(5s, 10s, LaneLooks::throughVip(false)),
                         span(30s, 40s, LaneLooks::throughVip(true)), span(40s, 50s, LaneLooks::throughVip(false))}));
}

void LanePastTest::nothingIsCarriedOverWhatWasRebuilt() {
    // The logs tell who was master; of the answers through the VIP they know nothing, and a lost time tells nothing.
    const LanePast past = lanePastOf({told(5s, "vip-answers"), told(20s, "vrrp-master", u"master"_s)},
                                     {{nightAt(), nightAt(10s)},
                                      {nightAt(10s), nightAt(30s), CoverageSource::Reconstructed},
                                      {nightAt(30s), nightAt(40s), CoverageSource::Lost}},
                                     kNodes, nightAt(90s));
    QCOMPARE(of(past, kVip),
             (QList<LaneSpan>{span(0s, 5s, LaneLooks::throughVip(false)), span(5s, 10s, LaneLooks::throughVip(true))}));
    QCOMPARE(of(past, kMaster), (QList<LaneSpan>{span(20s, 30s, LaneLooks::vrrp(VrrpState::Master))}));
}

void LanePastTest::outOfSightIsUnknown() {
    const LanePast past = lanePastOf({told(5s, "vip-acquired", u"master"_s), told(10s, "node-lost", u"master"_s),
                                      told(20s, "node-back", u"master"_s), told(21s, "vip-released", u"master"_s)},
                                     {{nightAt(), nightAt(30s)}}, kNodes, nightAt(90s));
    QCOMPARE(of(past, kMaster + 1),
             (QList<LaneSpan>{span(0s, 5s, LaneLooks::vip(false)), span(5s, 10s, LaneLooks::vip(true)),
                              span(10s, 20s, LaneLooks::unknown()), span(20s, 21s, LaneLooks::vip(true)),
                              span(21s, 30s, LaneLooks::vip(false))}));
    QVERIFY(of(past, kBackup + 1).isEmpty());
}

void LanePastTest::unknownCodesAndNodesAreNothing() {
    const LanePast past = lanePastOf({told(1s, "verdict-healthy"), told(2s, "vip-acquired", u"old-name"_s)},
                                     {{nightAt(), nightAt(8s)}}, kNodes, nightAt(90s));
    for (const QList<LaneSpan>& spans : past.spans)
        QVERIFY(spans.isEmpty());
}

void LanePastTest::quietWatchIsFilledFromTheFirstPicture() {
    // A recorder runs beside us since 60 s and had nothing to tell of the VIP.
    const LanePast past = lanePastOf({told(20s, "vip-silent"), told(21s, "vip-answers")}, {{nightAt(), nightAt(57s)}},
                                     kNodes, nightAt(60s));
    LaneModel before;
    before.setPast(past);
    before.add(healthy(nightAt(61s)));
    LaneModel after; // the picture was sooner than the history
    after.add(healthy(nightAt(61s)));
    after.setPast(past);
    for (const LaneModel& model : {before, after}) {
        const QList<LaneSpan>& vip = model.lanes().at(kMaster + 1).spans;
        QCOMPARE(vip.first(), span(0s, 61s, LaneLooks::vip(true)));
        QCOMPARE(model.at(kVip, nightAt(20500ms))->mark, LaneMark::Bad);
        QCOMPARE(model.at(kVip, nightAt(59s))->mark, LaneMark::Good);
        QCOMPARE(model.at(kVip, nightAt(61s))->mark, LaneMark::Good);
    }
}

void LanePastTest::quietWatchThatEndedIsLeftEmpty() {
    LaneModel model;
    model.setPast(lanePastOf({}, {{nightAt(), nightAt(30s)}}, kNodes, nightAt(60s)));
    model.add(healthy(nightAt(61s)));
    QCOMPARE(model.at(kMaster + 1, nightAt(20s)), nullptr);
    QCOMPARE(model.at(kVip, nightAt(50s)), nullptr);
}

void LanePastTest::ourOwnSightCounts() {
    LaneModel model;
    model.add(down(nightAt(50s)));
    model.tick(nightAt(52s));
    model.setPast(lanePastOf({told(49s, "vip-answers"), told(51s, "vip-silent")}, {{nightAt(), nightAt(57s)}}, kNodes,
                             nightAt(60s)));
    QCOMPARE(model.lanes().at(kVip).spans,
             (QList<LaneSpan>{span(0s, 49s, LaneLooks::throughVip(false)), span(49s, 50s, LaneLooks::throughVip(true)),
                              span(50s, 52s, LaneLooks::throughVip(false))}));
}

void LanePastTest::whatIsRebuiltLaterIsDrawn() {
    const QList<Event> watched{told(5s, "vip-silent"), told(7s, "vip-answers")};
    const QList<Coverage> seen{{nightAt(), nightAt(10s)}, {nightAt(50s), nightAt(57s)}};
    LaneModel model;
    model.setPast(lanePastOf(watched, seen, kNodes, nightAt(50s)));
    model.add(healthy(nightAt(50s)));
    model.tick(nightAt(52s));
    const QList<LaneSpan> vip = model.lanes().at(kVip).spans;
    QCOMPARE(model.at(kMaster, nightAt(40s)), nullptr);

    // The same once more, and what the logs tell of the time between.
    model.setPast(lanePastOf(watched + QList{told(30s, "vrrp-master", u"master"_s)},
                             {seen[0], {nightAt(10s), nightAt(50s), CoverageSource::Reconstructed}, seen[1]}, kNodes,
                             nightAt(57s)));
    QCOMPARE(model.lanes().at(kVip).spans, vip);
    QCOMPARE(model.lanes().at(kMaster).spans, (QList<LaneSpan>{span(30s, 50s, LaneLooks::vrrp(VrrpState::Master)),
                                                               span(50s, 52s, LaneLooks::vrrp(VrrpState::Master))}));
}

QTEST_MAIN(LanePastTest)
#include "lane_past_test.moc"
