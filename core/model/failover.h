// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>

namespace mha {

enum class FailoverKind {
    Failover,   ///< unplanned, service ended on the other node or came back on the same
    Switchover, ///< planned, by an operator
    Failback,   ///< VIP back to the node of the higher priority, planned or by preemption
};

/// One part of an outage; start relative to Failover::startedAt.
struct Phase {
    QString name; ///< detection, election, address, container, serving
    Duration start{};
    Duration duration{};
    Duration error{};
    QString node{};        ///< where it passed; empty: not known, or of the pair
    bool parallel = false; ///< ran beside the others: shown, but no part of the sum that is the outage
    bool operator==(const Phase&) const = default;
};

/// Service moved; several in one outage are a flap.
struct Move {
    QString from;
    QString to;
    Instant at;
    bool operator==(const Move&) const = default;
};

/// One interruption of service through the VIP and how it ended.
struct Failover {
    qint64 id = 0; ///< row of the history, 0 before it is stored
    QString pair;
    FailoverKind kind = FailoverKind::Failover;
    QString trigger;   ///< code: container-died, host-lost, link-lost, keepalived-stopped, planned, unknown...
    QString from;      ///< node that served before; empty: not known
    QString to;        ///< node that serves after; may equal `from` (recovered in place)
    Instant startedAt; ///< estimates, the middle of what is possible
    Instant endedAt;
    Duration error{}; ///< of recovery()
    QList<Phase> phases;
    QList<Move> moves;                           ///< by time
    QString source = QStringLiteral("observed"); ///< or "reconstructed"
    QString operatorName;                        ///< planned ones
    QString reason;                              ///< planned ones

    /// Recovery time: how long the VIP gave no good answer, give or take `error`.
    Duration recovery() const { return endedAt - startedAt; }

    /// Rebuilt out of the nodes' logs; nobody asked through the VIP meanwhile.
    bool reconstructed() const { return source == QLatin1String("reconstructed"); }

    bool planned() const { return !operatorName.isEmpty() || trigger == QLatin1String("planned"); }

    bool operator==(const Failover&) const = default;
};

QString failoverKindName(FailoverKind kind);
std::optional<FailoverKind> failoverKindFromName(QStringView name);

} // namespace mha

Q_DECLARE_METATYPE(mha::Failover)
