// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event_model.h"

#include "ui/icon.h"
#include "ui/wording.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

EventModel::EventModel(QObject* parent) : QAbstractTableModel(parent) {}

void EventModel::setEvents(QList<Event> events) {
    std::ranges::stable_sort(events, std::greater{}, &Event::at);
    if (events.size() > kMost)
        events.resize(kMost);
    if (events == events_)
        return;
    beginResetModel();
    events_ = std::move(events);
    endResetModel();
}

void EventModel::addEvents(const QList<Event>& events) {
    for (const Event& event : events) {
        // Almost always the newest; a node's own timestamp may place it a little further down.
        const auto place = std::ranges::find_if(events_, [&](const Event& other) { return other.at <= event.at; });
        const int row = static_cast<int>(place - events_.begin());
        beginInsertRows({}, row, row);
        events_.insert(row, event);
        endInsertRows();
    }
    if (events_.size() > kMost) {
        beginRemoveRows({}, kMost, static_cast<int>(events_.size()) - 1);
        events_.resize(kMost);
        endRemoveRows();
    }
}

int EventModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(events_.size());
}

int EventModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString EventModel::text(const Event& event, int column) {
    switch (column) {
    case Time:
        return Wording::dayAndClockWithMilliseconds(event.at);
    case SeverityColumn:
        return Wording::severity(event.severity);
    case KindColumn:
        return Wording::eventKind(event.kind);
    case Node:
        return event.node.isEmpty() ? tr("pair") : event.node;
    case Text:
        return event.text;
    default:
        return {};
    }
}

QVariant EventModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Event& event = events_.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(event, index.column());
    case Qt::ToolTipRole:
        return tr("%1\n%2").arg(event.text, event.code);
    case kSortRole:
        if (index.column() == Time)
            return static_cast<qint64>(event.at.time_since_epoch().count());
        if (index.column() == SeverityColumn)
            return int(event.severity);
        return text(event, index.column());
    case Qt::DecorationRole: {
        if (index.column() != SeverityColumn)
            return {};
        const Tone tone = toneOf(event.severity);
        return themedIcon(toneIcon(tone), toneColor(theme(), tone));
    }
    default:
        return {};
    }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case SeverityColumn:
        return tr("Severity");
    case KindColumn:
        return tr("Kind");
    case Node:
        return tr("Node");
    case Text:
        return tr("What happened");
    default:
        return {};
    }
}

EventFilter::EventFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(EventModel::kSortRole);
}

void EventFilter::setText(const QString& text) {
    text_ = text.trimmed();
    invalidateFilter();
}

void EventFilter::setNode(const QString& node) {
    node_ = node;
    invalidateFilter();
}

void EventFilter::setKind(std::optional<EventKind> kind) {
    kind_ = kind;
    invalidateFilter();
}

void EventFilter::setAtLeast(Severity severity) {
    atLeast_ = severity;
    invalidateFilter();
}

bool EventFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const Event& event = static_cast<const EventModel*>(sourceModel())->at(row);
    return event.severity >= atLeast_ && (!kind_ || event.kind == *kind_) && (node_.isEmpty() || event.node == node_) &&
           (text_.isEmpty() || event.text.contains(text_, Qt::CaseInsensitive) ||
            event.code.contains(text_, Qt::CaseInsensitive));
}

} // namespace mha
