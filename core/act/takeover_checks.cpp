// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/checklist.h"

namespace mha {

using namespace Qt::StringLiterals;

void Checklist::targetSeen() {
    if (to_ < 0 || to_ > 1) {
        refuse(u"target"_s,
               u"Say which node shall take over: %1 or %2."_s.arg(pair_.nodes[0].name, pair_.nodes[1].name));
        return;
    }
    const NodePicture& target = node(to_);
    if (!target.reachable() || picture_.at - target.heardAt > kHeardWithin) {
        const QString why = target.link.error ? u' ' + toSentence(*target.link.error) : QString();
        refuse(u"target"_s, u"%1 is not seen now, so that it cannot be made to serve.%2"_s.arg(target.name, why));
        return;
    }
    QStringList missing;
    known(missing, target, target.container, u"The container"_s);
    known(missing, target, target.vrrp, u"The VRRP state"_s);
    known(missing, target, target.vip, u"The address list"_s);
    if (missing.isEmpty()) {
        pass(u"target"_s, u"%1 is seen now, its Docker and its VRRP too."_s.arg(target.name));
    } else {
        refuse(u"target"_s, missing.join(u' '));
    }
}

/// What is known of the node that is taken over from, and what that means for the one-writer rule.
void Checklist::otherNode() {
    const NodePicture& other = node(from_);
    const NodePicture& target = node(to_);
    if (other.reachable()) {
        QStringList missing;
        known(missing, other, other.container, u"The container"_s);
        if (missing.isEmpty()) {
            pass(u"one-writer"_s, u"Milvus on %1 is stopped, and proved stopped, before it starts on %2."_s.arg(
                                      other.name, target.name));
        } else {
            refuse(
                u"one-writer"_s,
                u"%1 is seen but its Docker does not answer, so that Milvus can be neither stopped nor proved stopped "
                "there. %2 Mend Docker there, or switch the machine off."_s.arg(other.name, missing.join(u' ')));
        }
        return;
    }
    const bool answers = picture_.vipProbe && picture_.vipProbe->good && !target.vip->held;
    if (answers) {
        refuse(u"one-writer"_s,
               u"Milvus answers through the VIP and it is not %1 that serves: it runs on %2, which only "
               "cannot be seen from here. Restore the connection to it."_s.arg(target.name, other.name));
        return;
    }
    const QString last = other.container
                             ? u"%1 ago its container was %2"_s.arg(toText(picture_.at - other.container.seenAt),
                                                                    containerStateName(other.container->state))
                             : u"it was never seen by this program"_s;
    warn(
        u"one-writer"_s,
        u"%1 cannot be seen: %2, and nobody answers through the VIP. Not known: whether Milvus still runs there. If it "
        "does and reaches the shared folder, two write to it at once and the data is damaged. Make sure that the "
        "machine is off, or its container stopped, before you go on."_s.arg(other.name, last));
}

/// A takeover has no undo: it is for a pair that does not serve as it should.
void Checklist::needed() {
    const NodePicture& target = node(to_);
    const NodePicture& other = node(from_);
    const bool answers = picture_.vipProbe && picture_.vipProbe->good;
    const auto runs = [](const NodePicture& node) {
        return seenNow(node, node.container) && mayWrite(*node.container.value);
    };
    const auto holds = [](const NodePicture& node) { return seenNow(node, node.vip) && node.vip->held; };
    if (answers && holds(target) && runs(target) && !runs(other) && !holds(other)) {
        refuse(u"target"_s, u"%1 serves already: there is nothing to do."_s.arg(target.name));
    } else if (answers && holds(other) && runs(other) && !runs(target) && !holds(target)) {
        refuse(u"target"_s, u"%1 serves as it should. Use `milvus-ha switchover --to %2`, which can be undone."_s.arg(
                                other.name, target.name));
    } else if (holds(target) && holds(other)) {
        warn(u"one-holder"_s, u"Both nodes hold the VIP %1; a takeover ends the second writer, not that. Look at the "
                              "network between the nodes."_s.arg(pair_.vipAddress()));
    }
}

/// Where it runs, it would undo what is done beside it; and it does of itself what a takeover does.
void Checklist::nodeProgram() {
    for (const NodePicture& node : picture_.nodes) {
        if (!node.hasProgram() || !node.reachable())
            continue;
        refuse(u"node-program"_s,
               u"milvus-ha-node on %1 decides itself whether Milvus runs there, and would undo what is done beside it. "
               "See why it does not (`milvus-ha-node status` there); where it is held, `milvus-ha-node clear` lets it "
               "take part again."_s.arg(node.name));
    }
}

/// Of a takeover: the other node's may be what is lost.
void Checklist::targetStorage() {
    if (!pair_.storagePath.isEmpty() && storageOn(node(to_)))
        pass(u"storage"_s, u"The shared folder is mounted and writable on %1."_s.arg(node(to_).name));
}

QList<Check> takeoverChecks(const Picture& picture, const Pair& pair, int to, const Lever& lever) {
    Checklist list(picture, pair, 1 - to, to);
    list.ofTakeover();
    list.targetSeen();
    if (list.refused())
        return list.take();
    list.nodeProgram();
    list.operation();
    list.maintenance();
    list.otherNode();
    list.needed();
    if (list.refused())
        return list.take();
    list.targetContainer();
    list.targetKeepalived();
    list.targetStorage();
    list.space();
    const NodePicture& target = picture.nodes[static_cast<std::size_t>(to)];
    if (picture.nodes[static_cast<std::size_t>(1 - to)].reachable() && !target.vip->held)
        list.lever(lever);
    return list.take();
}

} // namespace mha
