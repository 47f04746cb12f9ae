// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history_desk.h"

#include "act/pair_lock.h"
#include "history/period_history.h"
#include "history/recorder.h"
#include "print/report_pdf.h"

#include <QSaveFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kMostPastEvents = 10000;

} // namespace

/// Lives in the desk's thread.
class HistoryDesk::Worker : public QObject {
public:
    Worker(QString fileName, Pair pair, Recorder::Watching watching, HistoryDesk& desk)
        : fileName_(std::move(fileName)), pair_(std::move(pair)), watching_(watching), desk_(desk) {}

    void open();

    void close() {
        recorder_.reset();
        history_.reset();
    }

    Recorder* recorder() { return recorder_.get(); }

    Result<ReportModel> report(std::optional<Duration> period, Instant now);
    void readEvents(EventQuery query, quint64 ticket);
    void readPast(Instant since);
    void readMoment(qint64 failover, Instant from, Instant until);
    void wantPast();
    void findInterrupted();

    /// Emits in the desk's own thread.
    template <typename Emit> void tell(const Emit& emitted) {
        QMetaObject::invokeMethod(&desk_, [&desk = desk_, emitted] { emitted(desk); }, Qt::QueuedConnection);
    }

    Result<void> write(std::optional<Duration> period, Instant now, const QString& fileName);

private:
    Error noHistory() const {
        return {ErrorCode::Storage, HistoryDesk::tr("There is no history to read."), fileName_,
                HistoryDesk::tr("Name another file with --history.")};
    }

    QString fileName_;
    Pair pair_;
    Recorder::Watching watching_;
    HistoryDesk& desk_; ///< outlives the thread
    std::unique_ptr<History> history_;
    std::unique_ptr<Recorder> recorder_;
};

void HistoryDesk::Worker::open() {
    auto opened = History::open(fileName_);
    if (!opened) {
        tell([error = opened.error()](HistoryDesk& desk) { Q_EMIT desk.failed(error); });
        opened = History::open(u":memory:"_s);
        if (!opened)
            return;
    }
    history_ = std::move(*opened);
    recorder_ = std::make_unique<Recorder>(*history_, pair_.name, watching_);
    connect(recorder_.get(), &Recorder::changed, &desk_, &HistoryDesk::changed);
    connect(recorder_.get(), &Recorder::failed, &desk_, &HistoryDesk::failed);
    connect(recorder_.get(), &Recorder::woke, this, &Worker::wantPast);
    findInterrupted();
    wantPast();
}

void HistoryDesk::Worker::findInterrupted() {
    // While another program acts on the pair, what runs does run.
    if (watching_ == Recorder::Watching::Replayed || !PairLock::take(pair_))
        return;
    const Result<QList<ActionRecord>> found = history_->markInterrupted(pair_.name);
    if (found && !found->isEmpty())
        tell([action = found->first()](HistoryDesk& desk) { Q_EMIT desk.interruptedFound(action); });
}

void HistoryDesk::Worker::wantPast() {
    if (!recorder_) // it ends
        return;
    tell([wanted = recorder_->pastWanted()](HistoryDesk& desk) { Q_EMIT desk.pastWanted(wanted); });
}

Result<ReportModel> HistoryDesk::Worker::report(std::optional<Duration> period, Instant now) {
    if (!history_)
        return std::unexpected(noHistory());
    ReportInput input;
    input.pair = pair_;
    input.now = now;
    input.until = input.now;
    const std::optional<Instant> since = period ? std::optional(input.now - *period) : std::nullopt;
    const Result<PeriodHistory> recorded = readPeriod(*history_, pair_.name, since, {});
    if (!recorded)
        return std::unexpected(recorded.error());
    input.failovers = recorded->failovers;
    input.actions = recorded->actions;
    input.events = recorded->events;
    input.from = since.value_or(input.now);
    setCoverage(input, recorded->coverage);
    if (!since) {
        for (const Coverage& span : recorded->coverage)
            input.from = std::min(input.from, span.from);
        for (const Failover& failover : recorded->failovers)
            input.from = std::min(input.from, failover.startedAt);
    }
    return makeReport(input);
}

void HistoryDesk::Worker::readEvents(EventQuery query, quint64 ticket) {
    // Each letter that is typed asks anew: only the last question is worth its time.
    if (ticket < desk_.eventTicket_)
        return;
    query.pair = pair_.name;
    const auto events = history_ ? history_->events(query) : std::unexpected(noHistory());
    if (events) {
        tell([ticket, list = *events](HistoryDesk& desk) { Q_EMIT desk.eventsRead(ticket, list); });
    } else {
        tell([ticket, error = events.error()](HistoryDesk& desk) { Q_EMIT desk.eventsFailed(ticket, error); });
    }
}

void HistoryDesk::Worker::readPast(Instant since) {
    if (!history_)
        return;
    EventQuery query;
    query.pair = pair_.name;
    query.since = since;
    query.limit = kMostPastEvents;
    auto events = history_->events(query);
    const auto coverage = history_->coverage(pair_.name, query.since, {});
    if (!events || !coverage) {
        tell([error = events ? coverage.error() : events.error()](HistoryDesk& desk) { Q_EMIT desk.failed(error); });
        return;
    }
    std::ranges::reverse(*events);
    tell([events = *events, covered = *coverage](HistoryDesk& desk) { Q_EMIT desk.pastRead(events, covered); });
}

void HistoryDesk::Worker::readMoment(qint64 failover, Instant from, Instant until) {
    if (!history_)
        return;
    EventQuery query;
    query.pair = pair_.name;
    query.since = from;
    query.until = until;
    auto events = history_->events(query);
    if (!events) {
        tell([error = events.error()](HistoryDesk& desk) { Q_EMIT desk.failed(error); });
        return;
    }
    std::ranges::reverse(*events);
    tell([failover, list = *events](HistoryDesk& desk) { Q_EMIT desk.momentRead(failover, list); });
}

Result<void> HistoryDesk::Worker::write(std::optional<Duration> period, Instant now, const QString& fileName) {
    const auto made = report(period, now);
    if (!made)
        return std::unexpected(made.error());
    const QByteArray bytes = fileName.endsWith(u".csv"_s, Qt::CaseInsensitive)    ? toCsv(*made)
                             : fileName.endsWith(u".json"_s, Qt::CaseInsensitive) ? toJson(*made)
                             : fileName.endsWith(u".pdf"_s, Qt::CaseInsensitive)  ? toPdf(*made)
                                                                                  : toHtml(*made);
    QSaveFile file(fileName);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return std::unexpected(Error{ErrorCode::Storage,
                                 HistoryDesk::tr("The report cannot be written: %1.").arg(file.errorString()), fileName,
                                 HistoryDesk::tr("Choose a folder that may be written.")});
}

HistoryDesk::HistoryDesk(const QString& fileName, const Pair& pair, QObject* parent)
    : HistoryDesk(fileName, pair, {}, parent) {}

HistoryDesk::HistoryDesk(const QString& fileName, const Pair& pair, std::function<Instant()> clock, QObject* parent)
    : QObject(parent), clock_(clock ? clock : &wallClockNow),
      worker_(new Worker(fileName, pair, clock ? Recorder::Watching::Replayed : Recorder::Watching::Live, *this)) {
    thread_.setObjectName(u"history"_s);
    worker_->moveToThread(&thread_);
    thread_.start();
    post([](Worker& worker) { worker.open(); });
}

HistoryDesk::~HistoryDesk() {
    // Posted calls are answered in order: when this one returns, all writes before it are done.
    QMetaObject::invokeMethod(
        worker_,
        [worker = worker_] {
            worker->close();
            delete worker;
        },
        Qt::BlockingQueuedConnection);
    thread_.quit();
    thread_.wait();
}

template <typename Work> void HistoryDesk::post(const Work& work) {
    QMetaObject::invokeMethod(worker_, [worker = worker_, work] { work(*worker); }, Qt::QueuedConnection);
}

void HistoryDesk::addEvents(const QList<Event>& events) {
    post([events](Worker& worker) {
        if (worker.recorder() != nullptr)
            worker.recorder()->addEvents(events);
    });
}

void HistoryDesk::addPast(const RebuiltPast& past) {
    post([past](Worker& worker) {
        if (worker.recorder() == nullptr)
            return;
        worker.recorder()->addPast(past);
        if (!past.spans.isEmpty())
            worker.tell([](HistoryDesk& desk) { Q_EMIT desk.pastAdded(); });
    });
}

void HistoryDesk::addFailover(const Failover& failover) {
    post([failover](Worker& worker) {
        if (worker.recorder() != nullptr)
            worker.recorder()->addFailover(failover);
    });
}

void HistoryDesk::saveAction(const ActionRecord& action) {
    post([action](Worker& worker) {
        if (worker.recorder() != nullptr)
            worker.recorder()->saveAction(action);
    });
}

void HistoryDesk::passTime(Instant now) {
    post([now](Worker& worker) {
        if (worker.recorder() != nullptr)
            worker.recorder()->passTime(now);
    });
}

void HistoryDesk::see(const Picture& picture) {
    const std::optional<Instant> since = picture.outOfSightSince();
    if (std::exchange(outOfSight_, since.has_value()) == since.has_value())
        return;
    post([since](Worker& worker) {
        if (worker.recorder() != nullptr)
            worker.recorder()->outOfSight(since);
    });
}

void HistoryDesk::readReport(std::optional<Duration> period) {
    post([period, now = clock_()](Worker& worker) {
        const auto report = worker.report(period, now);
        if (report) {
            worker.tell([model = *report](HistoryDesk& desk) { Q_EMIT desk.reportRead(model); });
        } else {
            worker.tell([error = report.error()](HistoryDesk& desk) { Q_EMIT desk.failed(error); });
        }
    });
}

void HistoryDesk::readEvents(const EventQuery& query, quint64 ticket) {
    eventTicket_ = ticket;
    post([query, ticket](Worker& worker) { worker.readEvents(query, ticket); });
}

void HistoryDesk::readPast(Duration period) {
    post([since = clock_() - period](Worker& worker) { worker.readPast(since); });
}

void HistoryDesk::readMoment(qint64 failover, Instant from, Instant until) {
    post([this, ticket = ++momentTicket_, failover, from, until](Worker& worker) {
        if (ticket == momentTicket_)
            worker.readMoment(failover, from, until);
    });
}

void HistoryDesk::writeReport(std::optional<Duration> period, const QString& fileName) {
    post([period, now = clock_(), fileName](Worker& worker) {
        const auto written = worker.write(period, now, fileName);
        if (written) {
            worker.tell([fileName](HistoryDesk& desk) { Q_EMIT desk.reportWritten(fileName); });
        } else {
            worker.tell([error = written.error()](HistoryDesk& desk) { Q_EMIT desk.reportFailed(error); });
        }
    });
}

} // namespace mha
