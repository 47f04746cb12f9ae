// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// Writes what a monitor tells into a history: connect its slots to PairMonitor and Switchover. Same thread as the
/// history, which it does not own. While a recorder exists its pair counts as covered (written every 5 s, and at the
/// end).
class Recorder : public QObject {
    Q_OBJECT

public:
    Recorder(History& history, QString pair, QObject* parent = nullptr);
    ~Recorder() override;

public Q_SLOTS:
    void addEvents(const QList<mha::Event>& events);
    void addFailover(const mha::Failover& failover);
    /// Journal of an action: called before and after each of its steps.
    void saveAction(const mha::ActionRecord& action);

Q_SIGNALS:
    void changed();                       ///< something was written
    void failed(const mha::Error& error); ///< a write did not succeed; told once for the same cause

private:
    void extendCoverage();
    void report(const Error& error);

    History& history_;
    QString pair_;
    Instant startedAt_;
    Instant coveredUntil_;
    std::optional<qint64> coverageToken_;
    qint64 actionId_ = 0;
    Instant actionStartedAt_;
    std::optional<Error> lastError_;
    QTimer timer_;
};

} // namespace mha
