// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/lever.h"

#include "act/watch.h"

#include <algorithm>
#include <optional>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// What keepalived will make of a node when its check fails or passes.
struct Prediction {
    bool fault = false;
    int priority = -1;
};

Prediction withMilvusStopped(const NodePicture& node) {
    return {node.vrrpConfig->scriptFaults, basePriority(node) + std::min(node.vrrpConfig->scriptWeight, 0)};
}

Prediction withMilvusRunning(const NodePicture& node) {
    return {false, basePriority(node) + std::max(node.vrrpConfig->scriptWeight, 0)};
}

bool neverPreempts(const NodePicture& node) {
    return (node.vrrp && node.vrrp->nopreempt) || node.vrrpConfig->nopreempt;
}

Lever refusal(const QString& text, const QString& remedy) {
    return {false, false, text, remedy};
}

QString number(int value) {
    return QString::number(value);
}

Lever whyItStays(const NodePicture& from, const NodePicture& to, int fromAfter, int toAfter) {
    const QString needed = number(toAfter - 1 - basePriority(from));
    if (from.vrrpConfig->scriptWeight == 0) {
        return refusal(
            u"The VIP would stay on %1: its keepalived tracks no check of Milvus, so its priority stays at %2, "
            "not below %3's %4."_s.arg(from.name, number(fromAfter), to.name, number(toAfter)),
            u"Add a vrrp_script that checks the container to %1's keepalived.conf, with a weight of %2 or lower, "
            "and track it."_s.arg(from.name, needed));
    }
    return refusal(u"The VIP would stay on %1: with Milvus stopped its priority is %2, not below %3's %4."_s.arg(
                       from.name, number(fromAfter), to.name, number(toAfter)),
                   u"Give the tracked check in %1's keepalived.conf a weight of %2 or lower."_s.arg(from.name, needed));
}

/// Once the flag is cleared the old node is a backup again, with Milvus stopped: it must let the new one alone.
std::optional<Lever> byFlag(const NodePicture& from, const NodePicture& to) {
    if (!from.vrrpConfig->faultFlag)
        return std::nullopt;
    const Prediction fromAfter = withMilvusStopped(from);
    const bool stays = neverPreempts(from) || fromAfter.fault || fromAfter.priority <= withMilvusRunning(to).priority;
    if (!stays)
        return std::nullopt;
    Lever lever;
    lever.works = true;
    lever.byFlag = true;
    lever.text = u"The FAULT flag on %1 makes its keepalived give the VIP away at once: it goes to %2."_s.arg(from.name,
                                                                                                              to.name);
    return lever;
}

/// milvus-ha-node on the old node stops Milvus, proves it, gives the VIP away, and takes both back where the other node
/// does not serve.
Lever byProgram(const NodePicture& from, const NodePicture& to) {
    const NodeProgramSeen& program = *from.program.value;
    if (program.peerSpeaks && !to.hasProgram()) {
        return refusal(
            u"milvus-ha-node on %1 hands over to milvus-ha-node alone, which does not run on %2."_s.arg(from.name,
                                                                                                        to.name),
            u"Start it there, or set `peer_kind = \"keepalived\"` in /etc/milvus-ha/node.toml on %1."_s.arg(from.name));
    }
    if (program.peerSpeaks && !program.peerAnswers) {
        return refusal(u"milvus-ha-node on %1 does not hear that on %2."_s.arg(from.name, to.name),
                       u"Look at a firewall between them, and at `peer` in /etc/milvus-ha/node.toml on both."_s);
    }
    Lever lever;
    lever.works = true;
    lever.byProgram = true;
    lever.text = u"milvus-ha-node on %1 stops Milvus, proves it, and gives the VIP away: it goes to %2."_s.arg(
        from.name, to.name);
    return lever;
}

} // namespace

bool mayClearFaultFlag(const NodePicture& from, const NodePicture& to, Instant since) {
    if (from.vrrpConfig && (neverPreempts(from) || from.vrrpConfig->scriptFaults))
        return true;
    return seenNow(from, from.vrrp) && from.vrrp.seenAt > since && seenNow(to, to.vrrp) && to.vrrp.seenAt > since &&
           from.vrrp->effectivePriority >= 0 && from.vrrp->effectivePriority <= to.vrrp->effectivePriority;
}

bool mayHaveFlagLeft(const NodePicture& node) {
    return node.vrrp && node.vrrp->state == VrrpState::Fault && node.vrrpConfig && node.vrrpConfig->faultFlag &&
           !node.vrrpConfig->scriptFaults;
}

bool mayStartEarly(const NodePicture& from, const NodePicture& to) {
    if (!from.vrrpConfig || !to.vrrpConfig || to.vrrpConfig->scriptFaults)
        return false;
    const bool falls = from.vrrpConfig->scriptWeight < 0 || from.vrrpConfig->scriptFaults;
    const bool asksOther = std::ranges::any_of(from.vrrpConfig->scripts, [](const ScriptSeen& script) {
        return script.use == ScriptUse::Check && script.exists == true && !script.callsDocker;
    });
    const bool starts = !to.vrrpConfig->notifyMaster.isEmpty() ||
                        std::ranges::any_of(to.vrrpConfig->scripts, [](const ScriptSeen& script) {
                            return script.use == ScriptUse::Notify && script.startsContainer;
                        });
    return falls && asksOther && starts;
}

bool canBeHeld(const NodePicture& to) {
    return to.vrrpConfig && to.vrrpConfig->faultFlag &&
           std::ranges::none_of(to.vrrpConfig->scripts, [](const ScriptSeen& script) {
               return (script.use == ScriptUse::NotifyBackup || script.use == ScriptUse::NotifyFault) &&
                      script.startsContainer;
           });
}

int basePriority(const NodePicture& node) {
    if (node.vrrp && node.vrrp->priority >= 0)
        return node.vrrp->priority;
    return node.vrrpConfig ? node.vrrpConfig->priority : -1;
}

Lever findLever(const NodePicture& from, const NodePicture& to) {
    for (const NodePicture* node : {&from, &to}) {
        if (node->hasProgram() && !node->program->hold.isEmpty()) {
            return refusal(u"milvus-ha-node on %1 takes no part now (%2: %3)."_s.arg(node->name, node->program->hold,
                                                                                     node->program->holdReason),
                           u"Run `milvus-ha-node clear` there once its reason is gone."_s);
        }
    }
    if (from.hasProgram())
        return byProgram(from, to);
    for (const NodePicture* node : {&from, &to}) {
        if (!node->vrrpConfig || basePriority(*node) < 0) {
            return refusal(
                u"How the VIP would move cannot be told: keepalived's configuration on %1 is not seen."_s.arg(
                    node->name),
                u"Let %1 read /etc/keepalived/keepalived.conf (root, or sudo without a password)."_s.arg(node->name));
        }
    }
    if (std::optional<Lever> flag = byFlag(from, to))
        return *flag;
    const Prediction fromAfter = withMilvusStopped(from);
    const Prediction toAfter = withMilvusRunning(to);
    if (fromAfter.fault) {
        return {true,
                false,
                u"Stopping Milvus makes the check on %1 fail, which puts it into FAULT: the VIP goes to %2."_s.arg(
                    from.name, to.name),
                {}};
    }
    if (toAfter.priority <= fromAfter.priority)
        return whyItStays(from, to, fromAfter.priority, toAfter.priority);
    if (neverPreempts(to)) {
        return refusal(
            u"The VIP would stay on %1: %2 has nopreempt and does not take over from a lower priority."_s.arg(from.name,
                                                                                                              to.name),
            u"Track the check on %1 with weight 0 (FAULT), or remove nopreempt on %2."_s.arg(from.name, to.name));
    }
    const Prediction toBefore = withMilvusStopped(to);
    if (!toBefore.fault && toBefore.priority > fromAfter.priority) {
        return {
            true,
            false,
            u"Stopping Milvus makes the check on %1 fail: its priority falls from %2 to %3, below %4's %5, and the VIP "
            "moves to %4."_s.arg(from.name, number(withMilvusRunning(from).priority), number(fromAfter.priority),
                                 to.name, number(toBefore.priority)),
            {}};
    }
    return {
        true,
        false,
        u"Starting Milvus lets the check on %1 pass: its priority becomes %2, above %3's %4, and it takes the VIP."_s
            .arg(to.name, number(toAfter.priority), from.name, number(fromAfter.priority)),
        {}};
}

} // namespace mha
