// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/event_pages.h"

#include "history/filter.h"
#include "history/rows.h"
#include "history/text_search.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>
#include <queue>

#include <algorithm>
#include <limits>

namespace mha {

namespace {

/// Back in time so many events are looked through for a text; one that many of them have is found on the way, however
/// many have it. Each one that is found buys a few more.
constexpr qsizetype kWalk = 2000;
constexpr qsizetype kWalkEach = 10;
/// So many texts are followed one by one, each back in time; of more all events are looked at.
constexpr int kFewTexts = 32;

template <typename T> using Read = std::expected<T, QSqlError>;

/// What the indices event_by_sort and event_by_wording tell apart.
struct Sort {
    QString kind;
    QString node;
    int severity = 0;
};

struct Place {
    qint64 at = 0;
    qint64 id = 0;
    auto operator<=>(const Place&) const = default;
};

/// A part of an index in which one sort after the other lies by time.
struct Part {
    QString index;
    QString where;
    QVariantList values;
};

Read<QSqlQuery> executed(const QSqlDatabase& database, const QString& sql, const QVariantList& values) {
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return std::unexpected(query.lastError());
    for (const QVariant& value : values)
        query.addBindValue(value);
    if (!query.exec())
        return std::unexpected(query.lastError());
    return query;
}

/// Whole events out of an index, in its order: the join looks the texts up only.
QString selectEvents(const QString& index) {
    return QStringLiteral("SELECT event.id, %1 FROM event%2 CROSS JOIN wording ON wording.id = event.wording")
        .arg(QLatin1String(kEventColumns), index.isEmpty() ? QString() : QStringLiteral(" INDEXED BY ") + index);
}

const QString& newestFirst() {
    static const QString order = QStringLiteral(" ORDER BY at DESC, event.id DESC");
    return order;
}

bool wanted(const EventQuery& query, const Sort& sort) {
    return (!query.kind || sort.kind == eventKindName(*query.kind)) &&
           (query.node.isEmpty() || sort.node == query.node) &&
           (!query.atLeast || sort.severity >= static_cast<int>(*query.atLeast));
}

/// Each sort that occurs in a part and is wanted, by skipping from one to the next. The latest possible time is part of
/// the bound, since SQLite begins a row-value range at equality and would walk through all rows of the sort before.
Read<QList<Sort>> sortsOf(const QSqlDatabase& database, const Part& part, const EventQuery& query) {
    constexpr qint64 kLatest = std::numeric_limits<qint64>::max();
    const QString sql =
        QStringLiteral("SELECT kind, node, severity FROM event INDEXED BY %1 WHERE %2 AND (kind, node, severity, at) > "
                       "(?, ?, ?, ?) ORDER BY kind, node, severity, at LIMIT 1")
            .arg(part.index, part.where);
    QList<Sort> sorts;
    QVariantList last{QStringLiteral(""), QStringLiteral(""), -1, kLatest};
    for (;;) {
        Read<QSqlQuery> next = executed(database, sql, part.values + last);
        if (!next)
            return std::unexpected(next.error());
        if (!next->next())
            return sorts;
        const Sort sort{next->value(0).toString(), next->value(1).toString(), next->value(2).toInt()};
        last = {sort.kind, sort.node, sort.severity, kLatest};
        if (wanted(query, sort))
            sorts.append(sort);
    }
}

/// Several readings, each newest first, as one.
class Merged {
public:
    Read<void> add(Read<QSqlQuery> rows) {
        if (!rows)
            return std::unexpected(rows.error());
        rows_.push_back(std::move(*rows));
        advance(rows_.size() - 1);
        return {};
    }

    /// Nothing: all are at their end, or one of them failed.
    std::optional<Event> next() {
        if (heads_.empty() || error_.isValid())
            return std::nullopt;
        const std::size_t newest = heads_.top().second;
        heads_.pop();
        Event event = readEvent(rows_[newest]);
        advance(newest);
        return event;
    }

    const QSqlError& error() const { return error_; }

private:
    void advance(std::size_t index) {
        QSqlQuery& rows = rows_[index];
        if (rows.next()) {
            heads_.push({{rows.value(1).toLongLong(), rows.value(0).toLongLong()}, index});
        } else if (rows.lastError().isValid()) {
            error_ = rows.lastError();
        }
    }

    std::vector<QSqlQuery> rows_;
    std::priority_queue<std::pair<Place, std::size_t>> heads_;
    QSqlError error_;
};

Filter timeFilter(const EventQuery& query) {
    Filter filter;
    filter.between(QStringLiteral("at"), query.since, query.until);
    return filter;
}

/// The wanted sorts of a part, each back in time.
Read<void> addPart(Merged& merged, const QSqlDatabase& database, const Part& part, const EventQuery& query) {
    const Read<QList<Sort>> sorts = sortsOf(database, part, query);
    if (!sorts)
        return std::unexpected(sorts.error());
    for (const Sort& sort : *sorts) {
        Filter filter = timeFilter(query);
        filter.terms.prepend(part.where);
        filter.values = part.values + filter.values;
        filter.add(QStringLiteral("kind = ?"), sort.kind);
        filter.add(QStringLiteral("node = ?"), sort.node);
        filter.add(QStringLiteral("severity = ?"), sort.severity);
        if (auto added = merged.add(
                executed(database, selectEvents(part.index) + filter.where() + newestFirst(), filter.values));
            !added)
            return added;
    }
    return {};
}

/// All events that are wanted but for their text.
Read<Merged> walkBack(const QSqlDatabase& database, const EventQuery& query) {
    Merged merged;
    Read<void> added;
    if (query.kind || query.atLeast || !query.node.isEmpty()) {
        const Part part{QStringLiteral("event_by_sort"), QStringLiteral("pair = ?"), {query.pair}};
        added = addPart(merged, database, part, query);
    } else {
        Filter filter = timeFilter(query);
        filter.add(QStringLiteral("pair = ?"), query.pair);
        added = merged.add(executed(
            database, selectEvents(QStringLiteral("event_by_time")) + filter.where() + newestFirst(), filter.values));
    }
    if (!added)
        return std::unexpected(added.error());
    return merged;
}

Read<QList<Event>> firstOf(Read<Merged> merged, qsizetype most) {
    if (!merged)
        return std::unexpected(merged.error());
    QList<Event> events;
    while (events.size() < most) {
        auto event = merged->next();
        if (!event)
            break;
        events.append(std::move(*event));
    }
    if (merged->error().isValid())
        return std::unexpected(merged->error());
    return events;
}

/// The page, when it is full or time is at its end before too many events have been looked through.
Read<std::optional<QList<Event>>> pageOnTheWay(const QSqlDatabase& database, const EventQuery& query, qsizetype most) {
    Read<Merged> merged = walkBack(database, query);
    if (!merged)
        return std::unexpected(merged.error());
    QList<Event> events;
    for (qsizetype seen = 0; events.size() < most; ++seen) {
        if (seen > kWalk + kWalkEach * events.size())
            return std::nullopt;
        auto event = merged->next();
        if (!event)
            break;
        if (event->text.contains(query.text, Qt::CaseInsensitive))
            events.append(std::move(*event));
    }
    if (merged->error().isValid())
        return std::unexpected(merged->error());
    return events;
}

/// Nothing: there are more than a few.
Read<std::optional<QList<qint64>>> fewTexts(const QSqlDatabase& database, const TextSearch& search) {
    Read<QSqlQuery> found =
        executed(database, search.sql + QStringLiteral(" LIMIT %1").arg(kFewTexts + 1), search.values);
    if (!found)
        return std::unexpected(found.error());
    QList<qint64> texts;
    while (found->next())
        texts.append(found->value(0).toLongLong());
    if (texts.size() > kFewTexts)
        return std::nullopt;
    return texts;
}

Read<Merged> eventsWith(const QSqlDatabase& database, const EventQuery& query, const QList<qint64>& texts) {
    Merged merged;
    for (const qint64 text : texts) {
        const Part part{
            QStringLiteral("event_by_wording"), QStringLiteral("wording = ? AND pair = ?"), {text, query.pair}};
        if (const Read<void> added = addPart(merged, database, part, query); !added)
            return std::unexpected(added.error());
    }
    return merged;
}

/// From the texts to their events, and of those the newest, within the index alone.
Read<Merged> newestWith(const QSqlDatabase& database, const EventQuery& query, const TextSearch& search) {
    Filter filter = timeFilter(query);
    filter.add(QStringLiteral("pair = ?"), query.pair);
    if (!query.node.isEmpty())
        filter.add(QStringLiteral("node = ?"), query.node);
    if (query.kind)
        filter.add(QStringLiteral("kind = ?"), eventKindName(*query.kind));
    if (query.atLeast)
        filter.add(QStringLiteral("severity >= ?"), static_cast<int>(*query.atLeast));
    const QString newest =
        QStringLiteral("SELECT event.id FROM (%1) AS found CROSS JOIN event INDEXED BY event_by_wording ON "
                       "event.wording = found.id%2%3 LIMIT %4")
            .arg(search.sql, filter.where(), newestFirst())
            .arg(query.limit);
    Merged merged;
    const Read<void> added = merged.add(
        executed(database, selectEvents({}) + QStringLiteral(" WHERE event.id IN (%1)").arg(newest) + newestFirst(),
                 search.values + filter.values));
    if (!added)
        return std::unexpected(added.error());
    return merged;
}

} // namespace

std::expected<QList<Event>, QSqlError> readEventPage(const QSqlDatabase& database, const EventQuery& query) {
    const qsizetype most = query.limit < 0 ? std::numeric_limits<qsizetype>::max() : query.limit;
    if (query.text.isEmpty())
        return firstOf(walkBack(database, query), most);
    const auto onTheWay = pageOnTheWay(database, query, most);
    if (!onTheWay)
        return std::unexpected(onTheWay.error());
    if (*onTheWay)
        return **onTheWay;

    const TextSearch search = textSearch(query.text);
    const auto few = fewTexts(database, search);
    if (!few)
        return std::unexpected(few.error());
    return firstOf(*few ? eventsWith(database, query, **few) : newestWith(database, query, search), most);
}

} // namespace mha
