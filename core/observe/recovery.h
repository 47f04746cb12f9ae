// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/failover.h"
#include "model/observation.h"

#include <QList>
#include <QString>

#include <array>
#include <chrono>
#include <optional>

namespace mha {

/// An outage shorter than this, with nothing on the nodes to explain it, is a lost packet and no failover.
inline constexpr std::chrono::milliseconds kShortestOutage{250};
/// A failover is told so long after the first good answer: what the slower streams say of it is then in.
inline constexpr std::chrono::milliseconds kSettleFor{1000};

/// Something seen on a node that may explain an outage or that divides it into phases.
struct Mark {
    enum class Kind {
        ContainerDied,
        ContainerStopped, ///< by docker stop; follows ContainerDied
        ContainerStarted,
        VipGained,
        VipLost,
        BecameMaster,
        LeftMaster,
        PriorityFell, ///< its VRRP priority in force: its check failed
        KeepalivedStopped,
        LinkDown,
        OutOfSight,
        InSight,
        StorageLost,
        DockerGone,
    };
    Kind kind = Kind::ContainerDied;
    int node = -1;
    Instant at;
    Duration error{}; ///< of `at`, by the source that told it
    bool operator==(const Mark&) const = default;
};

/// One outage with all that is known of it. Indices are of nodes, -1: not known.
struct Outage {
    Instant lastGood;                   ///< last good answer received
    Instant firstBad;                   ///< the first question without a good answer was asked
    Instant lastBad;                    ///< the last such question was asked
    Instant nextGood;                   ///< next good answer received
    std::optional<Instant> lastQuery{}; ///< Milvus said that it lives, its data no longer answered: when it last did
    int from = -1;
    int to = -1;
    std::array<int, 2> priorities{-1, -1};
    std::optional<OperationSeen> operation{}; ///< of ours, that ran meanwhile

    struct Move {
        int from = -1;
        int to = -1;
        Instant at;
        bool operator==(const Move&) const = default;
    };

    QList<Move> moves{}; ///< by time
    QList<Mark> marks{}; ///< by time
    bool operator==(const Outage&) const = default;
};

/// Pure: the code of Failover::trigger; the root cause where several marks follow from each other.
QString triggerOf(const Outage& outage);
/// Pure: the trigger in words, "the container died".
QString triggerText(QStringView trigger);
/// Pure: the phases. Those that are not parallel follow each other without a gap and sum up to the outage; the parallel
/// ones come after them. Empty where nothing divides the outage.
QList<Phase> phasesOf(const Outage& outage, const std::array<QString, 2>& nodes);
/// Pure: an interruption that is worth telling, or a move; not a lost packet, nor a time when this desktop was cut off.
bool isFailover(const Outage& outage);
/// Pure.
Failover toFailover(const Outage& outage, const QString& pair, const std::array<QString, 2>& nodes);

/// Follows the answers through the VIP and the moves of service, and tells each outage and each move once it is over.
/// Owned by the reducer; no clock of its own.
class RecoveryTimeline {
public:
    void probe(const VipProbeSeen& probe, Instant at);
    /// Of two sources that tell the same thing the one with the better time counts.
    void mark(const Mark& mark);
    void operation(const OperationSeen& operation, Instant at);
    void activeChanged(int from, int to, Instant at);

    /// What is over by `now`, with the nodes' base priorities as they are known by now.
    QList<Outage> advance(Instant now, int active, const std::array<int, 2>& priorities);

    /// While the VIP does not answer: when the first question without an answer was asked.
    std::optional<Instant> badSince() const;

    std::optional<Instant> lastGood() const { return lastGood_; }

private:
    struct OperationSpan {
        OperationSeen operation;
        Instant from;
        std::optional<Instant> until;
    };

    Outage close(Outage outage, int active, const std::array<int, 2>& priorities);
    void forgetBefore(Instant time);

    std::optional<Instant> lastGood_;
    Instant lastGoodAsked_;
    std::optional<Instant> neverGoodSince_; ///< bad since watching began
    std::optional<Outage> open_;            ///< not answering
    std::optional<Outage> closed_;          ///< answering again, not yet settled
    Instant explainedUntil_;                ///< marks before this belong to an outage that has been told
    int active_ = -1;
    QList<Outage::Move> moves_;
    QList<Mark> marks_;
    QList<OperationSpan> operations_;
};

} // namespace mha
