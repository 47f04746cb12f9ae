// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/schema.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

namespace mha {

namespace {

/// Times are microseconds since the epoch, durations microseconds; phases and steps are JSON arrays, read as a whole
/// only.
constexpr const char* kVersion1[] = {
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, pair TEXT NOT NULL, node TEXT NOT NULL,"
    " kind TEXT NOT NULL, severity INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX event_by_time ON event (pair, at)",
    "CREATE TABLE failover (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, trigger_code TEXT NOT NULL,"
    " from_node TEXT NOT NULL, to_node TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,"
    " error INTEGER NOT NULL, phases TEXT NOT NULL, source TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT "
    "NULL)",
    "CREATE INDEX failover_by_time ON failover (pair, started_at)",
    "CREATE TABLE action (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, from_node TEXT NOT NULL,"
    " to_node TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,"
    " outcome TEXT NOT NULL, text TEXT NOT NULL, outage INTEGER, steps TEXT NOT NULL)",
    "CREATE INDEX action_by_time ON action (pair, started_at)",
    "CREATE TABLE coverage (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT "
    "NULL)",
    "CREATE INDEX coverage_by_time ON coverage (pair, ends)",
};

/// Which program wrote it, so that what two programs saw at once is kept once.
constexpr const char* kVersion2[] = {"ALTER TABLE event ADD COLUMN recorder TEXT NOT NULL DEFAULT ''"};

constexpr const char* kVersion3[] = {"ALTER TABLE failover ADD COLUMN moves TEXT NOT NULL DEFAULT '[]'"};

/// A page of events by kind, node or severity is found without reading what lies between (History::events), one by a
/// piece of text through its trigrams (sqlite.org/fts5.html).
constexpr const char* kVersion4[] = {
    "CREATE INDEX event_by_sort ON event (pair, kind, node, severity, at)",
    "CREATE VIRTUAL TABLE event_text USING fts5 (text, content='event', content_rowid='id', tokenize='trigram', "
    "detail=full, columnsize=0)",
    "INSERT INTO event_text (event_text) VALUES ('rebuild')",
    "CREATE TRIGGER event_text_too AFTER INSERT ON event BEGIN"
    " INSERT INTO event_text (rowid, text) VALUES (new.id, new.text); END",
};

/// What was seen, what was rebuilt out of the nodes' logs, and what nothing tells of any more.
constexpr const char* kVersion5[] = {"ALTER TABLE event ADD COLUMN source TEXT NOT NULL DEFAULT 'observed'",
                                     "ALTER TABLE coverage ADD COLUMN source TEXT NOT NULL DEFAULT 'observed'"};

/// Each text once: a search reads the texts, which are fewer, and an index leads from a text to its events. An event
/// whose text is not found would be given NULL, which ends the upgrade: none gets lost. The column is not named as
/// before, so that an older program that still runs fails instead of writing a text where its number belongs.
constexpr const char* kVersion6[] = {
    "CREATE TABLE wording (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    "INSERT INTO wording (text) SELECT text FROM event GROUP BY text ORDER BY min(id)",
    "DROP TRIGGER event_text_too",
    "DROP TABLE event_text",
    "DROP INDEX event_by_time",
    "DROP INDEX event_by_sort",
    "ALTER TABLE event RENAME TO event_before",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, pair TEXT NOT NULL, node TEXT NOT NULL,"
    " kind TEXT NOT NULL, severity INTEGER NOT NULL, code TEXT NOT NULL, wording INTEGER NOT NULL REFERENCES wording,"
    " source TEXT NOT NULL, recorder TEXT NOT NULL)",
    "INSERT INTO event (id, at, pair, node, kind, severity, code, wording, source, recorder)"
    " SELECT id, at, pair, node, kind, severity, code, (SELECT id FROM wording WHERE wording.text = event_before.text),"
    " source, recorder FROM event_before ORDER BY id",
    "DROP TABLE event_before",
    "CREATE INDEX event_by_time ON event (pair, at)",
    "CREATE INDEX event_by_sort ON event (pair, kind, node, severity, at)",
    "CREATE INDEX event_by_wording ON event (wording, pair, kind, node, severity, at)",
    "CREATE VIRTUAL TABLE wording_search USING fts5 (text, content='wording', content_rowid='id', tokenize='trigram', "
    "detail=full, columnsize=0)",
    "INSERT INTO wording_search (wording_search) VALUES ('rebuild')",
    "CREATE TRIGGER wording_search_too AFTER INSERT ON wording BEGIN"
    " INSERT INTO wording_search (rowid, text) VALUES (new.id, new.text); END",
};

/// One row a version: what leads to it from the one before.
struct Upgrade {
    const char* const* statements;
    std::size_t count;
};

constexpr Upgrade kUpgrades[] = {{kVersion1, std::size(kVersion1)}, {kVersion2, std::size(kVersion2)},
                                 {kVersion3, std::size(kVersion3)}, {kVersion4, std::size(kVersion4)},
                                 {kVersion5, std::size(kVersion5)}, {kVersion6, std::size(kVersion6)}};
constexpr int kNewest = static_cast<int>(std::size(kUpgrades));

} // namespace

Error sqlError(const QSqlError& error, const QString& fileName) {
    return {ErrorCode::Storage, QStringLiteral("The history cannot be used: %1.").arg(error.text().trimmed()), fileName,
            QStringLiteral(
                "Check that the disk has room and that the file is yours and not damaged; another one can be named "
                "with --history.")};
}

Result<void> upgradeSchema(QSqlDatabase& database, const QString& fileName) {
    QSqlQuery query(database);
    // Taken for the whole upgrade, so that two programs that start at once do not both create the tables.
    if (!query.exec(QStringLiteral("BEGIN IMMEDIATE")))
        return std::unexpected(sqlError(query.lastError(), fileName));
    const auto fail = [&]() -> Result<void> {
        Error error = sqlError(query.lastError(), fileName);
        query.exec(QStringLiteral("ROLLBACK"));
        return std::unexpected(std::move(error));
    };

    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
        return fail();
    const int version = query.value(0).toInt();
    query.finish();
    if (version > kNewest) {
        query.exec(QStringLiteral("ROLLBACK"));
        return std::unexpected(
            Error{ErrorCode::Storage,
                  QStringLiteral("The history was written by a newer milvus-ha (schema %1, this program knows %2).")
                      .arg(version)
                      .arg(kNewest),
                  fileName, QStringLiteral("Update milvus-ha, or name another file with --history.")});
    }
    for (int step = version; step < kNewest; ++step) {
        const Upgrade& upgrade = kUpgrades[step];
        for (std::size_t i = 0; i < upgrade.count; ++i) {
            if (!query.exec(QString::fromLatin1(upgrade.statements[i])))
                return fail();
        }
    }
    if (version != kNewest && !query.exec(QStringLiteral("PRAGMA user_version = %1").arg(kNewest)))
        return fail();
    if (!query.exec(QStringLiteral("COMMIT")))
        return fail();
    return {};
}

} // namespace mha
