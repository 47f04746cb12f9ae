// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/event_pages.h"

#include "history/filter.h"
#include "history/rows.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <limits>

namespace mha {

namespace {

/// Trigrams find nothing shorter.
constexpr qsizetype kTrigram = 3;
/// A text that more events have than this is met often enough by walking back in time.
constexpr int kRare = 20'000;

template <typename T> using Read = std::expected<T, QSqlError>;

/// What the index event_by_sort tells apart.
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

Read<QList<Event>> eventsOf(Read<QSqlQuery> query) {
    if (!query)
        return std::unexpected(query.error());
    QList<Event> events;
    while (query->next())
        events.append(readEvent(*query));
    return events;
}

/// Each sort that occurs, by skipping from one to the next in the index. The latest possible time is part of the bound,
/// since SQLite begins a row-value range at equality and would walk through all rows of the sort before.
Read<QList<Sort>> sortsOf(const QSqlDatabase& database, const QString& pair) {
    constexpr qint64 kLatest = std::numeric_limits<qint64>::max();
    QList<Sort> sorts;
    QVariantList last{pair, QStringLiteral(""), QStringLiteral(""), -1, kLatest};
    for (;;) {
        Read<QSqlQuery> next = executed(
            database,
            QStringLiteral("SELECT kind, node, severity FROM event INDEXED BY event_by_sort WHERE pair = ? AND (kind, "
                           "node, severity, at) > (?, ?, ?, ?) ORDER BY kind, node, severity, at LIMIT 1"),
            last);
        if (!next)
            return std::unexpected(next.error());
        if (!next->next())
            return sorts;
        sorts.append({next->value(0).toString(), next->value(1).toString(), next->value(2).toInt()});
        last = {pair, sorts.last().kind, sorts.last().node, sorts.last().severity, kLatest};
    }
}

bool wanted(const EventQuery& query, const Sort& sort) {
    return (!query.kind || sort.kind == eventKindName(*query.kind)) &&
           (query.node.isEmpty() || sort.node == query.node) &&
           (!query.atLeast || sort.severity >= static_cast<int>(*query.atLeast));
}

Filter timeFilter(const EventQuery& query) {
    Filter filter;
    filter.add(QStringLiteral("pair = ?"), query.pair);
    filter.between(QStringLiteral("at"), query.since, query.until);
    return filter;
}

void addText(Filter& filter, const QString& text) {
    if (!text.isEmpty())
        filter.add(QStringLiteral("text LIKE ? ESCAPE '\\'"), likePattern(text));
}

Read<QList<Event>> pageByTime(const QSqlDatabase& database, const EventQuery& query) {
    Filter filter = timeFilter(query);
    addText(filter, query.text);
    return eventsOf(executed(database,
                             QStringLiteral("SELECT id, %1 FROM event INDEXED BY event_by_time%2 ORDER BY at DESC, id "
                                            "DESC LIMIT %3")
                                 .arg(QLatin1String(kEventColumns), filter.where())
                                 .arg(query.limit),
                             filter.values));
}

/// The newest of each sort that is wanted, and of those the newest.
Read<QList<Event>> pageBySort(const QSqlDatabase& database, const EventQuery& query) {
    const Read<QList<Sort>> sorts = sortsOf(database, query.pair);
    if (!sorts)
        return std::unexpected(sorts.error());
    std::vector<Place> places;
    for (const Sort& sort : *sorts) {
        if (!wanted(query, sort))
            continue;
        Filter filter = timeFilter(query);
        filter.add(QStringLiteral("kind = ?"), sort.kind);
        filter.add(QStringLiteral("node = ?"), sort.node);
        filter.add(QStringLiteral("severity = ?"), sort.severity);
        addText(filter, query.text);
        Read<QSqlQuery> newest = executed(
            database,
            QStringLiteral("SELECT at, id FROM event INDEXED BY event_by_sort%1 ORDER BY at DESC, id DESC LIMIT %2")
                .arg(filter.where())
                .arg(query.limit),
            filter.values);
        if (!newest)
            return std::unexpected(newest.error());
        while (newest->next())
            places.push_back({newest->value(0).toLongLong(), newest->value(1).toLongLong()});
    }
    std::ranges::sort(places, std::greater{});
    places.resize(std::min(places.size(), static_cast<std::size_t>(query.limit)));

    QSqlQuery row(database);
    row.setForwardOnly(true);
    if (!row.prepare(QStringLiteral("SELECT id, %1 FROM event WHERE id = ?").arg(QLatin1String(kEventColumns))))
        return std::unexpected(row.lastError());
    QList<Event> events;
    for (const Place& place : places) {
        row.bindValue(0, place.id);
        if (!row.exec())
            return std::unexpected(row.lastError());
        if (row.next())
            events.append(readEvent(row));
    }
    return events;
}

/// As one phrase for the trigram index: quotes are doubled.
QString phrase(QString text) {
    return u'"' + text.replace(u'"', QLatin1String("\"\"")) + u'"';
}

Read<bool> isRare(const QSqlDatabase& database, const QString& text) {
    Read<QSqlQuery> count =
        executed(database,
                 QStringLiteral("SELECT count(*) FROM (SELECT rowid FROM event_text WHERE event_text MATCH ? LIMIT %1)")
                     .arg(kRare + 1),
                 {phrase(text)});
    if (!count)
        return std::unexpected(count.error());
    return count->next() && count->value(0).toInt() <= kRare;
}

Read<QList<Event>> pageByText(const QSqlDatabase& database, const EventQuery& query) {
    // "+" keeps the other indices out: the text decides.
    Filter filter;
    filter.add(QStringLiteral("+pair = ?"), query.pair);
    filter.between(QStringLiteral("+at"), query.since, query.until);
    if (!query.node.isEmpty())
        filter.add(QStringLiteral("+node = ?"), query.node);
    if (query.kind)
        filter.add(QStringLiteral("+kind = ?"), eventKindName(*query.kind));
    if (query.atLeast)
        filter.add(QStringLiteral("+severity >= ?"), static_cast<int>(*query.atLeast));
    filter.add(QStringLiteral("id IN (SELECT rowid FROM event_text WHERE event_text MATCH ?)"), phrase(query.text));
    return eventsOf(executed(database,
                             QStringLiteral("SELECT id, %1 FROM event%2 ORDER BY +at DESC, id DESC LIMIT %3")
                                 .arg(QLatin1String(kEventColumns), filter.where())
                                 .arg(query.limit),
                             filter.values));
}

} // namespace

std::expected<QList<Event>, QSqlError> readEventPage(const QSqlDatabase& database, const EventQuery& query) {
    if (query.text.size() >= kTrigram) {
        const Read<bool> rare = isRare(database, query.text);
        if (!rare)
            return std::unexpected(rare.error());
        if (*rare)
            return pageByText(database, query);
    }
    return query.kind || query.atLeast || !query.node.isEmpty() ? pageBySort(database, query)
                                                                : pageByTime(database, query);
}

} // namespace mha
