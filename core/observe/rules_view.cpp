// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/rules_view.h"

namespace mha {

namespace {

/// A paused container holds its files open and writes on once it is continued; a restarting one is up every now and
/// then.
bool mayWrite(ContainerState state) {
    switch (state) {
    case ContainerState::Running:
    case ContainerState::Paused:
    case ContainerState::Restarting:
        return true;
    case ContainerState::Missing:
    case ContainerState::Created:
    case ContainerState::Exited:
    case ContainerState::Dead:
        break;
    }
    return false;
}

} // namespace

bool NodeView::inSight() const {
    if (node_.link.state == LinkState::Silent)
        return at_ - node_.linkSince <= kSilentIsFreshFor;
    return node_.reachable();
}

bool NodeView::holdsVip() const {
    const VipSeen* vip = now(node_.vip);
    return vip != nullptr && vip->held;
}

bool NodeView::knownWithoutVip() const {
    const VipSeen* vip = now(node_.vip);
    return vip != nullptr && !vip->held;
}

Writer NodeView::writer() const {
    const ContainerSeen* container = now(node_.container);
    const MilvusSeen* milvus = now(node_.milvus);
    // Whatever answers on the node's own address is a Milvus, also one that Docker does not know or no longer tells of.
    const bool answersLater = milvus != nullptr && milvus->serving &&
                              (container == nullptr || node_.milvus.seenAt - milvus->latency > node_.container.seenAt);
    if (answersLater)
        return Writer::Runs;
    if (container != nullptr)
        return mayWrite(container->state) ? Writer::Runs : Writer::Stopped;
    if (node_.milvusRan)
        return *node_.milvusRan ? Writer::RanLast : Writer::StoppedLast;
    return milvus != nullptr && milvus->refused ? Writer::StoppedLast : Writer::NeverSeen;
}

bool NodeView::containerSeenStopped() const {
    const ContainerSeen* container = now(node_.container);
    return container != nullptr && !mayWrite(container->state);
}

} // namespace mha
