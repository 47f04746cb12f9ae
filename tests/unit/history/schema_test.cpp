// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/history.h"
#include "raw_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// As the programs of those versions created their files.
const QList<QStringList> kVersions{
    {u"CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, pair TEXT NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL, severity INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL)"_s,
     u"CREATE INDEX event_by_time ON event (pair, at)"_s,
     u"CREATE TABLE failover (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, trigger_code TEXT NOT NULL, from_node TEXT NOT NULL, to_node TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, error INTEGER NOT NULL, phases TEXT NOT NULL, source TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL)"_s,
     u"CREATE INDEX failover_by_time ON failover (pair, started_at)"_s,
     u"CREATE TABLE action (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, kind TEXT NOT NULL, from_node TEXT NOT NULL, to_node TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT NOT NULL, text TEXT NOT NULL, outage INTEGER, steps TEXT NOT NULL)"_s,
     u"CREATE INDEX action_by_time ON action (pair, started_at)"_s,
     u"CREATE TABLE coverage (id INTEGER PRIMARY KEY, pair TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL)"_s,
     u"CREATE INDEX coverage_by_time ON coverage (pair, ends)"_s},
    {u"ALTER TABLE event ADD COLUMN recorder TEXT NOT NULL DEFAULT ''"_s},
    {u"ALTER TABLE failover ADD COLUMN moves TEXT NOT NULL DEFAULT '[]'"_s},
    {u"CREATE INDEX event_by_sort ON event (pair, kind, node, severity, at)"_s,
     u"CREATE VIRTUAL TABLE event_text USING fts5 (text, content='event', content_rowid='id', tokenize='trigram', detail=full, columnsize=0)"_s,
     u"INSERT INTO event_text (event_text) VALUES ('rebuild')"_s,
     u"CREATE TRIGGER event_text_too AFTER INSERT ON event BEGIN INSERT INTO event_text (rowid, text) VALUES (new.id, new.text); END"_s},
    {u"ALTER TABLE event ADD COLUMN source TEXT NOT NULL DEFAULT 'observed'"_s,
     u"ALTER TABLE coverage ADD COLUMN source TEXT NOT NULL DEFAULT 'observed'"_s}};

const QString kPair = u"p"_s;

/// Texts that occur once and often, with nothing in them and with what SQL and searches take for signs.
QList<Event> eventsOfBefore(bool withSource) {
    const QStringList texts{u"master holds the VIP."_s,
                            u""_s,
                            u"100% of \"it\"; it's 'gone' \\ _"_s,
                            u"Überwachung: Ж 🙂"_s,
                            u"master holds the VIP."_s,
                            u"Master holds the VIP."_s,
                            u"master holds the VIP. "_s,
                            u""_s,
                            u"42"_s};
    QList<Event> events;
    for (int number = 0; number < 60; ++number) {
        Event event;
        event.id = 2 * number + 5; // not each number is in use
        event.at = fromEpochSeconds(1'760'000'000) + (number % 7 == 3 ? -100s : number * 10s);
        event.pair = number % 11 == 4 ? u"q"_s : kPair;
        event.node = number % 3 == 0 ? u""_s : u"master"_s;
        event.kind = EventKind(number % 11);
        event.severity = Severity(number % 3);
        event.code = u"code-%1"_s.arg(number % 4);
        event.text = texts.at(number % texts.size());
        if (withSource && number % 5 == 0)
            event.source = u"reconstructed"_s;
        events.append(event);
    }
    return events;
}

/// A file of that version with eventsOfBefore() in it, every other one of another recorder.
bool writeFile(const QString& name, int version) {
    RawFile raw(name);
    if (!raw.run(u"PRAGMA journal_mode = WAL"_s))
        return false;
    for (const QStringList& statements : kVersions.first(version)) {
        if (!std::ranges::all_of(statements, [&](const QString& sql) { return raw.run(sql); }))
            return false;
    }
    const bool source = version >= 5;
    for (const Event& event : eventsOfBefore(source)) {
        QString columns = u"id, at, pair, node, kind, severity, code, text"_s;
        QVariantList values{event.id,
                            qint64(event.at.time_since_epoch().count()),
                            event.pair,
                            event.node,
                            eventKindName(event.kind),
                            int(event.severity),
                            event.code,
                            event.text};
        if (version >= 2) {
            columns += u", recorder"_s;
            values.append(event.id % 4 == 1 ? u"{one}"_s : u"{two}"_s);
        }
        if (source) {
            columns += u", source"_s;
            values.append(event.source);
        }
        const QString marks = QStringList(values.size(), u"?"_s).join(u", "_s);
        if (!raw.run(u"INSERT INTO event (%1) VALUES (%2)"_s.arg(columns, marks), values))
            return false;
    }
    return raw.run(u"INSERT INTO coverage (pair, begins, ends) VALUES ('p', 1000000, 2000000)"_s) &&
           raw.run(u"INSERT INTO failover (pair, kind, trigger_code, from_node, to_node, started_at, ended_at, error, "
                   "phases, source, operator, reason) VALUES ('p', 'failover', 'host-lost', 'master', 'backup', 1, 2, "
                   "0, '[]', 'observed', '', '')"_s) &&
           raw.run(u"PRAGMA user_version = %1"_s.arg(version));
}

QList<Event> newestFirst(QList<Event> events, const QString& pair) {
    events.removeIf([&](const Event& event) { return event.pair != pair; });
    std::ranges::sort(events, std::greater{}, [](const Event& event) { return std::pair(event.at, event.id); });
    return events;
}

} // namespace

class SchemaTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString file_;

private Q_SLOTS:

    void init() {
        static int count = 0;
        file_ = folder_.filePath(u"%1.sqlite"_s.arg(++count));
    }

    void anOlderFileKeepsEachEvent_data() {
        QTest::addColumn<int>("version");
        for (int version = 1; version <= kVersions.size(); ++version)
            QTest::addRow("%d", version) << version;
    }

    void anOlderFileKeepsEachEvent() {
        QFETCH(int, version);
        QVERIFY(writeFile(file_, version));
        const QList<Event> before = eventsOfBefore(version >= 5);
        {
            const auto history = History::open(file_);
            QVERIFY(history);
            for (const QString& pair : {kPair, u"q"_s}) {
                const auto events = (*history)->events({.pair = pair});
                QVERIFY(events);
                QCOMPARE(*events, newestFirst(before, pair));
            }
            QCOMPARE((*history)->failovers(kPair, {}, {})->size(), 1);
            QCOMPARE((*history)->coverage(kPair, {}, {}),
                     (QList<Coverage>{{fromEpochSeconds(1), fromEpochSeconds(2)}}));
            for (const QString& text : {u"HOLDS"_s, u"\"it\"; it's"_s, u"42"_s, u"Ж"_s}) {
                QList<Event> found = newestFirst(before, kPair);
                found.removeIf([&](const Event& event) { return !event.text.contains(text, Qt::CaseInsensitive); });
                QCOMPARE((*history)->events({.pair = kPair, .text = text}), found);
            }
        }
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"PRAGMA user_version"_s), QStringList{u"6"_s});
        QCOMPARE(raw.rows(u"SELECT count(*), count(DISTINCT text) FROM wording"_s), QStringList{u"7|7"_s});
        QCOMPARE(raw.rows(u"SELECT recorder, count(*) FROM event GROUP BY recorder"_s),
                 version == 1 ? QStringList{u"|60"_s} : QStringList({u"{one}|30"_s, u"{two}|30"_s}));
        QCOMPARE(raw.rows(u"PRAGMA integrity_check"_s), QStringList{u"ok"_s});
        QCOMPARE(raw.rows(u"PRAGMA foreign_key_check"_s), QStringList{});
        QVERIFY2(raw.run(u"INSERT INTO wording_search (wording_search) VALUES ('integrity-check')"_s),
                 qPrintable(raw.error()));
        QCOMPARE(raw.rows(u"SELECT name FROM sqlite_master WHERE name LIKE 'event\\_%' ESCAPE '\\' AND name NOT IN "
                          "('event_by_time', 'event_by_sort', 'event_by_wording')"_s),
                 QStringList{});
    }

    void anUpgradedFileGoesOn() {
        QVERIFY(writeFile(file_, 5));
        const auto history = History::open(file_);
        QVERIFY(history);
        Event known = eventsOfBefore(true).first();
        known.at += 24h;
        Event fresh = known;
        fresh.text = u"What was never told."_s;
        QVERIFY((*history)->addEvents({known, fresh}));
        QCOMPARE((*history)->events({.pair = kPair, .limit = 2})->first().text, fresh.text);
        QCOMPARE((*history)->events({.pair = kPair, .text = u"NEVER told"_s})->size(), 1);
        QVERIFY((*history)->addEvents({})); // and once more opened:
        QVERIFY(History::open(file_));
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"SELECT count(*) FROM wording"_s), QStringList{u"8"_s});
        QCOMPARE(raw.rows(u"SELECT count(*) FROM event"_s), QStringList{u"62"_s});
    }

    /// What one program wrote before the upgrade is not told again by another that saw the same moment.
    void aTwinOfAnEventOfBeforeIsLeftOut() {
        QVERIFY(writeFile(file_, 5));
        const auto history = History::open(file_);
        QVERIFY(history);
        Event twin = newestFirst(eventsOfBefore(true), kPair).first();
        twin.at += 300ms;
        twin.text = u"as another program words it"_s;
        QVERIFY((*history)->addEvents({twin}));
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"SELECT count(*) FROM event"_s), QStringList{u"60"_s});
        QCOMPARE(raw.rows(u"SELECT count(*) FROM wording"_s), QStringList{u"7"_s});
    }

    void anUpgradeThatFailsLeavesTheFileAsItWas() {
        QVERIFY(writeFile(file_, 5));
        QStringList before;
        const QString everything = u"SELECT type, name, sql FROM sqlite_master ORDER BY name"_s;
        {
            RawFile raw(file_);
            // In the way of one of the last statements.
            QVERIFY(raw.run(u"CREATE TABLE wording_search_data (id INTEGER)"_s));
            before = raw.rows(everything) + raw.rows(u"SELECT * FROM event"_s);
        }
        const auto refused = History::open(file_);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Storage);
        {
            RawFile raw(file_);
            QCOMPARE(raw.rows(u"PRAGMA user_version"_s), QStringList{u"5"_s});
            QCOMPARE(raw.rows(everything) + raw.rows(u"SELECT * FROM event"_s), before);
            QVERIFY(raw.run(u"DROP TABLE wording_search_data"_s));
        }
        QVERIFY(History::open(file_));
    }

    /// It would take the number of a text for the text.
    void anOlderProgramThatStillRunsWritesNothing() {
        QVERIFY(History::open(file_));
        RawFile old(file_);
        QVERIFY(!old.run(u"INSERT INTO event (at, pair, node, kind, severity, code, text, source, recorder) VALUES (1, "
                         "'p', '', 'vip', 0, 'c', 'a text', 'observed', '')"_s));
        QCOMPARE(old.rows(u"SELECT count(*) FROM event"_s), QStringList{u"0"_s});
    }

    void aNewerSchemaIsRefused() {
        QVERIFY(History::open(file_));
        {
            RawFile raw(file_);
            QVERIFY(raw.run(u"PRAGMA user_version = 99"_s));
        }
        const Result<std::unique_ptr<History>> refused = History::open(file_);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Storage);
        QVERIFY(refused.error().text.contains(u"99"_s));
        QVERIFY(!refused.error().remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
