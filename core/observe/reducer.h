// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"
#include "model/observation.h"
#include "model/pair.h"
#include "model/picture.h"

#include <memory>

namespace mha {

/// What one step of the reducer gives.
struct Reduced {
    bool pictureChanged = false;
    QList<Event> events;
    QList<Failover> failovers;
};

/// Nothing in it would look different to an operator, but for ages and latencies.
bool looksSame(const Picture& a, const Picture& b);

/// Observations in, picture, verdict, events and failovers out. Pure: no clock, no I/O, no thread of its own; the same
/// observations and ticks give the same results. Observations come in the order of their `at`; older ones are taken as
/// now.
class Reducer {
public:
    explicit Reducer(Pair pair);
    ~Reducer();
    Reducer(const Reducer&) = delete;
    Reducer& operator=(const Reducer&) = delete;

    Reduced apply(const Observation& observation);
    /// Lets time pass: facts age, silence becomes visible. Call at least every 250 ms.
    Reduced tick(Instant now);
    const Picture& picture() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
