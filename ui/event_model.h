// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace mha {

/// Events, newest first, bounded. Holds the values; the filter is the proxy's.
class EventModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, SeverityColumn, KindColumn, Node, Text, ColumnCount };

    static constexpr int kSortRole = Qt::UserRole;
    static constexpr qsizetype kMost = 5000;

    explicit EventModel(QObject* parent = nullptr);

    /// Replaces all; in any order.
    void setEvents(QList<Event> events);
    void addEvents(const QList<Event>& events);

    const Event& at(int row) const { return events_.at(row); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static QString text(const Event& event, int column);

    QList<Event> events_; ///< newest first
};

/// By words in the text, node, kind and least severity; all of them at once.
class EventFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit EventFilter(QObject* parent = nullptr);
    void setText(const QString& text);
    void setNode(const QString& node); ///< empty: any
    void setKind(std::optional<EventKind> kind);
    void setAtLeast(Severity severity);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QString text_;
    QString node_;
    std::optional<EventKind> kind_;
    Severity atLeast_ = Severity::Info;
};

} // namespace mha
