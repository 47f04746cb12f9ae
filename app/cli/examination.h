// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QList>

namespace mha::cli {

/// One rung of doctor's ladder.
struct Finding {
    QString node; ///< empty: of the pair
    QString name; ///< "connection", "docker", ...
    bool ok = false;
    QString text;
    QString remedy;             ///< empty when ok
    std::optional<Error> error; ///< what the exit code comes from, where something could not be seen
};

/// Pure: everything that is needed to see and to switch the pair, from the bottom up; of a node that is not reached
/// only the first rung.
QList<Finding> examine(const Picture& picture, const Pair& pair);

} // namespace mha::cli
