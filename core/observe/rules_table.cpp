// SPDX-License-Identifier: GPL-3.0-or-later

// The table of rules, as the manual prints it.

#include "observe/rules.h"

namespace mha {

namespace {

constexpr RuleText kRules[] = {
    {"two-writers", VerdictLevel::TwoWriters, "Milvus runs on both nodes at once, over the same data.",
     "Stop Milvus at once on the node that should not serve, then check the data before trusting it."},
    {"vip-on-both", VerdictLevel::SplitBrain, "Both nodes hold the VIP, so that clients reach either one.",
     "See that keepalived runs on both nodes and that each hears the other; take away an address that was set by "
     "hand."},
    {"no-vip", VerdictLevel::Down, "Neither node holds the VIP.",
     "Start keepalived on the node that should serve, and look at its journal for FAULT."},
    {"container-stopped", VerdictLevel::Down,
     "The node that holds the VIP does not run Milvus, and neither does the other.",
     "Wait for keepalived to move the VIP; if it does not, start Milvus's container on the node that holds the VIP."},
    {"vip-without-milvus", VerdictLevel::Down, "The VIP is on one node and Milvus runs on the other.",
     "Stop Milvus where it runs, then start it on the node that holds the VIP."},
    {"milvus-not-serving", VerdictLevel::Down,
     "Milvus's container runs on the node with the VIP, but Milvus does not answer.",
     "Milvus answers only after it has read its log: wait if it has just been started, else read docker logs."},
    {"vip-not-answering", VerdictLevel::Down, "Milvus does not answer through the VIP, and the cause is not in sight.",
     "Look at the nodes that are out of sight, at the network between here and the VIP, and at your own connection."},
    {"starting", VerdictLevel::Unknown, "Watching has just begun and not everything has been looked at.",
     "Wait a few seconds."},
    {"nodes-unseen", VerdictLevel::Unknown, "Neither node is in sight, so nothing can be said about their safety.",
     "Look at your own network first, then at SSH on both nodes."},
    {"writer-unknown", VerdictLevel::Unknown,
     "Milvus runs on one node, and whether it also runs on the other cannot be told: two writers cannot be excluded.",
     "Make sure by other means that Milvus is stopped on the node out of sight (power, console), before it returns."},
    {"vip-elsewhere", VerdictLevel::Unknown,
     "The VIP answers, but neither node holds it: another machine has the address.",
     "Find the machine that has the VIP (ip neigh on the LAN) and take the address from it."},
    {"vip-not-probed", VerdictLevel::Unknown, "Milvus has not been asked through the VIP.",
     "Wait a few seconds; if it stays so, look at the address and port of the VIP in the pair file."},
    {"switching", VerdictLevel::Switching, "An operator's switchover is running.", "Wait for its result."},
    {"node-refused", VerdictLevel::Degraded, "A node refuses us: key, host key or permission.",
     "Do what the reason says about the key, then retry."},
    {"node-unreachable", VerdictLevel::Degraded, "A node is out of sight.",
     "Look at the node's power, network and SSH; until then it cannot be known whether it could take over."},
    {"node-silent", VerdictLevel::Degraded, "A node does not answer, though its connection is still open.",
     "Wait a few seconds: it comes back, or it is given up as out of sight."},
    {"keepalived-down", VerdictLevel::Degraded,
     "keepalived does not run on a node, so that the VIP is not guarded there.",
     "Start keepalived there (systemctl start keepalived) once you know where Milvus runs."},
    {"vrrp-fault", VerdictLevel::Degraded, "keepalived on a node is in state FAULT: the node cannot take the VIP.",
     "Look at the node's network link and at keepalived's tracked scripts and files."},
    {"container-missing", VerdictLevel::Degraded,
     "A node has no container of the pair's name, so that it cannot take over.",
     "Create Milvus's container there, or put its name into the pair file."},
    {"container-unusable", VerdictLevel::Degraded, "A node's container is paused, dead or restarts over and over.",
     "Look at docker ps and docker logs on the node, and stop, start or re-create the container."},
    {"docker-unreachable", VerdictLevel::Degraded,
     "Docker on a node does not answer, so that Milvus cannot be started or stopped there.",
     "Look at systemctl status docker on the node."},
    {"storage-lost", VerdictLevel::Degraded, "The shared storage is not mounted or not writable on a node.",
     "Mount it again; do not start Milvus there before it is back."},
    {"storage-differs", VerdictLevel::Degraded,
     "The two nodes have different folders where the shared storage should be.",
     "Mount the same storage on both nodes; a takeover now would show other data."},
    {"failed-over", VerdictLevel::Degraded, "Milvus serves on the node of the lower priority.",
     "Find out why the other node lost Milvus, then move it back with a switchover."},
    {"milvus-not-on-node", VerdictLevel::Degraded,
     "The VIP answers, but Milvus on the node that holds it does not answer on the node's own address.",
     "See which process listens there, and whether the pair file names the right container and generation."},
    {"not-visible", VerdictLevel::Degraded,
     "Something on a node cannot be seen, and what cannot be seen is not known to be good.",
     "Do what the reason says, usually about a permission on the node."},
    {"stale", VerdictLevel::Degraded, "Something on a node was last seen too long ago to be relied on.",
     "Look whether the node is overloaded; retry the connection."},
    {"clock-off", VerdictLevel::Degraded,
     "A node's clock differs by more than a second, which makes its times misleading.",
     "Set up time synchronisation (NTP) on the node."},
};

} // namespace

std::span<const RuleText> ruleTable() {
    return kRules;
}

} // namespace mha
