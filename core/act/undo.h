// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/journal.h"

namespace mha {

/// What a run has done before it failed.
struct Changes {
    bool flagArmed = false;            ///< the timer of the FAULT flag on plan.from, and maybe the flag
    bool standbyHeld = false;          ///< the same on plan.to
    bool sourceTouched = false;        ///< Milvus on plan.from was told to stop, by whomever
    std::optional<Instant> vipArrived; ///< when the VIP was seen on plan.to
};

/// Brings service back to plan.from after the step `failed` ended with `cause`, and ends the record: rolled-back when
/// the old node serves alone again, else incomplete with what is true now and a way on. A cancel is not listened to.
///
/// The trap: with the old node's Milvus stopped, its keepalived gives the VIP away within seconds and the other node's
/// notify_master starts Milvus there, whatever this run does. So before the old node is started the VIP is let come to
/// rest on the other node, its script is given time to end, Milvus is stopped there and proved so; only then does the
/// old node start, and the VIP follows it.
ActionRecord undo(const Plan& plan, const Pair& pair, const Changes& changes, const QString& failed, const Error& cause,
                  Journal& journal, World& world);

/// The same where milvus-ha-node moved it: that gives it back. Nothing is started or stopped beside it.
ActionRecord undoByProgram(const Plan& plan, const Pair& pair, const Changes& changes, const QString& failed,
                           const Error& cause, Journal& journal, World& world);

/// What becomes of a FAULT flag that could not be cleared, in a sentence.
QString timerText(const Plan& plan, const Pair& pair);

} // namespace mha
