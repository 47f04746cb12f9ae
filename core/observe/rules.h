// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <chrono>
#include <span>

namespace mha {

/// A fact of a node in sight that is older counts as unknown: longer than the slowest poll of the sensors (12 s) takes.
inline constexpr std::chrono::seconds kStaleAfter{15};
/// The same for the answers of Milvus through the VIP, which is asked many times a second.
inline constexpr std::chrono::seconds kProbeStaleAfter{5};
/// The same for the hardware address that a node has for the VIP, which is looked at in calm times every 36 s.
inline constexpr std::chrono::seconds kNeighbourStaleAfter{45};
/// So long after watching began what is not yet seen is awaited, not missed.
inline constexpr std::chrono::seconds kStartingFor{3};
/// Questions unanswered for longer than this make the VIP down: one lost packet does not.
inline constexpr std::chrono::milliseconds kVipBadAfter{300};
/// Both nodes hold the VIP for some milliseconds in a hand-over that works; longer than this they do not agree.
inline constexpr std::chrono::milliseconds kOverlapAfter{300};
/// Neither node holds the VIP: longer than the streams of two nodes are apart.
inline constexpr std::chrono::milliseconds kNoHolderAfter{100};
/// The VIP answers although neither node holds it: longer than a slow poll of addresses needs to catch up.
inline constexpr std::chrono::seconds kElsewhereAfter{6};
/// VIP good but the node's own Milvus silent: longer than its poll needs to catch up.
inline constexpr std::chrono::seconds kNotOnNodeAfter{6};
/// Announcements of the VIP are over (keepalived repeats them after 5 s), and whoever asks has asked anew.
inline constexpr std::chrono::seconds kArpStaleAfter{7};
/// The VIP answers for one and not for another, all of them asked so long after the last change.
inline constexpr std::chrono::seconds kForSomeAfter{7};
/// A node silent for longer is out of sight (its link gives up at 2.7 s).
inline constexpr std::chrono::seconds kSilentIsFreshFor{3};
/// Clocks further apart than this make the times of events misleading.
inline constexpr std::chrono::seconds kClockOffBy{1};
/// Another program's switchover stands before an outage so long.
inline constexpr std::chrono::seconds kHeardHidesFor{30};

/// Less free space on the shared storage is worth a look, and makes the pair degraded.
inline constexpr double kStorageLowPercent = 10.0;
inline constexpr double kStorageFullPercent = 2.0;
/// So many moves that nobody ordered within so long are a flap.
inline constexpr int kFlappingMoves = 3;
inline constexpr std::chrono::minutes kFlappingWithin{10};
/// Time without a recorder that is worth telling.
inline constexpr std::chrono::minutes kHistoryGapFrom{10};

enum class RuleScope {
    State, ///< of how the pair is now: comes and goes
    Setup, ///< of how the pair is set up: stays until somebody mends it, and is told once as an event
};

/// One row of the table of rules: the manual, milvus-ha-rules(7), is made from it.
struct RuleText {
    const char* code;   ///< e.g. "vip-on-both"
    VerdictLevel level; ///< what it makes of the verdict at least; Healthy: a finding, which makes it no worse
    RuleScope scope;
    const char* meaning;   ///< one sentence
    const char* evidence;  ///< what it is seen by
    const char* threshold; ///< from when on; "at once"
    const char* remedy;    ///< what the operator does
};

/// Worst level first; within a level in the order in which an operator should look.
std::span<const RuleText> ruleTable();

/// The row of a code; null for one that is not in the table.
const RuleText* findRule(QStringView code);

/// Pure: the verdict over a picture, with its reasons and findings, at `picture.at`. `Picture::verdict` itself is not
/// read.
Verdict judge(const Picture& picture, const Pair& pair);

/// A span in which a recorder saw the pair.
struct SeenSpan {
    Instant from;
    Instant until;
};

/// Pure: the finding "history-gap", where between `from` and `now` there was a time of kHistoryGapFrom or more that no
/// span covers. The spans may overlap, in any order.
std::optional<Reason> judgeHistory(QList<SeenSpan> seen, Instant from, Instant now);

} // namespace mha
