// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"

#include <QString>

namespace mha {

/// How the VIP is made to move: by milvus-ha-node where it runs on the old node, which hands Milvus and VIP over
/// itself; else, without any program of ours on the servers, by the FAULT flag where keepalived tracks it
/// (keepalived/fault_flag.h), or by what keepalived makes of stopping Milvus on one node and starting it on the other.
struct Lever {
    bool works = false;
    bool byFlag = false;    ///< the FAULT flag on the old node moves it
    QString text;           ///< how the VIP moves, or why it would not, in a sentence
    QString remedy;         ///< what to change in keepalived.conf; empty when it works
    bool byProgram = false; ///< milvus-ha-node on the old node moves it
    bool operator==(const Lever&) const = default;
};

/// Pure: predicts where the VIP goes once Milvus is stopped on `from` and started on `to`, by keepalived's rules: a
/// tracked script of negative weight lowers the priority when it fails, one of positive weight raises it when it
/// passes, one of weight 0 means FAULT; a backup takes over from a lower priority unless it has nopreempt
/// (keepalived.conf(5), RFC 9568 6.4.2).
Lever findLever(const NodePicture& from, const NodePicture& to);

/// Pure: may the FAULT flag on `from` be cleared now, that is, would `from` not take the VIP back from `to`? Judged by
/// the priorities that both keepalived were seen to have after `since`.
bool mayClearFaultFlag(const NodePicture& from, const NodePicture& to, Instant since);

/// Pure: is this node's keepalived in FAULT, and may the FAULT flag be why?
bool mayHaveFlagLeft(const NodePicture& node);

/// Pure: could keepalived start Milvus on `to` while it still stops on `from`? A check that does not ask Docker fails
/// as soon as Milvus closes its port, long before the container has ended; the VIP then moves, and a notify script
/// starts Milvus beside it.
bool mayStartEarly(const NodePicture& from, const NodePicture& to);

/// Pure: does the FAULT flag on `to` keep that from happening, with nothing started by the flag itself?
bool canBeHeld(const NodePicture& to);

/// Pure: the priority as configured, from the running keepalived or else from its file; -1 when neither was seen.
int basePriority(const NodePicture& node);

} // namespace mha
