// SPDX-License-Identifier: GPL-3.0-or-later

// The history with a million events: how long it takes to fill, to open, and to read any filtered page.

#include "history/history.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kEvents = 1'000'000;
constexpr int kBatch = 1000;
constexpr int kRepeats = 5;
const Instant kStart = fromEpochSeconds(1'760'000'000);

/// As a pair that fails over now and then writes them: few kinds of text, some with figures, some nearly unique.
Event eventOf(int number) {
    static const QList<QString> texts{
        u"%1 holds the VIP."_s,           u"%1 gave up the VIP."_s,
        u"Milvus answers on %1."_s,       u"The container died on %1 with exit code 137."_s,
        u"%1 is MASTER, priority 110."_s, u"%1 is out of sight: no answer for 3.2 s."_s,
    };
    const QString node = number % 2 == 0 ? u"master"_s : u"backup"_s;
    Event event;
    event.at = kStart + number * 17s;
    event.pair = u"p"_s;
    event.node = number % 5 == 0 ? QString() : node;
    event.kind = EventKind(number % 9);
    event.severity = number % 50 == 0 ? Severity::Error : number % 7 == 0 ? Severity::Warning : Severity::Info;
    event.code = u"code-%1"_s.arg(number % 23);
    event.text = texts.at(number % texts.size()).arg(node);
    if (number % 10 == 3)
        event.text += u" It took %1 s (%2)."_s.arg(number % 1000 / 100.0).arg(number);
    return event;
}

bool fill(History& history, QTextStream& out) {
    QElapsedTimer timer;
    timer.start();
    QList<Event> batch;
    for (int number = 0; number < kEvents; ++number) {
        batch.append(eventOf(number));
        if (batch.size() == kBatch) {
            if (!history.addEvents(batch))
                return false;
            batch.clear();
        }
    }
    out << u"  insert, batches of %1    %2 events/s\n"_s.arg(kBatch).arg(kEvents * 1000.0 / double(timer.elapsed()), 0,
                                                                         'f', 0);
    return true;
}

struct Page {
    QString name;
    EventQuery query;
};

QList<Page> pages() {
    EventQuery base;
    base.pair = u"p"_s;
    base.limit = 200;
    const auto with = [&](auto change) {
        EventQuery query = base;
        change(query);
        return query;
    };
    return {
        {u"newest"_s, base},
        {u"in the middle"_s, with([](EventQuery& q) { q.until = kStart + 8'000'000s; })},
        {u"errors"_s, with([](EventQuery& q) { q.atLeast = Severity::Error; })},
        {u"one node"_s, with([](EventQuery& q) { q.node = u"master"_s; })},
        {u"one kind"_s, with([](EventQuery& q) { q.kind = EventKind::Storage; })},
        {u"kind that never occurs"_s, with([](EventQuery& q) { q.kind = EventKind::Config; })},
        {u"node, kind, errors, a week"_s, with([](EventQuery& q) {
             q.node = u"backup"_s;
             q.kind = EventKind::Milvus;
             q.atLeast = Severity::Error;
             q.since = kStart + 8'000'000s;
             q.until = kStart + 8'604'800s;
         })},
        {u"text, frequent"_s, with([](EventQuery& q) { q.text = u"the vip"_s; })},
        {u"text, one event"_s, with([](EventQuery& q) { q.text = u"(500003)"_s; })},
        {u"text, none"_s, with([](EventQuery& q) { q.text = u"no such words"_s; })},
        {u"text of two letters, none"_s, with([](EventQuery& q) { q.text = u"qz"_s; })},
        {u"text, frequent, of another kind"_s, with([](EventQuery& q) {
             q.text = u"gave up"_s;
             q.kind = EventKind::Link;
         })},
        {u"text, frequent, of another node"_s, with([](EventQuery& q) {
             q.text = u"backup gave up"_s;
             q.node = u"master"_s;
         })},
        {u"text, frequent, errors of a node"_s, with([](EventQuery& q) {
             q.text = u"the vip"_s;
             q.node = u"master"_s;
             q.atLeast = Severity::Error;
         })},
        {u"text of two letters, another kind"_s, with([](EventQuery& q) {
             q.text = u"up"_s;
             q.kind = EventKind::Vrrp;
             q.atLeast = Severity::Error;
         })},
        {u"text with a figure, to the middle"_s, with([](EventQuery& q) {
             q.text = u"it took 3.43 s"_s;
             q.until = kStart + 8'000'000s;
         })},
    };
}

double median(QList<double> values) {
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

} // namespace

int main() {
    QTextStream out(stdout);
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"history.sqlite"_s);
    out << u"history of %L1 events (wanted: open <= 1 s, any page <= 50 ms, insert >= 20,000/s)\n"_s.arg(kEvents);
    {
        const auto history = History::open(file);
        if (!history || !fill(**history, out))
            return 1;
    }
    QElapsedTimer timer;
    timer.start();
    const auto history = History::open(file);
    if (!history)
        return 1;
    out << u"  open                      %1 ms\n"_s.arg(double(timer.nsecsElapsed()) / 1e6, 0, 'f', 1);
    out << u"  file                      %1 MB\n"_s.arg(double(QFile(file).size()) / 1e6, 0, 'f', 0);
    for (const Page& page : pages()) {
        QList<double> times;
        qsizetype rows = 0;
        for (int repeat = 0; repeat < kRepeats; ++repeat) {
            timer.restart();
            const auto events = (*history)->events(page.query);
            times.append(double(timer.nsecsElapsed()) / 1e6);
            if (!events)
                return 1;
            rows = events->size();
        }
        out << u"  page: %1 %2 ms, %3 rows\n"_s.arg(page.name, -33).arg(median(times), 8, 'f', 1).arg(rows);
    }
}
