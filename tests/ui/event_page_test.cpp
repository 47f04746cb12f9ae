// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/empty_state.h"
#include "ui/event_page.h"
#include "ui/history_desk.h"
#include "ui/style.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

constexpr int kSoon = 10000;

Event eventAt(Duration after, EventKind kind, Severity severity, const QString& node, const QString& text) {
    Event one;
    one.at = nightAt(after);
    one.kind = kind;
    one.severity = severity;
    one.node = node;
    one.text = text;
    one.code = u"code"_s;
    return one;
}

QList<Event> some() {
    return {
        eventAt(0s, EventKind::Container, Severity::Error, u"master"_s, u"The container ended with exit code 137."_s),
        eventAt(1s, EventKind::Vip, Severity::Info, u"backup"_s, u"192.168.1.104 arrived on enp3s0."_s),
        eventAt(2s, EventKind::Verdict, Severity::Warning, {}, u"The verdict is degraded."_s)};
}

QList<Event> many(int count) {
    QList<Event> events;
    for (int i = 0; i < count; ++i)
        events.append(eventAt(i * 1s, EventKind::Link, Severity::Info, u"master"_s, u"event %1"_s.arg(i)));
    return events;
}

/// As they lie in the history: in the order of their rows.
QList<Event> numbered(QList<Event> events) {
    for (qsizetype i = 0; i < events.size(); ++i)
        events[i].id = i + 1;
    return events;
}

QList<Event> found(const QList<Event>& stored, const EventQuery& query) {
    QList<Event> page;
    std::ranges::copy_if(stored, std::back_inserter(page), [&](const Event& event) { return matches(query, event); });
    std::ranges::sort(page, std::greater{}, [](const Event& event) { return std::pair(event.at, event.id); });
    page.resize(std::min<qsizetype>(page.size(), query.limit));
    return page;
}

/// A history that answers.
template <typename Asking>
void answerFrom(const QList<Event>& stored, Asking& asking, Qt::ConnectionType when = Qt::DirectConnection) {
    const auto answer = [stored, &asking](const EventQuery& query, quint64 ticket) {
        asking.addPage(ticket, found(stored, query));
    };
    QObject::connect(&asking, &Asking::pageWanted, &asking, answer, when);
}

} // namespace

class EventPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modelKeepsItsContract();
    void newestFirst();
    void pagesMeetWithoutGapOrRepeat();
    void overtakenAnswersAreDropped();
    void liveBesideThePages();
    void bounded();
    void findsWhatLiesFarBack();
    void periodsCountBackFromTheClock();
    void aPageThatWasAskedForEarlier();
    void historyThatCannotBeRead();
    void filters();
    void followsLiveOrStandsStill();
    void emptyStates();

private:
    Style style_{ThemeChoice::Light};
};

void EventPageTest::modelKeepsItsContract() {
    EventModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    // The tester fetches as well, in the midst of it all: only an answer that comes later is allowed.
    answerFrom(numbered(many(1200)), model, Qt::QueuedConnection);
    model.setFilter({});
    QTRY_VERIFY(model.rowCount() >= EventModel::kPage);
    model.addLive({eventAt(2000s, EventKind::Link, Severity::Error, u"master"_s, u"x"_s)});
    for (int page = 0; page < 3; ++page) {
        model.fetchMore({});
        QTRY_VERIFY(!model.waiting());
    }
    QCOMPARE(model.rowCount(), 1201);
    EventQuery errors;
    errors.atLeast = Severity::Error;
    model.setFilter(errors);
    QCOMPARE(model.rowCount(), 1);
    QTRY_VERIFY(!model.waiting());
    QCOMPARE(model.rowCount(), 0);
    model.clear();
}

void EventPageTest::newestFirst() {
    EventModel model;
    model.addLive(some());
    QCOMPARE(model.at(0).at, nightAt(2s));
    // A node's own time may lie before what was heard already.
    model.addLive({eventAt(1500ms, EventKind::Vrrp, Severity::Info, u"backup"_s, u"MASTER"_s)});
    QCOMPARE(model.at(0).at, nightAt(2s));
    QCOMPARE(model.at(1).at, nightAt(1500ms));
    QCOMPARE(model.index(1, EventModel::Time).data().toString(), u"2026-03-14 03:12:46.500"_s);
    QCOMPARE(model.index(0, EventModel::Node).data().toString(), u"pair"_s);
}

void EventPageTest::pagesMeetWithoutGapOrRepeat() {
    // Each moment has seven events, so that every page ends within one.
    QList<Event> stored = many(3000);
    for (qsizetype i = 0; i < stored.size(); ++i)
        stored[i].at = nightAt((i / 7) * 1s);
    stored = numbered(stored);
    EventModel model;
    answerFrom(stored, model);
    model.setFilter({});
    for (int page = 0; model.canFetchMore({}); ++page) {
        QVERIFY(page < 10);
        model.fetchMore({});
    }
    QCOMPARE(model.rowCount(), int(stored.size()));
    for (int row = 0; row < model.rowCount(); ++row)
        QCOMPARE(model.at(row).id, stored.size() - row);
}

void EventPageTest::overtakenAnswersAreDropped() {
    EventModel model;
    QList<std::pair<EventQuery, quint64>> asked;
    connect(&model, &EventModel::pageWanted, this,
            [&](const EventQuery& query, quint64 ticket) { asked.append({query, ticket}); });
    model.setFilter({});
    EventQuery backup;
    backup.node = u"backup"_s;
    model.setFilter(backup);
    QCOMPARE(asked.size(), 2);
    model.addPage(asked[0].second, numbered(some()));
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(model.waiting());
    model.addPage(asked[1].second, found(numbered(some()), asked[1].first));
    QCOMPARE(model.rowCount(), 1);
    // Told twice, or after all, it changes nothing.
    model.addPage(asked[1].second, numbered(some()));
    QVERIFY(!model.failPage(asked[0].second));
    QCOMPARE(model.rowCount(), 1);
}

void EventPageTest::liveBesideThePages() {
    EventModel model;
    quint64 ticket = 0;
    connect(&model, &EventModel::pageWanted, this, [&](const EventQuery&, quint64 now) { ticket = now; });
    // Seen before the question: the history has it, and may have it in another program's words.
    model.addLive({eventAt(0s, EventKind::Vip, Severity::Info, u"backup"_s, u"ours"_s)});
    model.setFilter({});
    model.addLive({eventAt(9s, EventKind::Vip, Severity::Info, u"backup"_s, u"meanwhile"_s)});
    model.addPage(ticket, numbered({eventAt(1ms, EventKind::Vip, Severity::Info, u"backup"_s, u"theirs"_s)}));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(0).text, u"meanwhile"_s);
    QCOMPARE(model.at(1).text, u"theirs"_s);
    // What does not match is not shown, what is older than all that was read comes with its page.
    EventQuery errors;
    errors.atLeast = Severity::Error;
    model.setFilter(errors);
    QList<Event> page = numbered(many(EventModel::kPage));
    for (Event& event : page)
        event.severity = Severity::Error;
    model.addPage(ticket, found(page, errors));
    model.addLive({eventAt(1000s, EventKind::Vip, Severity::Info, u"backup"_s, u"info"_s),
                   eventAt(-1000s, EventKind::Vip, Severity::Error, u"backup"_s, u"old"_s)});
    QCOMPARE(model.rowCount(), EventModel::kPage);
}

void EventPageTest::bounded() {
    EventModel model;
    model.addLive(many(int(EventModel::kMost)));
    model.addLive({eventAt(100h, EventKind::Vip, Severity::Info, {}, u"newest"_s)});
    QVERIFY(!model.canFetchMore({}));
    model.trim();
    QCOMPARE(model.rowCount(), int(EventModel::kMost));
    QCOMPARE(model.at(0).text, u"newest"_s);
    // They are not lost.
    QVERIFY(model.canFetchMore({}));
}

void EventPageTest::findsWhatLiesFarBack() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QList<Event> events = many(5000);
    for (Event& event : events)
        event.pair = u"milvus-prod"_s;
    // The 4,500th from the newest.
    events[500].text = u"A needle in the hay."_s;
    events[500].node = u"backup"_s;
    events[500].severity = Severity::Warning;
    desk.addEvents(events);
    EventPage page;
    page.setNodes(u"master"_s, u"backup"_s);
    connect(&page, &EventPage::pageWanted, &desk, &HistoryDesk::readEvents);
    connect(&desk, &HistoryDesk::eventsRead, &page, &EventPage::addPage);
    connect(&desk, &HistoryDesk::eventsFailed, &page, &EventPage::failPage);
    page.resize(900, 400);
    page.show();
    page.read();
    const QAbstractItemModel* rows = page.table()->model();
    const auto onlyTheNeedle = [rows] {
        return rows->rowCount() == 1 && rows->index(0, EventModel::Text).data().toString() == u"A needle in the hay."_s;
    };
    QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), EventModel::kPage, kSoon);
    auto* words = page.findChild<QLineEdit*>();
    QTest::keyClicks(words, u"NEEDLE"_s);
    QTRY_VERIFY_WITH_TIMEOUT(onlyTheNeedle(), kSoon);
    words->clear();
    QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), EventModel::kPage, kSoon);
    const auto boxes = page.findChildren<QComboBox*>();
    boxes.at(0)->setCurrentIndex(2);
    QTRY_VERIFY_WITH_TIMEOUT(onlyTheNeedle(), kSoon);
    boxes.at(0)->setCurrentIndex(0);
    boxes.at(2)->setCurrentIndex(1);
    QTRY_VERIFY_WITH_TIMEOUT(onlyTheNeedle(), kSoon);
    boxes.at(2)->setCurrentIndex(0);
    QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), EventModel::kPage, kSoon);

    // By scrolling alone.
    QScrollBar* bar = page.table()->verticalScrollBar();
    while (rows->rowCount() < 5000) {
        const int before = rows->rowCount();
        bar->setValue(bar->maximum());
        QTRY_VERIFY_WITH_TIMEOUT(rows->rowCount() > before, kSoon);
    }
    QCOMPARE(rows->index(4499, EventModel::Text).data().toString(), u"A needle in the hay."_s);
    QCOMPARE(rows->index(4999, EventModel::Text).data().toString(), u"event 0"_s);
}

void EventPageTest::periodsCountBackFromTheClock() {
    // An hour of long ago that is replayed: the clock is the recording's, and nowhere before it is begun.
    Instant now{};
    const QList<Event> stored = numbered(many(7200)); // a second each, from nightAt() on
    EventPage page;
    page.setClock([&now] { return now; });
    EventQuery asked;
    connect(&page, &EventPage::pageWanted, this, [&](const EventQuery& query) { asked = query; });
    auto* period = page.findChildren<QComboBox*>().at(3);
    period->setCurrentIndex(1);
    QCOMPARE(asked.since, std::optional(now - 1h));
    page.addEvents(stored.first(3600));
    const QAbstractItemModel* rows = page.table()->model();
    QCOMPARE(rows->rowCount(), 3600);
    now = stored.at(3599).at;
    page.tick(now);
    QCOMPARE(rows->rowCount(), 3600);
    // It goes along: what is more than an hour old by then is in it no more.
    now = nightAt(1h + 30min);
    page.tick(now);
    QCOMPARE(rows->rowCount(), 1800);
    // Not under the eye of who reads.
    page.followBox()->setChecked(false);
    page.tick(now + 10min);
    QCOMPARE(rows->rowCount(), 1800);
    page.followBox()->setChecked(true);
    page.tick(now + 10min);
    QCOMPARE(rows->rowCount(), 1200);
    // Chosen anew, it is asked for from there.
    period->setCurrentIndex(2);
    QCOMPARE(asked.since, std::optional(now - 24h));
    period->setCurrentIndex(0);
    QVERIFY(!asked.since);
    page.tick(now + 48h);
    QCOMPARE(rows->rowCount(), 1200);
}

void EventPageTest::aPageThatWasAskedForEarlier() {
    EventModel model;
    quint64 ticket = 0;
    connect(&model, &EventModel::pageWanted, this, [&](const EventQuery&, quint64 now) { ticket = now; });
    EventQuery query;
    query.since = nightAt();
    model.setFilter(query);
    model.dropBefore(nightAt(10s));
    model.dropBefore(nightAt(5s)); // a clock that was set back brings nothing back
    model.addPage(ticket, found(numbered(many(20)), query));
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.at(9).at, nightAt(10s));
}

void EventPageTest::historyThatCannotBeRead() {
    EventPage page;
    quint64 ticket = 0;
    connect(&page, &EventPage::pageWanted, this, [&](const EventQuery&, quint64 now) { ticket = now; });
    page.read();
    auto* empty = page.findChild<EmptyState*>();
    page.failPage(ticket, {ErrorCode::Storage, u"The disk is full."_s, u"/h.sqlite"_s, u"Make room."_s});
    QCOMPARE(empty->title(), u"The history cannot be read"_s);
    QVERIFY2(empty->accessibleName().contains(u"Make room."_s), qPrintable(empty->accessibleName()));
    // Only the newest question has a say.
    page.read();
    page.failPage(ticket - 1, {ErrorCode::Storage, u"x"_s, {}, {}});
    QCOMPARE(empty->title(), u"Reading the history"_s);
}

void EventPageTest::filters() {
    EventPage page;
    page.setNodes(u"master"_s, u"backup"_s);
    page.addEvents(some());
    const QAbstractItemModel* rows = page.table()->model();
    QCOMPARE(rows->rowCount(), 3);
    auto* words = page.findChild<QLineEdit*>();
    const auto boxes = page.findChildren<QComboBox*>();
    answerFrom(numbered(some()), page);
    QTest::keyClicks(words, u"EXIT"_s);
    QCOMPARE(rows->rowCount(), 1);
    words->clear();
    QCOMPARE(rows->rowCount(), 3);
    boxes.at(0)->setCurrentIndex(2);
    QCOMPARE(rows->rowCount(), 1);
    QCOMPARE(rows->index(0, EventModel::Node).data().toString(), u"backup"_s);
    boxes.at(0)->setCurrentIndex(0);
    boxes.at(1)->setCurrentIndex(1 + int(EventKind::Container));
    QCOMPARE(rows->rowCount(), 1);
    boxes.at(1)->setCurrentIndex(0);
    boxes.at(2)->setCurrentIndex(1);
    QCOMPARE(rows->rowCount(), 2);
    boxes.at(2)->setCurrentIndex(2);
    QCOMPARE(rows->rowCount(), 1);
    boxes.at(3)->setCurrentIndex(1);
    QCOMPARE(rows->rowCount(), 0);
}

void EventPageTest::followsLiveOrStandsStill() {
    EventPage page;
    page.resize(900, 400);
    page.addEvents(many(200));
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QScrollBar* bar = page.table()->verticalScrollBar();
    QVERIFY(page.followBox()->isChecked());
    page.addEvents({eventAt(1000s, EventKind::Vip, Severity::Info, {}, u"new"_s)});
    QCOMPARE(bar->value(), 0);
    // Scrolling down by hand stops following; what is read stays where it is.
    bar->setSliderPosition(50);
    bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
    QVERIFY(!page.followBox()->isChecked());
    const QString top = page.table()->indexAt(QPoint(0, 0)).siblingAtColumn(EventModel::Text).data().toString();
    page.addEvents({eventAt(1001s, EventKind::Vip, Severity::Info, {}, u"newer"_s)});
    QCOMPARE(page.table()->indexAt(QPoint(0, 0)).siblingAtColumn(EventModel::Text).data().toString(), top);
    QTest::keyClick(page.followBox(), Qt::Key_Space);
    QCOMPARE(bar->value(), 0);
}

void EventPageTest::emptyStates() {
    EventPage page;
    page.resize(900, 400);
    page.show();
    auto* empty = page.findChild<EmptyState*>();
    // Unknown until the history has answered.
    QCOMPARE(empty->title(), u"Reading the history"_s);
    answerFrom({}, page);
    page.read();
    QCOMPARE(empty->title(), u"Nothing has happened yet"_s);
    QVERIFY(empty->isVisible());
    page.addEvents(some());
    QVERIFY(!empty->isVisible());
    page.findChild<QLineEdit*>()->setText(u"no such word"_s);
    QCOMPARE(empty->title(), u"No event matches the filter"_s);
    QVERIFY(empty->isVisible());
}

QTEST_MAIN(EventPageTest)
#include "event_page_test.moc"
