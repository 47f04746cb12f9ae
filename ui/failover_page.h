// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"
#include "ui/failover_model.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace mha {

class ChartPanel;
class EmptyState;
class StatTile;
enum class LogSource;
struct MomentLog;

/// Every recorded failover of a period: figures, charts and table over the same rows. What is counted and how is the
/// report's business; this page shows a ReportModel. GUI thread.
class FailoverPage : public QWidget {
    Q_OBJECT

public:
    explicit FailoverPage(QWidget* parent = nullptr);

    void showReport(const ReportModel& report);
    /// The period to be shown, back from now; nothing: all that is recorded.
    std::optional<Duration> period() const;

    QTableView* table() const { return table_; }

    ChartPanel& charts() const { return *charts_; }

    /// The events around a failover, as asked for by momentWanted.
    void showMoment(qint64 id, const QList<Event>& events);
    /// The nodes' log lines around a failover, as asked for by logWanted.
    void showLog(const MomentLog& log);
    /// Whether there are nodes to be asked. Once logWanted is heard.
    void setLogSource(LogSource source);

    void focusFilter();

Q_SIGNALS:
    void periodChanged();
    void momentWanted(qint64 id, mha::Instant from, mha::Instant until);
    void logWanted(qint64 id, mha::Instant from, mha::Instant until);

private:
    QWidget* makeTiles();
    QWidget* makeFilter();
    QWidget* makeBody();
    void applyFilter();
    void showDetail(bool on);
    void selectFromTable();
    void selectFromChart(qint64 id);
    static QString availabilityNote(const ReportModel& report);
    void showTiles(const ReportModel& report);

    FailoverModel* model_;
    FailoverFilter* filter_;
    ChartPanel* charts_;
    QTableView* table_;
    QLineEdit* search_;
    QComboBox* planned_;
    QComboBox* period_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    StatTile* unplannedTile_;
    StatTile* plannedTile_;
    StatTile* medianTile_;
    StatTile* worstTile_;
    StatTile* missedTile_;
    QSplitter* splitter_;
    qint64 selected_ = 0; ///< 0: none
    StatTile* availabilityTile_;
};

} // namespace mha
