// SPDX-License-Identifier: GPL-3.0-or-later

// Pages out of the indices are what a reading of all events one by one finds.

#include "history/history.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr quint32 kSeed = 20260102;
constexpr int kEvents = 8000;
constexpr int kQueries = 350;
const Instant kStart = fromEpochSeconds(1'760'000'000);
const QString kPair = u"p"_s;

using Random = QRandomGenerator;

template <typename List> auto oneOf(Random& random, const List& list) {
    return list.at(random.bounded(list.size()));
}

bool chance(Random& random, int percent) {
    return random.bounded(100) < percent;
}

/// The texts change over time: some are of the past only, and lie behind more events than are walked through.
QString textAt(Random& random, int number) {
    static const QStringList always{u"master holds the VIP."_s,
                                    u"backup gave up the VIP."_s,
                                    u""_s,
                                    u"ok"_s,
                                    u"Überlastung auf Ж, 100% \\ \"voll\""_s,
                                    u"snake_case 🙂🙂"_s};
    static const QStringList once{u"Retired wording of master"_s, u"RETIRED Wording of Äther"_s};
    if (number < kEvents / 2 && chance(random, 40)) {
        return chance(random, 20) ? u"The old form %1 (%2)"_s.arg(number).arg(number % 10) : oneOf(random, once);
    }
    return chance(random, 15) ? u"It took %1 s."_s.arg(number) : oneOf(random, always);
}

QList<Event> someEvents(Random& random) {
    QList<Event> events;
    for (int number = 0; number < kEvents; ++number) {
        Event event;
        event.id = number + 1; // as the rows will be numbered
        event.at = kStart + (number / 3) * 10s + (chance(random, 5) ? -500s : 0s);
        event.pair = chance(random, 90) ? kPair : u"q"_s;
        event.node = chance(random, 75) ? u"master"_s : chance(random, 50) ? u"backup"_s : u""_s;
        event.kind = chance(random, 85) ? EventKind::Link : EventKind(random.bounded(int(EventKind::Config)));
        event.severity = chance(random, 80) ? Severity::Info : Severity(random.bounded(3));
        event.code = u"code-%1"_s.arg(random.bounded(5));
        event.text = textAt(random, number);
        events.append(event);
    }
    return events;
}

QString anyCase(Random& random, const QString& text) {
    return chance(random, 50) ? text : chance(random, 50) ? text.toLower() : text.toUpper();
}

/// Signs of SQL and of searches, short ones, and often what only the past tells.
QString someText(Random& random, const QList<Event>& events) {
    static const QStringList signs{u"%"_s,        u"_"_s,    u"\\"_s, u"\""_s, u"zz"_s,
                                   u"\" OR \""_s, u"🙂🙂"_s, u"ü"_s,  u"ж,"_s};
    static const QStringList past{u"retired"_s, u"Old Form"_s, u"(3)"_s, u"Of äther"_s,    u"Ä"_s,
                                  u"rM"_s,      u"form 1"_s,   u" ("_s,  u"wording of m"_s};
    if (chance(random, 10))
        return oneOf(random, signs);
    if (chance(random, 50))
        return oneOf(random, past);
    QString text = oneOf(random, events).text;
    if (text.isEmpty())
        return text;
    const qsizetype from = random.bounded(text.size());
    return anyCase(random, text.mid(from, 1 + random.bounded(chance(random, 30) ? 2 : 14)));
}

EventQuery someQuery(Random& random, const QList<Event>& events) {
    EventQuery query{.pair = chance(random, 90) ? kPair : u"q"_s};
    if (chance(random, 75))
        query.text = someText(random, events);
    if (chance(random, 25))
        query.since = oneOf(random, events).at;
    if (chance(random, 15))
        query.until = oneOf(random, events).at;
    if (chance(random, 25))
        query.node = chance(random, 70) ? u"master"_s : oneOf(random, QStringList{u"backup"_s, u"third"_s});
    if (chance(random, 35))
        query.kind = chance(random, 60) ? EventKind::Link : EventKind(random.bounded(int(EventKind::Config) + 1));
    if (chance(random, 25))
        query.atLeast = Severity(random.bounded(3));
    query.limit = oneOf(random, QList<int>{0, 1, 7, 50, 200, 3000, -1});
    return query;
}

bool matches(const EventQuery& query, const Event& event) {
    return event.pair == query.pair && (!query.since || event.at >= *query.since) &&
           (!query.until || event.at < *query.until) && (query.node.isEmpty() || event.node == query.node) &&
           (!query.kind || event.kind == *query.kind) && (!query.atLeast || event.severity >= *query.atLeast) &&
           event.text.contains(query.text, Qt::CaseInsensitive);
}

QByteArray wordsOf(const EventQuery& query) {
    const auto number = [](std::optional<Instant> at) { return at ? qint64((*at - kStart) / 1s) : -1; };
    return u"text \"%1\", pair %2, node %3, kind %4, at least %5, from %6 to %7, limit %8"_s
        .arg(query.text, query.pair, query.node, query.kind ? eventKindName(*query.kind) : u"any"_s,
             query.atLeast ? severityName(*query.atLeast) : u"any"_s)
        .arg(number(query.since))
        .arg(number(query.until))
        .arg(query.limit)
        .toUtf8();
}

} // namespace

class EventPagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void aPageIsWhatAReadingOfAllFinds() {
        const QTemporaryDir folder;
        const auto history = History::open(folder.filePath(u"history.sqlite"_s));
        QVERIFY(history);
        Random random(kSeed);
        QList<Event> events = someEvents(random);
        QVERIFY((*history)->addEvents(events));
        std::ranges::sort(events, std::greater{}, [](const Event& event) { return std::pair(event.at, event.id); });

        qsizetype found = 0;
        for (int count = 0; count < kQueries; ++count) {
            const EventQuery query = someQuery(random, events);
            QList<Event> expected;
            for (const Event& event : std::as_const(events)) {
                if (expected.size() == query.limit)
                    break;
                if (matches(query, event))
                    expected.append(event);
            }
            const Result<QList<Event>> page = (*history)->events(query);
            QVERIFY2(page, wordsOf(query));
            QVERIFY2(*page == expected, wordsOf(query) + ": " + QByteArray::number(page->size()) +
                                            " events instead of " + QByteArray::number(expected.size()) +
                                            ", or not the same");
            found += expected.isEmpty() ? 0 : 1;
        }
        QVERIFY(found > kQueries / 2);
    }
};

QTEST_GUILESS_MAIN(EventPagesTest)
#include "event_pages_test.moc"
