// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/history.h"
#include "history/recorder.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const Instant kStart = *fromIso(u"2026-01-02T03:04:05.678901Z");

Event eventAt(Duration after, const QString& text, Severity severity = Severity::Info) {
    return {0,
            kStart + after,
            QStringLiteral("p"),
            QStringLiteral("master"),
            EventKind::Vip,
            severity,
            QStringLiteral("vip-acquired"),
            text};
}

Failover aFailover(Duration after = 0s) {
    Failover failover;
    failover.pair = QStringLiteral("p");
    failover.trigger = QStringLiteral("container-died");
    failover.from = QStringLiteral("master");
    failover.to = QStringLiteral("backup");
    failover.startedAt = kStart + after;
    failover.endedAt = kStart + after + 4321ms;
    failover.error = 50ms;
    failover.phases = {{QStringLiteral("detection"), 0s, 2s, 10ms, QStringLiteral("master")},
                       {QStringLiteral("election"), 2s, 2321ms, 10ms, {}, true}};
    failover.moves = {{QStringLiteral("master"), QStringLiteral("backup"), kStart + after + 2s}};
    return failover;
}

ActionRecord anAction() {
    ActionRecord action;
    action.pair = QStringLiteral("p");
    action.kind = QStringLiteral("switchover");
    action.from = QStringLiteral("master");
    action.to = QStringLiteral("backup");
    action.owner = QStringLiteral("ada@desk");
    action.reason = QStringLiteral("kernel update");
    action.startedAt = kStart;
    action.steps = {{QStringLiteral("Stop Milvus on master"), StepState::Running, kStart, std::nullopt, QString()},
                    {QStringLiteral("Verify"), StepState::Waiting, std::nullopt, std::nullopt, QString()}};
    return action;
}

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString file_;
    std::unique_ptr<History> history_;

    std::unique_ptr<History> opened() {
        Result<std::unique_ptr<History>> history = History::open(file_);
        return history ? std::move(*history) : nullptr;
    }

private Q_SLOTS:

    void init() {
        static int count = 0;
        file_ = folder_.filePath(QStringLiteral("%1/history.sqlite").arg(++count));
        history_ = opened();
        QVERIFY(history_);
    }

    void cleanup() { history_.reset(); }

    void valuesComeBackAsTheyWentIn() {
        QVERIFY(history_->addEvents({eventAt(1s, QStringLiteral("The VIP came to master."))}));
        QVERIFY(history_->addFailover(aFailover()));
        ActionRecord action = anAction();
        action.id = history_->saveAction(action).value_or(0);
        QVERIFY(action.id > 0);

        Event event = history_->events({.pair = QStringLiteral("p")})->value(0);
        event.id = 0;
        QCOMPARE(event, eventAt(1s, QStringLiteral("The VIP came to master.")));
        Failover failover = history_->failovers(QStringLiteral("p"), {}, {})->value(0);
        failover.id = 0;
        QCOMPARE(failover, aFailover());
        QCOMPARE(history_->actions(QStringLiteral("p"), {}, {})->value(0), action);

        action.outcome = Outcome::Done;
        action.endedAt = kStart + 9s;
        action.outage = 4500ms;
        action.steps[0].state = StepState::Done;
        action.steps[0].endedAt = kStart + 1s;
        QCOMPARE(history_->saveAction(action).value_or(0), action.id);
        QCOMPARE(*history_->actions(QStringLiteral("p"), {}, {}), QList<ActionRecord>{action});
    }

    void eventsAreFiltered_data() {
        QTest::addColumn<EventQuery>("query");
        QTest::addColumn<QStringList>("texts");
        const QString p = QStringLiteral("p");
        QTest::newRow("all, newest first") << EventQuery{.pair = p} << QStringList{"c 100%", "b_x", "a"};
        QTest::newRow("limit") << EventQuery{.pair = p, .limit = 1} << QStringList{"c 100%"};
        QTest::newRow("since is inclusive")
            << EventQuery{.pair = p, .since = kStart + 2s} << QStringList{"c 100%", "b_x"};
        QTest::newRow("until is exclusive") << EventQuery{.pair = p, .until = kStart + 2s} << QStringList{"a"};
        QTest::newRow("severity") << EventQuery{.pair = p, .atLeast = Severity::Warning}
                                  << QStringList{"c 100%", "b_x"};
        QTest::newRow("text, any case") << EventQuery{.pair = p, .text = QStringLiteral("B")} << QStringList{"b_x"};
        QTest::newRow("percent is a letter")
            << EventQuery{.pair = p, .text = QStringLiteral("0%")} << QStringList{"c 100%"};
        QTest::newRow("underscore is a letter")
            << EventQuery{.pair = p, .text = QStringLiteral("_")} << QStringList{"b_x"};
        QTest::newRow("a word") << EventQuery{.pair = p, .text = QStringLiteral("100")} << QStringList{"c 100%"};
        QTest::newRow("a word, any case, and severity")
            << EventQuery{.pair = p, .atLeast = Severity::Error, .text = QStringLiteral("C 100")}
            << QStringList{"c 100%"};
        QTest::newRow("a word that is not there")
            << EventQuery{.pair = p, .text = QStringLiteral("\"100\" OR")} << QStringList{};
        QTest::newRow("severity, limit") << EventQuery{.pair = p, .atLeast = Severity::Info, .limit = 2}
                                         << QStringList{"c 100%", "b_x"};
        QTest::newRow("severity, until, short text")
            << EventQuery{.pair = p, .until = kStart + 3s, .atLeast = Severity::Warning, .text = QStringLiteral("X")}
            << QStringList{"b_x"};
        QTest::newRow("a word of another pair")
            << EventQuery{.pair = QStringLiteral("q"), .text = QStringLiteral("100")} << QStringList{};
        QTest::newRow("kind") << EventQuery{.pair = p, .kind = EventKind::Clock} << QStringList{};
        QTest::newRow("node") << EventQuery{.pair = p, .node = QStringLiteral("backup")} << QStringList{};
        QTest::newRow("other pair") << EventQuery{.pair = QStringLiteral("q")} << QStringList{};
    }

    void eventsAreFiltered() {
        QFETCH(EventQuery, query);
        QVERIFY(history_->addEvents({eventAt(1s, QStringLiteral("a")),
                                     eventAt(2s, QStringLiteral("b_x"), Severity::Warning),
                                     eventAt(3s, QStringLiteral("c 100%"), Severity::Error)}));
        const Result<QList<Event>> events = history_->events(query);
        QVERIFY(events);
        QStringList texts;
        for (const Event& event : *events)
            texts.append(event.text);
        QTEST(texts, "texts");
    }

    void twoProgramsWriteTheSameEventOnce() {
        const std::unique_ptr<History> other = opened();
        QVERIFY(other);
        Event lost = eventAt(200ms, QStringLiteral("master gave up the VIP."));
        lost.code = QStringLiteral("vip-released");
        QVERIFY(
            history_->addEvents({eventAt(0s, QStringLiteral("first")), lost, eventAt(400ms, QStringLiteral("again"))}));
        QVERIFY(other->addEvents({eventAt(30ms, QStringLiteral("twin")), eventAt(430ms, QStringLiteral("twin"))}));
        QCOMPARE(history_->events({.pair = QStringLiteral("p")})->size(), 3);
        QVERIFY(other->addEvents({eventAt(5s, QStringLiteral("later"))}));
        QCOMPARE(history_->events({.pair = QStringLiteral("p")})->size(), 4);
    }

    void aMismatchIsToldOnceADay() {
        Event mismatch = eventAt(0s, QStringLiteral("The pair file says eth0."));
        mismatch.kind = EventKind::Config;
        mismatch.code = QStringLiteral("interface-differs");
        QVERIFY(history_->addEvents({mismatch}));
        mismatch.at += 1h;
        QVERIFY(history_->addEvents({mismatch}));
        QCOMPARE(history_->events({.pair = QStringLiteral("p")})->size(), 1);
        mismatch.text = QStringLiteral("The pair file says eth1.");
        QVERIFY(history_->addEvents({mismatch}));
        mismatch.at += 48h;
        QVERIFY(history_->addEvents({mismatch}));
        QCOMPARE(history_->events({.pair = QStringLiteral("p")})->size(), 3);
    }

    void whatIsWantedOfThePast() {
        const QString pair = QStringLiteral("p");
        const Result<PastWanted> first = history_->pastWanted(pair, kStart);
        QVERIFY(first && first->first);
        QCOMPARE(first->gaps, (QList<Coverage>{{kStart - kFirstPast, kStart}}));

        QVERIFY(history_->cover(pair, kStart, kStart + 60s, std::nullopt));
        QVERIFY(history_->cover(pair, kStart + 60500ms, kStart + 100s, std::nullopt)); // one followed the other
        QVERIFY(history_->cover(pair, kStart + 200s, kStart + 300s, std::nullopt));
        QVERIFY(history_->addFailover(aFailover()));
        const Result<PastWanted> later = history_->pastWanted(pair, kStart + 400s);
        QVERIFY(later && !later->first);
        QCOMPARE(later->gaps, (QList<Coverage>{{kStart + 100s, kStart + 200s}, {kStart + 300s, kStart + 400s}}));
        QCOMPARE(later->failovers.size(), 1);
        // What was known of the time from there on, as by the recorder that asks, fills nothing before it.
        QVERIFY(history_->cover(pair, kStart + 400s, kStart + 400s, std::nullopt));
        QVERIFY(history_->cover(pair, kStart + 401s, kStart + 500s, std::nullopt));
        QCOMPARE(history_->pastWanted(pair, kStart + 400s)->gaps, later->gaps);
        QVERIFY(!history_->pastWanted(pair, kStart + 100 * 24h)->gaps.isEmpty());
        QCOMPARE(history_->pastWanted(pair, kStart + 100 * 24h)->gaps.first().from, kStart + 100 * 24h - kMostPast);
    }

    void thePastIsAddedOnce() {
        const QString pair = QStringLiteral("p");
        QVERIFY(history_->cover(pair, kStart - 60s, kStart - 10s, std::nullopt));
        RebuiltPast past;
        Failover rebuilt = aFailover();
        rebuilt.source = QStringLiteral("reconstructed");
        Event event = eventAt(1s, QStringLiteral("rebuilt"));
        event.source = rebuilt.source;
        past.failovers = {rebuilt};

        QVERIFY(history_->addPast(pair, past)); // of one node alone
        QVERIFY(history_->addPast(pair, past));
        QCOMPARE(history_->failovers(pair, {}, {})->size(), 1);
        QCOMPARE(history_->coverage(pair, {}, {})->size(), 1);

        past.failovers[0].trigger = QStringLiteral("host-lost"); // both nodes know better
        past.events = {event};
        past.spans = {{kStart - 10s, kStart + 60s, CoverageSource::Reconstructed}};
        const std::unique_ptr<History> other = opened();
        QVERIFY(other && other->addPast(pair, past));
        QVERIFY(history_->addPast(pair, past));
        const QList<Failover> kept = *history_->failovers(pair, {}, {});
        QCOMPARE(kept.size(), 1);
        QCOMPARE(kept[0].trigger, QStringLiteral("host-lost"));
        QCOMPARE(history_->events({.pair = pair})->size(), 1);
        QCOMPARE(history_->events({.pair = pair})->first().source, QStringLiteral("reconstructed"));
        QVERIFY(history_->pastWanted(pair, kStart + 60s)->gaps.isEmpty());
        QCOMPARE(history_->coverage(pair, {}, {})->last().source, CoverageSource::Reconstructed);
    }

    void aNodeThatWasOutOfSightTellsWhatIsNew() {
        const QString pair = QStringLiteral("p");
        Failover seen = aFailover();
        seen.trigger = QStringLiteral("host-lost");
        QVERIFY(history_->addFailover(seen));
        Event known = eventAt(1s, QStringLiteral("the container ended"));
        known.node = QStringLiteral("master");
        known.code = QStringLiteral("container-died");
        QVERIFY(history_->addEvents({known}));
        RebuiltPast past;
        past.besides = true;
        Event again = known;
        again.at += 900ms;
        Event news = again;
        news.code = QStringLiteral("link-down");
        for (Event* const event : {&again, &news})
            event->source = QStringLiteral("reconstructed");
        past.events = {again, news};
        Failover rebuilt = aFailover(400ms);
        rebuilt.source = QStringLiteral("reconstructed");
        rebuilt.trigger = QStringLiteral("link-lost");
        past.failovers = {rebuilt};
        QVERIFY(history_->addPast(pair, past));
        QVERIFY(history_->addPast(pair, past)); // as by a second recorder
        const QList<Event> events = *history_->events({.pair = pair});
        QCOMPARE(events.size(), 2);
        QCOMPARE(events[0].code, QStringLiteral("link-down"));
        const QList<Failover> failovers = *history_->failovers(pair, {}, {});
        QCOMPARE(failovers.size(), 1);
        QCOMPARE(failovers[0].trigger, QStringLiteral("link-lost"));
        QCOMPARE(failovers[0].source, QStringLiteral("observed"));
        QCOMPARE(failovers[0].startedAt, seen.startedAt);
        QVERIFY(history_->coverage(pair, {}, {})->isEmpty());
    }

    void whatWasSeenIsNotRebuilt() {
        const QString pair = QStringLiteral("p");
        QVERIFY(history_->addFailover(aFailover()));
        RebuiltPast past;
        Failover rebuilt = aFailover(800ms); // as well as logs tell it
        rebuilt.source = QStringLiteral("reconstructed");
        rebuilt.from.clear();
        past.failovers = {rebuilt};
        past.spans = {{kStart - 10s, kStart + 60s, CoverageSource::Reconstructed}};
        QVERIFY(history_->addPast(pair, past));
        QCOMPARE(history_->failovers(pair, {}, {})->size(), 1);
        QCOMPARE(history_->failovers(pair, {}, {})->first().source, QStringLiteral("observed"));
    }

    void twoProgramsWriteTheSameFailoverOnce() {
        const std::unique_ptr<History> other = opened();
        QVERIFY(other);
        const Result<qint64> first = history_->addFailover(aFailover());
        const Result<qint64> twin = other->addFailover(aFailover(200ms));
        const Result<qint64> later = other->addFailover(aFailover(10s));
        QVERIFY(first && twin && later);
        QCOMPARE(*twin, *first);
        QVERIFY(*later != *first);
        QCOMPARE(history_->failovers(QStringLiteral("p"), {}, {})->size(), 2);
    }

    void aPlannedMoveStaysPlannedWhoeverWritesFirst_data() {
        QTest::addColumn<bool>("plannedFirst");
        QTest::newRow("the program that switches") << true;
        QTest::newRow("another recorder") << false;
    }

    void aPlannedMoveStaysPlannedWhoeverWritesFirst() {
        QFETCH(bool, plannedFirst);
        const Failover watched = aFailover(100ms);
        Failover planned = aFailover();
        planned.kind = FailoverKind::Switchover;
        planned.trigger = QStringLiteral("planned");
        planned.operatorName = QStringLiteral("ada@desk");
        planned.reason = QStringLiteral("kernel update");
        QVERIFY(history_->addFailover(plannedFirst ? planned : watched));
        QVERIFY(history_->addFailover(plannedFirst ? watched : planned));
        Result<QList<Failover>> failovers = history_->failovers(QStringLiteral("p"), {}, {});
        QVERIFY(failovers);
        QCOMPARE(failovers->size(), 1);
        failovers->first().id = 0;
        QCOMPARE(failovers->first(), planned);
    }

    void coverageGrowsAndIsFound() {
        const QString p = QStringLiteral("p");
        const Result<qint64> token = history_->cover(p, kStart, kStart + 5s, {});
        QVERIFY(token);
        QVERIFY(history_->cover(p, kStart, kStart + 60s, *token));
        QVERIFY(history_->cover(p, kStart + 2min, kStart + 3min, {}));
        const QList<Coverage> both{{kStart, kStart + 60s}, {kStart + 2min, kStart + 3min}};
        QCOMPARE(*history_->coverage(p, {}, {}), both);
        QCOMPARE(*history_->coverage(p, kStart + 90s, {}), both.mid(1));
        QCOMPARE(*history_->coverage(p, kStart + 59s, kStart + 61s), both.first(1));
    }

    void aFileThatIsNoDatabaseIsRefused() {
        const QString path = folder_.filePath(QStringLiteral("garbage.sqlite"));
        QFile garbage(path);
        QVERIFY(garbage.open(QIODevice::WriteOnly));
        garbage.write(QByteArray(8192, 'x'));
        garbage.close();
        const Result<std::unique_ptr<History>> refused = History::open(path);
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, path);
        const Result<std::unique_ptr<History>> folder = History::open(QStringLiteral("/proc/none/history.sqlite"));
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::Storage);
    }

    void whatNobodySeesIsAGap() {
        Recorder recorder(*history_, QStringLiteral("p"));
        const QSignalSpy woke(&recorder, &Recorder::woke);
        const auto rows = [this] {
            return history_->coverage(QStringLiteral("p"), {}, {}).value_or(QList<Coverage>()).size();
        };
        const Instant now = wallClockNow();
        recorder.outOfSight(now - 100ms); // a blink
        recorder.outOfSight({});
        QCOMPARE(woke.size(), 0);
        QCOMPARE(rows(), 1);
        recorder.outOfSight(now - 1min);
        recorder.outOfSight(now - 1min); // told with each picture
        recorder.outOfSight({});
        recorder.outOfSight({});
        QCOMPARE(woke.size(), 1);
        QCOMPARE(rows(), 2);
    }

    void theRecorderKeepsOneRowAnActionAndCoversItsTime() {
        {
            Recorder recorder(*history_, QStringLiteral("p"));
            const QSignalSpy changed(&recorder, &Recorder::changed);
            ActionRecord action = anAction();
            recorder.saveAction(action);
            action.outcome = Outcome::RolledBack;
            recorder.saveAction(action);
            ActionRecord next = anAction();
            next.startedAt += 1min;
            recorder.saveAction(next);
            recorder.addEvents({eventAt(1s, QStringLiteral("a"))});
            QCOMPARE(changed.size(), 4);
        }
        const Result<QList<ActionRecord>> actions = history_->actions(QStringLiteral("p"), {}, {});
        QVERIFY(actions);
        QCOMPARE(actions->size(), 2);
        QCOMPARE(actions->at(1).outcome, Outcome::RolledBack);
        const Result<QList<Coverage>> covered = history_->coverage(QStringLiteral("p"), {}, {});
        QVERIFY(covered);
        QCOMPARE(covered->size(), 1);
        QVERIFY(covered->at(0).until >= covered->at(0).from);
    }
};

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
