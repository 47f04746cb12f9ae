// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// Writes what a monitor tells into a history: connect its slots to PairMonitor and Switchover. Same thread as the
/// history, which it does not own. While a recorder exists and sees its pair that counts as covered (written every 5 s,
/// and at the end); of a replayed one the time that the recording covers does, told by passTime().
class Recorder : public QObject {
    Q_OBJECT

public:
    enum class Watching { Live, Replayed };

    Recorder(History& history, QString pair, QObject* parent = nullptr);
    Recorder(History& history, QString pair, Watching watching, QObject* parent = nullptr);
    ~Recorder() override;

    /// What the history lacks of the time before this recorder, or before it woke.
    PastWanted pastWanted();

public Q_SLOTS:
    void addPast(const mha::RebuiltPast& past);
    void addEvents(const QList<mha::Event>& events);
    void addFailover(const mha::Failover& failover);
    /// Journal of an action: called before and after each of its steps.
    void saveAction(const mha::ActionRecord& action);
    /// Since when this computer sees nothing of the pair (Picture::outOfSightSince()); nothing: it sees it. That time
    /// is a gap, unless it is a blink.
    void outOfSight(std::optional<mha::Instant> since);
    /// Of a replay: the recording has come so far.
    void passTime(mha::Instant now);

Q_SIGNALS:
    void changed();                       ///< something was written
    void woke();                          ///< this computer slept, or saw nothing: that time is a gap
    void failed(const mha::Error& error); ///< a write did not succeed; told once for the same cause

private:
    void extendCoverage(Instant now);
    void report(const Error& error);

    History& history_;
    QString pair_;
    Watching watching_;
    Instant startedAt_; ///< of the present span
    Instant coveredUntil_;
    Instant passedUntil_; ///< of a replay
    std::optional<Instant> blindSince_;
    std::optional<qint64> coverageToken_;
    qint64 actionId_ = 0;
    Instant actionStartedAt_;
    std::optional<Error> lastError_;
    QTimer timer_;
};

} // namespace mha
