// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/coverage.h"
#include "model/error.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/past.h"

#include <QList>
#include <QString>

#include <functional>
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

/// The past is rebuilt at most so far back.
inline constexpr std::chrono::days kMostPast{30};
inline constexpr std::chrono::days kFirstPast{7};

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

    /// The spans before `until` of which nothing is known, with what helps to rebuild them: since the pair's first
    /// recording, at most kMostPast; of a pair that was never recorded, kFirstPast.
    Result<PastWanted> pastWanted(const QString& pair, Instant until) const;
    /// Adds what was rebuilt, in one transaction: of two programs that rebuilt the same gap the second adds nothing,
    /// and a failover that a recorder saw is not added. One that was rebuilt from one node alone gives way. Of a node
    /// that alone was out of sight (`besides`) what is new is added, and an observed failover learns its cause.
    Result<void> addPast(const QString& pair, const RebuiltPast& past);

    Result<QList<Event>> events(const EventQuery& query) const;
    /// Newest first.
    Result<QList<Failover>> failovers(const QString& pair, std::optional<Instant> since,
                                      std::optional<Instant> until) const;
    /// Actions that are still told as running were interrupted: marks them so, with the way on, and gives them, newest
    /// first. Only for who knows that no program runs one now (PairLock).
    Result<QList<ActionRecord>> markInterrupted(const QString& pair);
    Result<QList<ActionRecord>> actions(const QString& pair, std::optional<Instant> since,
                                        std::optional<Instant> until) const;
    Result<QList<Coverage>> coverage(const QString& pair, std::optional<Instant> since,
                                     std::optional<Instant> until) const;

private:
    History();
    Result<void> inTransaction(const std::function<Result<void>()>& work);
    Result<void> addBesides(const QString& pair, const RebuiltPast& past);
    Result<void> insertEvents(const QList<Event>& events);
    Result<void> insertCoverage(const QString& pair, const Coverage& span);
    Result<void> removeFailover(qint64 id);

    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
