// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/instance.h"

namespace mha {

/// Who moves the VIP: our own VRRP, or the keepalived that is there.
enum class NodeEngine { Native, Keepalived };

/// The configuration of milvus-ha-node on one node, /etc/milvus-ha/node.toml: what the file says, the defaults filled
/// in. Its fields are told in milvus-ha-node(8).
struct NodeSettings {
    NodeEngine engine = NodeEngine::Native;
    QString notifyFifo = QStringLiteral("/run/milvus-ha.vrrp"); ///< of the engine keepalived
    QString keepalivedInstance{};                               ///< the same; empty: the only one
    VrrpInstance vrrp; ///< interface and source are filled in when the interface has been found
    IpAddress peer;    ///< the other node's own address
    bool peerSpeaks = true;
    std::chrono::seconds peerStopDeadline{15}; ///< of a peer without our program
    Duration stopDeadline{};                   ///< D of node/agreement.h
    IpAddress witness;                         ///< unset: none
    quint16 port = 11251;                      ///< UDP, of the hellos
    QString container = QStringLiteral("milvus");
    QString dockerSocket = QStringLiteral("/var/run/docker.sock");
    std::chrono::seconds stopGrace{10};
    bool restartInPlace = false;
    bool endsConnections = false; ///< of the clients at the VIP, as it leaves
    QString controlSocket = QStringLiteral("/run/milvus-ha/node.sock");
    QString controlGroup = QStringLiteral("docker"); ///< may speak to it, beside root
    QString eventLog = QStringLiteral("/var/log/milvus-ha/node.jsonl");
};

inline constexpr const char* kNodeSettingsFile = "/etc/milvus-ha/node.toml";

/// Pure. The first fault is told with the line and what is allowed; never a password.
Result<NodeSettings> parseNodeSettings(const QByteArray& toml, const QString& fileName);
Result<NodeSettings> readNodeSettings(const QString& fileName);

/// Pure: what can run but is not wise, a sentence each.
QStringList adviceOn(const NodeSettings& settings);

} // namespace mha
