// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/event_model.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace mha {

class EmptyState;

/// What happened, newest first: filtered by words, node, kind and severity; follows what comes in, or stands still
/// under the reader's eye.
class EventPage : public QWidget {
    Q_OBJECT

public:
    explicit EventPage(QWidget* parent = nullptr);

    void setNodes(const QString& first, const QString& second);
    void setEvents(const QList<Event>& events);
    void addEvents(const QList<Event>& events);
    void focusFilter();

    QTableView* table() const { return table_; }

    QCheckBox* followBox() const { return follow_; }

private:
    QWidget* makeFilter();
    void applyFilter();
    void showCount();

    EventModel* model_;
    EventFilter* filter_;
    QTableView* table_;
    QLineEdit* search_;
    QComboBox* node_;
    QComboBox* kind_;
    QComboBox* severity_;
    QCheckBox* follow_;
    QStackedWidget* stack_;
    EmptyState* empty_;
};

} // namespace mha
