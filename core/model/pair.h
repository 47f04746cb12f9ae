// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <array>
#include <chrono>
#include <optional>

namespace mha {

/// The API generation of Milvus, which decides the ports and the questions of a health check.
enum class Generation {
    Auto,
    V0, ///< 0.x and 1.x: HTTP on 19121
    V2, ///< 2.x and later: health on 9091, REST on 19530
};

/// An own health endpoint in place of the generation's: GET path on port must answer 200.
struct HealthEndpoint {
    QString path;
    quint16 port = 0;

    bool operator==(const HealthEndpoint&) const = default;
};

/// An own query over the data, which must be answered with HTTP 200 and `expect` somewhere in the answer: POST of
/// `body`, or GET without one.
struct MilvusQuery {
    quint16 port = 0; ///< 0: that of the generation's own query
    QString path;
    QString body;
    QString expect;

    bool operator==(const MilvusQuery&) const = default;
};

struct NodeConfig {
    QString name;
    QString host; ///< name or address
    quint16 port = 22;
    QString user = QStringLiteral("root");
    QString identity;  ///< private key file, "~" allowed; empty: the agent, then the default keys
    QString interface; ///< empty: found out
    QString container; ///< empty: Pair::container

    bool operator==(const NodeConfig&) const = default;
};

/// One pair as its file states it. A value: thread-safe by copying.
struct Pair {
    QString name;
    QString vip; ///< address with prefix length, "192.168.1.104/24"
    QString container = QStringLiteral("milvus");
    Generation generation = Generation::Auto;
    quint16 clientPort = 19530;
    std::optional<HealthEndpoint> health;
    std::optional<MilvusQuery> query; ///< else the generation's: the list of collections
    std::chrono::duration<double> rto{5.0};
    std::chrono::seconds stopGrace{10}; ///< SIGTERM to SIGKILL when we stop Milvus; `stop_grace_seconds`
    QString storagePath;                ///< the shared folder as the nodes mount it; empty: not watched
    QString knownHosts;                 ///< empty: ~/.ssh/known_hosts
    std::array<NodeConfig, 2> nodes;

    QString vipAddress() const { return vip.section(QLatin1Char('/'), 0, 0); }

    const QString& containerOn(const NodeConfig& node) const {
        return node.container.isEmpty() ? container : node.container;
    }

    /// Index 0 or 1, or -1 for a name that is not of this pair.
    int indexOf(QStringView node) const;

    bool operator==(const Pair&) const = default;
};

/// Reads a pair file's text (TOML; fields as in the design, `known_hosts` beside name and vip, `health` is "auto" or
/// port and URL path, "9091/healthz"). Errors name `fileName`, line and field, and what is allowed there.
Result<Pair> parsePair(const QByteArray& toml, const QString& fileName);

/// Reads and parses a pair file.
Result<Pair> loadPair(const QString& fileName);

/// The pair as TOML that parsePair reads back to the same value.
QByteArray toToml(const Pair& pair);

} // namespace mha

Q_DECLARE_METATYPE(mha::Pair)
