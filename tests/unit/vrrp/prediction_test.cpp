// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample.h"
#include "vrrp/prediction.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

struct Nodes {
    VrrpInstance active;
    VrrpInstance standby;
};

Nodes guide(int active = 110, int standby = 91) {
    return {sample::guide("10.77.0.1", active), sample::guide("10.77.0.2", standby)};
}

Nodes tuned(int active = 110, int standby = 91) {
    return {sample::instance("10.77.0.1", active), sample::instance("10.77.0.2", standby)};
}

Nodes nopreempt(Nodes nodes) {
    nodes.active.preempt = nodes.standby.preempt = false;
    return nodes;
}

Nodes delayed(Nodes nodes, Duration delay) {
    nodes.standby.preemptDelay = delay;
    return nodes;
}

} // namespace

Q_DECLARE_METATYPE(Nodes)
Q_DECLARE_METATYPE(VrrpFault)

class PredictionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void predicts_data();
    void predicts();
    void doesNotMove_data();
    void doesNotMove();
    void tellsEveryFault();
};

/// The formulas of the measured table: T the interval, s the standby's skew.
void PredictionTest::predicts_data() {
    QTest::addColumn<Nodes>("nodes");
    QTest::addColumn<VrrpFault>("fault");
    QTest::addColumn<double>("min_s");
    QTest::addColumn<double>("max_s");
    constexpr double kSlow = 165.0 / 256;
    constexpr double kFast = kSlow / 10;
    QTest::newRow("guide, dies: 2T+s..3T+s") << guide() << VrrpFault::ActiveDies << 2 + kSlow << 3 + kSlow;
    QTest::newRow("guide, link cut") << guide() << VrrpFault::LinkCut << 2 + kSlow << 3 + kSlow;
    QTest::newRow("guide, fault: s") << guide() << VrrpFault::Fault << kSlow << kSlow;
    QTest::newRow("guide, shutdown: s") << guide() << VrrpFault::Shutdown << kSlow << kSlow;
    QTest::newRow("guide, priority: 2T+s..3T+s") << guide() << VrrpFault::PriorityFalls << 2 + kSlow << 3 + kSlow;
    QTest::newRow("0.1 s, dies") << tuned() << VrrpFault::ActiveDies << .2 + kFast << .3 + kFast;
    QTest::newRow("0.1 s, fault") << tuned() << VrrpFault::Fault << kFast << kFast;
    QTest::newRow("0.1 s, priority") << tuned() << VrrpFault::PriorityFalls << .2 + kFast << .3 + kFast;
    QTest::newRow("equal priorities") << tuned(91, 91) << VrrpFault::ActiveDies << .2 + kFast << .3 + kFast;
    QTest::newRow("the active one has 255") << tuned(255, 91) << VrrpFault::Fault << kFast << kFast;
    QTest::newRow("nopreempt, the standby is the higher one")
        << nopreempt(tuned(91, 110)) << VrrpFault::ActiveDies << .2 + 14.6 / 256 << .3 + 14.6 / 256;
    // A lowered priority is let be for the delay, up to the last advert in it, and then waited out.
    QTest::newRow("preempt delay, priority")
        << delayed(tuned(), 1s) << VrrpFault::PriorityFalls << 1.2 + kFast << 1.3 + kFast;
}

void PredictionTest::predicts() {
    QFETCH(Nodes, nodes);
    QFETCH(VrrpFault, fault);
    QFETCH(double, min_s);
    QFETCH(double, max_s);
    const VrrpTakeover takeover = predictTakeover(nodes.active, nodes.standby, fault);
    QVERIFY2(takeover.moves, qPrintable(takeover.reason));
    const double microsecond = 2e-6; // the skew is rounded down to one
    QVERIFY2(std::abs(toSeconds(takeover.min) - min_s) <= microsecond, qPrintable(toText(takeover.min)));
    QVERIFY2(std::abs(toSeconds(takeover.max) - max_s) <= microsecond, qPrintable(toText(takeover.max)));
}

void PredictionTest::doesNotMove_data() {
    QTest::addColumn<Nodes>("nodes");
    QTest::addColumn<VrrpFault>("fault");
    QTest::newRow("priority stays above") << tuned(150, 91) << VrrpFault::PriorityFalls;
    QTest::newRow("nopreempt ignores a lowered priority") << nopreempt(tuned()) << VrrpFault::PriorityFalls;
    QTest::newRow("an owner's priority does not fall") << tuned(255, 91) << VrrpFault::PriorityFalls;
    QTest::newRow("the standby preempts anyway") << tuned(91, 110) << VrrpFault::ActiveDies;
    QTest::newRow("the standby is the owner") << tuned(91, 255) << VrrpFault::ActiveDies;
    Nodes other = guide();
    other.standby.advertInterval = 2s;
    QTest::newRow("V2 with two intervals") << other << VrrpFault::ActiveDies;
    other = tuned();
    other.standby.version = VrrpVersion::V2;
    QTest::newRow("two versions") << other << VrrpFault::ActiveDies;
}

void PredictionTest::doesNotMove() {
    QFETCH(Nodes, nodes);
    QFETCH(VrrpFault, fault);
    const VrrpTakeover takeover = predictTakeover(nodes.active, nodes.standby, fault);
    QVERIFY(!takeover.moves);
    QVERIFY(!takeover.reason.isEmpty());
}

void PredictionTest::tellsEveryFault() {
    const auto all = predictTakeovers(guide().active, guide().standby);
    QCOMPARE(all.size(), kVrrpFaults);
    QSet<QString> names;
    for (int i = 0; i < kVrrpFaults; ++i) {
        QCOMPARE(all.at(i).fault, static_cast<VrrpFault>(i));
        names.insert(vrrpFaultName(all.at(i).fault));
        QVERIFY(!vrrpFaultText(all.at(i).fault).isEmpty());
    }
    QCOMPARE(names.size(), kVrrpFaults);
}

QTEST_GUILESS_MAIN(PredictionTest)
#include "prediction_test.moc"
