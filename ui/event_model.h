// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"

#include <QAbstractTableModel>

namespace mha {

/// Events that match a filter, newest first. It holds as many as were looked at: the view asks for more when its end
/// comes into sight (canFetchMore), the model asks for a page of the history (pageWanted), whose owner answers later by
/// addPage or failPage. An answer to a filter that is no longer in force is dropped. What is seen live is put in
/// between. GUI thread.
class EventModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, SeverityColumn, KindColumn, Node, Text, ColumnCount };

    static constexpr int kPage = 500;
    /// What trim() leaves.
    static constexpr qsizetype kMost = 5000;

    explicit EventModel(QObject* parent = nullptr);

    /// Shows at once what matches of what is here, and asks the history for the rest. Its `limit` is not used.
    void setFilter(const EventQuery& filter);
    void clear();

    /// As they are seen, in any order; they must be on their way to the history already.
    void addLive(const QList<Event>& events);
    /// The answer to pageWanted: newest first, of the history.
    void addPage(quint64 ticket, const QList<Event>& events);
    /// Whether that was the question that is open.
    bool failPage(quint64 ticket);
    /// The filter's period goes on: what is older than this matches no more.
    void dropBefore(Instant since);
    /// Lets the oldest rows go, which the history still has.
    void trim();

    const EventQuery& filter() const { return filter_; }

    /// The history has not answered yet.
    bool waiting() const { return waiting_; }

    /// What came after it is greyed: it had not happened yet. Nothing: live.
    void setMoment(std::optional<Instant> moment);

    const Event& at(int row) const { return events_.at(row); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void pageWanted(const mha::EventQuery& query, quint64 ticket);

private:
    static QString text(const Event& event, int column);
    void ask(EventQuery query);
    void replaceBy(QList<Event> page);
    void append(const QList<Event>& page);
    void place(const Event& event);

    EventQuery filter_;
    QList<Event> events_; ///< newest first
    QList<Event> since_;  ///< live, since the first page was asked for: not in it
    quint64 ticket_ = 0;  ///< of the newest question
    qsizetype asked_ = 0; ///< rows of it
    bool first_ = false;  ///< the question is about the first page
    bool waiting_ = false;
    bool more_ = false; ///< the history has older ones
    std::optional<Instant> moment_;
};

/// Pure: what the history would find.
bool matches(const EventQuery& query, const Event& event);

} // namespace mha
