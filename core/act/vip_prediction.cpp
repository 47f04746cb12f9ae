// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/vip_prediction.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

std::optional<VrrpInstance> instanceOf(const NodePicture& node) {
    if (!node.vrrpConfig || node.vrrpConfig->vrid < 1 || basePriority(node) < 1)
        return std::nullopt;
    const VrrpConfigSeen& seen = *node.vrrpConfig.value;
    VrrpInstance instance;
    instance.version = seen.version == 3 ? VrrpVersion::V3 : VrrpVersion::V2;
    instance.vrid = seen.vrid;
    instance.priority = basePriority(node);
    instance.advertInterval = seen.advertInterval;
    instance.preempt = !seen.nopreempt || seen.nopreemptIgnored;
    return instance;
}

/// "3.0 s to 3.6 s", or one of them where they are the same.
QString rangeOf(const VrrpTakeover& takeover) {
    const QString least = toText(takeover.min);
    const QString most = toText(takeover.max);
    return least == most ? most : u"%1 to %2"_s.arg(least, most);
}

} // namespace

std::optional<VrrpTakeover> predictVip(const NodePicture& from, const NodePicture& to, VrrpFault fault) {
    std::optional<VrrpInstance> active = instanceOf(from);
    std::optional<VrrpInstance> standby = instanceOf(to);
    if (!active || !standby || active->vrid != standby->vrid)
        return std::nullopt;
    // A failback starts from the node of the lower priority, which has the VIP because the other one's check failed.
    if (standby->priority > active->priority)
        standby->priority = std::max(1, standby->priority + std::min(to.vrrpConfig->scriptWeight, 0));
    return predictTakeover(*active, *standby, fault, std::min(from.vrrpConfig->scriptWeight, -1));
}

QString vipPrediction(const NodePicture& from, const NodePicture& to, const Lever& lever) {
    if (!lever.byFlag && !lever.byProgram)
        return {};
    const auto takeover = predictVip(from, to, VrrpFault::Fault);
    return takeover && takeover->moves ? u"By VRRP's timers the VIP is there after %1."_s.arg(rangeOf(*takeover))
                                       : QString();
}

QStringList vipPredictions(const NodePicture& one, const NodePicture& other) {
    const bool swapped = basePriority(other) > basePriority(one);
    const NodePicture& active = swapped ? other : one;
    const NodePicture& standby = swapped ? one : other;
    QStringList told;
    for (int i = 0; i < kVrrpFaults; ++i) {
        const auto fault = static_cast<VrrpFault>(i);
        const auto takeover = predictVip(active, standby, fault);
        if (!takeover)
            return {};
        // Where no check lowers it, there is no such fault.
        if (fault == VrrpFault::PriorityFalls && active.vrrpConfig->scriptWeight >= 0)
            continue;
        told += takeover->moves
                    ? u"%1: the VIP is on %2 after %3."_s.arg(vrrpFaultText(fault), standby.name, rangeOf(*takeover))
                    : u"%1: the VIP stays on %2. %3"_s.arg(vrrpFaultText(fault), active.name, takeover->reason);
    }
    return told;
}

QString failoverPrediction(const NodePicture& from, const NodePicture& to) {
    const auto takeover = predictVip(from, to, VrrpFault::ActiveDies);
    if (!takeover)
        return {};
    return takeover->moves
               ? u"Where %1 dies, %2 has the VIP after %3 by VRRP's timers; Milvus's start comes on top."_s.arg(
                     from.name, to.name, rangeOf(*takeover))
               : u"Where %1 dies, the VIP does not come to %2: %3"_s.arg(from.name, to.name, takeover->reason);
}

} // namespace mha
