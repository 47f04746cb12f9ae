// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/checklist.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMiB = 1024LL * 1024;
constexpr qint64 kFull = 64 * kMiB;
constexpr qint64 kNearlyFull = 1024 * kMiB;
constexpr std::chrono::seconds kClocksApart{1};

/// As `docker images` prints it.
QString shortId(const QString& imageId) {
    return imageId.section(u':', -1).left(12);
}

} // namespace

void Checklist::reachable() {
    QStringList missing;
    for (const NodePicture& node : picture_.nodes) {
        if (!node.reachable()) {
            missing += node.link.error ? toSentence(*node.link.error)
                                       : u"%1 is not reached (%2)."_s.arg(node.name, linkStateName(node.link.state));
        } else if (picture_.at - node.heardAt > kHeardWithin) {
            missing += u"%1 has not been heard for %2."_s.arg(node.name, toText(picture_.at - node.heardAt));
        }
    }
    if (missing.isEmpty()) {
        pass(u"nodes-reachable"_s, u"Both nodes are seen now."_s);
    } else {
        refuse(u"nodes-reachable"_s, missing.join(u' ') + u" Both nodes must be seen to move Milvus safely."_s);
    }
}

void Checklist::target() {
    if (from_ < 0) {
        refuse(u"target"_s,
               u"No node serves, so there is nothing to move. Look at `milvus-ha status` and mend that first."_s);
    } else if (to_ < 0 || to_ > 1) {
        refuse(u"target"_s,
               u"The pair has no such node. Its nodes are %1 and %2."_s.arg(pair_.nodes[0].name, pair_.nodes[1].name));
    } else if (to_ == from_) {
        refuse(u"target"_s, u"%1 serves already: there is nothing to do."_s.arg(node(to_).name));
    } else {
        pass(u"target"_s, u"From %1 to %2."_s.arg(node(from_).name, node(to_).name));
    }
}

void Checklist::facts() {
    QStringList docker;
    QStringList keepalived;
    QStringList addresses;
    for (const NodePicture& node : picture_.nodes) {
        known(docker, node, node.container, u"The container"_s);
        known(keepalived, node, node.vrrp, u"The VRRP state"_s);
        known(addresses, node, node.vip, u"The address list"_s);
    }
    if (docker.isEmpty()) {
        pass(u"docker"_s, u"Docker answers on both nodes."_s);
    } else {
        refuse(u"docker"_s, docker.join(u' '));
    }
    if (keepalived.isEmpty()) {
        pass(u"keepalived"_s, u"VRRP is seen on both nodes."_s);
    } else {
        refuse(u"keepalived"_s, keepalived.join(u' '));
    }
    if (!addresses.isEmpty())
        refuse(u"addresses"_s, addresses.join(u' '));
}

void Checklist::holder() {
    const QList<int> holders = picture_.holders();
    if (holders.size() == 1) {
        pass(u"one-holder"_s, u"The VIP %1 is on %2 alone."_s.arg(pair_.vipAddress(), node(holders.first()).name));
    } else if (holders.isEmpty()) {
        refuse(u"one-holder"_s, u"No node holds the VIP %1. Start keepalived on both nodes."_s.arg(pair_.vipAddress()));
    } else {
        refuse(u"one-holder"_s, u"Both nodes hold the VIP %1. End the split brain first."_s.arg(pair_.vipAddress()));
    }
}

void Checklist::writer() {
    QStringList writers;
    for (const NodePicture& node : picture_.nodes) {
        if (node.container && mayWrite(*node.container.value))
            writers += node.name;
    }
    if (writers.size() == 1) {
        pass(u"one-writer"_s, u"Milvus runs on %1 alone."_s.arg(writers.first()));
    } else if (writers.isEmpty()) {
        refuse(u"one-writer"_s, u"Milvus runs on no node. Start it on the node that holds the VIP."_s);
    } else {
        refuse(u"one-writer"_s,
               u"Milvus runs on both nodes at once. Stop it now on the node that does not hold the VIP."_s);
    }
}

void Checklist::activeServing() {
    const NodePicture& active = node(from_);
    if (!active.vip || !active.vip->held) {
        refuse(u"active-serving"_s, u"%1 was the last to serve but does not hold the VIP."_s.arg(active.name));
    } else if (!active.container || active.container->state != ContainerState::Running) {
        refuse(u"active-serving"_s, u"%1 holds the VIP but Milvus does not run there."_s.arg(active.name));
    } else if (!picture_.vipProbe || !picture_.vipProbe->good) {
        const QString why = picture_.vipProbe ? picture_.vipProbe->detail : u"not asked yet"_s;
        refuse(u"active-serving"_s,
               u"Milvus does not answer through the VIP %1 from here (%2). Run this where the VIP can be reached, "
               "or mend Milvus on %3 first."_s.arg(pair_.vipAddress(), why, active.name));
    } else {
        pass(u"active-serving"_s, u"Milvus serves on %1 through the VIP."_s.arg(active.name));
    }
}

void Checklist::targetContainer() {
    const NodePicture& target = node(to_);
    const ContainerSeen& container = *target.container.value;
    switch (container.state) {
    case ContainerState::Missing:
        refuse(u"target-container"_s,
               u"%1 has no container %2. Create it there, or name it in the pair file (container = …)."_s.arg(
                   target.name, containerOn(to_)));
        return;
    case ContainerState::Dead:
    case ContainerState::Paused:
    case ContainerState::Restarting:
        refuse(u"target-container"_s,
               u"The container %1 on %2 is %3, not ready to be started. Look at `docker inspect %1` there."_s.arg(
                   containerOn(to_), target.name, containerStateName(container.state)));
        return;
    case ContainerState::Created:
    case ContainerState::Running:
    case ContainerState::Exited:
        pass(u"target-container"_s, u"The container %1 on %2 is %3."_s.arg(containerOn(to_), target.name,
                                                                           containerStateName(container.state)));
        return;
    }
}

void Checklist::sameContainer() {
    const ContainerSeen& from = *node(from_).container.value;
    const ContainerSeen& to = *node(to_).container.value;
    QStringList differences;
    if (from.imageId != to.imageId) {
        differences += u"the images differ (%1 of %2, %3 of %4)"_s.arg(from.image, shortId(from.imageId), to.image,
                                                                       shortId(to.imageId));
    }
    QStringList variables;
    for (const auto& [one, other] : {std::pair{&from, &to}, std::pair{&to, &from}}) {
        for (const QString& variable : one->environment) {
            const QString name = variable.section(u'#', 0, 0);
            if (!other->environment.contains(variable) && !variables.contains(name))
                variables += name;
        }
    }
    // An older look, or a recording of one, tells no environment.
    if (!variables.isEmpty() && !from.environment.isEmpty() && !to.environment.isEmpty())
        differences += u"the environments differ (%1)"_s.arg(variables.join(u", "_s));
    if (from.mounts != to.mounts)
        differences += u"the mounts differ (%1 and %2)"_s.arg(from.mounts.join(u", "_s), to.mounts.join(u", "_s));
    if (differences.isEmpty()) {
        pass(u"same-container"_s, u"Image, mounts and environment are the same on both nodes."_s);
    } else {
        warn(u"same-container"_s, u"Between %1 and %2 %3. See that both versions can read this data."_s.arg(
                                      node(from_).name, node(to_).name, differences.join(u" and "_s)));
    }
}

void Checklist::restartPolicy() {
    for (const NodePicture& node : picture_.nodes) {
        if (node.container->restartPolicy == u"always") {
            warn(u"restart-policy"_s,
                 u"Docker on %1 restarts the container by itself after a restart of its engine (policy always): two "
                 "nodes may then write. Run `docker update --restart no %2` there."_s.arg(node.name,
                                                                                          node.container->name));
        }
    }
}

void Checklist::targetKeepalived() {
    const NodePicture& target = node(to_);
    const VrrpSeen& vrrp = *target.vrrp.value;
    // With a check of weight 0 the standby is in FAULT for as long as its Milvus is stopped, and that is as it should
    // be.
    const bool faultExpected = vrrp.state == VrrpState::Fault && target.vrrpConfig && target.vrrpConfig->scriptFaults;
    const bool halfWay = takeover_ && vrrp.state == VrrpState::Master;
    if (!vrrp.running) {
        refuse(u"target-keepalived"_s,
               u"%2 does not run on %1. Start it there: `systemctl start %2`."_s.arg(target.name, vrrp.program()));
    } else if (mayHaveFlagLeft(target)) {
        warn(u"target-keepalived"_s,
             u"keepalived on %1 is FAULT. A FAULT flag that was left there is cleared before anything else; where "
             "something else is the reason, nothing is changed."_s.arg(target.name));
    } else if (vrrp.state != VrrpState::Backup && !faultExpected && !halfWay) {
        refuse(u"target-keepalived"_s, u"%3 on %1 is %2, not BACKUP. Look at `journalctl -u %3` there."_s.arg(
                                           target.name, vrrpStateName(vrrp.state), vrrp.program()));
    } else {
        pass(u"target-keepalived"_s,
             u"%3 on %1 runs and is %2."_s.arg(target.name, vrrpStateName(vrrp.state), vrrp.program()));
    }
}

bool Checklist::storageOn(const NodePicture& node) {
    if (!node.storage) {
        const QString why = node.storage.unknownBecause ? toSentence(*node.storage.unknownBecause) : u"not seen yet."_s;
        refuse(u"storage"_s, u"The shared folder on %1 cannot be seen: %2"_s.arg(node.name, why));
        return false;
    }
    if (!node.storage->mounted || !node.storage->writable) {
        refuse(u"storage"_s,
               u"The shared folder %1 is %2 on %3. Mount it there, writable."_s.arg(
                   pair_.storagePath, node.storage->mounted ? u"not writable"_s : u"not mounted"_s, node.name));
        return false;
    }
    return true;
}

/// Milvus writes its log before it answers: with no space left it would not serve.
void Checklist::space() {
    const NodePicture& target = node(to_);
    if (!target.storage || target.storage->freeBytes < 0)
        return;
    const qint64 free = target.storage->freeBytes;
    const QString size = QLocale::c().formattedDataSize(free, 1, QLocale::DataSizeIecFormat);
    const QString left = u"%1 are free in the shared folder on %2"_s.arg(size, target.name);
    if (free < kFull) {
        refuse(u"space"_s, left + u": Milvus could not write. Make room there first."_s);
    } else if (free < kNearlyFull) {
        warn(u"space"_s, left + u", which is little."_s);
    } else {
        pass(u"space"_s, left + u'.');
    }
}

/// Milvus orders what it writes by the clock of the machine that it runs on.
void Checklist::clock() {
    const Fact<ClockSeen>& from = node(from_).clock;
    const Fact<ClockSeen>& to = node(to_).clock;
    if (!from || !to)
        return;
    const Duration apart = std::chrono::abs(from->offset - to->offset);
    if (apart - from->error - to->error > kClocksApart) {
        warn(u"clock"_s, u"The clocks of %1 and %2 are %3 apart. Set up time synchronisation on both (NTP)."_s.arg(
                             node(from_).name, node(to_).name, toText(apart)));
    } else {
        pass(u"clock"_s, u"The clocks of both nodes agree."_s);
    }
}

void Checklist::storage() {
    if (pair_.storagePath.isEmpty()) {
        warn(u"storage"_s, u"The pair file names no shared folder ([storage] path), so it is not checked."_s);
        return;
    }
    if (!storageOn(node(0)) || !storageOn(node(1)))
        return;
    if (node(0).storage->id != node(1).storage->id) {
        refuse(u"storage"_s,
               u"%1 is not the same folder on both nodes: Milvus on %2 would not have the data. Mount the same share."_s
                   .arg(pair_.storagePath, node(to_).name));
    } else {
        pass(u"storage"_s, u"The shared folder is mounted and writable on both nodes, and the same."_s);
    }
}

void Checklist::maintenance() {
    QStringList resting;
    for (const NodePicture& node : picture_.nodes) {
        if (!node.vrrp || !node.vrrp->maintenance)
            continue;
        const Maintenance& work = *node.vrrp->maintenance;
        const QString who =
            u"%1 is in maintenance by %2 until %3 (%4)."_s.arg(node.name, work.owner, toIso(work.until), work.reason);
        if (&node == &this->node(to_)) {
            refuse(u"maintenance"_s, who + u" End it first: `milvus-ha maintenance end %1`."_s.arg(node.name));
            return;
        }
        resting += who;
    }
    if (resting.isEmpty()) {
        pass(u"maintenance"_s, u"Neither node is in maintenance."_s);
    } else {
        warn(u"maintenance"_s, resting.join(u' '));
    }
}

void Checklist::operation() {
    if (picture_.operation && picture_.operation->running) {
        refuse(u"no-operation"_s, u"A %1 to %2 by %3 is running. Wait for its end."_s.arg(
                                      picture_.operation->kind, picture_.operation->to, picture_.operation->owner));
    } else {
        pass(u"no-operation"_s, u"No other operation runs."_s);
    }
}

void Checklist::lever(const Lever& lever) {
    if (lever.works) {
        pass(u"lever"_s, lever.text);
    } else {
        refuse(u"lever"_s, lever.text + u' ' + lever.remedy);
    }
}

/// Said only where it concerns the pair: the guide's own check asks Docker.
void Checklist::earlyStart(const Lever& lever) {
    const NodePicture& source = node(from_);
    const NodePicture& target = node(to_);
    if (!mayStartEarly(source, target))
        return;
    if (lever.byFlag && canBeHeld(target)) {
        pass(u"early-start"_s,
             u"Milvus's start on %1 is held by the FAULT flag until it is proved stopped on %2."_s.arg(target.name,
                                                                                                       source.name));
    } else {
        refuse(u"early-start"_s,
               u"keepalived's check on %1 does not ask Docker: it may fail while Milvus still stops, and %2's notify "
               "script then starts Milvus beside it. `milvus-ha lever install` lets %2 be held until then; or let the "
               "check ask `docker inspect`."_s.arg(source.name, target.name));
    }
}

void Checklist::settled() {
    std::optional<Instant> last;
    for (const NodePicture& node : picture_.nodes) {
        if (node.vrrp && node.vrrp->since && (!last || *node.vrrp->since > *last))
            last = node.vrrp->since;
    }
    if (!last || picture_.at - *last >= kRecentTransition) {
        pass(u"settled"_s, u"keepalived has not changed its state in the last minute."_s);
        return;
    }
    const QString age = toText(std::max(picture_.at - *last, Duration::zero()));
    if (picture_.at - *last < kScriptsMayRun) {
        refuse(
            u"settled"_s,
            u"keepalived changed its state %1 ago and its scripts may still be at work. Try again in a few seconds."_s
                .arg(age));
    } else {
        warn(u"settled"_s, u"keepalived changed its state only %1 ago. Make sure you know why."_s.arg(age));
    }
}

bool Checklist::refused() const {
    return std::ranges::any_of(checks_, [](const Check& check) { return check.result == CheckResult::Refuse; });
}

QList<Check> switchoverChecks(const Picture& picture, const Pair& pair, int from, int to, const Lever& lever) {
    Checklist list(picture, pair, from, to);
    list.reachable();
    if (list.refused())
        return list.take();
    list.facts();
    if (list.refused())
        return list.take();
    list.operation();
    list.maintenance();
    list.holder();
    list.writer();
    if (list.refused())
        return list.take();
    list.target();
    if (list.refused())
        return list.take();
    list.activeServing();
    list.targetContainer();
    list.sameContainer();
    list.restartPolicy();
    list.targetKeepalived();
    list.storage();
    list.space();
    list.clock();
    list.lever(lever);
    list.earlyStart(lever);
    list.settled();
    return list.take();
}

} // namespace mha
