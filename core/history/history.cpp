// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/history.h"

#include "history/event_pages.h"
#include "history/event_writer.h"
#include "history/filter.h"
#include "history/rows.h"
#include "history/schema.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QUuid>
#include <QVariant>

namespace mha {

namespace {

/// Two recorders of one pair see one failover within this of each other.
constexpr std::chrono::seconds kSameFailover{1};

QString insertInto(const char* table, const char* columns) {
    return QStringLiteral("INSERT INTO %1 (%2) VALUES (%3)")
        .arg(QLatin1String(table), QLatin1String(columns), marks(columns));
}

QString updateById(const char* table, const char* columns) {
    const QStringList names = QString::fromLatin1(columns).split(QStringLiteral(", "));
    return QStringLiteral("UPDATE %1 SET %2 = ? WHERE id = ?")
        .arg(QLatin1String(table), names.join(QStringLiteral(" = ?, ")));
}

} // namespace

struct History::State {
    QString fileName;
    QString connection = QUuid::createUuid().toString();
    std::unique_ptr<EventWriter> eventWriter;

    QSqlDatabase database() const { return QSqlDatabase::database(connection, false); }

    Error error(const QSqlQuery& query) const { return sqlError(query.lastError(), fileName); }

    Result<QSqlQuery> prepared(const QString& sql) const {
        QSqlQuery query(database());
        query.setForwardOnly(true);
        if (!query.prepare(sql))
            return std::unexpected(error(query));
        return query;
    }

    Result<void> run(const QString& sql) const {
        QSqlQuery query(database());
        if (!query.exec(sql))
            return std::unexpected(error(query));
        return {};
    }

    Result<qint64> replaceFailover(qint64 id, const Failover& failover) const {
        Result<QSqlQuery> query = prepared(updateById("failover", kFailoverColumns));
        if (!query)
            return std::unexpected(query.error());
        bindFailover(*query, failover);
        query->addBindValue(id);
        if (!query->exec())
            return std::unexpected(error(*query));
        return id;
    }

    /// Rows of `table` that satisfy the filter, read one by one.
    template <typename Row>
    Result<QList<Row>> select(const char* table, const char* columns, const Filter& filter, const QString& tail,
                              Row (*read)(const QSqlQuery&)) const {
        Result<QSqlQuery> query =
            prepared(QStringLiteral("SELECT id, %1 FROM %2").arg(QLatin1String(columns), QLatin1String(table)) +
                     filter.where() + tail);
        if (!query)
            return std::unexpected(query.error());
        for (const QVariant& value : filter.values)
            query->addBindValue(value);
        if (!query->exec())
            return std::unexpected(error(*query));
        QList<Row> rows;
        while (query->next())
            rows.append(read(*query));
        return rows;
    }
};

History::History() : state_(std::make_unique<State>()) {}

History::~History() {
    state_->eventWriter.reset();
    state_->database().close();
    QSqlDatabase::removeDatabase(state_->connection);
}

QString History::defaultFileName() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/milvus-ha/history.sqlite");
}

Result<std::unique_ptr<History>> History::open(const QString& fileName) {
    const QString folder = QFileInfo(fileName).absolutePath();
    if (!QDir().mkpath(folder)) {
        return std::unexpected(Error{ErrorCode::Storage, QStringLiteral("The folder of the history cannot be created."),
                                     folder, QStringLiteral("Create it, or name another file with --history.")});
    }
    std::unique_ptr<History> history(new History);
    State& state = *history->state_;
    state.fileName = fileName;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), state.connection);
        database.setDatabaseName(fileName);
        // Another program may hold the write lock for a moment.
        database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        if (!database.open()) {
            return std::unexpected(
                Error{ErrorCode::Storage,
                      QStringLiteral("The history cannot be opened: %1.").arg(database.lastError().text().trimmed()),
                      fileName,
                      QStringLiteral("Check that the file may be read and written, or name another with --history.")});
        }
        // WAL lets a dashboard read while a recorder writes; NORMAL is durable enough with it (sqlite.org/wal.html).
        // With 16 MB instead of 2 the last pages of each index stay at hand while events are written.
        for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL",
                                   "PRAGMA foreign_keys = ON", "PRAGMA cache_size = -16384"}) {
            if (const Result<void> set = state.run(QString::fromLatin1(pragma)); !set)
                return std::unexpected(set.error());
        }
        if (const Result<void> upgraded = upgradeSchema(database, fileName); !upgraded)
            return std::unexpected(upgraded.error());
        auto writer = EventWriter::prepared(database, state.connection);
        if (!writer)
            return std::unexpected(sqlError(writer.error(), fileName));
        state.eventWriter = std::move(*writer);
    }
    return history;
}

Result<void> History::addEvents(const QList<Event>& events) {
    if (events.isEmpty())
        return {};
    return inTransaction([&] { return insertEvents(events); });
}

Result<void> History::inTransaction(const std::function<Result<void>()>& work) {
    if (const Result<void> begun = state_->run(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    Result<void> done = work();
    if (done)
        done = state_->run(QStringLiteral("COMMIT"));
    if (!done) {
        static_cast<void>(state_->run(QStringLiteral("ROLLBACK")));
        state_->eventWriter->forget();
    }
    return done;
}

Result<void> History::insertEvents(const QList<Event>& events) {
    if (const auto written = state_->eventWriter->write(events); !written)
        return std::unexpected(sqlError(written.error(), state_->fileName));
    return {};
}

Result<void> History::insertCoverage(const QString& pair, const Coverage& span) {
    Result<QSqlQuery> query =
        state_->prepared(QStringLiteral("INSERT INTO coverage (pair, begins, ends, source) VALUES (?, ?, ?, ?)"));
    if (!query)
        return std::unexpected(query.error());
    query->addBindValue(pair);
    query->addBindValue(toColumn(span.from));
    query->addBindValue(toColumn(span.until));
    query->addBindValue(coverageSourceName(span.source));
    if (!query->exec())
        return std::unexpected(state_->error(*query));
    return {};
}

Result<void> History::removeFailover(qint64 id) {
    Result<QSqlQuery> query = state_->prepared(QStringLiteral("DELETE FROM failover WHERE id = ?"));
    if (!query)
        return std::unexpected(query.error());
    query->addBindValue(id);
    if (!query->exec())
        return std::unexpected(state_->error(*query));
    return {};
}

Result<qint64> History::addFailover(const Failover& failover) {
    // One statement, so that two recorders at the same moment cannot both find nothing and both insert.
    const QString sql =
        QStringLiteral(
            "INSERT INTO failover (%1) SELECT %2 WHERE NOT EXISTS (SELECT 1 FROM failover WHERE pair = ? AND "
            "from_node = ? AND to_node = ? AND started_at BETWEEN ? AND ?)")
            .arg(QLatin1String(kFailoverColumns), marks(kFailoverColumns));
    Result<QSqlQuery> query = state_->prepared(sql);
    if (!query)
        return std::unexpected(query.error());
    bindFailover(*query, failover);
    const auto bindTwin = [&](QSqlQuery& target) {
        target.addBindValue(failover.pair);
        target.addBindValue(failover.from.isNull() ? QStringLiteral("") : failover.from);
        target.addBindValue(failover.to.isNull() ? QStringLiteral("") : failover.to);
        target.addBindValue(toColumn(failover.startedAt - kSameFailover));
        target.addBindValue(toColumn(failover.startedAt + kSameFailover));
    };
    bindTwin(*query);
    if (!query->exec())
        return std::unexpected(state_->error(*query));
    if (query->numRowsAffected() > 0)
        return query->lastInsertId().toLongLong();

    Result<QSqlQuery> twin = state_->prepared(
        QStringLiteral(
            "SELECT id, %1 FROM failover WHERE pair = ? AND from_node = ? AND to_node = ? AND started_at BETWEEN "
            "? AND ? ORDER BY id")
            .arg(QLatin1String(kFailoverColumns)));
    if (!twin)
        return std::unexpected(twin.error());
    bindTwin(*twin);
    if (!twin->exec() || !twin->next())
        return std::unexpected(state_->error(*twin));
    const Failover known = readFailover(*twin);
    twin->finish();
    // Only the program that switched knows that the move was planned, by whom and why.
    if (failover.planned() && !known.planned())
        return state_->replaceFailover(known.id, failover);
    return known.id;
}

Result<qint64> History::saveAction(const ActionRecord& action) {
    const QString sql = action.id == 0 ? insertInto("action", kActionColumns) : updateById("action", kActionColumns);
    Result<QSqlQuery> query = state_->prepared(sql);
    if (!query)
        return std::unexpected(query.error());
    bindAction(*query, action);
    if (action.id != 0)
        query->addBindValue(action.id);
    if (!query->exec())
        return std::unexpected(state_->error(*query));
    return action.id != 0 ? action.id : query->lastInsertId().toLongLong();
}

Result<QList<ActionRecord>> History::markInterrupted(const QString& pair) {
    const Result<QList<ActionRecord>> all = actions(pair, {}, {});
    if (!all)
        return std::unexpected(all.error());
    QList<ActionRecord> marked;
    for (ActionRecord action : *all) {
        if (action.outcome != Outcome::Running)
            continue;
        action.outcome = Outcome::Interrupted;
        action.text =
            QStringLiteral("The program that ran it ended in mid-run. Look at `milvus-ha status` for where the "
                           "pair is now; `milvus-ha takeover --to %1` goes on with it, `--to %2` goes back.")
                .arg(action.to, action.from);
        if (const Result<qint64> saved = saveAction(action); !saved)
            return std::unexpected(saved.error());
        marked += action;
    }
    return marked;
}

Result<qint64> History::cover(const QString& pair, Instant from, Instant until, std::optional<qint64> token) {
    Result<QSqlQuery> query =
        token ? state_->prepared(QStringLiteral("UPDATE coverage SET ends = ? WHERE id = ?"))
              : state_->prepared(QStringLiteral("INSERT INTO coverage (pair, begins, ends) VALUES (?, ?, ?)"));
    if (!query)
        return std::unexpected(query.error());
    if (token) {
        query->addBindValue(toColumn(until));
        query->addBindValue(*token);
    } else {
        query->addBindValue(pair);
        query->addBindValue(toColumn(from));
        query->addBindValue(toColumn(until));
    }
    if (!query->exec())
        return std::unexpected(state_->error(*query));
    return token ? *token : query->lastInsertId().toLongLong();
}

Result<QList<Event>> History::events(const EventQuery& query) const {
    const auto page = readEventPage(state_->database(), query);
    if (!page)
        return std::unexpected(sqlError(page.error(), state_->fileName));
    return *page;
}

Result<QList<Failover>> History::failovers(const QString& pair, std::optional<Instant> since,
                                           std::optional<Instant> until) const {
    Filter filter;
    filter.add(QStringLiteral("pair = ?"), pair);
    filter.between(QStringLiteral("started_at"), since, until);
    return state_->select<Failover>("failover", kFailoverColumns, filter,
                                    QStringLiteral(" ORDER BY started_at DESC, id DESC"), readFailover);
}

Result<QList<ActionRecord>> History::actions(const QString& pair, std::optional<Instant> since,
                                             std::optional<Instant> until) const {
    Filter filter;
    filter.add(QStringLiteral("pair = ?"), pair);
    filter.between(QStringLiteral("started_at"), since, until);
    return state_->select<ActionRecord>("action", kActionColumns, filter,
                                        QStringLiteral(" ORDER BY started_at DESC, id DESC"), readAction);
}

Result<QList<Coverage>> History::coverage(const QString& pair, std::optional<Instant> since,
                                          std::optional<Instant> until) const {
    // Spans that touch the period, whole: the caller cuts them.
    Filter filter;
    filter.add(QStringLiteral("pair = ?"), pair);
    if (since)
        filter.add(QStringLiteral("ends >= ?"), toColumn(*since));
    if (until)
        filter.add(QStringLiteral("begins < ?"), toColumn(*until));
    const auto read = [](const QSqlQuery& row) {
        return Coverage{instantOf(row.value(2).toLongLong()), instantOf(row.value(3).toLongLong()),
                        coverageSourceFromName(row.value(4).toString()).value_or(CoverageSource::Lost)};
    };
    return state_->select<Coverage>("coverage", "pair, begins, ends, source", filter,
                                    QStringLiteral(" ORDER BY begins, id"), +read);
}

} // namespace mha
