// SPDX-License-Identifier: GPL-3.0-or-later

// The rules over one node: why it could not serve, or could not take over, or cannot be judged.

#include "observe/rules_findings.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

QString errorText(const std::optional<Error>& error) {
    if (!error)
        return {};
    return error->remedy.isEmpty() ? ' '_L1 + error->text : u" %1 %2"_s.arg(error->text, error->remedy);
}

/// "the VIP, Docker and Milvus"
QString joined(const QStringList& subjects) {
    if (subjects.size() < 2)
        return subjects.join(QString());
    return QStringList(subjects.first(subjects.size() - 1)).join(u", "_s) + u" and "_s + subjects.last();
}

QString capitalised(QString text) {
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString freeText(qint64 bytes) {
    constexpr double kMebi = 1024.0 * 1024.0;
    return bytes < 0 ? QString() : u" (%1 MiB free)"_s.arg(static_cast<double>(bytes) / kMebi, 0, 'f', 0);
}

} // namespace

QStringList Findings::awaited(int node) const {
    const NodeView& there = view(node);
    const NodePicture& facts = this->node(node);
    QStringList missing;
    const auto look = [&](const auto& fact, const QString& what) {
        if (there.awaited(fact))
            missing.append(what);
    };
    look(facts.vip, u"the VIP"_s);
    look(facts.vrrp, u"the VRRP state"_s);
    look(facts.container, u"the container"_s);
    look(facts.milvus, u"Milvus"_s);
    if (!pair_.storagePath.isEmpty())
        look(facts.storage, u"the storage"_s);
    look(facts.clock, u"the clock"_s);
    return missing;
}

void Findings::link(int node) {
    const NodePicture& there = this->node(node);
    switch (there.link.state) {
    case LinkState::Up:
        return;
    case LinkState::Silent:
        add("node-silent", node, there.heardAt,
            u"%1 does not answer, though its connection is still open. It comes back, or counts as out of sight in "
            "seconds."_s.arg(there.name));
        return;
    case LinkState::Refused:
        add("node-refused", node, there.linkSince, u"%1 refuses us.%2"_s.arg(there.name, errorText(there.link.error)));
        return;
    case LinkState::Connecting:
        if (starting())
            return;
        [[fallthrough]];
    case LinkState::Down:
        add("node-unreachable", node, there.heardAt,
            u"%1 is out of sight, so that it is not known whether it could take over.%2"_s.arg(
                there.name,
                there.link.error ? errorText(there.link.error) : u" Look at its power, its network and its SSH."_s));
        return;
    }
}

void Findings::keepalived(int node) {
    const NodePicture& there = this->node(node);
    const VrrpSeen* vrrp = view(node).now(there.vrrp);
    if (vrrp == nullptr)
        return;
    const bool resting = vrrp->maintenance && vrrp->state == VrrpState::Fault;
    if (vrrp->maintenance) {
        const Maintenance& work = *vrrp->maintenance;
        const QString means = resting
                                  ? u"service does not move there"_s
                                  : u"nothing keeps keepalived from moving service there, since it is not in FAULT"_s;
        add("maintenance", node, there.vrrp.seenAt,
            u"%1 is in maintenance by %2 until %3 (%4): %5. To end it now: `milvus-ha maintenance end %1`."_s.arg(
                there.name, work.owner, toIso(work.until), work.reason, means));
    }
    if (!vrrp->running || vrrp->state == VrrpState::Stopped) {
        const bool holds = view(node).holdsVip();
        add("keepalived-down", node, there.vrrp.seenAt,
            holds ? u"%2 does not run on %1, yet the VIP is still there: the other node will take it too. See where "
                    "Milvus runs, then start %2 (systemctl start %2)."_s.arg(there.name, vrrp->program())
                  : u"%2 does not run on %1, so that it cannot take the VIP. Start it (systemctl start %2)."_s.arg(
                        there.name, vrrp->program()));
    } else if (vrrp->state == VrrpState::Fault && !resting && !isHeld(node)) {
        add("vrrp-fault", node, there.vrrp.seenAt,
            u"%2 on %1 is in FAULT and cannot take the VIP. Look at the network link and at the tracked scripts "
            "there."_s.arg(there.name, vrrp->program()));
    }
}

bool Findings::isHeld(int node) const {
    const NodeProgramSeen* program = view(node).now(this->node(node).program);
    return program != nullptr && program->running && (!program->hold.isEmpty() || program->isolated);
}

void Findings::program(int node) {
    const NodePicture& there = this->node(node);
    const NodeProgramSeen* program = view(node).now(there.program);
    if (program == nullptr || !program->running)
        return;
    const bool resting = there.vrrp && there.vrrp->maintenance; // said by the rule of its own
    if (!program->hold.isEmpty() && !resting) {
        add("node-held", node, there.program.seenAt,
            u"milvus-ha-node on %1 takes no part (%2: %3), so that service does not move there. To end it: "
            "`milvus-ha-node clear` there."_s.arg(there.name, program->hold, program->holdReason));
    }
    if (program->isolated) {
        add("node-isolated", node, there.program.seenAt,
            u"%1 reaches neither the other node nor its witness over the LAN of the VIP, and keeps Milvus stopped. "
            "Look at its cable and at the switch."_s.arg(there.name));
    }
    const NodeProgramSeen* other = view(1 - node).now(this->node(1 - node).program);
    const bool both = other != nullptr && other->running;
    if (both && program->peerSpeaks && !program->peerAnswers && !program->isolated) {
        add("peer-unheard", node, there.program.seenAt,
            u"milvus-ha-node on %1 does not hear the other node's, which runs. Look at a firewall between them (UDP "
            "port of the hellos, protocol 112), and at `peer` in /etc/milvus-ha/node.toml on both."_s.arg(there.name));
    }
    if (other != nullptr && !other->running) {
        add("mixed-pair", node, there.program.seenAt,
            u"milvus-ha-node runs on %1 and not on %2: after a takeover from %2 it starts Milvus only when %2's stop "
            "deadline is over. Install it on %2 too."_s.arg(there.name, name(1 - node)));
    }
}

void Findings::container(int node) {
    const NodePicture& there = this->node(node);
    const ContainerSeen* container = view(node).now(there.container);
    if (container == nullptr)
        return;
    switch (container->state) {
    case ContainerState::Missing:
        add("container-missing", node, there.container.seenAt,
            u"There is no container %1 on %2, so that Milvus cannot run there. Create it, or mend its name in the pair "
            "file."_s.arg(containerName(node), there.name));
        return;
    case ContainerState::Paused:
    case ContainerState::Restarting:
    case ContainerState::Dead:
        add("container-unusable", node, there.container.seenAt,
            u"The container %1 on %2 is %3. Look at docker logs %1 there, then stop, start or re-create it."_s.arg(
                containerName(node), there.name, containerStateName(container->state)));
        return;
    case ContainerState::Created:
    case ContainerState::Running:
    case ContainerState::Exited:
        return;
    }
}

void Findings::storage(int node) {
    const NodePicture& there = this->node(node);
    const StorageSeen* storage = view(node).now(there.storage);
    if (storage == nullptr || pair_.storagePath.isEmpty() || (storage->mounted && storage->writable))
        return;
    const QString what =
        storage->mounted ? u"cannot be written to%1"_s.arg(freeText(storage->freeBytes)) : u"is not there"_s;
    add("storage-lost", node, there.storage.seenAt,
        u"The shared storage %1 %2 on %3. Mount it again there, and do not start Milvus on %3 before."_s.arg(
            storage->path, what, there.name));
}

void Findings::space(int node) {
    const StorageSeen* storage = view(node).now(this->node(node).storage);
    if (storage == nullptr || !storage->mounted || storage->totalBytes <= 0 || storage->freeBytes < 0)
        return;
    const double percent = 100.0 * static_cast<double>(storage->freeBytes) / static_cast<double>(storage->totalBytes);
    if (percent >= kStorageLowPercent)
        return;
    const bool full = percent < kStorageFullPercent;
    add(full ? "storage-full" : "storage-low", node, this->node(node).storage.seenAt,
        u"The storage %1 on %2 has %3 percent left%4. %5"_s.arg(
            storage->path, name(node), QString::number(percent, 'f', 1), freeText(storage->freeBytes),
            full ? u"Milvus stops writing when it is full: make room now."_s : u"Make room, or enlarge it."_s));
}

void Findings::storageDiffers() {
    const StorageSeen* first = view(0).now(node(0).storage);
    const StorageSeen* second = view(1).now(node(1).storage);
    const auto known = [](const StorageSeen* storage) {
        return storage != nullptr && storage->mounted && !storage->id.isEmpty();
    };
    if (!known(first) || !known(second) || first->id == second->id)
        return;
    add("storage-differs", -1, std::min(node(0).storage.seenAt, node(1).storage.seenAt),
        u"%1 is not the same folder on %2 and %3: after a takeover clients would see other data. Mount the same "
        u"storage on "
        "both."_s.arg(first->path, name(0), name(1)));
}

void Findings::clock(int node) {
    const Fact<ClockSeen>& clock = this->node(node).clock;
    if (!view(node).inSight() || !clock || std::chrono::abs(clock->offset) - clock->error <= kClockOffBy)
        return;
    add("clock-off", node, clock.seenAt,
        u"The clock of %1 is %2 %3 ours. Set up time synchronisation there (NTP)."_s.arg(
            name(node), toText(std::chrono::abs(clock->offset)),
            clock->offset > Duration::zero() ? u"ahead of"_s : u"behind"_s));
}

/// Unknown is never green: each fact that a healthy pair needs is seen, lately, or named here.
void Findings::visible(int node) {
    const NodeView& there = view(node);
    const NodePicture& facts = this->node(node);
    if (!there.inSight())
        return;
    QStringList old;
    QList<QPair<Error, QStringList>> unseen;
    const auto look = [&](const auto& fact, const QString& what) {
        if (there.stale(fact)) {
            old.append(what);
        } else if (!fact.value && fact.unknownBecause && fact.seenAt >= facts.upSince) {
            const auto same = std::ranges::find(unseen, *fact.unknownBecause, &QPair<Error, QStringList>::first);
            if (same == unseen.end()) {
                unseen.append({*fact.unknownBecause, {what}});
            } else {
                same->second.append(what);
            }
        }
    };
    look(facts.vip, u"the VIP"_s);
    look(facts.vrrp, u"keepalived's state"_s);
    look(facts.vrrpConfig, u"keepalived.conf"_s);
    const bool dockerSilent = !facts.container && facts.container.seenAt >= facts.upSince &&
                              facts.container.unknownBecause &&
                              facts.container.unknownBecause->code != ErrorCode::Refused;
    if (dockerSilent) {
        add("docker-unreachable", node, facts.container.since,
            u"Docker on %1 does not answer, so that Milvus cannot be started or stopped there.%2"_s.arg(
                facts.name, errorText(facts.container.unknownBecause)));
    } else {
        look(facts.container, u"the container"_s);
    }
    look(facts.milvus, u"Milvus on its own address"_s);
    if (!pair_.storagePath.isEmpty())
        look(facts.storage, u"the storage"_s);
    if (!facts.clock)
        look(facts.clock, u"the clock"_s);

    for (const auto& [error, subjects] : unseen) {
        add("not-visible", node, facts.heardAt,
            u"On %1 %2 cannot be seen.%3"_s.arg(facts.name, joined(subjects), errorText(error)));
    }
    if (!old.isEmpty()) {
        add("stale", node, facts.heardAt,
            u"%1 on %2 %3 not been heard of for more than %4 s. Is the node overloaded? Retry the connection."_s.arg(
                capitalised(joined(old)), facts.name, old.size() > 1 ? u"have"_s : u"has"_s,
                QString::number(kStaleAfter.count())));
    }
    if (const QStringList missing = awaited(node); !missing.isEmpty() && !starting()) {
        add("not-visible", node, facts.upSince,
            u"On %1 %2 %3 not been looked at yet. Wait a moment."_s.arg(facts.name, joined(missing),
                                                                        missing.size() > 1 ? u"have"_s : u"has"_s));
    }
}

} // namespace mha
