// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QList>

namespace mha {

enum class ExamState {
    Ok,
    Note, ///< a finding: to be known, but no fault
    Problem,
    NotTried, ///< something below it failed; `text` says what
};

/// One line of the doctor's examination: a step of a node's ladder, or something of the pair.
struct Exam {
    QString node; ///< empty: of the pair
    QString name; ///< "resolve", "tcp", "docker", ...
    ExamState state = ExamState::Ok;
    QString text;
    QString remedy{};             ///< of a problem or a note
    QString code{};               ///< of the rule that found it, see observe/rules.h
    std::optional<Error> error{}; ///< what the exit code comes from, where something could not be seen
};

/// Pure: everything that is needed to see and to switch the pair, and what the rules find. For each node a ladder from
/// the bottom up: resolve, tcp, host key, auth, permission, docker, container, keepalived, configuration, addresses,
/// storage, milvus, clock; what cannot be tried because of a step below says so. Then the pair: the VIP, the ways to
/// switch over, and each rule that holds and is no node's.
QList<Exam> examine(const Picture& picture, const Pair& pair);

/// "ok", "note", "problem", "not-tried": as in JSON.
QString examStateName(ExamState state);

/// Exit code of `doctor`: a refusal (77) outweighs what cannot be reached (69), that any other problem (1); notes none.
int examExitCode(const QList<Exam>& exams);

} // namespace mha
