// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QMetaType>
#include <QString>

#include <optional>

namespace mha {

enum class EventKind {
    Link,      ///< a node came into sight or went out of it
    Vip,       ///< the VIP arrived on or left a node
    Vrrp,      ///< VRRP state or priority changed
    Container, ///< Docker said so
    Milvus,    ///< serving or not, through the VIP or on a node
    Storage,
    Clock,
    Verdict,   ///< the verdict changed
    Failover,  ///< a failover, switchover or failback was completed
    Operation, ///< an operator's action began, ended or failed
    Config,    ///< pair file and node differ
};

enum class Severity { Info, Warning, Error };

/// One line of the history. `at` is desktop clock: the node's own timestamp converted where there is one.
struct Event {
    qint64 id = 0; ///< row of the history, 0 before it is stored
    Instant at;
    QString pair;
    QString node; ///< empty: of the pair
    EventKind kind = EventKind::Link;
    Severity severity = Severity::Info;
    QString code;                                ///< stable, e.g. "vip-acquired", "container-died"
    QString text;                                ///< a sentence
    QString source = QStringLiteral("observed"); ///< or "reconstructed": out of a node's logs, afterwards
    bool operator==(const Event&) const = default;
};

QString eventKindName(EventKind kind);
std::optional<EventKind> eventKindFromName(QStringView name);
QString severityName(Severity severity);
std::optional<Severity> severityFromName(QStringView name);

} // namespace mha

Q_DECLARE_METATYPE(mha::Event)
