// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>

namespace mha {

enum class StepState { Waiting, Running, Done, Failed, Undone, Skipped };

/// One step of an action as it was carried out.
struct StepRecord {
    QString name; ///< sentence, e.g. "Stop Milvus on master"
    StepState state = StepState::Waiting;
    std::optional<Instant> startedAt;
    std::optional<Instant> endedAt;
    QString detail; ///< what was seen, or the error and its remedy
    bool operator==(const StepRecord&) const = default;
};

enum class Outcome { Running, Done, Refused, RolledBack, Incomplete, Interrupted };

/// An operator's action on a pair, as it is kept in the history and shown live. Written before it is done: an action
/// that is still Running when no program runs it was interrupted.
struct ActionRecord {
    qint64 id = 0; ///< row of the history, 0 before it is stored
    QString pair;
    QString kind; ///< "switchover" or "failback"
    QString from;
    QString to;
    QString owner; ///< user@desktop
    QString reason;
    Instant startedAt;
    std::optional<Instant> endedAt;
    Outcome outcome = Outcome::Running;
    QString text;                   ///< the result in a sentence, with a remedy unless done
    std::optional<Duration> outage; ///< as a client of the VIP saw it
    QList<StepRecord> steps;
    bool operator==(const ActionRecord&) const = default;
};

QString stepStateName(StepState state);
/// "done", "refused", "rolled-back", "incomplete", "interrupted", "running".
QString outcomeName(Outcome outcome);
std::optional<Outcome> outcomeFromName(QStringView name);
/// 0, 20, 21, 22, 23.
int outcomeExitCode(Outcome outcome);

} // namespace mha

Q_DECLARE_METATYPE(mha::ActionRecord)
