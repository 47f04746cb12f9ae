// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/rules.h"
#include "pair_simulation.h"

#include <QSet>
#include <QtTest>

#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

using Twist = std::function<void(Picture&)>;

constexpr Instant kNow{std::chrono::microseconds{1'767'323'045'000'000}};

/// A program of keepalived as it should be.
ScriptSeen script(ScriptUse use, const QString& name) {
    ScriptSeen seen{.use = use, .name = name, .path = u"/etc/keepalived/x.sh"_s, .user = u"root"_s};
    seen.exists = seen.executable = seen.rootsAlone = seen.userMayDocker = true;
    seen.callsDocker = true;
    return seen;
}

/// In which the rules find nothing.
VrrpConfigSeen soundConfig(int priority) {
    VrrpConfigSeen config;
    config.instance = u"VI_SERVER"_s;
    config.initialState = u"BACKUP"_s;
    config.vrid = 51;
    config.priority = priority;
    config.authType = u"PASS"_s;
    config.authMark = u"1f2e"_s;
    config.vips = {u"192.168.1.104"_s};
    config.tracksOther = true;
    config.scripts = {script(ScriptUse::Notify, u"notify"_s)};
    return config;
}

/// The guide's healthy picture, everything seen a moment ago in sessions that began an hour ago.
Picture healthy() {
    Picture picture;
    picture.pair = u"milvus-prod"_s;
    picture.vip = u"192.168.1.104/24"_s;
    picture.at = kNow;
    picture.watchingSince = kNow - 1h;
    picture.active = 0;
    const Instant seen = kNow - 500ms;
    const Instant since = kNow - 30min;
    const auto fact = [&]<typename T>(T value) { return Fact<T>{std::move(value), seen, std::nullopt, since}; };
    PairSimulation source;
    for (int i : {0, 1}) {
        NodePicture& node = picture.nodes[static_cast<std::size_t>(i)];
        node.name = i == 0 ? u"master"_s : u"backup"_s;
        node.link.state = LinkState::Up;
        node.linkSince = node.upSince = kNow - 1h;
        node.heardAt = seen;
        node.vip = fact(source.at(i).vip);
        node.vrrp = fact(source.at(i).vrrp);
        node.vrrpConfig = fact(soundConfig(i == 0 ? 110 : 91));
        node.container = fact(source.at(i).container);
        node.milvus = fact(source.milvus(i));
        node.storage = fact(source.at(i).storage);
        node.clock = fact(ClockSeen{2ms, 1ms});
        node.milvusRan = i == 0;
    }
    picture.vipProbe = fact(VipProbeSeen{true, u"0.8.0"_s, 2ms, kNow - 20ms, {}});
    picture.vipGoodAt = kNow - 20ms;
    return picture;
}

NodePicture& master(Picture& picture) {
    return picture.nodes[0];
}

NodePicture& backup(Picture& picture) {
    return picture.nodes[1];
}

void vipBad(Picture& picture, Duration since) {
    picture.vipProbe.value->good = false;
    picture.vipProbe.value->detail = u"connection refused"_s;
    picture.vipProbe.value->askedAt = kNow - 20ms;
    picture.vipBadSince = kNow - since;
    picture.vipGoodAt = kNow - since - 20ms;
}

void set(Fact<ContainerSeen>& fact, ContainerState state, Instant since = kNow - 10s) {
    fact.value->state = state;
    fact.since = since;
}

void move(Picture& picture, int from, int to, Instant since = kNow - 10s) {
    for (int node : {from, to}) {
        if (node < 0)
            continue;
        Fact<VipSeen>& vip = picture.nodes[static_cast<std::size_t>(node)].vip;
        vip.value->held = node == to;
        vip.since = since;
    }
}

/// milvus-ha-node on both, no script of keepalived's.
void programs(Picture& picture) {
    for (NodePicture& node : picture.nodes) {
        NodeProgramSeen program;
        program.running = program.peerAnswers = true;
        program.engine = u"native"_s;
        node.program = Fact<NodeProgramSeen>{program, kNow - 500ms, std::nullopt, kNow - 30min};
        node.vrrpConfig.value->scripts.clear();
        node.vrrpConfig.value->tracksOther = false;
    }
}

void lose(NodePicture& node, LinkState state) {
    node.link.state = state;
    node.linkSince = kNow - 1s;
}

OperationSeen switchover() {
    return {true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel update"_s, u"ann@desk"_s};
}

template <typename T> void blank(Fact<T>& fact, ErrorCode code) {
    fact = Fact<T>{std::nullopt, kNow - 500ms, Error{code, u"It does not tell."_s, {}, u"Make it."_s}, kNow - 10s};
}

QList<Reason> everythingIn(const Verdict& verdict) {
    return verdict.reasons + verdict.findings;
}

struct Row {
    const char* name;
    const char* level;
    const char* codes; ///< of all reasons and then findings, in order; "" for none
    Twist twist;
};

const Row kRows[] = {
    {"the guide's healthy pair", "healthy", "", [](Picture&) {}},
    {"standby's container created, never started", "healthy", "",
     [](Picture& p) { set(backup(p).container, ContainerState::Created); }},
    // the VIP from three places
    {"the standby has the old hardware address", "degraded", "stale-arp",
     [](Picture& p) {
         master(p).vip.value->mac = u"02:00:00:00:00:01"_s;
         backup(p).vipNeighbour = {VipNeighbourSeen{u"02:00:00:00:00:02"_s}, kNow - 1s, {}, kNow - 1min};
     }},
    {"this computer has it, the standby has the right one", "degraded", "stale-arp",
     [](Picture& p) {
         master(p).vip.value->mac = u"02:00:00:00:00:0A"_s;
         backup(p).vipNeighbour = {VipNeighbourSeen{u"02:00:00:00:00:0a"_s}, kNow - 1s, {}, kNow - 1min};
         p.vipNeighbour = {VipNeighbourSeen{u"02:00:00:00:00:02"_s}, kNow - 1s, {}, kNow - 1min};
     }},
    {"the VIP has just moved", "healthy", "",
     [](Picture& p) {
         master(p).vip.value->mac = u"02:00:00:00:00:01"_s;
         master(p).vip.since = kNow - 3s;
         p.vipNeighbour = {VipNeighbourSeen{u"02:00:00:00:00:02"_s}, kNow - 1s, {}, kNow - 1min};
     }},
    {"nobody has an entry, or it was looked at long ago", "healthy", "",
     [](Picture& p) {
         master(p).vip.value->mac = u"02:00:00:00:00:01"_s;
         backup(p).vipNeighbour = {VipNeighbourSeen{}, kNow - 1s, {}, kNow - 1min};
         p.vipNeighbour = {VipNeighbourSeen{u"02:00:00:00:00:02"_s}, kNow - 1min, {}, kNow - 1min};
     }},
    {"answers for this computer and the master, not for the standby", "degraded", "vip-answers-for-some",
     [](Picture& p) {
         master(p).vipFromHere = {VipFromNodeSeen{true, 1ms, {}}, kNow - 1s, {}, kNow - 1min};
         backup(p).vipFromHere = {VipFromNodeSeen{false, 1s, u"no answer"_s}, kNow - 1s, {}, kNow - 8s};
     }},
    {"the master was asked only before it ended for the standby", "healthy", "",
     [](Picture& p) {
         master(p).vipFromHere = {VipFromNodeSeen{true, 1ms, {}}, kNow - 9s, {}, kNow - 1min};
         backup(p).vipFromHere = {VipFromNodeSeen{false, 1s, u"no answer"_s}, kNow - 1s, {}, kNow - 8s};
     }},
    {"the standby has asked only once since", "healthy", "",
     [](Picture& p) {
         backup(p).vipFromHere = {VipFromNodeSeen{false, 1s, u"no answer"_s}, kNow - 1s, {}, kNow - 1s};
     }},
    {"answers for all", "healthy", "",
     [](Picture& p) {
         master(p).vipFromHere = {VipFromNodeSeen{true, 1ms, {}}, kNow - 1s, {}, kNow - 1min};
         backup(p).vipFromHere = {VipFromNodeSeen{true, 1ms, {}}, kNow - 1s, {}, kNow - 8s};
     }},
    // two writers
    {"both containers run", "two-writers", "two-writers",
     [](Picture& p) { set(backup(p).container, ContainerState::Running); }},
    {"the other's is paused: it writes on once continued", "two-writers", "two-writers container-unusable",
     [](Picture& p) { set(backup(p).container, ContainerState::Paused); }},
    {"Docker frozen on the standby, Milvus answers there", "two-writers", "two-writers docker-unreachable",
     [](Picture& p) {
         blank(backup(p).container, ErrorCode::TimedOut);
         backup(p).milvus.value->serving = true;
     }},
    {"a Milvus that Docker does not know", "two-writers", "two-writers",
     [](Picture& p) {
         backup(p).milvus.value->serving = true;
         backup(p).milvus.seenAt = kNow - 100ms;
     }},
    {"an answer from before the container stopped", "healthy", "",
     [](Picture& p) {
         backup(p).milvus.value->serving = true;
         backup(p).milvus.seenAt = kNow - 700ms;
     }},
    {"both run, one of them silent for a second", "two-writers", "two-writers node-silent",
     [](Picture& p) {
         set(backup(p).container, ContainerState::Running);
         lose(backup(p), LinkState::Silent);
     }},
    {"two writers win over a switchover", "two-writers", "two-writers",
     [](Picture& p) {
         set(backup(p).container, ContainerState::Running);
         p.operation = switchover();
     }},
    // split brain
    {"both hold the VIP", "split-brain", "vip-on-both", [](Picture& p) { move(p, -1, 1); }},
    {"both hold it in a hand-over", "healthy", "", [](Picture& p) { move(p, -1, 1, kNow - 200ms); }},
    {"split brain wins over a switchover", "split-brain", "vip-on-both",
     [](Picture& p) {
         move(p, -1, 1);
         p.operation = switchover();
     }},
    {"both held it, one is out of sight", "degraded", "node-unreachable",
     [](Picture& p) {
         move(p, -1, 1);
         lose(backup(p), LinkState::Down);
     }},
    // down
    {"one lost answer", "healthy", "", [](Picture& p) { vipBad(p, 200ms); }},
    {"Milvus hangs", "down", "milvus-not-serving",
     [](Picture& p) {
         vipBad(p, 400ms);
         master(p).milvus.value->serving = false;
     }},
    {"Milvus hangs, the poll has not yet seen it", "down", "vip-not-answering", [](Picture& p) { vipBad(p, 400ms); }},
    {"started a moment ago", "down", "milvus-not-serving",
     [](Picture& p) {
         vipBad(p, 4s);
         master(p).container.since = kNow - 1s;
     }},
    {"answers on the node only", "down", "vip-not-answering",
     [](Picture& p) {
         vipBad(p, 2s);
         master(p).milvus.seenAt = kNow - 100ms;
     }},
    {"the container died this moment", "down", "container-stopped",
     [](Picture& p) { set(master(p).container, ContainerState::Exited, kNow - 5ms); }},
    {"and no answer since", "down", "container-stopped",
     [](Picture& p) {
         set(master(p).container, ContainerState::Exited, kNow - 100ms);
         vipBad(p, 90ms);
     }},
    {"the pair file names another container", "degraded", "container-missing",
     [](Picture& p) { set(master(p).container, ContainerState::Missing, kNow - 1h); }},
    {"VIP here, Milvus there", "down", "vip-without-milvus",
     [](Picture& p) {
         vipBad(p, 1s);
         set(master(p).container, ContainerState::Exited);
         set(backup(p).container, ContainerState::Running);
     }},
    {"the VIP on no node", "down", "no-vip milvus-without-vip",
     [](Picture& p) {
         vipBad(p, 100ms);
         move(p, 0, -1);
     }},
    {"the VIP left this moment", "down", "no-vip milvus-without-vip",
     [](Picture& p) {
         move(p, 0, -1, kNow - 150ms);
         p.vipProbe.value->askedAt = kNow - 160ms;
     }},
    {"between two streams", "healthy", "",
     [](Picture& p) {
         move(p, 0, -1, kNow - 50ms);
         p.vipProbe.value->askedAt = kNow - 60ms;
     }},
    {"paused", "down", "milvus-not-serving container-unusable",
     [](Picture& p) {
         vipBad(p, 1s);
         set(master(p).container, ContainerState::Paused);
         master(p).milvus.value->serving = false;
     }},
    {"the holder has just fallen silent", "down", "vip-not-answering node-silent",
     [](Picture& p) {
         vipBad(p, 1s);
         lose(master(p), LinkState::Silent);
     }},
    {"nothing answers at all", "down", "vip-not-answering nodes-unseen node-unreachable node-unreachable",
     [](Picture& p) {
         vipBad(p, 5s);
         lose(master(p), LinkState::Down);
         lose(backup(p), LinkState::Down);
     }},
    // unknown
    {"first second", "unknown", "starting",
     [](Picture& p) {
         p.watchingSince = kNow - 1s;
         p.vipProbe = {};
     }},
    {"first second, but everything has been seen", "healthy", "", [](Picture& p) { p.watchingSince = kNow - 1s; }},
    {"first second, one still connecting", "unknown", "starting",
     [](Picture& p) {
         p.watchingSince = kNow - 1s;
         backup(p).link.state = LinkState::Connecting;
         backup(p).upSince = {};
     }},
    {"still connecting after the start", "unknown", "writer-unknown node-unreachable",
     [](Picture& p) {
         backup(p).link.state = LinkState::Connecting;
         backup(p).milvusRan.reset();
     }},
    {"answers, but no node in sight", "unknown", "nodes-unseen node-unreachable node-refused",
     [](Picture& p) {
         lose(master(p), LinkState::Down);
         lose(backup(p), LinkState::Refused);
     }},
    {"never asked", "unknown", "vip-not-probed", [](Picture& p) { p.vipProbe = {}; }},
    {"not asked any more", "unknown", "vip-not-probed", [](Picture& p) { p.vipProbe.seenAt = kNow - 10s; }},
    {"another machine has the VIP", "unknown", "vip-elsewhere", [](Picture& p) { move(p, 0, -1); }},
    {"standby lost while its Milvus ran", "unknown", "writer-unknown node-unreachable",
     [](Picture& p) {
         lose(backup(p), LinkState::Down);
         backup(p).milvusRan = true;
     }},
    {"standby lost while its Milvus was stopped", "degraded", "node-unreachable",
     [](Picture& p) { lose(backup(p), LinkState::Down); }},
    {"active lost, and it answers", "degraded", "node-unreachable",
     [](Picture& p) { lose(master(p), LinkState::Down); }},
    {"Docker silent on the standby, where Milvus ran", "unknown", "writer-unknown docker-unreachable",
     [](Picture& p) {
         blank(backup(p).container, ErrorCode::TimedOut);
         backup(p).milvusRan = true;
     }},
    {"back in sight, not yet looked at", "unknown", "writer-unknown not-visible",
     [](Picture& p) {
         backup(p).upSince = kNow - 100ms;
         backup(p).milvusRan = true;
     }},
    // switching
    {"a switchover", "switching", "switching", [](Picture& p) { p.operation = switchover(); }},
    {"a switchover in its outage", "switching", "switching no-vip milvus-without-vip",
     [](Picture& p) {
         p.operation = switchover();
         vipBad(p, 1s);
         move(p, 0, -1);
     }},
    // degraded
    {"standby refuses us", "degraded", "node-refused", [](Picture& p) { lose(backup(p), LinkState::Refused); }},
    {"standby silent", "degraded", "node-silent", [](Picture& p) { lose(backup(p), LinkState::Silent); }},
    {"keepalived off on the standby", "degraded", "keepalived-down",
     [](Picture& p) { backup(p).vrrp.value->running = false; }},
    {"keepalived stopped on the active", "degraded", "keepalived-down",
     [](Picture& p) { master(p).vrrp.value->state = VrrpState::Stopped; }},
    {"standby in maintenance", "degraded", "maintenance",
     [](Picture& p) {
         backup(p).vrrp.value->state = VrrpState::Fault;
         backup(p).vrrp.value->maintenance = Maintenance{u"ann@desk"_s, u"new disk"_s, p.at};
     }},
    {"standby in FAULT", "degraded", "vrrp-fault", [](Picture& p) { backup(p).vrrp.value->state = VrrpState::Fault; }},
    {"no container on the standby", "degraded", "container-missing",
     [](Picture& p) { set(backup(p).container, ContainerState::Missing); }},
    {"a dead container on the standby", "degraded", "container-unusable",
     [](Picture& p) { set(backup(p).container, ContainerState::Dead); }},
    {"Docker off on the standby", "degraded", "docker-unreachable",
     [](Picture& p) { blank(backup(p).container, ErrorCode::Unreachable); }},
    {"not in the docker group", "degraded", "not-visible",
     [](Picture& p) { blank(backup(p).container, ErrorCode::Refused); }},
    {"several facts for one reason", "degraded", "not-visible",
     [](Picture& p) {
         blank(backup(p).vrrp, ErrorCode::Refused);
         blank(backup(p).vrrpConfig, ErrorCode::Refused);
     }},
    {"storage gone on the active", "degraded", "storage-lost",
     [](Picture& p) { master(p).storage.value->mounted = false; }},
    {"storage read-only on the standby", "degraded", "storage-lost",
     [](Picture& p) { backup(p).storage.value->writable = false; }},
    {"two different folders", "degraded", "storage-differs",
     [](Picture& p) { backup(p).storage.value->id = u"disk-2"_s; }},
    {"served by the lower priority", "degraded", "failed-over",
     [](Picture& p) {
         p.active = 1;
         move(p, 0, 1);
         set(master(p).container, ContainerState::Exited);
         set(backup(p).container, ContainerState::Running);
         backup(p).milvus.value->serving = true;
         master(p).milvus.value->serving = false;
     }},
    {"answers, but not on the node's address", "degraded", "milvus-not-on-node",
     [](Picture& p) { master(p).milvus.value->serving = false; }},
    {"container not heard of for long", "degraded", "stale",
     [](Picture& p) { backup(p).container.seenAt = kNow - 16s; }},
    {"clock of the standby ahead", "degraded", "clock-off", [](Picture& p) { backup(p).clock.value->offset = 3s; }},
    {"clock off within its error", "healthy", "", [](Picture& p) { *backup(p).clock.value = {1100ms, 200ms}; }},
    {"storage never seen", "degraded", "not-visible", [](Picture& p) { backup(p).storage = {}; }},
    // how the pair is set up
    {"the guide's recipe", "healthy", "notify-order standby-unchecked failback-overlap keepalived-end",
     [](Picture& p) {
         VrrpConfigSeen& here = *master(p).vrrpConfig.value;
         here.tracksOther = false;
         here.checks = 1;
         here.scriptWeight = -20;
         here.scripts = {script(ScriptUse::Check, u"chk_milvus"_s)};
         VrrpConfigSeen& there = *backup(p).vrrpConfig.value;
         there.tracksOther = false;
         there.scripts = {script(ScriptUse::NotifyMaster, u"notify_master"_s),
                          script(ScriptUse::NotifyBackup, u"notify_backup"_s)};
         there.scripts[0].startsContainer = true;
         there.scripts[1].stopsContainer = true;
     }},
    {"the guide's slip: stop_docker.sh starts", "degraded", "stop-script-starts",
     [](Picture& p) {
         ScriptSeen slip = script(ScriptUse::NotifyBackup, u"notify_backup"_s);
         slip.startsContainer = true;
         backup(p).vrrpConfig.value->scripts.append(slip);
     }},
    {"virtual router ids differ", "degraded", "vrid-differs",
     [](Picture& p) { backup(p).vrrp.value->vrid = backup(p).vrrpConfig.value->vrid = 52; }},
    {"passwords differ", "degraded", "auth-differs",
     [](Picture& p) { backup(p).vrrpConfig.value->authMark = u"2f2e"_s; }},
    {"a password that cannot be told is not compared", "healthy", "",
     [](Picture& p) { backup(p).vrrpConfig.value->authMark.clear(); }},
    {"authentication differs", "degraded", "auth-differs",
     [](Picture& p) { backup(p).vrrpConfig.value->authType = u"AH"_s; }},
    {"no authentication on one", "degraded", "auth-differs",
     [](Picture& p) { backup(p).vrrpConfig.value->authType.clear(); }},
    {"advert intervals differ", "degraded", "advert-differs",
     [](Picture& p) { backup(p).vrrpConfig.value->advertInterval = 2s; }},
    {"advert intervals differ in version 3, where the master's holds", "healthy", "",
     [](Picture& p) {
         backup(p).vrrpConfig.value->advertInterval = 2s;
         master(p).vrrpConfig.value->version = backup(p).vrrpConfig.value->version = 3;
     }},
    {"versions differ", "degraded", "advert-differs", [](Picture& p) { backup(p).vrrpConfig.value->version = 3; }},
    {"another VIP beside", "degraded", "vips-differ",
     [](Picture& p) { backup(p).vrrpConfig.value->vips.append(u"192.168.1.105"_s); }},
    {"milvus-ha-node on both", "healthy", "", [](Picture& p) { programs(p); }},
    {"one is held", "degraded", "node-held",
     [](Picture& p) {
         programs(p);
         backup(p).program.value->hold = u"operator"_s;
         backup(p).program.value->holdReason = u"new disk"_s;
         backup(p).vrrp.value->state = VrrpState::Fault; // which says nothing more
     }},
    {"held in maintenance", "degraded", "maintenance",
     [](Picture& p) {
         programs(p);
         backup(p).program.value->hold = u"maintenance"_s;
         backup(p).vrrp.value->state = VrrpState::Fault;
         backup(p).vrrp.value->maintenance = Maintenance{u"ann@desk"_s, u"new disk"_s, kNow + 1h};
     }},
    {"one reaches nobody", "degraded", "node-isolated",
     [](Picture& p) {
         programs(p);
         backup(p).program.value->isolated = true;
         backup(p).program.value->peerAnswers = false;
     }},
    {"one does not hear the other", "degraded", "peer-unheard",
     [](Picture& p) {
         programs(p);
         backup(p).program.value->peerAnswers = false;
     }},
    {"milvus-ha-node on one", "healthy", "mixed-pair",
     [](Picture& p) {
         programs(p);
         master(p).program.value = NodeProgramSeen{};
     }},
    {"other deadlines", "degraded", "deadline-differs",
     [](Picture& p) {
         programs(p);
         backup(p).program.value->stopDeadline = 900ms;
     }},
    {"notify scripts beside it", "degraded", "two-hands",
     [](Picture& p) {
         programs(p);
         backup(p).vrrpConfig.value->notifyMaster = u"/etc/keepalived/start.sh"_s;
     }},
    {"priorities equal", "healthy", "priorities-equal",
     [](Picture& p) {
         backup(p).vrrpConfig.value->priority = 110;
         backup(p).vrrp.value->priority = 110;
     }},
    {"no check", "degraded", "check-missing keepalived-end",
     [](Picture& p) {
         master(p).vrrpConfig.value->tracksOther = false;
         master(p).vrrpConfig.value->scripts[0].use = ScriptUse::NotifyMaster;
     }},
    {"margin too small", "degraded", "margin-too-small",
     [](Picture& p) {
         VrrpConfigSeen& here = *master(p).vrrpConfig.value;
         here.tracksOther = false;
         here.checks = 1;
         here.scriptWeight = -19;
     }},
    {"just enough of a margin", "healthy", "",
     [](Picture& p) {
         VrrpConfigSeen& here = *master(p).vrrpConfig.value;
         here.tracksOther = false;
         here.checks = 1;
         here.scriptWeight = -20;
     }},
    {"checks on both: the standby's fails as well", "degraded", "margin-too-small",
     [](Picture& p) {
         for (NodePicture& node : p.nodes) {
             node.vrrpConfig.value->tracksOther = false;
             node.vrrpConfig.value->checks = 1;
             node.vrrpConfig.value->scriptWeight = -20;
         }
     }},
    {"a check that means FAULT needs no margin", "healthy", "",
     [](Picture& p) {
         VrrpConfigSeen& here = *master(p).vrrpConfig.value;
         here.tracksOther = false;
         here.checks = 1;
         here.scriptFaults = true;
     }},
    {"check missing on the disk", "degraded", "check-script",
     [](Picture& p) {
         ScriptSeen check = script(ScriptUse::Check, u"chk_milvus"_s);
         check.exists = false;
         check.executable.reset();
         master(p).vrrpConfig.value->scripts.append(check);
     }},
    {"check not executable", "degraded", "check-script",
     [](Picture& p) {
         master(p).vrrpConfig.value->scripts.append(script(ScriptUse::Check, u"chk_milvus"_s));
         master(p).vrrpConfig.value->scripts.last().executable = false;
     }},
    {"notify script not executable", "degraded", "notify-script",
     [](Picture& p) { backup(p).vrrpConfig.value->scripts[0].executable = false; }},
    {"a script that cannot be looked at is not judged", "healthy", "",
     [](Picture& p) { backup(p).vrrpConfig.value->scripts[0] = {.use = ScriptUse::Notify, .name = u"notify"_s}; }},
    {"nothing starts Milvus on the standby", "degraded", "takeover-starts-nothing",
     [](Picture& p) { backup(p).vrrpConfig.value->scripts.clear(); }},
    {"script security and a script that anybody may write", "degraded", "script-insecure",
     [](Picture& p) {
         master(p).vrrpConfig.value->scriptSecurity = true;
         master(p).vrrpConfig.value->scripts[0].rootsAlone = false;
     }},
    {"without script security it may be", "healthy", "",
     [](Picture& p) { master(p).vrrpConfig.value->scripts[0].rootsAlone = false; }},
    {"a script user without Docker", "degraded", "script-user",
     [](Picture& p) {
         master(p).vrrpConfig.value->scripts[0].user = u"keepalived_script"_s;
         master(p).vrrpConfig.value->scripts[0].userMayDocker = false;
     }},
    {"nopreempt beside MASTER", "healthy", "nopreempt-ignored",
     [](Picture& p) { master(p).vrrpConfig.value->nopreemptIgnored = true; }},
    {"restart always", "degraded", "restart-policy",
     [](Picture& p) { backup(p).container.value->restartPolicy = u"always"_s; }},
    {"restart on failure only", "healthy", "",
     [](Picture& p) { backup(p).container.value->restartPolicy = u"on-failure"_s; }},
    {"another image", "degraded", "image-differs",
     [](Picture& p) {
         master(p).container.value->image = u"milvus:0.8"_s;
         backup(p).container.value->image = u"milvus:0.9"_s;
     }},
    {"the same image, loaded apart", "healthy", "image-apart",
     [](Picture& p) {
         master(p).container.value->image = backup(p).container.value->image = u"milvus:0.8"_s;
         master(p).container.value->imageId = u"sha256:1"_s;
         backup(p).container.value->imageId = u"sha256:2"_s;
     }},
    {"other mounts", "degraded", "mounts-differ",
     [](Picture& p) { backup(p).container.value->mounts = {u"/tmp:/var/lib/milvus"_s}; }},
    {"storage nearly full", "healthy", "storage-low",
     [](Picture& p) {
         master(p).storage.value->totalBytes = 1000;
         master(p).storage.value->freeBytes = 99;
     }},
    {"storage full", "degraded", "storage-full",
     [](Picture& p) {
         master(p).storage.value->totalBytes = 1000;
         master(p).storage.value->freeBytes = 19;
     }},
    {"flapping", "healthy", "flapping", [](Picture& p) { p.unplannedMoves = {kNow - 9min, kNow - 5min, kNow - 1min}; }},
    {"three moves, but not within ten minutes", "healthy", "",
     [](Picture& p) { p.unplannedMoves = {kNow - 11min, kNow - 5min, kNow - 1min}; }},
};

} // namespace

class RulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judges_data();
    void judges();
    void everyRuleIsTested();
    void tableIsInOrder();
    void textsAreSentences();
    void historyIsJudged_data();
    void historyIsJudged();
};

void RulesTest::judges_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < std::size(kRows); ++i)
        QTest::newRow(kRows[i].name) << static_cast<int>(i);
}

void RulesTest::judges() {
    QFETCH(int, index);
    Picture picture = healthy();
    kRows[index].twist(picture);
    const Verdict verdict = judge(picture, guidePair());
    QStringList codes;
    for (const Reason& reason : verdict.reasons + verdict.findings)
        codes.append(reason.code);
    QCOMPARE(codes.join(u' '), QString::fromLatin1(kRows[index].codes));
    QCOMPARE(verdictName(verdict.level), QString::fromLatin1(kRows[index].level));
}

void RulesTest::everyRuleIsTested() {
    QSet<QString> tested;
    for (const Row& row : kRows) {
        Picture picture = healthy();
        row.twist(picture);
        for (const Reason& reason : everythingIn(judge(picture, guidePair())))
            tested.insert(reason.code);
    }
    tested.insert(judgeHistory({}, kNow - 24h, kNow)->code);
    QSet<QString> known;
    for (const RuleText& rule : ruleTable())
        known.insert(QString::fromLatin1(rule.code));
    QCOMPARE(tested - known, QSet<QString>());
    QCOMPARE(known - tested, QSet<QString>());
}

void RulesTest::tableIsInOrder() {
    QSet<QString> seen;
    VerdictLevel level = VerdictLevel::TwoWriters;
    for (const RuleText& rule : ruleTable()) {
        QVERIFY2(rule.level <= level, rule.code);
        level = rule.level;
        QVERIFY2(!seen.contains(QString::fromLatin1(rule.code)), rule.code);
        seen.insert(QString::fromLatin1(rule.code));
        QVERIFY2(QByteArray(rule.meaning).endsWith('.') && QByteArray(rule.remedy).endsWith('.'), rule.code);
    }
}

void RulesTest::textsAreSentences() {
    for (const Row& row : kRows) {
        Picture picture = healthy();
        row.twist(picture);
        for (const Reason& reason : everythingIn(judge(picture, guidePair()))) {
            QVERIFY2(!reason.text.contains(u'%') && !reason.text.contains(u"  "_s), qPrintable(reason.text));
            QVERIFY2(reason.text.endsWith(u'.') || reason.text.endsWith(u'?'), qPrintable(reason.text));
            QVERIFY2(reason.text.front().isUpper() || reason.text.startsWith(u"master") ||
                         reason.text.startsWith(u"backup") || reason.text.startsWith(u"keepalived") ||
                         reason.text.startsWith(u"milvus-ha-node") || reason.text.startsWith(u'/'),
                     qPrintable(reason.text));
        }
    }
}

void RulesTest::historyIsJudged_data() {
    QTest::addColumn<QList<SeenSpan>>("seen");
    QTest::addColumn<bool>("found");
    QTest::addColumn<QString>("says");
    const Instant from = kNow - 24h;
    QTest::newRow("watched all the time") << QList<SeenSpan>{{from, kNow}} << false << "";
    QTest::newRow("a short gap") << QList<SeenSpan>{{from, kNow - 2h}, {kNow - 119min, kNow}} << false << "";
    QTest::newRow("a long gap") << QList<SeenSpan>{{from, kNow - 3h}, {kNow - 2h, kNow}} << true << "1 h";
    QTest::newRow("two recorders at once fill it")
        << QList<SeenSpan>{{from, kNow - 3h}, {kNow - 2h, kNow}, {kNow - 5h, kNow - 1h}} << false << "";
    QTest::newRow("begins late") << QList<SeenSpan>{{kNow - 2h, kNow}} << true << "22 h";
    QTest::newRow("ends early") << QList<SeenSpan>{{from, kNow - 5h}} << true << "5 h";
    QTest::newRow("never") << QList<SeenSpan>{} << true << "24 h";
}

void RulesTest::historyIsJudged() {
    QFETCH(QList<SeenSpan>, seen);
    QFETCH(bool, found);
    QFETCH(QString, says);
    const std::optional<Reason> reason = judgeHistory(seen, kNow - 24h, kNow);
    QCOMPARE(reason.has_value(), found);
    QVERIFY(!reason || reason->text.contains(says));
}

QTEST_APPLESS_MAIN(RulesTest)
#include "rules_test.moc"
