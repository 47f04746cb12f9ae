// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/pair.h"
#include "model/time.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>

namespace mha {

/// What a sensor saw, each kind a small value. Sensors only report; the reducer decides what it means.

enum class LinkState {
    Connecting,
    Up,
    Silent, ///< open, but nothing heard for longer than kSilentAfter
    Down,   ///< no session; `error` says why, a retry follows
    Refused ///< the node refuses us (key, host key, permission): no retry before the operator acts
};

/// The steps of a connection in their order, each possible only after the one before.
enum class LinkStep { Resolve, Connect, HostKey, SignIn, Command };

struct LinkSeen {
    LinkState state = LinkState::Connecting;
    std::optional<Error> error;
    std::optional<LinkStep> failedAt{}; ///< of Down and Refused, where a connection did not come about
    bool operator==(const LinkSeen&) const = default;
};

/// The VIP and its interface on one node, by `ip -j addr` (whole) or by the address stream (each change).
struct VipSeen {
    bool held = false;
    QString interface; ///< where it is held, else the interface of the node's own address
    bool linkUp = true;
    QString mac{};                      ///< of that interface: what the LAN should have for the VIP; empty: not known
    std::optional<Instant> changedAt{}; ///< of this change, by the node's own timestamp; desktop clock
    bool operator==(const VipSeen&) const = default;
};

enum class VrrpState { Unknown, Init, Backup, Master, Fault, Stopped };

/// An operator works on a node and keeps service away from it (act/maintenance.h).
struct Maintenance {
    QString owner; ///< user@desktop
    QString reason;
    Instant until{}; ///< it ends by itself then; by the node's clock as written there, here in the desktop's
    bool operator==(const Maintenance&) const = default;
};

/// What a VRRP engine has counted since it began.
struct VrrpCounts {
    qint64 sent = 0;
    qint64 received = 0; ///< adverts of other routers that were obeyed or at least understood
    qint64 rejected = 0; ///< packets that were not obeyed for a flaw: checksum, hop limit, password, interval
    qint64 becameMaster = 0;
    qint64 leftMaster = 0;
    qint64 resigned = 0; ///< adverts of priority 0 that were sent
    bool operator==(const VrrpCounts&) const = default;
};

/// The VRRP engine of a node: "keepalived", or "native", that of milvus-ha-node. Priorities are 1..254 (255: address
/// owner, RFC 9568); -1: not known.
struct VrrpSeen {
    QString engine = QStringLiteral("keepalived");
    bool running = false;
    VrrpState state = VrrpState::Unknown;
    int priority = -1;
    int effectivePriority = -1;
    int vrid = -1;
    Duration advertInterval{};
    bool nopreempt = false;
    std::optional<Instant> since; ///< last transition, desktop clock
    QString source;               ///< "json", "journal", "syslog": how it was found out
    std::optional<Maintenance> maintenance{};
    Duration
        masterDown{}; ///< Active_Down_Interval, after which a silent master is replaced (RFC 9568 6.1); 0: not known
    std::optional<VrrpCounts> counts{};
    bool operator==(const VrrpSeen&) const = default;

    /// As a sentence names it.
    QString program() const { return engine == QLatin1String("native") ? QStringLiteral("milvus-ha-node") : engine; }
};

/// milvus-ha-node on a node, as it says of itself. All names are those of its control socket.
struct NodeProgramSeen {
    bool running = false;
    QString version{};
    QString engine{}; ///< "native" or "keepalived"
    QString milvus{}; ///< "unknown", "stopped", "starting", "running", "stopping"
    QString hold{};   ///< why it takes no part: "operator", "switchover", "milvus-died"...; empty: it does
    QString holdReason{};
    bool isolated = false;
    bool peerSpeaks = true;   ///< its peer runs the program too, as configured
    bool peerAnswers = false; ///< the peer's program is heard
    QString peerMilvus{};     ///< what the peer says of its Milvus; empty: not heard
    Duration stopDeadline{};  ///< D: within it Milvus is stopped once the node is cut off
    bool operator==(const NodeProgramSeen&) const = default;
};

enum class ScriptUse { Check, NotifyMaster, NotifyBackup, NotifyFault, NotifyStop, Notify };

/// A program that keepalived.conf names, as it lies on the node. What could not be looked at has no value.
struct ScriptSeen {
    ScriptUse use = ScriptUse::Check;
    QString name; ///< of the vrrp_script, or the keyword: "notify_master"
    QString path; ///< the program, without its arguments
    QString user; ///< who runs it; empty: not known
    std::optional<bool> exists{};
    std::optional<bool> executable{};
    std::optional<bool> rootsAlone{};    ///< owned by root and writable by nobody else
    std::optional<bool> userMayDocker{}; ///< its user may use Docker's socket
    bool callsDocker = false;
    bool startsContainer = false; ///< it has a `docker start` or the like
    bool stopsContainer = false;
    bool operator==(const ScriptSeen&) const = default;
};

/// What the node's keepalived.conf says about moving the VIP: enough to predict which lever moves it, and to find what
/// would keep it from moving.
struct VrrpConfigSeen {
    QString instance;
    QString initialState;
    int vrid = -1;
    int priority = -1;
    bool nopreempt = false;
    int scriptWeight = 0;      ///< sum of the weights of the tracked scripts; negative lowers the priority on failure
    bool scriptFaults = false; ///< a tracked script of weight 0: failure means FAULT
    QString notifyMaster;
    QString notifyBackup;

    QString interface{};
    int version = 2; ///< of VRRP
    Duration advertInterval = std::chrono::seconds(1);
    QString authType{}; ///< "PASS", "AH"; empty: none
    /// Equal on two nodes whose passwords are equal; "": none, or it cannot be told. Made on the node with a key that
    /// this process keeps to itself, so that nothing can be learned from it.
    QString authMark{};
    QStringList vips{};            ///< the addresses of virtual_ipaddress, which adverts name; sorted
    bool nopreemptIgnored = false; ///< nopreempt stands beside `state MASTER`, where keepalived drops it
    int checks = 0;                ///< tracked scripts
    bool tracksOther = false;      ///< a tracked file, process or BFD session, the FAULT flag left out
    bool scriptSecurity = false;   ///< enable_script_security
    QList<ScriptSeen> scripts{};   ///< tracked and notify programs, in the order of the file
    bool faultFlag = false;        ///< the FAULT flag of milvus-ha is tracked (keepalived/fault_flag.h)
    bool operator==(const VrrpConfigSeen&) const = default;
};

enum class ContainerState { Missing, Created, Running, Paused, Restarting, Exited, Dead };

struct ContainerSeen {
    QString name;
    ContainerState state = ContainerState::Missing;
    QString id;
    QString image; ///< name as given
    QString imageId;
    QString restartPolicy;
    QList<QString> mounts; ///< "source:destination", sorted
    std::optional<int> exitCode;
    std::optional<Instant> startedAt;  ///< desktop clock
    std::optional<Instant> finishedAt; ///< desktop clock
    /// Its variables, sorted, each as "NAME#1a2b": no value (there are passwords among them), but four digits of its
    /// hash, by which two nodes are compared.
    QStringList environment{};
    bool operator==(const ContainerSeen&) const = default;
};

/// One line of Docker's /events for the pair's container.
struct ContainerEventSeen {
    QString action; ///< start, die, stop, kill, oom, pause, unpause, destroy...
    std::optional<int> exitCode;
    Instant happenedAt; ///< timeNano, desktop clock
    bool operator==(const ContainerEventSeen&) const = default;
};

/// Milvus asked through the node's own address.
struct MilvusSeen {
    bool serving = false;
    bool refused = false; ///< the port is closed: proof that nothing listens, unlike a timeout
    QString version;
    Duration latency{};
    QString detail;       ///< why not
    bool queried = false; ///< a query over the data was answered: queryable, not merely alive
    QString notQueried{}; ///< serving, but why it could not be queried
    bool operator==(const MilvusSeen&) const = default;
};

struct StorageSeen {
    QString path;
    bool mounted = false;
    bool writable = false;
    QString id; ///< equal on both nodes when it is the same folder
    qint64 freeBytes = -1;
    qint64 totalBytes = -1;
    bool operator==(const StorageSeen&) const = default;
};

/// Node clock minus desktop clock, with its half-width error.
struct ClockSeen {
    Duration offset{};
    Duration error{};
    double driftPpm = 0; ///< how much the offset grows, microseconds a second; 0 until it is known
    bool operator==(const ClockSeen&) const = default;
};

/// One answer (or none) of Milvus through the VIP, asked from where this program runs.
struct VipProbeSeen {
    bool good = false;
    QString version;
    Duration latency{};
    Instant askedAt;
    QString detail;                     ///< why not
    bool alive = false;                 ///< of a bad one: Milvus says that it lives, yet the query over its data failed
    std::optional<Instant> queriedAt{}; ///< when the last query over the data was answered; nothing: only alive
    QString notQueried{};               ///< good, but why it could not be queried
    bool operator==(const VipProbeSeen&) const = default;
};

/// Milvus asked through the VIP from a node: what another machine of that network gets.
struct VipFromNodeSeen {
    bool good = false;
    Duration latency{};
    QString detail; ///< why not
    bool operator==(const VipFromNodeSeen&) const = default;
};

/// The hardware address that a node, or this computer, has for the VIP in its neighbour table.
struct VipNeighbourSeen {
    QString mac; ///< lower case; empty: none, as where the VIP is its own or nobody asked for it
    bool operator==(const VipNeighbourSeen&) const = default;
};

enum class Subject { Vip, Vrrp, VrrpConfig, Container, Milvus, Storage, Clock, Program };

/// A fact that cannot be seen, and why: it becomes unknown in the picture.
struct Unseen {
    Subject subject = Subject::Vip;
    Error reason;
    bool operator==(const Unseen&) const = default;
};

/// No switchover takes longer: an operation whose end nobody told is over by then.
inline constexpr std::chrono::seconds kOperationAtMost{120};

/// An operation of ours began or ended on the pair (switchover, drill).
struct OperationSeen {
    bool running = false;
    QString kind; ///< "switchover", "failback"
    QString from;
    QString to;
    QString reason; ///< as the operator gave it
    QString owner;
    bool operator==(const OperationSeen&) const = default;

    /// Whether both are of one operation, running or over. A note may have a long reason's beginning only.
    bool isOf(const OperationSeen& other) const {
        return kind == other.kind && from == other.from && to == other.to && owner == other.owner;
    }

    OperationSeen ended() const {
        OperationSeen over = *this;
        over.running = false;
        return over;
    }
};

using Sighting = std::variant<LinkSeen, VipSeen, VrrpSeen, VrrpConfigSeen, ContainerSeen, ContainerEventSeen,
                              MilvusSeen, StorageSeen, ClockSeen, VipProbeSeen, VipFromNodeSeen, VipNeighbourSeen,
                              Unseen, OperationSeen, NodeProgramSeen>;

/// One sighting, with when (desktop clock, at reception in the sensor's thread) and of which node (-1: of the pair).
struct Observation {
    Instant at;
    int node = -1;
    Sighting sighting;
    bool operator==(const Observation&) const = default;
};

/// Names as in JSON and recordings: "up", "MASTER", "running", "vrrp-config".
QString linkStateName(LinkState state);
QString linkStepName(LinkStep step);  ///< "resolve", "tcp", "host key", "auth", "commands"
QString scriptUseName(ScriptUse use); ///< "check", "notify_master"
std::optional<LinkState> linkStateFromName(QStringView name);
std::optional<LinkStep> linkStepFromName(QStringView name);
std::optional<ScriptUse> scriptUseFromName(QStringView name);
QString vrrpStateName(VrrpState state);
std::optional<VrrpState> vrrpStateFromName(QStringView name);
QString containerStateName(ContainerState state);
std::optional<ContainerState> containerStateFromName(QStringView name);
QString subjectName(Subject subject);
std::optional<Subject> subjectFromName(QStringView name);

} // namespace mha

Q_DECLARE_METATYPE(mha::Observation)
