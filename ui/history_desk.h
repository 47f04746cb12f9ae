// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"
#include "model/action.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/pair.h"
#include "model/past.h"
#include "model/picture.h"
#include "report/report.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <functional>

namespace mha {

/// The history of one pair with its recorder, in a thread of its own: a slow disk or another program's lock on the file
/// never holds the window up. Lives in the GUI thread; all its signals come there. Where the file cannot be used, the
/// error is told and what happens is kept in memory, for as long as this object.
class HistoryDesk : public QObject {
    Q_OBJECT

public:
    HistoryDesk(const QString& fileName, const Pair& pair, QObject* parent = nullptr);
    /// Of a replay: `clock` is the recording's, asked in the GUI thread; the time that is covered is told by
    /// passTime().
    HistoryDesk(const QString& fileName, const Pair& pair, std::function<Instant()> clock, QObject* parent = nullptr);
    /// Returns when all that was given to it is written.
    ~HistoryDesk() override;

public Q_SLOTS:
    void addEvents(const QList<mha::Event>& events);
    void addFailover(const mha::Failover& failover);
    void addPast(const mha::RebuiltPast& past);
    void saveAction(const mha::ActionRecord& action);
    void passTime(mha::Instant now);
    /// Is anything of the pair seen?
    void see(const mha::Picture& picture);

    /// Asks for the report over a period back from now (nothing: all that is recorded): reportRead.
    void readReport(std::optional<mha::Duration> period);
    /// Asks for the newest events that `query` finds in this pair: eventsRead or eventsFailed, with the same ticket.
    /// Tickets rise; what is overtaken by a later one before its turn comes is not answered.
    void readEvents(const mha::EventQuery& query, quint64 ticket);
    /// Asks for what was recorded of the last while, for the lanes: pastRead.
    void readPast(mha::Duration period);
    /// Asks for the events between two moments, for the failover with this id: momentRead. A later question overtakes.
    void readMoment(qint64 failover, mha::Instant from, mha::Instant until);
    /// Writes the report as HTML, PDF, CSV or JSON, by the file's suffix: reportWritten or reportFailed.
    void writeReport(std::optional<mha::Duration> period, const QString& fileName);

Q_SIGNALS:
    /// Once the history is open, and whenever this computer has slept: what it lacks of the time before.
    void pastWanted(const mha::PastWanted& wanted);
    /// What was rebuilt is in the history, before what has been read of it.
    void pastAdded();
    void changed();
    /// At the opening: an action of before, whose program died in mid-run; the newest.
    void interruptedFound(const mha::ActionRecord& action);
    void failed(const mha::Error& error);
    void reportRead(const mha::ReportModel& report);
    void eventsRead(quint64 ticket, const QList<mha::Event>& events);
    void eventsFailed(quint64 ticket, const mha::Error& error);
    /// Events oldest first.
    void pastRead(const QList<mha::Event>& events, const QList<mha::Coverage>& covered);
    /// Events oldest first.
    void momentRead(qint64 failover, const QList<mha::Event>& events);
    void reportWritten(const QString& fileName);
    void reportFailed(const mha::Error& error);

private:
    class Worker;

    template <typename Work> void post(const Work& work);

    std::atomic<quint64> eventTicket_ = 0; ///< the newest
    std::atomic<quint64> momentTicket_ = 0;
    std::function<Instant()> clock_;
    bool outOfSight_ = false;
    QThread thread_;
    Worker* worker_;
};

} // namespace mha
