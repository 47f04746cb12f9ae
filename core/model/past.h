// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/coverage.h"
#include "model/event.h"
#include "model/failover.h"

#include <QList>
#include <QMetaType>

namespace mha {

/// What a history lacks of a pair, and what it knows that helps to rebuild it.
struct PastWanted {
    QList<Coverage> gaps;      ///< by time; empty: nothing is wanted
    bool first = false;        ///< the pair has never been recorded: what cannot be rebuilt is no loss
    QList<Failover> failovers; ///< observed ones, newest first: they tell how long Milvus needs until it serves
    int dark = -1;             ///< this node alone was out of sight in the gaps: the rest of that time was observed
    bool operator==(const PastWanted&) const = default;
};

/// What the nodes' own logs tell of the time that no recorder saw. Everything in it is marked reconstructed.
struct RebuiltPast {
    QList<Event> events;
    QList<Failover> failovers;
    QList<Coverage> spans; ///< reconstructed and lost ones; empty where not both nodes' logs could be read
    bool besides = false;  ///< of a node that alone was out of sight: what was observed stands, and nothing is covered
    bool operator==(const RebuiltPast&) const = default;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::PastWanted)
Q_DECLARE_METATYPE(mha::RebuiltPast)
