// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "ui/event_model.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace mha {

class EmptyState;

/// What happened, newest first: filtered by words, node, kind, severity and period over all of the history, which is
/// read page by page as the table is scrolled; follows what comes in, or stands still under the reader's eye.
class EventPage : public QWidget {
    Q_OBJECT

public:
    explicit EventPage(QWidget* parent = nullptr);

    /// The time that a period counts back from: the wall clock's, unless another is set.
    void setClock(std::function<Instant()> clock);
    void setNodes(const QString& first, const QString& second);
    /// Another pair.
    void clear();
    /// Asks the history for what matches the filter: pageWanted.
    void read();
    /// While the page follows what comes in, the period goes along.
    void tick(Instant now);
    /// As they are seen.
    void addEvents(const QList<Event>& events);
    /// Answers to pageWanted; those to a filter that is no longer in force are dropped.
    void addPage(quint64 ticket, const QList<Event>& events);
    void failPage(quint64 ticket, const Error& error);
    /// Shows the events around a moment of the past, the last one until then selected. Nothing: live again.
    void showMoment(std::optional<Instant> moment);
    void focusFilter();

    QTableView* table() const { return table_; }

    QCheckBox* followBox() const { return follow_; }

Q_SIGNALS:
    void pageWanted(const mha::EventQuery& query, quint64 ticket);

private:
    QWidget* makeFilter();
    EventQuery wanted() const;
    Duration period() const;
    void showState();
    void selectMoment();

    std::function<Instant()> clock_ = &wallClockNow;
    EventModel* model_;
    QTableView* table_;
    QLineEdit* search_;
    QComboBox* node_;
    QComboBox* kind_;
    QComboBox* severity_;
    QComboBox* period_;
    QCheckBox* follow_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    QString failed_; ///< why the newest question has no answer
    std::optional<Instant> moment_;
};

} // namespace mha
