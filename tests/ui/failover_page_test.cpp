// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/empty_state.h"
#include "ui/failover_chart.h"
#include "ui/failover_page.h"
#include "ui/style.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStackedBarSeries>
#include <QTableView>
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
    QCOMPARE(page.chart()->barCount(), 3);
    auto* words = page.findChild<QLineEdit*>();
    QTest::keyClicks(words, u"KERNEL"_s);
    QCOMPARE(page.table()->model()->rowCount(), 1);
    QCOMPARE(page.chart()->barCount(), 1);
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
    QCOMPARE(page.chart()->selected(), qint64(3));
    page.table()->selectRow(2);
    QCOMPARE(page.chart()->selected(), qint64(1));
    // A new report with the same rows keeps the reader's place.
    page.showReport(report(three() << failover(4, 0s, 1s, true)));
    QCOMPARE(page.chart()->selected(), qint64(1));
}

void FailoverPageTest::clickOnABarSelectsTheRow() {
    FailoverPage page;
    page.showReport(report(three()));
    Q_EMIT page.chart()->barClicked(2);
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

QTEST_MAIN(FailoverPageTest)
#include "failover_page_test.moc"
