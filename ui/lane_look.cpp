// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_look.h"

#include "ui/wording.h"

namespace mha {

namespace {

/// Seen in this session: what is from before it says nothing about now.
template <typename T> bool seenNow(const NodePicture& node, const Fact<T>& fact) {
    return node.reachable() && fact && fact.seenAt >= node.upSince;
}

LaneMark markOf(VrrpState state) {
    switch (state) {
    case VrrpState::Master:
        return LaneMark::Good;
    case VrrpState::Backup:
        return LaneMark::Idle;
    case VrrpState::Init:
        return LaneMark::Busy;
    case VrrpState::Unknown:
        return LaneMark::Unknown;
    case VrrpState::Fault:
    case VrrpState::Stopped:
        break;
    }
    return LaneMark::Bad;
}

LaneMark markOf(ContainerState state) {
    switch (state) {
    case ContainerState::Running:
        return LaneMark::Good;
    case ContainerState::Exited:
    case ContainerState::Created:
        return LaneMark::Idle;
    case ContainerState::Paused:
    case ContainerState::Restarting:
        return LaneMark::Busy;
    case ContainerState::Missing:
    case ContainerState::Dead:
        break;
    }
    return LaneMark::Bad;
}

} // namespace

LaneLook LaneLooks::unknown() {
    return {LaneMark::Unknown, tr("unknown")};
}

LaneLook LaneLooks::throughVip(bool answers) {
    return answers ? LaneLook{LaneMark::Good, tr("answers")} : LaneLook{LaneMark::Bad, tr("no answer")};
}

LaneLook LaneLooks::keepalivedStopped() {
    return {LaneMark::Bad, tr("not running")};
}

LaneLook LaneLooks::vrrp(VrrpState state) {
    return state == VrrpState::Unknown ? unknown() : LaneLook{markOf(state), Wording::vrrpState(state)};
}

LaneLook LaneLooks::vip(bool held) {
    return held ? LaneLook{LaneMark::Good, tr("here")} : LaneLook{LaneMark::Idle, tr("not here")};
}

LaneLook LaneLooks::linkDown() {
    return {LaneMark::Bad, tr("network link down")};
}

LaneLook LaneLooks::container(ContainerState state) {
    return {markOf(state), Wording::containerState(state)};
}

LaneLook LaneLooks::serving() {
    return {LaneMark::Good, tr("serving")};
}

/// A running container whose Milvus does not serve yet is on its way; a closed port beside a stopped one is at rest.
LaneLook LaneLooks::notServing(bool containerRuns) {
    return containerRuns ? LaneLook{LaneMark::Busy, tr("not serving yet")}
                         : LaneLook{LaneMark::Idle, tr("not running")};
}

LaneLook LaneLooks::throughVip(const Picture& picture) {
    return picture.vipProbe ? throughVip(picture.vipProbe->good) : unknown();
}

LaneLook LaneLooks::vrrp(const NodePicture& node) {
    if (!seenNow(node, node.vrrp) || node.vrrp->state == VrrpState::Unknown)
        return unknown();
    return node.vrrp->running ? vrrp(node.vrrp->state) : keepalivedStopped();
}

LaneLook LaneLooks::vip(const NodePicture& node) {
    if (!seenNow(node, node.vip))
        return unknown();
    return node.vip->held || node.vip->linkUp ? vip(node.vip->held) : linkDown();
}

LaneLook LaneLooks::container(const NodePicture& node) {
    return seenNow(node, node.container) ? container(node.container->state) : unknown();
}

LaneLook LaneLooks::serving(const NodePicture& node) {
    if (!seenNow(node, node.milvus))
        return unknown();
    if (node.milvus->serving)
        return serving();
    return notServing(node.container && node.container->state == ContainerState::Running);
}

} // namespace mha
