// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/failover.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace mha {

/// The recorded failovers as a table. Holds the values; order and filter are the proxy's.
class FailoverModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { When, Kind, Trigger, From, To, Recovery, Rto, By, ColumnCount };

    static constexpr int kSortRole = Qt::UserRole;

    explicit FailoverModel(QObject* parent = nullptr);

    void setFailovers(const QList<Failover>& failovers, Duration rto);

    const Failover& at(int row) const { return failovers_.at(row); }

    int rowOf(qint64 id) const;

    Duration rto() const { return rto_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Failover& failover, int column) const;
    QString wholeText(const Failover& failover) const;

    QList<Failover> failovers_;
    Duration rto_{};
};

enum class PlannedFilter { All, Unplanned, Planned };

/// Sorts by value, filters by text in any column and by planned or not.
class FailoverFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit FailoverFilter(QObject* parent = nullptr);
    void setText(const QString& text);
    void setPlanned(PlannedFilter planned);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QString text_;
    PlannedFilter planned_ = PlannedFilter::All;
};

} // namespace mha
