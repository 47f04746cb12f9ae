// SPDX-License-Identifier: GPL-3.0-or-later
#include "examination.h"

#include "act/lever.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

class Examination {
public:
    Examination(const Picture& picture, const Pair& pair) : picture_(picture), pair_(pair) {}

    QList<Finding> take() {
        for (std::size_t i = 0; i < 2; ++i)
            examineNode(picture_.nodes[i], pair_.nodes[i]);
        vip();
        sameStorage();
        levers();
        return std::move(findings_);
    }

private:
    void good(const QString& node, const QString& name, const QString& text) {
        findings_.append({node, name, true, text, {}, {}});
    }

    void bad(const QString& node, const QString& name, const QString& text, const QString& remedy,
             const std::optional<Error>& error = {}) {
        findings_.append({node, name, false, text, remedy, error});
    }

    /// The fact, or its absence as a finding.
    template <typename T> const T* seen(const NodePicture& node, const QString& name, const Fact<T>& fact) {
        if (fact && fact.seenAt >= node.upSince)
            return &*fact.value;
        const Error why = fact.unknownBecause.value_or(
            Error{ErrorCode::TimedOut, u"It has not been seen in time."_s, {}, u"Give --timeout more seconds."_s});
        bad(node.name, name, why.text, why.remedy, why);
        return nullptr;
    }

    bool connection(const NodePicture& node, const NodeConfig& config) {
        const QString where = u"%1@%2:%3"_s.arg(config.user, config.host, QString::number(config.port));
        if (node.reachable()) {
            good(node.name, u"connection"_s, u"SSH to %1 is open, host key and login accepted."_s.arg(where));
            return true;
        }
        const Error why =
            node.link.error.value_or(Error{ErrorCode::TimedOut,
                                           u"%1 does not answer in time."_s.arg(where),
                                           {},
                                           u"Look at the node's power and network, or give --timeout more seconds."_s});
        bad(node.name, u"connection"_s, why.text, why.remedy, why);
        return false;
    }

    void examineNode(const NodePicture& node, const NodeConfig& config) {
        if (!connection(node, config))
            return;
        container(node, config);
        if (const VrrpSeen* vrrp = seen(node, u"keepalived"_s, node.vrrp))
            keepalived(node, *vrrp);
        if (const VrrpConfigSeen* file = seen(node, u"configuration"_s, node.vrrpConfig)) {
            good(node.name, u"configuration"_s,
                 u"keepalived.conf has the VIP in %1, priority %2."_s.arg(file->instance,
                                                                          QString::number(file->priority)));
        }
        if (const VipSeen* addresses = seen(node, u"addresses"_s, node.vip)) {
            if (addresses->linkUp) {
                good(node.name, u"addresses"_s,
                     u"%1 is up and %2 the VIP."_s.arg(addresses->interface,
                                                       addresses->held ? u"holds"_s : u"does not hold"_s));
            } else {
                bad(node.name, u"addresses"_s, u"The interface %1 is down."_s.arg(addresses->interface),
                    u"Look at its cable and at `ip link` there."_s);
            }
        }
        if (!pair_.storagePath.isEmpty()) {
            if (const StorageSeen* storage = seen(node, u"storage"_s, node.storage))
                this->storage(node, *storage);
        }
        milvus(node);
        clock(node);
    }

    void container(const NodePicture& node, const NodeConfig& config) {
        const ContainerSeen* container = seen(node, u"docker"_s, node.container);
        if (!container)
            return;
        good(node.name, u"docker"_s, u"Docker answers."_s);
        if (container->state == ContainerState::Missing) {
            const Error why{ErrorCode::NotFound, u"There is no container %1."_s.arg(pair_.containerOn(config)),
                            node.name, u"Create it there, or put its name into the pair file (container = …)."_s};
            bad(node.name, u"container"_s, why.text, why.remedy, why);
        } else {
            good(node.name, u"container"_s, u"%1 is %2."_s.arg(container->name, containerStateName(container->state)));
        }
        if (container->restartPolicy == u"always") {
            bad(node.name, u"restart policy"_s,
                u"Docker restarts the container by itself after a restart of its engine: two nodes may then write."_s,
                u"Run `docker update --restart no %1` there."_s.arg(container->name));
        }
    }

    void keepalived(const NodePicture& node, const VrrpSeen& vrrp) {
        if (!vrrp.running) {
            bad(node.name, u"keepalived"_s, u"keepalived does not run."_s,
                u"Start it there: `systemctl start keepalived`."_s);
        } else {
            good(node.name, u"keepalived"_s,
                 u"keepalived is %1, priority %2."_s.arg(vrrpStateName(vrrp.state),
                                                         QString::number(vrrp.effectivePriority)));
        }
    }

    void storage(const NodePicture& node, const StorageSeen& storage) {
        if (storage.mounted && storage.writable) {
            good(node.name, u"storage"_s, u"%1 is mounted and writable."_s.arg(storage.path));
        } else {
            bad(node.name, u"storage"_s,
                u"%1 is %2."_s.arg(storage.path, storage.mounted ? u"not writable"_s : u"not mounted"_s),
                u"Mount it there, writable; do not start Milvus before."_s);
        }
    }

    /// A stopped container is no fault of the standby; one that runs must serve.
    void milvus(const NodePicture& node) {
        if (!node.container || node.container->state != ContainerState::Running)
            return;
        const MilvusSeen* milvus = seen(node, u"milvus"_s, node.milvus);
        if (milvus && milvus->serving) {
            good(node.name, u"milvus"_s, u"Milvus %1 serves."_s.arg(milvus->version));
        } else if (milvus) {
            bad(node.name, u"milvus"_s, u"The container runs, but Milvus does not serve: %1"_s.arg(milvus->detail),
                u"Look at `docker logs` there."_s);
        }
    }

    void clock(const NodePicture& node) {
        if (!node.clock)
            return;
        const Duration off = node.clock->offset < Duration::zero() ? -node.clock->offset : node.clock->offset;
        if (off > std::chrono::seconds(1)) {
            bad(node.name, u"clock"_s, u"The clock is off by %1."_s.arg(toText(off)),
                u"Set up time synchronisation (NTP) there."_s);
        } else {
            good(node.name, u"clock"_s, u"The clock is right to %1."_s.arg(toText(off + node.clock->error)));
        }
    }

    void vip() {
        const QList<int> holders = picture_.holders();
        if (picture_.vipProbe && picture_.vipProbe->good) {
            good({}, u"vip"_s, u"Milvus answers through %1."_s.arg(pair_.vipAddress()));
        } else {
            const QString detail = picture_.vipProbe ? picture_.vipProbe->detail : u"not asked in time"_s;
            const Error why{ErrorCode::Unreachable,
                            u"Milvus does not answer through %1 from here (%2)."_s.arg(pair_.vipAddress(), detail),
                            {},
                            u"See whether this machine reaches the VIP, and what `milvus-ha status` says."_s};
            bad({}, u"vip"_s, why.text, why.remedy, why);
        }
        if (holders.size() > 1)
            bad({}, u"vip holder"_s, u"Both nodes hold the VIP."_s, u"See that each keepalived hears the other."_s);
    }

    void sameStorage() {
        const Fact<StorageSeen>& a = picture_.nodes[0].storage;
        const Fact<StorageSeen>& b = picture_.nodes[1].storage;
        if (!a || !b || !a->mounted || !b->mounted)
            return;
        if (a->id == b->id) {
            good({}, u"shared storage"_s, u"Both nodes see the same folder."_s);
        } else {
            bad({}, u"shared storage"_s, u"The nodes have different folders at %1."_s.arg(pair_.storagePath),
                u"Mount the same share on both."_s);
        }
    }

    void levers() {
        for (std::size_t from = 0; from < 2; ++from) {
            const NodePicture& source = picture_.nodes[from];
            const NodePicture& target = picture_.nodes[1 - from];
            if (!source.vrrpConfig || !target.vrrpConfig)
                continue;
            const Lever lever = findLever(source, target);
            const QString name = u"switchover to %1"_s.arg(target.name);
            if (lever.works) {
                good({}, name, lever.text);
            } else {
                bad({}, name, lever.text, lever.remedy);
            }
        }
    }

    const Picture& picture_;
    const Pair& pair_;
    QList<Finding> findings_;
};

} // namespace

QList<Finding> examine(const Picture& picture, const Pair& pair) {
    return Examination(picture, pair).take();
}

} // namespace mha::cli
