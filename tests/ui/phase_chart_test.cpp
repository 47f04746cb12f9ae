// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/phase_chart.h"
#include "ui/style.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace mha;
using namespace mha::test;

namespace {

QList<Failover> many(int count) {
    QList<Failover> failovers;
    for (int i = 1; i <= count; ++i) {
        Failover one;
        one.id = i;
        one.kind = FailoverKind::Failover;
        one.startedAt = nightAt(i * 1min);
        one.endedAt = one.startedAt + 4s;
        one.phases = {{u"detection"_s, 0s, 1s}, {u"election"_s, 1s, 3s}};
        failovers.append(one);
    }
    return failovers;
}

void turnWheel(QWidget& widget, int steps) {
    const QPointF place = QRectF(widget.rect()).center();
    QWheelEvent event(place, widget.mapToGlobal(place), {}, {0, 120 * steps}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

} // namespace

class PhaseChartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void wheelShowsFewerAndMore();
    void dragShowsOthers();
    void clickChooses();
    void keysChoose();
    void newOnesComeIntoSight();

private:
    Style style_{ThemeChoice::Light};
    std::unique_ptr<PhaseChart> chart_;
};

void PhaseChartTest::init() {
    chart_ = std::make_unique<PhaseChart>();
    chart_->resize(724, 200); // 600 of them the plot's
    chart_->showFailovers(many(1000), 5s);
    chart_->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart_.get()));
}

void PhaseChartTest::wheelShowsFewerAndMore() {
    const double pitch = chart_->view().pitch;
    turnWheel(*chart_, 2);
    QVERIFY(chart_->view().pitch > pitch);
    turnWheel(*chart_, -40);
    QCOMPARE(chart_->view(), chart_->bars().all(chart_->width()));
}

void PhaseChartTest::dragShowsOthers() {
    const QSignalSpy clicked(chart_.get(), &PhaseChart::barClicked);
    QTest::keyClick(chart_.get(), Qt::Key_Plus);
    const double first = chart_->view().first;
    QTest::mousePress(chart_.get(), Qt::LeftButton, {}, {200, 100});
    QTest::mouseMove(chart_.get(), {300, 100});
    QTest::mouseRelease(chart_.get(), Qt::LeftButton, {}, {300, 100});
    QVERIFY(std::abs(chart_->view().first - (first - 100 / chart_->view().pitch)) < 0.01);
    QCOMPARE(clicked.count(), 0); // no click at the end of a drag
}

void PhaseChartTest::clickChooses() {
    QSignalSpy clicked(chart_.get(), &PhaseChart::barClicked);
    const double x = 300;
    const qsizetype index = chart_->bars().indexAt(chart_->view(), chart_->width(), x);
    QTest::mouseClick(chart_.get(), Qt::LeftButton, {}, {int(x), 100});
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.first().first().toLongLong(), index + 1);
    QCOMPARE(chart_->selected(), index + 1);
    QTest::mouseMove(chart_.get(), {int(x), 90});
    QVERIFY2(chart_->told().contains(u"election"_s), qPrintable(chart_->told()));
}

void PhaseChartTest::keysChoose() {
    QSignalSpy clicked(chart_.get(), &PhaseChart::barClicked);
    QTest::keyClick(chart_.get(), Qt::Key_Left);
    QCOMPARE(chart_->selected(), qint64(1000));
    QTest::keyClick(chart_.get(), Qt::Key_Left);
    QCOMPARE(chart_->selected(), qint64(999));
    QTest::keyClick(chart_.get(), Qt::Key_Home);
    QCOMPARE(chart_->selected(), qint64(1));
    QCOMPARE(chart_->view().first, 0.0);
    QTest::keyClick(chart_.get(), Qt::Key_Left);
    QCOMPARE(chart_->selected(), qint64(1));
    QTest::keyClick(chart_.get(), Qt::Key_End);
    QCOMPARE(clicked.last().first().toLongLong(), 1000);
    // A row of the table that is not here leaves none chosen.
    chart_->select(5000);
    QCOMPARE(chart_->selected(), qint64(0));
}

/// Who looks at the newest goes on doing so; who reads elsewhere is left there.
void PhaseChartTest::newOnesComeIntoSight() {
    chart_->showFailovers(many(1001), 5s);
    QCOMPARE(chart_->view(), chart_->bars().newest(chart_->view().pitch, chart_->width()));
    QTest::keyClick(chart_.get(), Qt::Key_Home);
    chart_->showFailovers(many(1002), 5s);
    QCOMPARE(chart_->view().first, 0.0);
}

QTEST_MAIN(PhaseChartTest)
#include "phase_chart_test.moc"
