// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"
#include "model/observation.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QObject>

namespace mha {

/// Where pictures, events and failovers of one pair come from: the nodes (PairMonitor) or a recording (Replay). Who
/// follows it need not know which. All of it happens in the thread of the object.
class PairSource : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void start() = 0;
    virtual void stop() = 0;

    virtual const Pair& pair() const = 0;
    virtual const Picture& picture() const = 0;
    /// True once all is seen that a single look waits for.
    virtual bool complete() const = 0;
    /// The time that the picture's ages count from: the wall clock's, or the recording's.
    virtual Instant now() const = 0;

Q_SIGNALS:
    void pictureChanged(const mha::Picture& picture);
    void eventsSeen(const QList<mha::Event>& events);
    void failoverSeen(const mha::Failover& failover);
    /// Each call of the reducer, just before it is made: these two, in their order, are what a recording holds.
    void observed(const mha::Observation& observation);
    void ticked(mha::Instant at);
    void completed(); ///< once, when complete() becomes true
};

} // namespace mha
