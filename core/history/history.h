// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/error.h"
#include "model/event.h"
#include "model/failover.h"

#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace mha {

struct EventQuery {
    QString pair;
    std::optional<Instant> since;
    std::optional<Instant> until;
    QString node; ///< empty: any
    std::optional<EventKind> kind;
    std::optional<Severity> atLeast;
    QString text;     ///< contained in the text, any case
    int limit = 1000; ///< newest first
    bool operator==(const EventQuery&) const = default;
};

/// A span of time in which a recorder saw the pair: availability is never computed outside of these.
struct Coverage {
    Instant from;
    Instant until;
    bool operator==(const Coverage&) const = default;
};

/// The SQLite store of events, failovers, actions and coverage, one file for all pairs (WAL, safe with several
/// processes on it; PRAGMA user_version is the schema version, older ones are upgraded, newer ones refused). One
/// object, one thread.
class History {
public:
    /// Opens or creates. Errors: Storage.
    static Result<std::unique_ptr<History>> open(const QString& fileName);
    /// The platform's data folder + "/history.sqlite".
    static QString defaultFileName();
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    /// An event that another program wrote within a second (same node and code) is kept once.
    Result<void> addEvents(const QList<Event>& events);
    Result<qint64> addFailover(const Failover& failover);
    /// Inserts (id 0) or updates; the row's id.
    Result<qint64> saveAction(const ActionRecord& action);
    /// Lengthens the recorder's current span, or begins one (`token` is the value returned by the first call).
    Result<qint64> cover(const QString& pair, Instant from, Instant until, std::optional<qint64> token);

    Result<QList<Event>> events(const EventQuery& query) const;
    /// Newest first.
    Result<QList<Failover>> failovers(const QString& pair, std::optional<Instant> since,
                                      std::optional<Instant> until) const;
    Result<QList<ActionRecord>> actions(const QString& pair, std::optional<Instant> since,
                                        std::optional<Instant> until) const;
    Result<QList<Coverage>> coverage(const QString& pair, std::optional<Instant> since,
                                     std::optional<Instant> until) const;

private:
    History();
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
