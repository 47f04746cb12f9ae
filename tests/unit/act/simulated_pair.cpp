// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulated_pair.h"

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kTick{10};
constexpr seconds kAdvert{1};
constexpr seconds kCheckEvery{2};
constexpr milliseconds kLookEvery{50};
/// What is seen was so this long before.
constexpr milliseconds kLookDelay{40};
constexpr milliseconds kServesAfter{1000};

} // namespace

SimulatedPair::SimulatedPair(std::array<SimulatedConfig, 2> configs) {
    pair_.name = u"simulated"_s;
    pair_.vip = u"192.168.1.104/24"_s;
    pair_.storagePath = u"/srv/milvus"_s;
    pair_.nodes[0].name = u"master"_s;
    pair_.nodes[1].name = u"backup"_s;
    start_ = *fromIso(u"2026-01-01T00:00:00Z");
    now_ = start_;
    for (std::size_t i = 0; i < 2; ++i) {
        SimulatedNode& node = nodes_[i];
        node.config = configs[i];
        node.stateSince = start_ - seconds(3600);
        node.nextCheck = start_ + milliseconds(130 + 170 * static_cast<int>(i));
        node.nextAdvert = start_ + milliseconds(70);
    }
    nodes_[0].runs = true;
    nodes_[0].serves = start_;
    nodes_[0].state = VrrpState::Master;
    nodes_[1].checkPasses = !nodes_[1].config.tracksContainer();
    if (nodes_[1].config.scriptFaults)
        nodes_[1].state = VrrpState::Fault;
    nodes_[1].masterDown = start_ + masterDownTime(1);
    advance(seconds(2));
    for (SimulatedNode& node : nodes_)
        node.stateSince = start_ - seconds(3600);
    look();
}

std::array<SimulatedConfig, 2> SimulatedPair::guide() {
    return {SimulatedConfig{.priority = 110, .scriptWeight = -20},
            SimulatedConfig{.priority = 91, .notifyMaster = true, .notifyBackup = true}};
}

std::array<SimulatedConfig, 2> SimulatedPair::symmetric() {
    return {SimulatedConfig{.priority = 110, .scriptWeight = -20, .notifyMaster = true, .notifyBackup = true},
            SimulatedConfig{.priority = 91, .scriptWeight = -20, .notifyMaster = true, .notifyBackup = true}};
}

std::array<SimulatedConfig, 2> SimulatedPair::flagged() {
    std::array<SimulatedConfig, 2> configs = guide();
    configs[0].faultFlag = configs[1].faultFlag = true;
    return configs;
}

std::array<SimulatedConfig, 2> SimulatedPair::checkingPorts() {
    std::array<SimulatedConfig, 2> configs = symmetric();
    for (SimulatedConfig& config : configs)
        config.faultFlag = config.checksPort = true;
    return configs;
}

std::array<SimulatedConfig, 2> SimulatedPair::programs() {
    return {SimulatedConfig{.priority = 110, .nopreempt = true, .program = true},
            SimulatedConfig{.priority = 91, .nopreempt = true, .program = true}};
}

std::array<SimulatedConfig, 2> SimulatedPair::faulting() {
    return {SimulatedConfig{.priority = 110, .scriptFaults = true, .nopreempt = true},
            SimulatedConfig{.priority = 91, .scriptFaults = true, .nopreempt = true}};
}

void SimulatedPair::advance(Duration time) {
    for (const Instant end = now_ + time; now_ < end;)
        step();
}

void SimulatedPair::after(Duration time, std::function<void()> what) {
    later_.emplace(now_ + time, std::move(what));
}

void SimulatedPair::step() {
    now_ += kTick;
    while (!later_.empty() && later_.begin()->first <= now_) {
        const std::function<void()> what = std::move(later_.begin()->second);
        later_.erase(later_.begin());
        what();
    }
    for (int i = 0; i < 2; ++i) {
        SimulatedNode& n = node(i);
        if (n.stopping && !n.hangsInStop && now_ >= n.stopEnds) {
            n.runs = false;
            n.stopping = false;
        }
        if (n.flagExpires && now_ >= *n.flagExpires) {
            n.flagUp = false;
            n.flagExpires.reset();
        }
        if (n.runs && (n.diesAtStart || n.storageLost) && now_ >= n.serves - kServesAfter / 2)
            n.runs = false;
        stepKeepalived(i);
    }
    if (runningCount() == 2 && twoWritersAt_ < 0)
        twoWritersAt_ = static_cast<int>(std::chrono::duration_cast<milliseconds>(now_ - start_).count());
    if ((now_ - start_) % kLookEvery == Duration::zero())
        look();
}

int SimulatedPair::effectivePriority(int index) const {
    const SimulatedNode& n = nodes_[static_cast<std::size_t>(index)];
    const int weight = n.config.scriptWeight;
    return n.config.priority + ((weight < 0) != n.checkPasses ? weight : 0);
}

bool SimulatedPair::faulted(int index) const {
    const SimulatedNode& n = nodes_[static_cast<std::size_t>(index)];
    return (n.config.scriptFaults && !n.checkPasses) || (n.config.faultFlag && n.flagUp);
}

Duration SimulatedPair::masterDownTime(int index) const {
    return 3 * Duration(kAdvert) + (256 - effectivePriority(index)) * Duration(seconds(1)) / 256;
}

void SimulatedPair::check(int index) {
    SimulatedNode& n = node(index);
    n.nextCheck += kCheckEvery;
    const bool running = n.runs && !(n.config.checksPort && n.stopping);
    // The script takes a moment, so its result is already a little old when it counts.
    after(milliseconds(60), [this, index, running] {
        if (!node(index).checkStuck)
            node(index).checkPasses = running;
    });
}

void SimulatedPair::stepKeepalived(int index) {
    SimulatedNode& n = node(index);
    if (!n.keepalivedRuns)
        return;
    if (n.config.tracksContainer() && now_ >= n.nextCheck)
        check(index);
    if (faulted(index)) {
        if (n.state != VrrpState::Fault)
            leave(index, VrrpState::Fault);
        return;
    }
    if (n.state == VrrpState::Fault)
        becomeBackup(index);
    if (n.state == VrrpState::Master && now_ >= n.nextAdvert) {
        n.nextAdvert += kAdvert;
        advert(index, effectivePriority(index));
    }
    if (n.state == VrrpState::Backup && now_ >= n.masterDown)
        becomeMaster(index);
}

void SimulatedPair::advert(int index, int priority) {
    const int other = 1 - index;
    SimulatedNode& receiver = node(other);
    if (!receiver.keepalivedRuns)
        return;
    if (receiver.state == VrrpState::Backup) {
        if (priority == 0) {
            receiver.masterDown = now_ + masterDownTime(other) - 3 * Duration(kAdvert);
        } else if (receiver.config.nopreempt || priority >= effectivePriority(other)) {
            receiver.masterDown = now_ + masterDownTime(other);
        }
    } else if (receiver.state == VrrpState::Master && priority > effectivePriority(other)) {
        becomeBackup(other);
    }
}

void SimulatedPair::becomeMaster(int index) {
    SimulatedNode& n = node(index);
    n.state = VrrpState::Master;
    n.stateSince = now_;
    n.nextAdvert = now_ + kAdvert;
    advert(index, effectivePriority(index));
    if (n.config.notifyMaster)
        notifyMaster(index);
}

void SimulatedPair::becomeBackup(int index) {
    SimulatedNode& n = node(index);
    n.state = VrrpState::Backup;
    n.stateSince = now_;
    n.masterDown = now_ + masterDownTime(index);
    if (n.config.notifyBackup)
        notifyBackup(index);
}

void SimulatedPair::leave(int index, VrrpState state) {
    const bool held = holds(index);
    node(index).state = state;
    node(index).stateSince = now_;
    if (held)
        advert(index, 0);
}

void SimulatedPair::stopKeepalived(int index) {
    node(index).keepalivedRuns = false;
    leave(index, VrrpState::Stopped);
}

void SimulatedPair::notifyMaster(int index) {
    after(milliseconds(80), [this, index] {
        if (!node(index).runs)
            after(milliseconds(200), [this, index] { dockerStart(index); });
    });
}

void SimulatedPair::notifyBackup(int index) {
    after(milliseconds(80), [this, index] {
        if (node(index).runs)
            after(milliseconds(60), [this, index] { dockerStop(index); });
    });
}

void SimulatedPair::dockerStart(int index) {
    SimulatedNode& n = node(index);
    if (n.runs || n.startRefused)
        return;
    n.runs = true;
    n.stopping = false;
    n.serves = now_ + kServesAfter;
}

void SimulatedPair::dockerStop(int index) {
    SimulatedNode& n = node(index);
    if (!n.runs || n.stopping || n.ignoresStop)
        return;
    n.stopping = true;
    n.stopEnds = now_ + n.stopTakes;
}

int SimulatedPair::servingNode() const {
    for (int i = 0; i < 2; ++i) {
        const SimulatedNode& n = nodes_[static_cast<std::size_t>(i)];
        if (holds(i) && n.runs && !n.stopping && !n.neverServes && now_ >= n.serves)
            return i;
    }
    return -1;
}

NodePicture SimulatedPair::seen(int index) const {
    const SimulatedNode& n = nodes_[static_cast<std::size_t>(index)];
    NodePicture p;
    p.name = pair_.nodes[static_cast<std::size_t>(index)].name;
    p.link.state = LinkState::Up;
    p.vip.value = VipSeen{.held = holds(index), .interface = u"eth0"_s, .linkUp = true};
    VrrpSeen vrrp;
    vrrp.running = n.keepalivedRuns;
    vrrp.state = n.state;
    vrrp.priority = n.config.priority;
    vrrp.effectivePriority = effectivePriority(index);
    vrrp.advertInterval = kAdvert;
    vrrp.nopreempt = n.config.nopreempt;
    vrrp.since = n.stateSince;
    p.vrrp.value = vrrp;
    VrrpConfigSeen config;
    config.priority = n.config.priority;
    config.nopreempt = n.config.nopreempt;
    config.scriptWeight = n.config.scriptWeight;
    config.scriptFaults = n.config.scriptFaults;
    config.faultFlag = n.config.faultFlag;
    config.notifyMaster = n.config.notifyMaster ? u"/etc/keepalived/start_docker.sh"_s : QString();
    config.notifyBackup = n.config.notifyBackup ? u"/etc/keepalived/stop_docker.sh"_s : QString();
    if (n.config.tracksContainer()) {
        ScriptSeen check{.name = u"chk"_s, .path = u"/etc/keepalived/chk_milvus.sh"_s, .user = {}};
        check.exists = true;
        check.callsDocker = !n.config.checksPort;
        config.scripts = {check};
    }
    p.vrrpConfig.value = config;
    NodeProgramSeen program;
    program.running = n.config.program;
    program.engine = u"native"_s;
    program.peerAnswers = true;
    p.program.value = program;
    ContainerSeen container;
    container.name = u"milvus"_s;
    container.state = n.runs ? ContainerState::Running : ContainerState::Exited;
    container.imageId = u"sha256:1"_s;
    p.container.value = container;
    p.storage.value =
        StorageSeen{.path = pair_.storagePath, .mounted = !n.storageLost, .writable = !n.storageLost, .id = u"1"_s};
    return p;
}

/// What is there now reaches the picture a moment later, stamped with the time of its arrival: as the real sensors do.
void SimulatedPair::look() {
    std::array<NodePicture, 2> nodes{seen(0), seen(1)};
    VipProbeSeen probe;
    probe.good = servingNode() >= 0;
    probe.latency = milliseconds(1);
    probe.askedAt = now_;
    const auto arrive = [this, nodes, probe] {
        picture_.pair = pair_.name;
        picture_.vip = pair_.vip;
        picture_.at = now_;
        for (std::size_t i = 0; i < 2; ++i) {
            if (!nodes_[i].linkUp) {
                picture_.nodes[i].link.state = LinkState::Silent;
                continue;
            }
            NodePicture p = nodes[i];
            p.heardAt = now_;
            const Fact<ContainerSeen> before = picture_.nodes[i].container;
            p.vip.seenAt = p.vrrp.seenAt = p.vrrpConfig.seenAt = p.container.seenAt = p.storage.seenAt =
                p.program.seenAt = now_;
            if (nodes_[i].dockerFrozen)
                p.container = before;
            picture_.nodes[i] = p;
        }
        picture_.vipProbe = Fact<VipProbeSeen>{probe, now_, {}};
        meter_.see(probe);
        if (servingNode() >= 0)
            picture_.active = servingNode();
        picture_.verdict.level = runningCount() == 2 ? VerdictLevel::TwoWriters
                                 : servingNode() < 0 ? VerdictLevel::Switching
                                                     : VerdictLevel::Healthy;
    };
    if (picture_.pair.isEmpty()) {
        arrive();
    } else {
        after(kLookDelay, arrive);
    }
}

Result<void> SimulatedPair::reach(int index) {
    advance(milliseconds(20));
    const QString& name = pair_.nodes[static_cast<std::size_t>(index)].name;
    if (node(index).linkUp && node(index).dockerFrozen) {
        advance(seconds(5));
        return std::unexpected(Error{ErrorCode::TimedOut, u"Docker does not answer."_s, name, u"Restart it."_s});
    }
    if (node(index).linkUp)
        return {};
    advance(milliseconds(800));
    return std::unexpected(Error{ErrorCode::Unreachable, u"the connection is lost."_s,
                                 pair_.nodes[static_cast<std::size_t>(index)].name, u"Restore it."_s});
}

Result<void> SimulatedPair::stopMilvus(int index, seconds, milliseconds deadline) {
    if (auto reached = reach(index); !reached)
        return reached;
    dockerStop(index);
    for (const Instant end = now_ + deadline; now_ < end; step()) {
        if (!node(index).linkUp)
            return reach(index);
        if (!node(index).runs)
            return {};
    }
    return std::unexpected(Error{ErrorCode::TimedOut, u"Docker did not stop the container."_s,
                                 pair_.nodes[static_cast<std::size_t>(index)].name, u"Look at `docker ps` there."_s});
}

Result<void> SimulatedPair::startMilvus(int index, milliseconds deadline) {
    const Result<bool> other = containerRuns(1 - index, deadline);
    if (!other)
        return std::unexpected(other.error());
    if (*other)
        return std::unexpected(Error{ErrorCode::Refused, u"Milvus runs on the other node."_s, {}, {}});
    return startContainer(index);
}

Result<void> SimulatedPair::startMilvusWithoutProof(int index, milliseconds deadline) {
    return node(1 - index).linkUp ? startMilvus(index, deadline) : startContainer(index);
}

Result<QString> SimulatedPair::takeLock(int index, const QString& owner, const QString& /*what*/,
                                        milliseconds /*deadline*/) {
    if (auto reached = reach(index); !reached)
        return std::unexpected(reached.error());
    advance(milliseconds(30));
    QString& by = node(index).lockedBy;
    if (!by.isEmpty() && by != owner) {
        return std::unexpected(Error{ErrorCode::Refused, u"%1 is at work on this pair."_s.arg(by),
                                     pair_.nodes[static_cast<std::size_t>(index)].name, u"Wait for its end."_s});
    }
    by = owner;
    locked_ = owner;
    return QString();
}

Result<QString> SimulatedPair::shareNonce(int from, int to, milliseconds /*deadline*/) {
    for (int index : {from, to}) {
        if (auto reached = reach(index); !reached)
            return std::unexpected(reached.error());
    }
    advance(milliseconds(60));
    if (node(from).storageLost)
        return u"not tried"_s;
    if (node(to).storageLost)
        return std::unexpected(Error{ErrorCode::Refused, u"it is not the same folder."_s, {}, {}});
    return QString();
}

void SimulatedPair::releaseLocks() {
    for (SimulatedNode& n : nodes_) {
        if (n.linkUp && n.lockedBy == locked_)
            n.lockedBy.clear();
    }
}

Result<void> SimulatedPair::startContainer(int index) {
    if (auto reached = reach(index); !reached)
        return reached;
    startedBesideTheOther_ = startedBesideTheOther_ || node(1 - index).runs;
    dockerStart(index);
    advance(milliseconds(150));
    if (node(index).startRefused) {
        return std::unexpected(Error{ErrorCode::Protocol, u"Docker refuses to start the container."_s,
                                     pair_.nodes[static_cast<std::size_t>(index)].name,
                                     u"Look at `docker logs` there."_s});
    }
    return {};
}

Result<void> SimulatedPair::handOver(int index, const QString& /*reason*/, milliseconds deadline) {
    if (auto reached = reach(index); !reached)
        return reached;
    const int other = 1 - index;
    if (!holds(index) || !node(index).runs || node(other).runs)
        return std::unexpected(Error{ErrorCode::Refused, u"This node is not MASTER."_s, {}, {}});
    const Instant end = now_ + deadline;
    const auto await = [&](const auto& condition) {
        while (!condition() && now_ < end)
            step();
        return condition();
    };
    // What follows is done on the node, whether it is seen or not.
    dockerStop(index);
    Error error{ErrorCode::TimedOut, u"it did not stop."_s, {}, {}};
    if (await([&] { return !node(index).runs; })) {
        leave(index, VrrpState::Fault);
        await([&] { return holds(other); });
        dockerStart(other);
        advance(milliseconds(400));
        if (node(other).runs) {
            becomeBackup(index);
            return node(index).linkUp ? Result<void>() : reach(index);
        }
        leave(other, VrrpState::Backup);
        becomeMaster(index);
        dockerStart(index);
        advance(milliseconds(400));
        error = {ErrorCode::Unreachable, u"the other node did not serve in time."_s, {}, {}};
    }
    return std::unexpected(error);
}

Result<void> SimulatedPair::letTakePart(int index, milliseconds /*deadline*/) {
    return reach(index);
}

Result<void> SimulatedPair::proveStopped(int index, milliseconds deadline) {
    for (const Instant end = now_ + deadline; now_ < end; step()) {
        if (auto reached = reach(index); !reached)
            return reached;
        if (!node(index).runs)
            return {};
    }
    return std::unexpected(Error{
        ErrorCode::TimedOut, u"the container still runs."_s, pair_.nodes[static_cast<std::size_t>(index)].name, {}});
}

Result<void> SimulatedPair::rootOn(int index) {
    advance(milliseconds(20));
    const QString& name = pair_.nodes[static_cast<std::size_t>(index)].name;
    if (!node(index).linkUp)
        return reach(index);
    if (node(index).flagRefused)
        return std::unexpected(Error{ErrorCode::Refused, u"sudo refuses."_s, name, u"Allow it."_s});
    return {};
}

Result<void> SimulatedPair::armFaultFlag(int index, seconds expiry, milliseconds) {
    if (auto root = rootOn(index); !root)
        return root;
    node(index).flagExpires = now_ + expiry;
    return {};
}

std::function<Result<void>()> SimulatedPair::raiseFaultFlag(int index, milliseconds) {
    const auto answer = std::make_shared<std::optional<Result<void>>>();
    after(milliseconds(20), [this, index, answer] {
        SimulatedNode& n = node(index);
        if (!n.linkUp || n.flagRefused || !n.flagExpires) {
            *answer = std::unexpected(Error{n.linkUp ? ErrorCode::Refused : ErrorCode::Unreachable, u"not raised."_s,
                                            pair_.nodes[static_cast<std::size_t>(index)].name, u"Look there."_s});
        } else {
            n.flagUp = true;
            *answer = Result<void>();
        }
    });
    return [this, answer] {
        while (!*answer)
            step();
        return **answer;
    };
}

Result<void> SimulatedPair::clearFaultFlag(int index, milliseconds) {
    if (auto root = rootOn(index); !root)
        return root;
    node(index).flagUp = false;
    node(index).flagExpires.reset();
    return {};
}

Result<bool> SimulatedPair::containerRuns(int index, milliseconds) {
    if (auto reached = reach(index); !reached)
        return std::unexpected(reached.error());
    return node(index).runs;
}

Picture SimulatedPair::waitUntil(const std::function<bool(const Picture&)>& condition, milliseconds deadline) {
    for (const Instant end = now_ + deadline; !condition(picture_) && now_ < end;)
        advance(kLookEvery);
    return picture_;
}

} // namespace mha
