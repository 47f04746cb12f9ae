// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "past/log_moment.h"

#include <QAbstractTableModel>

namespace mha {

/// A row of what happened around a failover: an event of the history, or a line of a node's log.
struct MomentRow {
    Instant at;
    Duration later{}; ///< it was up to so much later
    QString node;     ///< empty: of the pair
    QString program;  ///< that wrote the line; empty: an event
    QString text;
    Severity severity = Severity::Info;

    bool isEvent() const { return program.isEmpty(); }

    bool operator==(const MomentRow&) const = default;
};

/// Pure: both by time; of one moment, the event first.
QList<MomentRow> momentRows(const QList<Event>& events, const QList<LogEntry>& lines);

/// Those rows, with their times since the outage began. GUI thread.
class MomentModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { After, Node, Source, Text, ColumnCount };

    explicit MomentModel(QObject* parent = nullptr);

    /// True where that changed anything.
    bool show(Instant lastGood, const QList<MomentRow>& rows);
    /// Light turned dark.
    void repaint();

    const MomentRow& at(int row) const { return rows_.at(row); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const MomentRow& row, int column) const;

    Instant lastGood_;
    QList<MomentRow> rows_;
};

} // namespace mha
