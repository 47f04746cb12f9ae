// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/history_desk.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

constexpr int kSoon = 10000;

Failover failover() {
    Failover one;
    one.pair = u"milvus-prod"_s;
    one.trigger = u"container-died"_s;
    one.from = u"master"_s;
    one.to = u"backup"_s;
    one.startedAt = wallClockNow() - 1h;
    one.endedAt = one.startedAt + 4430ms;
    return one;
}

} // namespace

class HistoryDeskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesAndReads();
    void readsThePast();
    void readsAMoment();
    void tellsWhenThePastIsThere();
    void writesBeforeItEnds();
    void tellsOfWhatWasInterrupted();
    void reportFiles_data();
    void reportFiles();
    void fileThatCannotBeUsed();
    void reportThatCannotBeWritten();
};

void HistoryDeskTest::writesAndReads() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy changed(&desk, &HistoryDesk::changed);
    QSignalSpy reports(&desk, &HistoryDesk::reportRead);
    QSignalSpy events(&desk, &HistoryDesk::eventsRead);
    Event event;
    event.pair = u"milvus-prod"_s;
    event.at = wallClockNow();
    event.text = u"Something happened."_s;
    desk.addEvents({event});
    desk.addFailover(failover());
    desk.readReport(24h);
    desk.readEvents({}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(events.count(), 1, kSoon);
    QVERIFY(changed.count() >= 2);
    const auto report = reports.first().first().value<ReportModel>();
    QCOMPARE(report.failovers.size(), 1);
    QCOMPARE(report.failovers.first().recovery(), Duration(4430ms));
    QVERIFY(report.failovers.first().id != 0);
    QCOMPARE(events.first().first().toULongLong(), 1);
    const auto read = events.first().at(1).value<QList<Event>>();
    QCOMPARE(read.size(), 1);
    QCOMPARE(read.first().text, u"Something happened."_s);
}

void HistoryDeskTest::readsThePast() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy pasts(&desk, &HistoryDesk::pastRead);
    QList<Event> events;
    for (const auto& [age, text] : {std::pair(Duration(2h), u"too old"_s), std::pair(Duration(2min), u"first"_s),
                                    std::pair(Duration(1min), u"second"_s)}) {
        Event event;
        event.pair = u"milvus-prod"_s;
        event.at = wallClockNow() - age;
        event.text = text;
        events.append(event);
    }
    desk.addEvents(events);
    desk.readPast(1h);
    QTRY_COMPARE_WITH_TIMEOUT(pasts.count(), 1, kSoon);
    const auto read = pasts.first().at(0).value<QList<Event>>();
    QCOMPARE(read.size(), 2);
    QCOMPARE(read.first().text, u"first"_s);
    QCOMPARE(pasts.first().at(1).value<QList<Coverage>>().size(), 1);
}

void HistoryDeskTest::readsAMoment() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy moments(&desk, &HistoryDesk::momentRead);
    const Instant begin = wallClockNow() - 1h;
    QList<Event> events;
    for (const auto& [at, text] : {std::pair(Duration(-1min), u"before"_s), std::pair(Duration(1s), u"first"_s),
                                   std::pair(Duration(2s), u"second"_s), std::pair(Duration(1min), u"after"_s)}) {
        Event event;
        event.pair = u"milvus-prod"_s;
        event.at = begin + at;
        event.text = text;
        events.append(event);
    }
    desk.addEvents(events);
    desk.readMoment(7, begin, begin + 10s);
    QTRY_COMPARE_WITH_TIMEOUT(moments.count(), 1, kSoon);
    QCOMPARE(moments.first().at(0).toLongLong(), 7);
    const auto read = moments.first().at(1).value<QList<Event>>();
    QCOMPARE(read.size(), 2);
    QCOMPARE(read.first().text, u"first"_s);
    QCOMPARE(read.last().text, u"second"_s);
}

void HistoryDeskTest::tellsWhenThePastIsThere() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy wanted(&desk, &HistoryDesk::pastWanted);
    QSignalSpy added(&desk, &HistoryDesk::pastAdded);
    QSignalSpy pasts(&desk, &HistoryDesk::pastRead);
    QTRY_COMPARE_WITH_TIMEOUT(wanted.count(), 1, kSoon);
    const QList<Coverage> gaps = wanted.first().first().value<PastWanted>().gaps;
    QCOMPARE(gaps.size(), 1);
    Event event;
    event.pair = u"milvus-prod"_s;
    event.at = gaps.first().until - 1min;
    event.source = u"reconstructed"_s;
    desk.addPast({{}, {failover()}, {}}); // of one node alone: nothing is covered yet
    desk.addPast({{event}, {}, {{event.at - 1min, gaps.first().until, CoverageSource::Reconstructed}}});
    QTRY_COMPARE_WITH_TIMEOUT(added.count(), 1, kSoon);
    desk.readPast(1h);
    QTRY_COMPARE_WITH_TIMEOUT(pasts.count(), 1, kSoon);
    QCOMPARE(pasts.first().at(0).value<QList<Event>>().value(0).source, event.source);
}

void HistoryDeskTest::writesBeforeItEnds() {
    const QTemporaryDir folder;
    {
        HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
        desk.addFailover(failover());
    }
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy reports(&desk, &HistoryDesk::reportRead);
    desk.readReport(std::nullopt);
    QTRY_COMPARE_WITH_TIMEOUT(reports.count(), 1, kSoon);
    QCOMPARE(reports.first().first().value<ReportModel>().failovers.size(), 1);
}

void HistoryDeskTest::tellsOfWhatWasInterrupted() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"h.sqlite"_s);
    {
        HistoryDesk desk(file, pairOfTheGuide());
        ActionRecord action;
        action.pair = pairOfTheGuide().name;
        action.kind = u"switchover"_s;
        action.from = u"master"_s;
        action.to = u"backup"_s;
        action.startedAt = wallClockNow() - 1min;
        action.outcome = Outcome::Running;
        desk.saveAction(action);
    }
    HistoryDesk desk(file, pairOfTheGuide());
    QSignalSpy found(&desk, &HistoryDesk::interruptedFound);
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, kSoon);
    const auto action = qvariant_cast<ActionRecord>(found.first().at(0));
    QCOMPARE(action.outcome, Outcome::Interrupted);
    QCOMPARE(action.to, u"backup"_s);
    QVERIFY2(action.text.contains(u"takeover --to backup"), qPrintable(action.text));
    // Told once: the next start finds nothing that runs.
    HistoryDesk next(file, pairOfTheGuide());
    QSignalSpy again(&next, &HistoryDesk::interruptedFound);
    QSignalSpy wanted(&next, &HistoryDesk::pastWanted);
    QTRY_COMPARE_WITH_TIMEOUT(wanted.count(), 1, kSoon);
    QCOMPARE(again.count(), 0);
}

void HistoryDeskTest::reportFiles_data() {
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("html") << u"html"_s << QByteArray("<!");
    QTest::newRow("json") << u"json"_s << QByteArray("{");
    QTest::newRow("pdf") << u"pdf"_s << QByteArray("%PDF");
}

void HistoryDeskTest::reportFiles() {
    QFETCH(QString, suffix);
    QFETCH(QByteArray, begin);
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    desk.addFailover(failover());
    QSignalSpy written(&desk, &HistoryDesk::reportWritten);
    const QString fileName = folder.filePath(u"report."_s + suffix);
    desk.writeReport(24h, fileName);
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kSoon);
    QFile file(fileName);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.startsWith(begin));
    QVERIFY(bytes.contains("milvus-prod") || suffix == u"pdf"_s); // whose letters are packed
}

void HistoryDeskTest::fileThatCannotBeUsed() {
    const QTemporaryDir folder;
    QFile inTheWay(folder.filePath(u"file"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    HistoryDesk desk(folder.filePath(u"file/h.sqlite"_s), pairOfTheGuide());
    QSignalSpy failed(&desk, &HistoryDesk::failed);
    QSignalSpy reports(&desk, &HistoryDesk::reportRead);
    desk.addFailover(failover());
    desk.readReport(24h);
    QTRY_COMPARE_WITH_TIMEOUT(reports.count(), 1, kSoon);
    QCOMPARE(failed.count(), 1);
    QVERIFY(!failed.first().first().value<Error>().remedy.isEmpty());
    // Nothing is lost of this session.
    QCOMPARE(reports.first().first().value<ReportModel>().failovers.size(), 1);
}

void HistoryDeskTest::reportThatCannotBeWritten() {
    const QTemporaryDir folder;
    HistoryDesk desk(folder.filePath(u"h.sqlite"_s), pairOfTheGuide());
    QSignalSpy failed(&desk, &HistoryDesk::reportFailed);
    desk.writeReport(24h, folder.filePath(u"no/such/folder/report.html"_s));
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kSoon);
    QVERIFY(failed.first().first().value<Error>().where.contains(u"no/such/folder"_s));
}

QTEST_MAIN(HistoryDeskTest)
#include "history_desk_test.moc"
