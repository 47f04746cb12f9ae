// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"
#include "past/log_moment.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QStackedWidget;
class QTableView;

namespace mha {

class ChartView;
class EmptyState;
class Label;
class MomentModel;

/// Whether the nodes' logs can be had.
enum class LogSource {
    None,   ///< no session is open
    Replay, ///< no node is asked
    Nodes
};

/// What happened in one failover: its phases on one time axis, beside the events of that moment and what the nodes'
/// own logs say of it. GUI thread.
class FailoverDetail : public QWidget {
    Q_OBJECT

public:
    explicit FailoverDetail(QWidget* parent = nullptr);

    /// Its events are asked for (momentWanted) and come by showMoment; the log lines (logWanted), once, by showLog.
    /// Nothing: none is chosen.
    void showFailover(const std::optional<Failover>& failover, Duration rto);
    /// Of the failover with this id, oldest first; of another one, they come too late.
    void showMoment(qint64 id, const QList<Event>& events);
    /// As it comes; of another moment, it is too late.
    void showLog(const MomentLog& log);
    /// Another session, or none: what was read of the logs is forgotten.
    void setLogSource(LogSource source);

    const std::optional<Failover>& failover() const { return failover_; }

    ChartView& waterfall() const { return *waterfall_; }

    QTableView& table() const { return *table_; }

    QCheckBox& logBox() const { return *logBox_; }

    /// What keeps log lines away; empty: nothing.
    QString logState() const;

Q_SIGNALS:
    void momentWanted(qint64 id, mha::Instant from, mha::Instant until);
    void logWanted(qint64 id, mha::Instant from, mha::Instant until);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTable();
    void fillTable();
    void showWhole(int row);
    void placeAtBegin();
    void showState();
    void askForLog();

    std::optional<Failover> failover_;
    Duration rto_{};
    QList<Event> moment_;
    LogSource source_ = LogSource::None;
    std::optional<MomentLog> log_;
    int whole_ = -1;      ///< the row that is shown whole; -1: none
    bool atBegin_ = true; ///< the table stands where the outage begins: nobody has moved it
    QStackedWidget* stack_;
    EmptyState* empty_;
    Label* title_;
    QCheckBox* logBox_;
    Label* state_;
    ChartView* waterfall_;
    MomentModel* model_;
    QTableView* table_;
};

} // namespace mha
