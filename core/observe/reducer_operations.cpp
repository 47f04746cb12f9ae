// SPDX-License-Identifier: GPL-3.0-or-later

// Our operations into the picture: of this program, and of another one by the notes in the nodes' logs.

#include "observe/reducer_state.h"

namespace mha {

void Reducer::State::seePair(const OperationSeen& seen) {
    const bool ran = picture.operation.has_value();
    timeline.operation(seen, picture.at);
    picture.operationHeard = false;
    if (ran != seen.running) {
        picture.operationSince = picture.at;
        tell(-1, operationChange(seen));
    }
    if (seen.running) {
        picture.operation = seen;
        return;
    }
    if (ran) {
        endedOperation = picture.operation;
        operationEndedAt = picture.at;
    }
    picture.operation.reset();
}

/// Both nodes have the same notes, and our own operation leaves them as well: each is heard up to three times, and one
/// node's log may lag behind the other's by a whole operation.
void Reducer::State::hearOperation(const OperationSeen& seen) {
    if (picture.operation && !picture.operationHeard)
        return; // ours, of which we know ourselves
    if (!seen.running) {
        if (picture.operation && picture.operation->isOf(seen))
            seePair(seen);
        return;
    }
    const bool echo = endedOperation && endedOperation->isOf(seen) && picture.at - operationEndedAt < kEchoFor;
    if (echo || (picture.operation && picture.operation->isOf(seen)))
        return;
    if (picture.operation) // its end was not heard, and the pair has one operation at a time
        seePair(picture.operation->ended());
    seePair(seen);
    picture.operationHeard = true;
}

/// Whoever ran it may have died: nothing waits for its end longer than a switchover may take.
void Reducer::State::forgetOperation() {
    if (!picture.operation || !picture.operationHeard || picture.at - picture.operationSince < kOperationAtMost)
        return;
    const OperationSeen ended = picture.operation->ended();
    timeline.operation(ended, picture.at);
    picture.operation.reset();
    tell(-1, operationLost(ended));
}

} // namespace mha
