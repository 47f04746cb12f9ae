// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event_model.h"

#include "ui/icon.h"
#include "ui/wording.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha {

namespace {

bool sameRow(const Event& one, Event other) {
    other.id = one.id;
    return one == other;
}

} // namespace

bool matches(const EventQuery& query, const Event& event) {
    return (!query.since || event.at >= *query.since) && (!query.until || event.at < *query.until) &&
           (query.node.isEmpty() || event.node == query.node) && (!query.kind || event.kind == *query.kind) &&
           (!query.atLeast || event.severity >= *query.atLeast) &&
           (query.text.isEmpty() || event.text.contains(query.text, Qt::CaseInsensitive));
}

EventModel::EventModel(QObject* parent) : QAbstractTableModel(parent) {}

void EventModel::clear() {
    beginResetModel();
    events_.clear();
    since_.clear();
    ++ticket_;
    waiting_ = false;
    more_ = false;
    endResetModel();
}

void EventModel::setFilter(const EventQuery& filter) {
    filter_ = filter;
    const bool all = std::ranges::all_of(events_, [&](const Event& event) { return matches(filter, event); });
    if (!all) {
        beginResetModel();
        events_.removeIf([&](const Event& event) { return !matches(filter, event); });
        endResetModel();
    }
    since_.clear();
    first_ = true;
    more_ = false;
    EventQuery query = filter;
    query.limit = kPage;
    ask(query);
}

void EventModel::ask(EventQuery query) {
    waiting_ = true;
    asked_ = query.limit;
    Q_EMIT pageWanted(query, ++ticket_);
}

bool EventModel::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && more_ && !waiting_ && !events_.isEmpty();
}

void EventModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent))
        return;
    // Several events may be of one moment, and the page before may have ended among them: they are asked for again.
    const Instant oldest = events_.last().at;
    const auto again = std::ranges::count(events_, oldest, &Event::at);
    EventQuery query = filter_;
    query.until = oldest + Duration(1);
    query.limit = kPage + static_cast<int>(again);
    first_ = false;
    ask(query);
}

void EventModel::addPage(quint64 ticket, const QList<Event>& events) {
    if (ticket != ticket_ || !waiting_)
        return;
    waiting_ = false;
    more_ = events.size() >= asked_;
    QList<Event> page = events;
    page.removeIf([this](const Event& event) { return filter_.since && event.at < *filter_.since; }); // by now
    if (first_) {
        replaceBy(page);
    } else {
        append(page);
    }
}

bool EventModel::failPage(quint64 ticket) {
    if (ticket != ticket_ || !waiting_)
        return false;
    waiting_ = false;
    return true;
}

void EventModel::replaceBy(QList<Event> page) {
    // What was live before the question is among the answers, as the history keeps it.
    const QList<Event> live = std::exchange(since_, {});
    if (page != events_) {
        beginResetModel();
        events_ = std::move(page);
        endResetModel();
    }
    for (const Event& event : live) {
        if (std::ranges::none_of(events_, [&](const Event& other) { return sameRow(event, other); }))
            place(event);
    }
}

void EventModel::append(const QList<Event>& page) {
    QList<Event> fresh = page;
    fresh.removeIf([this](const Event& event) {
        for (auto other = events_.crbegin(); other != events_.crend() && other->at <= event.at; ++other) {
            if (other->id == event.id || (other->id == 0 && sameRow(*other, event)))
                return true;
        }
        return false;
    });
    if (fresh.isEmpty())
        return;
    const int row = rowCount();
    beginInsertRows({}, row, row + static_cast<int>(fresh.size()) - 1);
    events_ += fresh;
    endInsertRows();
}

void EventModel::addLive(const QList<Event>& events) {
    for (const Event& event : events) {
        if (!matches(filter_, event))
            continue;
        if (waiting_ && first_)
            since_.append(event);
        place(event);
    }
}

void EventModel::place(const Event& event) {
    // Almost always the newest; a node's own timestamp may place it a little further down.
    const auto place = std::ranges::find_if(events_, [&](const Event& other) { return other.at <= event.at; });
    // Older than all that was read: it comes with its page.
    if (place == events_.end() && more_)
        return;
    const int row = static_cast<int>(place - events_.begin());
    beginInsertRows({}, row, row);
    events_.insert(row, event);
    endInsertRows();
}

void EventModel::dropBefore(Instant since) {
    if (filter_.since && *filter_.since >= since)
        return;
    filter_.since = since;
    const auto end = std::ranges::find_if(events_, [since](const Event& event) { return event.at < since; });
    const int row = static_cast<int>(end - events_.begin());
    if (row == rowCount())
        return;
    beginRemoveRows({}, row, rowCount() - 1);
    events_.resize(row);
    more_ = false;
    endRemoveRows();
}

void EventModel::trim() {
    if (events_.size() <= kMost || waiting_)
        return;
    beginRemoveRows({}, kMost, static_cast<int>(events_.size()) - 1);
    events_.resize(kMost);
    more_ = true;
    endRemoveRows();
}

void EventModel::setMoment(std::optional<Instant> moment) {
    if (moment == moment_)
        return;
    moment_ = moment;
    if (!events_.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {Qt::ForegroundRole});
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
        return event.source == u"reconstructed" ? tr("%1 (reconstructed)").arg(event.text) : event.text;
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
    case Qt::ForegroundRole:
        return moment_ && event.at > *moment_ ? QVariant(theme().unknown) : QVariant();
    case Qt::ToolTipRole:
        return event.source == u"reconstructed" ? tr("%1\n%2, rebuilt from the nodes' logs").arg(event.text, event.code)
                                                : tr("%1\n%2").arg(event.text, event.code);
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

} // namespace mha
