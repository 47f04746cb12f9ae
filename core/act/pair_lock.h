// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/pair.h"

#include <QLockFile>

#include <memory>

namespace mha {

/// Held while an action runs on a pair, so that two programs of one user on one desktop do not act on it at once. A
/// file in the user's data folder; one that a dead program left behind counts for nothing.
class PairLock {
public:
    /// Error Refused when another program holds it, with that program's process id.
    static Result<std::unique_ptr<PairLock>> take(const Pair& pair);

private:
    explicit PairLock(const QString& fileName) : file_(fileName) {}

    QLockFile file_;
};

} // namespace mha
