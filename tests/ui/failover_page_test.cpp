// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/chart_panel.h"
#include "ui/chart_view.h"
#include "ui/empty_state.h"
#include "ui/failover_chart.h"
#include "ui/failover_detail.h"
#include "ui/failover_page.h"
#include "ui/phase_chart.h"
#include "ui/style.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStackedBarSeries>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

Failover failover(qint64 id, Duration after, Duration recovery, bool planned) {
    Failover one;
    one.id = id;
    one.pair = u"milvus-prod"_s;
    one.kind = planned ? FailoverKind::Switchover : FailoverKind::Failover;
    one.trigger = planned ? u"planned"_s : u"container-died"_s;
    one.from = id % 2 == 0 ? u"master"_s : u"backup"_s;
    one.to = id % 2 == 0 ? u"backup"_s : u"master"_s;
    one.startedAt = nightAt(after);
    one.endedAt = one.startedAt + recovery;
    one.error = 5ms;
    if (planned) {
        one.operatorName = u"anna@desk"_s;
        one.reason = u"kernel update"_s;
    }
    return one;
}

ReportModel report(const QList<Failover>& failovers) {
    ReportInput input;
    input.pair = pairOfTheGuide();
    input.from = nightAt(-24h);
    input.until = nightAt(1h);
    input.now = nightAt(1h);
    input.failovers = failovers;
    input.covered = {{nightAt(-24h), nightAt(1h)}};
    return makeReport(input);
}

QList<Failover> three() {
    return {failover(1, -3h, 4430ms, false), failover(2, -2h, 620ms, true), failover(3, -1h, 9100ms, false)};
}

} // namespace

class FailoverPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modelKeepsItsContract();
    void rowsSayWhatHappened();
    void sortsByValueNotByText();
    void filters();
    void selectionHighlightsTheBar();
    void clickOnABarSelectsTheRow();
    void emptyStates();
    void chartShowsTheNewest();
    void barsKeepTheirMeasure_data();
    void barsKeepTheirMeasure();
    void phasesArePlannedAndUnplannedApart();
    void returnTellsWhatHappened();
    void aChosenFailoverStaysChosen();
    void copies_data();
    void copies();

private:
    Style style_{ThemeChoice::Light};
};

void FailoverPageTest::modelKeepsItsContract() {
    FailoverModel model;
    FailoverFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setFailovers(three(), 5s);
    filter.setText(u"kernel"_s);
    model.setFailovers({}, 5s);
    QCOMPARE(filter.rowCount(), 0);
}

void FailoverPageTest::rowsSayWhatHappened() {
    FailoverModel model;
    model.setFailovers(three(), 5s);
    const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(cell(0, FailoverModel::When), u"2026-03-14 00:12:45"_s);
    QCOMPARE(cell(0, FailoverModel::Trigger), u"container died"_s);
    QCOMPARE(cell(0, FailoverModel::Recovery), toText(4430ms));
    QCOMPARE(cell(0, FailoverModel::Rto), u"kept"_s);
    QCOMPARE(cell(2, FailoverModel::Rto), u"missed"_s);
    QCOMPARE(cell(1, FailoverModel::Kind), u"Switchover"_s);
    QCOMPARE(cell(1, FailoverModel::By), u"anna@desk: kernel update"_s);
    QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(u"give or take"_s));
}

void FailoverPageTest::sortsByValueNotByText() {
    FailoverPage page;
    page.showReport(report(three()));
    page.table()->sortByColumn(FailoverModel::Recovery, Qt::DescendingOrder);
    const QAbstractItemModel* rows = page.table()->model();
    QCOMPARE(rows->index(0, FailoverModel::Recovery).data().toString(), toText(9100ms));
    QCOMPARE(rows->index(2, FailoverModel::Recovery).data().toString(), toText(620ms));
}

void FailoverPageTest::filters() {
    FailoverPage page;
    page.showReport(report(three()));
    QCOMPARE(page.table()->model()->rowCount(), 3);
    QCOMPARE(page.charts().recovery().barCount(), 3);
    auto* words = page.findChild<QLineEdit*>();
    QTest::keyClicks(words, u"KERNEL"_s);
    QCOMPARE(page.table()->model()->rowCount(), 1);
    QCOMPARE(page.charts().recovery().barCount(), 1);
    words->clear();
    auto* planned = page.findChildren<QComboBox*>().at(0);
    planned->setCurrentIndex(1);
    QCOMPARE(page.table()->model()->rowCount(), 2);
    const QSignalSpy period(&page, &FailoverPage::periodChanged);
    page.findChildren<QComboBox*>().at(1)->setCurrentIndex(0);
    QCOMPARE(period.count(), 1);
    QCOMPARE(page.period(), std::optional<Duration>(24h));
}

void FailoverPageTest::selectionHighlightsTheBar() {
    FailoverPage page;
    page.showReport(report(three()));
    page.table()->selectRow(0);
    QCOMPARE(page.charts().recovery().selected(), qint64(3));
    page.table()->selectRow(2);
    QCOMPARE(page.charts().recovery().selected(), qint64(1));
    // A new report with the same rows keeps the reader's place.
    page.showReport(report(three() << failover(4, 0s, 1s, true)));
    QCOMPARE(page.charts().recovery().selected(), qint64(1));
}

void FailoverPageTest::clickOnABarSelectsTheRow() {
    FailoverPage page;
    page.showReport(report(three()));
    Q_EMIT page.charts().recovery().barClicked(2);
    const QModelIndexList rows = page.table()->selectionModel()->selectedRows();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().siblingAtColumn(FailoverModel::Kind).data().toString(), u"Switchover"_s);
}

void FailoverPageTest::emptyStates() {
    FailoverPage page;
    page.resize(1000, 600);
    page.show();
    auto* empty = page.findChild<EmptyState*>();
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->title(), u"No failover in this period"_s);
    page.showReport(report(three()));
    QVERIFY(!empty->isVisible());
    page.findChild<QLineEdit*>()->setText(u"no such word"_s);
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->title(), u"Nothing matches the filter"_s);
}

void FailoverPageTest::chartShowsTheNewest() {
    FailoverChart chart;
    QList<Failover> many;
    for (int i = 1; i <= 100; ++i)
        many.append(failover(i, i * 1min, 1s, i % 3 == 0));
    chart.showFailovers(many, 5s);
    QCOMPARE(chart.barCount(), FailoverChart::kMostBars);
    chart.select(100);
    QCOMPARE(chart.selected(), qint64(100));
}

void FailoverPageTest::barsKeepTheirMeasure_data() {
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 3, 9, 40})
        QTest::addRow("%d", count) << count;
}

void FailoverPageTest::barsKeepTheirMeasure() {
    QFETCH(int, count);
    FailoverChart chart;
    QList<Failover> failovers;
    for (int i = 0; i < count; ++i)
        failovers.append(failover(i + 1, i * 1h, 4430ms, false));
    chart.showFailovers(failovers, 5s);
    const QStackedBarSeries* bars = nullptr;
    for (const QAbstractSeries* series : chart.chart()->series()) {
        if (const auto* stacked = qobject_cast<const QStackedBarSeries*>(series))
            bars = stacked;
    }
    QVERIFY(bars != nullptr);
    // The series knows a bar's width as a share of its slot, of which the plot has one for each failover.
    const double ofPlot = bars->barWidth() / count;
    QVERIFY2(ofPlot > 0 && ofPlot <= 0.0601, qPrintable(QString::number(ofPlot)));
    QVERIFY2(bars->barWidth() <= 0.56, "bars of neighbours touch");
}

void FailoverPageTest::phasesArePlannedAndUnplannedApart() {
    FailoverPage page;
    page.resize(1240, 600);
    page.showReport(report(three()));
    page.show();
    page.charts().choose(ChartPanel::Phases);
    PhaseChart& unplanned = page.charts().phases(false);
    PhaseChart& planned = page.charts().phases(true);
    QCOMPARE(unplanned.bars().failovers().size(), 2);
    QCOMPARE(planned.bars().failovers().size(), 1);
    QVERIFY(unplanned.isVisible() && planned.isVisible());
    // A bar of either chart is a row of the table, and the other way round.
    Q_EMIT planned.barClicked(2);
    QCOMPARE(planned.selected(), qint64(2));
    QCOMPARE(unplanned.selected(), qint64(0));
    QCOMPARE(page.table()->selectionModel()->selectedRows().size(), 1);
    page.findChildren<QComboBox*>().at(0)->setCurrentIndex(1);
    QVERIFY(unplanned.isVisible() && !planned.isVisible());
    QCOMPARE(planned.selected(), qint64(0)); // the filter hides it
}

void FailoverPageTest::returnTellsWhatHappened() {
    FailoverPage page;
    page.resize(1240, 600);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QSignalSpy wanted(&page, &FailoverPage::momentWanted);
    page.showReport(report(three()));
    page.table()->selectRow(2); // the oldest
    QCOMPARE(wanted.count(), 0);
    QTest::keyClick(page.table(), Qt::Key_Return);
    QCOMPARE(page.charts().kind(), ChartPanel::Detail);
    FailoverDetail& detail = page.charts().detail();
    QCOMPARE(detail.failover().value().id, qint64(1));
    QVERIFY(wanted.count() >= 1);
    QCOMPARE(wanted.last().at(0).toLongLong(), 1);
    QVERIFY(wanted.last().at(1).value<Instant>() < detail.failover()->startedAt);
    QVERIFY(wanted.last().at(2).value<Instant>() > detail.failover()->endedAt);

    Event died;
    died.at = detail.failover()->startedAt - 120ms;
    died.node = u"master"_s;
    died.text = u"The container milvus died (exit code 137)."_s;
    Event back = died;
    back.at = detail.failover()->endedAt;
    back.node.clear();
    back.text = u"Milvus answers again."_s;
    page.showMoment(3, {died}); // of another one: too late
    QCOMPARE(detail.events().rowCount(), 0);
    const qsizetype marks = detail.waterfall().drawing().marks.size();
    page.showMoment(1, {died, back});
    QCOMPARE(detail.events().rowCount(), 2);
    QCOMPARE(detail.events().item(0, 0)->text(), u"−0.120 s"_s);
    QCOMPARE(detail.events().item(0, 1)->text(), u"master"_s);
    QCOMPARE(detail.events().item(1, 0)->text(), u"+4.430 s"_s);
    QVERIFY(detail.waterfall().drawing().marks.size() > marks);
    page.table()->selectRow(0);
    QCOMPARE(detail.failover().value().id, qint64(3));
    QCOMPARE(detail.events().rowCount(), 0);
    QCOMPARE(wanted.last().at(0).toLongLong(), 3);
}

void FailoverPageTest::aChosenFailoverStaysChosen() {
    FailoverPage page;
    page.showReport(report(three()));
    page.charts().choose(ChartPanel::Detail); // with none chosen: the newest
    FailoverDetail& detail = page.charts().detail();
    QCOMPARE(detail.failover().value().id, qint64(3));
    page.showReport(report(three() << failover(4, 0s, 1s, true)));
    QCOMPARE(detail.failover().value().id, qint64(3));
    // One that is out of the period is gone from the charts as well.
    page.showReport(report(three().first(2)));
    QVERIFY(!detail.failover());
}

void FailoverPageTest::copies_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("begin");
    QTest::newRow("recovery times") << int(ChartPanel::Recovery) << u"pair,kind,planned,"_s;
    QTest::newRow("phases") << int(ChartPanel::Phases) << u"pair,kind,planned,"_s;
    QTest::newRow("availability") << int(ChartPanel::Availability) << u"from,until,"_s;
    QTest::newRow("one failover") << int(ChartPanel::Detail) << u"what,node,start_s,"_s;
}

void FailoverPageTest::copies() {
    QFETCH(int, kind);
    QFETCH(QString, begin);
    FailoverPage page;
    page.resize(1240, 600);
    page.show();
    page.showReport(report(three()));
    page.findChildren<QComboBox*>().at(0)->setCurrentIndex(1);
    page.charts().choose(ChartPanel::Kind(kind));
    page.charts().copyCsv();
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.startsWith(begin), qPrintable(text));
    QVERIFY(!text.contains(u"anna@desk"_s)); // a planned one, which the filter hides
    page.charts().copyPicture();
    const QImage picture = QGuiApplication::clipboard()->image();
    QVERIFY(picture.width() > 400 && picture.height() > 100);
    QVERIFY(picture.pixelColor(picture.width() - 1, picture.height() - 1) == theme().surface);
}

QTEST_MAIN(FailoverPageTest)
#include "failover_page_test.moc"
