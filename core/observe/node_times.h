// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/clock_offset.h"

#include <QList>

namespace mha {

/// Times of a node as desktop clock. What a time was converted to once it stays, however the estimate of the offset
/// moves on: a container that is looked at again has not started a millisecond later, nor 30 s later because somebody
/// set the node's clock. Owned by a node's sensors; no clock of its own.
class NodeTimes {
public:
    static constexpr qsizetype kKept = 64;

    Instant toDesktop(Instant nodeTime, const ClockOffset& clock);

private:
    struct Known {
        Instant node;
        Instant desktop;
    };

    QList<Known> known_; ///< the last used one last
};

} // namespace mha
