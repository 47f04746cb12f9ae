// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/failover_page.h"

#include "ui/chart_panel.h"
#include "ui/empty_state.h"
#include "ui/failover_detail.h"
#include "ui/stat_tile.h"
#include "ui/table.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha {

FailoverPage::FailoverPage(QWidget* parent)
    : QWidget(parent), model_(new FailoverModel(this)), filter_(new FailoverFilter(this)),
      charts_(new ChartPanel(this)), table_(makeTable(this)), search_(new QLineEdit(this)),
      planned_(new QComboBox(this)), period_(new QComboBox(this)), stack_(new QStackedWidget(this)),
      empty_(new EmptyState(u"failovers"_s, this)), unplannedTile_(new StatTile(tr("unplanned"), this)),
      plannedTile_(new StatTile(tr("planned"), this)), medianTile_(new StatTile(tr("median recovery"), this)),
      worstTile_(new StatTile(tr("worst recovery"), this)), missedTile_(new StatTile(tr("missed the RTO"), this)),
      splitter_(new QSplitter(Qt::Vertical, this)),
      availabilityTile_(new StatTile(tr("available while watched"), this)) {
    filter_->setSourceModel(model_);
    table_->setModel(filter_);
    table_->setAccessibleName(tr("Failovers"));
    table_->sortByColumn(FailoverModel::When, Qt::DescendingOrder);
    setColumnWidths(*table_, {156, 136, 150, 96, 96, 108, 100, 200});

    stack_->addWidget(makeBody());
    stack_->addWidget(empty_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(makeTiles());
    column->addWidget(makeFilter());
    column->addWidget(stack_, 1);

    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FailoverPage::selectFromTable);
    connect(table_, &QTableView::activated, this, [this] { charts_->choose(ChartPanel::Detail); });
    connect(charts_, &ChartPanel::barClicked, this, &FailoverPage::selectFromChart);
    connect(charts_, &ChartPanel::momentWanted, this, &FailoverPage::momentWanted);
    connect(charts_, &ChartPanel::logWanted, this, &FailoverPage::logWanted);
    connect(charts_, &ChartPanel::kindChanged, this,
            [this](ChartPanel::Kind kind) { showDetail(kind == ChartPanel::Detail); });
    applyFilter();
}

QWidget* FailoverPage::makeTiles() {
    auto* tiles = new QWidget(this);
    auto* row = new QHBoxLayout(tiles);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    for (StatTile* tile : {unplannedTile_, plannedTile_, medianTile_, worstTile_, missedTile_, availabilityTile_})
        row->addWidget(tile, 1);
    return tiles;
}

QWidget* FailoverPage::makeFilter() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    search_->setPlaceholderText(tr("Filter by any word: node, trigger, operator, reason"));
    search_->setAccessibleName(tr("Filter the failovers"));
    search_->setToolTip(tr("Filter the failovers (Ctrl+F)"));
    search_->setClearButtonEnabled(true);
    planned_->addItem(tr("Planned and unplanned"), int(PlannedFilter::All));
    planned_->addItem(tr("Unplanned only"), int(PlannedFilter::Unplanned));
    planned_->addItem(tr("Planned only"), int(PlannedFilter::Planned));
    planned_->setAccessibleName(tr("Planned or unplanned"));
    const auto hours = [](int count) { return static_cast<qlonglong>(Duration(std::chrono::hours(count)).count()); };
    period_->addItem(tr("Last 24 hours"), hours(24));
    period_->addItem(tr("Last 7 days"), hours(24 * 7));
    period_->addItem(tr("Last 30 days"), hours(24 * 30));
    period_->addItem(tr("Last year"), hours(24 * 365));
    period_->addItem(tr("All that is recorded"), 0);
    period_->setCurrentIndex(2);
    period_->setAccessibleName(tr("Period"));
    row->addWidget(search_, 1);
    row->addWidget(planned_);
    row->addWidget(period_);
    connect(search_, &QLineEdit::textChanged, this, &FailoverPage::applyFilter);
    connect(planned_, &QComboBox::currentIndexChanged, this, &FailoverPage::applyFilter);
    connect(period_, &QComboBox::currentIndexChanged, this, &FailoverPage::periodChanged);
    return bar;
}

QWidget* FailoverPage::makeBody() {
    splitter_->setHandleWidth(12);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(charts_);
    splitter_->addWidget(inCard(table_));
    splitter_->setStretchFactor(0, 5);
    splitter_->setStretchFactor(1, 4);
    return splitter_;
}

/// What happened in one failover needs more room than the table to choose it from.
void FailoverPage::showDetail(bool on) {
    const int height = splitter_->height();
    const int table = on ? height / 4 : height * 4 / 9;
    splitter_->setSizes({height - table, table});
    if (on && table_->selectionModel()->selectedRows().isEmpty())
        table_->selectRow(0);
}

std::optional<Duration> FailoverPage::period() const {
    const qlonglong period = period_->currentData().toLongLong();
    return period == 0 ? std::nullopt : std::optional(Duration(period));
}

void FailoverPage::showReport(const ReportModel& report) {
    const qint64 selected = selected_;
    showTiles(report);
    charts_->showReport(report);
    model_->setFailovers(report.failovers, report.rto);
    applyFilter();
    selectFromChart(selected);
}

QString FailoverPage::availabilityNote(const ReportModel& report) {
    QString note = tr("Of the %1 in which a recorder watched the pair").arg(toText(report.covered));
    if (report.reconstructed > Duration::zero()) {
        note = tr("Of the %1 in which a recorder watched the pair or which was rebuilt from the nodes' logs (%2)")
                   .arg(toText(report.covered), toText(report.reconstructed));
    }
    Duration unknown{};
    for (const auto& [from, until] : report.gaps)
        unknown += until - from;
    if (unknown > Duration::zero()) {
        note +=
            tr(". Nothing is known of %1: these gaps count neither as available nor as an outage").arg(toText(unknown));
    }
    return note;
}

void FailoverPage::showTiles(const ReportModel& report) {
    const auto optionalText = [](const std::optional<Duration>& duration) {
        return duration ? toText(*duration) : u"–"_s;
    };
    unplannedTile_->showFigure(QString::number(report.unplanned));
    plannedTile_->showFigure(QString::number(report.planned));
    medianTile_->showFigure(optionalText(report.median));
    worstTile_->showFigure(optionalText(report.worst));
    missedTile_->showFigure(QString::number(report.rtoMissed),
                            tr("The recovery time objective is %1").arg(toText(report.rto)),
                            report.rtoMissed > 0 ? Tone::Bad : Tone::Plain);
    availabilityTile_->showFigure(report.availability ? tr("%1 %").arg(*report.availability * 100.0, 0, 'f', 3)
                                                      : u"–"_s,
                                  availabilityNote(report));
}

void FailoverPage::applyFilter() {
    filter_->setPlanned(PlannedFilter(planned_->currentData().toInt()));
    filter_->setText(search_->text());
    QList<Failover> rows;
    for (int row = 0; row < filter_->rowCount(); ++row)
        rows.append(model_->at(filter_->mapToSource(filter_->index(row, 0)).row()));
    charts_->showFailovers(rows);
    if (model_->rowCount() == 0) {
        empty_->setTexts(
            tr("No failover in this period"),
            tr("A failover is recorded when the service through the VIP is interrupted while this window, or "
               "“milvus-ha watch”, is open: with its trigger and the time without a good answer. What "
               "happened before is rebuilt from the nodes' logs."));
    } else {
        empty_->setTexts(tr("Nothing matches the filter"),
                         tr("Clear the filter to see all %1 failovers.").arg(model_->rowCount()));
    }
    stack_->setCurrentIndex(rows.isEmpty() ? 1 : 0);
}

void FailoverPage::showMoment(qint64 id, const QList<Event>& events) {
    charts_->detail().showMoment(id, events);
}

void FailoverPage::showLog(const MomentLog& log) {
    charts_->detail().showLog(log);
}

void FailoverPage::setLogSource(LogSource source) {
    charts_->detail().setLogSource(source);
}

void FailoverPage::selectFromTable() {
    const QModelIndexList rows = table_->selectionModel()->selectedRows();
    std::optional<Failover> chosen;
    if (!rows.isEmpty())
        chosen = model_->at(filter_->mapToSource(rows.first()).row());
    selected_ = chosen ? chosen->id : 0;
    charts_->select(chosen);
}

void FailoverPage::selectFromChart(qint64 id) {
    const QModelIndex index = filter_->mapFromSource(model_->index(model_->rowOf(id), 0));
    if (!index.isValid()) { // none, or the filter hides it
        selected_ = 0;
        charts_->select({});
        return;
    }
    table_->selectRow(index.row());
    table_->scrollTo(index);
}

void FailoverPage::focusFilter() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

} // namespace mha
