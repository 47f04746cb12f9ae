// SPDX-License-Identifier: GPL-3.0-or-later
#include "layout_check.h"
#include "pictures.h"
#include "report/waterfall.h"
#include "shots.h"
#include "ui/chart_panel.h"
#include "ui/chart_view.h"
#include "ui/empty_state.h"
#include "ui/failover_chart.h"
#include "ui/failover_detail.h"
#include "ui/failover_page.h"
#include "ui/moment_model.h"
#include "ui/phase_chart.h"
#include "ui/style.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
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

/// A container that was killed on master, as the lab records it.
Failover killed() {
    Failover one = failover(3, -1h, 4430ms, false);
    one.from = u"master"_s;
    one.to = u"backup"_s;
    one.phases = {{u"detection"_s, 0ms, 1200ms, 20ms, u"master"_s},
                  {u"election"_s, 1200ms, 2410ms, 24ms, u"backup"_s},
                  {u"address"_s, 3610ms, 2ms, 5ms, u"backup"_s},
                  {u"container"_s, 3612ms, 410ms, 10ms, u"backup"_s},
                  {u"serving"_s, 4022ms, 408ms, 20ms, u"backup"_s}};
    one.moves = {{u"master"_s, u"backup"_s, one.startedAt + 3610ms}};
    return one;
}

QList<Event> momentOf(const Failover& failover) {
    const auto event = [&](Duration after, const QString& node, Severity severity, const QString& text) {
        Event one;
        one.at = failover.startedAt + after;
        one.node = node;
        one.severity = severity;
        one.text = text;
        return one;
    };
    return {event(-6200ms, u"backup"_s, Severity::Info, u"The storage /srv/milvus is writable again."_s),
            event(8ms, u"master"_s, Severity::Warning, u"The container milvus on master ended with exit code 137."_s),
            event(30ms, {}, Severity::Error, u"Milvus no longer answers through the VIP 192.168.1.104/24: refused."_s),
            event(30ms, {}, Severity::Error, u"The pair is down, after healthy."_s),
            event(1202ms, u"master"_s, Severity::Info, u"The VRRP priority in force of master became 90, after 110."_s),
            event(3612ms, u"backup"_s, Severity::Info, u"keepalived on backup went from BACKUP to MASTER."_s),
            event(3613ms, u"backup"_s, Severity::Info, u"backup took the VIP 192.168.1.104/24 on enp3s0."_s),
            event(4025ms, u"backup"_s, Severity::Info, u"The container milvus on backup started."_s),
            event(4430ms, {}, Severity::Info, u"Milvus answers through the VIP again."_s)};
}

MomentLog logOf(const Failover& failover) {
    const auto line = [&](Duration after, const char* node, const char* program, const char* text) {
        return LogEntry{failover.startedAt + after,
                        {},
                        QString::fromLatin1(node),
                        QString::fromLatin1(program),
                        QString::fromLatin1(text)};
    };
    constexpr auto kId = "c3f3e0ee1034e8782abedc9edf0a408159897b219f6c681f41f7dc8019addc96";
    const QByteArray disconnected = QByteArray("level=info msg=\"shim disconnected\" id=") + kId + " namespace=moby";
    const QByteArray signalLoop = QByteArray("level=info msg=\"starting signal loop\" namespace=moby "
                                             "path=/run/containerd/io.containerd.runtime.v2.task/moby/") +
                                  kId +
                                  " pid=590 "
                                  "runtime=io.containerd.runc.v2";
    MomentLog log;
    log.failover = failover.id;
    log.from = failover.startedAt - kMomentBefore;
    log.until = failover.endedAt + kMomentAfter;
    log.nodes[0] = {
        .node = u"master"_s,
        .waiting = false,
        .lines = {line(-9100ms, "master", "systemd-networkd", "enp7s0: Gained carrier"),
                  line(12ms, "master", "containerd", disconnected.constData()),
                  line(14ms, "master", "dockerd",
                       "level=info msg=\"ignoring event\" module=libcontainerd "
                       "namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\""),
                  line(1192ms, "master", "Keepalived_vrrp", "Script `check_milvus` now returning 1"),
                  line(1195ms, "master", "Keepalived_vrrp", "VRRP_Script(check_milvus) failed (exited with status 1)"),
                  line(1198ms, "master", "Keepalived_vrrp", "(VI_SERVER) Changing effective priority from 110 to 90"),
                  line(3606ms, "master", "Keepalived_vrrp",
                       "(VI_SERVER) Master received advert from 192.168.1.38 with higher priority 91, ours 90"),
                  line(3606ms, "master", "Keepalived_vrrp", "(VI_SERVER) Entering BACKUP STATE"),
                  line(3700ms, "master", "stop_docker.sh", "docker stop milvus, password=***")}};
    log.nodes[1] = {.node = u"backup"_s,
                    .waiting = false,
                    .lines = {line(1203ms, "backup", "Keepalived_vrrp",
                                   "(VI_SERVER) received lower priority (90) advert from 192.168.1.85 - discarding"),
                              line(2203ms, "backup", "Keepalived_vrrp",
                                   "(VI_SERVER) received lower priority (90) advert from 192.168.1.85 - discarding"),
                              line(3203ms, "backup", "Keepalived_vrrp",
                                   "(VI_SERVER) received lower priority (90) advert from 192.168.1.85 - discarding"),
                              line(3610ms, "backup", "Keepalived_vrrp", "(VI_SERVER) Entering MASTER STATE"),
                              line(3960ms, "backup", "containerd", signalLoop.constData()),
                              LogEntry{failover.startedAt + 4s, 1s, u"backup"_s, u"kernel"_s,
                                       u"e1000e 0000:00:1f.6 enp3s0: NIC Link is Up 1000 Mbps Full Duplex"_s},
                              line(4010ms, "backup", "systemd", "docker.service: Consumed 1.2s CPU time.")}};
    return log;
}

/// The detail of the newest failover, on a page that is shown.
FailoverDetail& open(FailoverPage& page) {
    page.resize(1240, 600);
    page.showReport(report({failover(1, -3h, 4430ms, false), failover(2, -2h, 620ms, true), killed()}));
    page.charts().choose(ChartPanel::Detail);
    page.show();
    if (!QTest::qWaitForWindowExposed(&page))
        qFatal("the page is not shown");
    return page.charts().detail();
}

const MomentModel& modelOf(const FailoverDetail& detail) {
    return *qobject_cast<const MomentModel*>(detail.table().model());
}

int rowOf(const QAbstractItemModel& rows, const QString& words) {
    for (int row = 0; row < rows.rowCount(); ++row) {
        if (rows.index(row, MomentModel::Text).data().toString().contains(words))
            return row;
    }
    return -1;
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
    void selectedBarKeepsToTheTheme();
    void barsKeepTheirMeasure_data();
    void barsKeepTheirMeasure();
    void phasesArePlannedAndUnplannedApart();
    void returnTellsWhatHappened();
    void logLinesBesideTheEvents();
    void logThatCannotBeRead();
    void theReadersRowStays();
    void detailInLightAndDark_data();
    void detailInLightAndDark();
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

void FailoverPageTest::selectedBarKeepsToTheTheme() {
    FailoverChart chart;
    chart.resize(600, 300);
    chart.showFailovers({failover(1, 1min, 4s, false)}, 5s);
    chart.select(1);
    chart.show();
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        style_.choose(choice);
        QTest::qWait(50);
        const QImage picture = chart.grab().toImage();
        const QRectF plot = chart.chart()->plotArea();
        // In the middle of the only bar, which reaches over four fifths of the plot.
        QCOMPARE(picture.pixelColor(QPointF(plot.center().x(), plot.bottom() - plot.height() / 3).toPoint()),
                 theme().text);
    }
    style_.choose(ThemeChoice::Light);
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
    const QAbstractItemModel& rows = *detail.table().model();
    QCOMPARE(rows.rowCount(), 0);
    const qsizetype marks = detail.waterfall().drawing().marks.size();
    page.showMoment(1, {died, back});
    QCOMPARE(rows.rowCount(), 2);
    QCOMPARE(rows.index(0, MomentModel::After).data().toString(), u"−0.120 s"_s);
    QCOMPARE(rows.index(0, MomentModel::Node).data().toString(), u"master"_s);
    QCOMPARE(rows.index(0, MomentModel::Source).data().toString(), u"event"_s);
    QCOMPARE(rows.index(1, MomentModel::After).data().toString(), u"+4.430 s"_s);
    QVERIFY(detail.waterfall().drawing().marks.size() > marks);
    page.table()->selectRow(0);
    QCOMPARE(detail.failover().value().id, qint64(3));
    QCOMPARE(rows.rowCount(), 0);
    QCOMPARE(wanted.last().at(0).toLongLong(), 3);
}

void FailoverPageTest::logLinesBesideTheEvents() {
    FailoverPage page;
    QSignalSpy wanted(&page, &FailoverPage::logWanted);
    FailoverDetail& detail = open(page);
    page.setLogSource(LogSource::Nodes);
    const Failover& chosen = detail.failover().value();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.last().at(0).toLongLong(), chosen.id);
    QCOMPARE(wanted.last().at(1).value<Instant>(), chosen.startedAt - kMomentBefore);
    QCOMPARE(wanted.last().at(2).value<Instant>(), chosen.endedAt + kMomentAfter);
    QCOMPARE(detail.logBox().text(), u"Lo&g lines (0, reading…)"_s);
    page.showMoment(chosen.id, momentOf(chosen));
    const QAbstractItemModel& rows = *detail.table().model();
    QCOMPARE(rows.rowCount(), 9);
    page.showLog(logOf(chosen));
    QCOMPARE(rows.rowCount(), 25);
    QCOMPARE(detail.logBox().text(), u"Lo&g lines (16)"_s);
    QCOMPARE(detail.logState(), QString());
    // In the order of time, told apart by source, type and colour.
    for (int row = 1; row < rows.rowCount(); ++row)
        QVERIFY(modelOf(detail).at(row - 1).at <= modelOf(detail).at(row).at);
    const QModelIndex line = rows.index(rowOf(rows, u"Entering MASTER STATE"_s), MomentModel::Text);
    const QModelIndex event = rows.index(rowOf(rows, u"keepalived on backup went"_s), MomentModel::Text);
    QVERIFY(line.isValid() && event.isValid());
    QCOMPARE(line.siblingAtColumn(MomentModel::Source).data().toString(), u"Keepalived_vrrp"_s);
    QCOMPARE(line.siblingAtColumn(MomentModel::Node).data().toString(), u"backup"_s);
    QCOMPARE(line.siblingAtColumn(MomentModel::After).data().toString(), u"+3.610 s"_s);
    QCOMPARE(line.data(Qt::FontRole).value<QFont>().family(), monoFont().family());
    QCOMPARE(line.data(Qt::ForegroundRole).value<QColor>(), theme().muted);
    QVERIFY(!event.data(Qt::FontRole).isValid() && !event.data(Qt::ForegroundRole).isValid());
    // A log with whole seconds claims no more.
    const QModelIndex coarse = rows.index(rowOf(rows, u"Link is Up"_s), MomentModel::After);
    QCOMPARE(coarse.data().toString(), u"+4 s"_s);
    QVERIFY(coarse.data(Qt::ToolTipRole).toString().contains(u"later"_s));
    // Without them.
    QTest::keyClick(&detail.logBox(), Qt::Key_Space);
    QCOMPARE(rows.rowCount(), 9);
    QTest::keyClick(&detail.logBox(), Qt::Key_Space);
    QCOMPARE(rows.rowCount(), 25);
    // The report comes anew with each change of the history: what was read is not asked for again.
    QList<Failover> more{failover(1, -3h, 4430ms, false), killed()};
    page.showReport(report(more));
    page.showReport(report(more << failover(4, 0s, 1s, true)));
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(rows.rowCount(), 25);
    // Of another failover, or of another session: too late.
    const MomentLog late = logOf(chosen);
    page.table()->selectRow(0);
    QCOMPARE(wanted.count(), 2);
    QCOMPARE(rows.rowCount(), 0);
    page.showLog(late);
    QCOMPARE(rows.rowCount(), 0);
}

void FailoverPageTest::logThatCannotBeRead() {
    FailoverPage page;
    FailoverDetail& detail = open(page);
    QVERIFY(detail.logState().contains(u"No session"_s));
    QVERIFY(!detail.logBox().isEnabled());
    page.setLogSource(LogSource::Nodes);
    QVERIFY(detail.logBox().isEnabled());
    const Failover& chosen = detail.failover().value();
    page.showMoment(chosen.id, momentOf(chosen));
    MomentLog log = logOf(chosen);
    log.nodes[0].note = u"Its log begins only at 2026-03-14T02:12:40.000Z."_s;
    log.nodes[1] = {.node = u"backup"_s};
    page.showLog(log);
    QVERIFY(detail.logBox().text().contains(u"reading"_s));
    log.nodes[1].waiting = false;
    log.nodes[1].error = Error{ErrorCode::Unreachable, u"The connection to 192.168.1.38 port 22 timed out."_s,
                               u"backup"_s, u"Check that the node runs and answers."_s};
    page.showLog(log);
    QCOMPARE(detail.logState(),
             u"master: Its log begins only at 2026-03-14T02:12:40.000Z. backup: cannot be read: The connection to "
             "192.168.1.38 port 22 timed out. Check that the node runs and answers."_s);
    // It is told where it is missed, and the other node's lines are there.
    const auto labels = detail.findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(
        labels, [&](const QLabel* label) { return label->isVisible() && label->text() == detail.logState(); }));
    QCOMPARE(detail.table().model()->rowCount(), 9 + int(log.nodes[0].lines.size()));
    QTRY_COMPARE(cutOff(page).join(u'\n'), QString());
    shoot(page, u"detail-log-error"_s);

    page.setLogSource(LogSource::Replay);
    QVERIFY(detail.logState().contains(u"replay"_s));
    QVERIFY(!detail.logBox().isEnabled());
    QCOMPARE(detail.table().model()->rowCount(), 9);
    page.showLog(log); // of a session that is over
    QCOMPARE(detail.table().model()->rowCount(), 9);
}

void FailoverPageTest::theReadersRowStays() {
    FailoverPage page;
    FailoverDetail& detail = open(page);
    page.setLogSource(LogSource::Nodes);
    const Failover& chosen = detail.failover().value();
    page.showMoment(chosen.id, momentOf(chosen));
    page.showLog(logOf(chosen));
    QTableView& table = detail.table();
    const QAbstractItemModel& rows = *table.model();
    // It begins where the outage does, with what came right before.
    const int top = table.indexAt(QPoint(0, 0)).row();
    QVERIFY(modelOf(detail).at(top).at <= chosen.startedAt && modelOf(detail).at(top + 1).at >= chosen.startedAt);
    // By keys; the chosen line is shown whole, the others are one line each.
    const int line = rowOf(rows, u"starting signal loop"_s);
    table.setFocus();
    while (table.currentIndex().row() != line) {
        const int before = table.currentIndex().row();
        QTest::keyClick(&table, Qt::Key_Down);
        QVERIFY(table.currentIndex().row() > before);
    }
    QVERIFY2(table.rowHeight(line) > 2 * table.rowHeight(line - 1), qPrintable(QString::number(table.rowHeight(line))));
    QCOMPARE(table.rowHeight(line - 1), table.rowHeight(line + 1));
    // What comes in later leaves it chosen.
    const QString text = table.currentIndex().siblingAtColumn(MomentModel::Text).data().toString();
    QList<Event> more = momentOf(chosen);
    more.prepend(more.first());
    more.first().at -= 1s;
    page.showMoment(chosen.id, more);
    QCOMPARE(table.currentIndex().row(), line + 1);
    QCOMPARE(table.currentIndex().siblingAtColumn(MomentModel::Text).data().toString(), text);
    QVERIFY(table.rowHeight(line + 1) > table.rowHeight(line));
}

void FailoverPageTest::detailInLightAndDark_data() {
    QTest::addColumn<int>("theme");
    QTest::addColumn<QSize>("size");
    for (const QSize size : {QSize(1240, 600), QSize(928, 500)}) {
        QTest::addRow("light %d", size.width()) << int(ThemeChoice::Light) << size;
        QTest::addRow("dark %d", size.width()) << int(ThemeChoice::Dark) << size;
    }
}

void FailoverPageTest::detailInLightAndDark() {
    QFETCH(int, theme);
    QFETCH(QSize, size);
    style_.choose(ThemeChoice(theme));
    FailoverPage page;
    page.setAutoFillBackground(true);
    FailoverDetail& detail = open(page);
    page.resize(size);
    page.setLogSource(LogSource::Nodes);
    const Failover& chosen = detail.failover().value();
    page.showMoment(chosen.id, momentOf(chosen));
    page.showLog(logOf(chosen));
    QTRY_COMPARE(LayoutCheck::faultsOf(page).join(u'\n'), QString());
    const QString name =
        u"detail-log-%1-%2"_s.arg(theme == int(ThemeChoice::Light) ? u"light"_s : u"dark"_s).arg(size.width());
    shoot(page, name);
    detail.table().selectRow(rowOf(*detail.table().model(), u"starting signal loop"_s));
    QTRY_COMPARE(LayoutCheck::faultsOf(page).join(u'\n'), QString());
    shoot(page, name + u"-chosen"_s);
    style_.choose(ThemeChoice::Light);
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
