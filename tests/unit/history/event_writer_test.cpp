// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/history.h"
#include "raw_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kPair = u"p"_s;

Event eventAt(Duration after, const QString& text, const QString& code = u"code"_s) {
    return {0, fromEpochSeconds(1'760'000'000) + after, kPair, u"master"_s, EventKind::Vip, Severity::Info, code, text};
}

/// The column must not be NULL: the transaction that it is in fails.
Event impossible() {
    Event event = eventAt(9s, u"of no pair"_s);
    event.pair = QString();
    return event;
}

QStringList textsOf(const Result<QList<Event>>& events) {
    QStringList texts;
    for (const Event& event : events.value_or(QList<Event>()))
        texts.append(event.text);
    return texts;
}

} // namespace

class EventWriterTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString file_;

    std::unique_ptr<History> opened() const {
        auto history = History::open(file_);
        return history ? std::move(*history) : nullptr;
    }

private Q_SLOTS:

    void init() {
        static int count = 0;
        file_ = folder_.filePath(u"%1.sqlite"_s.arg(++count));
    }

    void eachTextIsKeptOnce() {
        const auto history = opened();
        QVERIFY(history);
        const QStringList texts{u"a"_s, u""_s, u"a"_s, u"A"_s, QString(), u"a"_s};
        for (int number = 0; number < texts.size(); ++number)
            QVERIFY(history->addEvents({eventAt(number * 10s, texts.at(number))}));
        QCOMPARE(textsOf(history->events({.pair = kPair})),
                 (QStringList{u"a"_s, u""_s, u"A"_s, u"a"_s, u""_s, u"a"_s}));
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"SELECT text FROM wording ORDER BY id"_s), (QStringList{u"a"_s, u""_s, u"A"_s}));
    }

    /// More texts than are remembered.
    void textsWithFiguresDoNotPileUp() {
        const auto history = opened();
        QVERIFY(history);
        QList<Event> events;
        QStringList texts;
        for (int number = 0; number < 5000; ++number) {
            texts.prepend(number % 2 == 0 ? u"again"_s : u"It took %1 ms."_s.arg(number));
            events.append(eventAt(number * 10s, texts.first()));
        }
        QVERIFY(history->addEvents(events));
        QCOMPARE(textsOf(history->events({.pair = kPair, .limit = -1})), texts);
    }

    void aTwinLeavesNoTextBehind() {
        const auto history = opened();
        const auto other = opened();
        QVERIFY(history && other);
        QVERIFY(history->addEvents({eventAt(0s, u"seen here"_s)}));
        QVERIFY(other->addEvents({eventAt(100ms, u"seen there"_s)}));
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"SELECT text FROM wording"_s), QStringList{u"seen here"_s});
    }

    void onlyAMismatchIsToldOnceADay() {
        const auto history = opened();
        QVERIFY(history);
        Event event = eventAt(0s, u"eth0, not eth1"_s);
        for (const EventKind kind : {EventKind::Config, EventKind::Verdict}) {
            event.kind = kind;
            for (int count = 0; count < 3; ++count) {
                event.at += 1min;
                QVERIFY(history->addEvents({event}));
            }
        }
        QCOMPARE(history->events({.pair = kPair, .kind = EventKind::Config})->size(), 1);
        QCOMPARE(history->events({.pair = kPair, .kind = EventKind::Verdict})->size(), 3);
    }

    /// The number that a text had in a transaction that failed is another text's now.
    void whatWasRolledBackIsForgotten() {
        const auto history = opened();
        const auto other = opened();
        QVERIFY(history && other);
        QVERIFY(!history->addEvents({eventAt(0s, u"mine"_s), impossible()}));
        QVERIFY(history->events({.pair = kPair})->isEmpty());
        QVERIFY(other->addEvents({eventAt(10s, u"another's"_s)}));
        QVERIFY(history->addEvents({eventAt(20s, u"mine"_s), eventAt(30s, u"another's"_s)}));
        QCOMPARE(textsOf(other->events({.pair = kPair})), (QStringList{u"another's"_s, u"mine"_s, u"another's"_s}));
        QCOMPARE(textsOf(other->events({.pair = kPair, .text = u"mine"_s})), QStringList{u"mine"_s});
    }

    void whatIsAddedOfThePastAndFailsIsForgotten() {
        const auto history = opened();
        const auto other = opened();
        QVERIFY(history && other);
        RebuiltPast past;
        past.spans = {{eventAt(-1min, {}).at, eventAt(1min, {}).at, CoverageSource::Reconstructed}};
        past.events = {eventAt(0s, u"rebuilt"_s), impossible()};
        QVERIFY(!history->addPast(kPair, past));
        QVERIFY(history->coverage(kPair, {}, {})->isEmpty());
        QVERIFY(other->addEvents({eventAt(30s, u"another's"_s)}));
        past.events.removeLast();
        QVERIFY(history->addPast(kPair, past));
        QCOMPARE(textsOf(other->events({.pair = kPair})), (QStringList{u"another's"_s, u"rebuilt"_s}));
    }

    /// Four programs number the same texts; some of their transactions fail.
    void severalWriteAtOnce() {
        constexpr int kWriters = 4;
        constexpr int kBatches = 40;
        constexpr int kEach = 10;
        QVERIFY(opened());
        const auto textOf = [](int writer, int number) {
            return number % 4 == 3 ? u"writer %1, event %2"_s.arg(writer).arg(number)
                                   : u"a text of all, %1"_s.arg(number / 8);
        };
        std::atomic<int> failed = 0;
        {
            QList<std::shared_ptr<std::jthread>> threads;
            for (int writer = 0; writer < kWriters; ++writer) {
                threads.append(std::make_shared<std::jthread>([&, writer] {
                    const auto history = opened();
                    for (int batch = 0; batch < kBatches && history; ++batch) {
                        QList<Event> events;
                        for (int number = batch * kEach; number < (batch + 1) * kEach; ++number) {
                            events.append(eventAt(number * 10s, textOf(writer, number), u"code-%1"_s.arg(writer)));
                        }
                        if (batch % 3 == writer % 3 && history->addEvents(events + QList<Event>{impossible()}))
                            ++failed;
                        if (!history->addEvents(events))
                            ++failed;
                    }
                    if (!history)
                        ++failed;
                }));
            }
        }
        QCOMPARE(failed.load(), 0);
        const auto history = opened();
        QVERIFY(history);
        const auto events = history->events({.pair = kPair, .limit = -1});
        QVERIFY(events);
        QCOMPARE(events->size(), kWriters * kBatches * kEach);
        for (const Event& event : *events) {
            const int writer = event.code.last(1).toInt();
            const int number = int((event.at - eventAt(0s, {}).at) / 10s);
            QCOMPARE(event.text, textOf(writer, number));
        }
        RawFile raw(file_);
        QCOMPARE(raw.rows(u"SELECT count(*) = count(DISTINCT text) FROM wording"_s), QStringList{u"1"_s});
        QCOMPARE(raw.rows(u"PRAGMA foreign_key_check"_s), QStringList{});
        QVERIFY2(raw.run(u"INSERT INTO wording_search (wording_search) VALUES ('integrity-check')"_s),
                 qPrintable(raw.error()));
    }
};

QTEST_GUILESS_MAIN(EventWriterTest)
#include "event_writer_test.moc"
