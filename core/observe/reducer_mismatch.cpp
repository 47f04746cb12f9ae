// SPDX-License-Identifier: GPL-3.0-or-later

// Pair file against node, and node against node: told as events, never chosen between in silence.

#include "observe/reducer_changes.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

Change mismatch(const char* code, const QString& text) {
    return {EventKind::Config, Severity::Warning, QString::fromLatin1(code), text};
}

} // namespace

QList<Change> mismatchesOf(const Picture& picture, const Pair& pair, int node) {
    const NodePicture& here = picture.nodes[static_cast<std::size_t>(node)];
    const NodePicture& there = picture.nodes[static_cast<std::size_t>(1 - node)];
    const NodeConfig& config = pair.nodes[static_cast<std::size_t>(node)];
    QList<Change> found;
    if (here.vip && !config.interface.isEmpty() && !here.vip->interface.isEmpty() &&
        here.vip->interface != config.interface) {
        found.append(
            mismatch("interface-differs", u"The pair file says %1 for %2, but the VIP belongs to %3 there."_s.arg(
                                              config.interface, here.name, here.vip->interface)));
    }
    if (here.container &&
        (here.container->restartPolicy == u"always" || here.container->restartPolicy == u"unless-stopped")) {
        found.append(mismatch(
            "restart-policy",
            u"Docker on %1 starts the container %2 by itself (restart policy %3): after a reboot Milvus "
            "would run there although the other node serves. Set it to no (docker update --restart=no %2)."_s.arg(
                here.name, here.container->name, here.container->restartPolicy)));
    }
    if (node != 0)
        return found;
    if (here.vrrp && there.vrrp && here.vrrp->vrid > 0 && there.vrrp->vrid > 0 && here.vrrp->vrid != there.vrrp->vrid) {
        found.append(mismatch("vrid-differs",
                              u"keepalived on %1 and %2 have different virtual router ids (%3 and %4): they do "
                              "not hear each other and both become MASTER."_s.arg(here.name, there.name,
                                                                                  QString::number(here.vrrp->vrid),
                                                                                  QString::number(there.vrrp->vrid))));
    }
    if (here.vrrp && there.vrrp && here.vrrp->priority > 0 && here.vrrp->priority == there.vrrp->priority) {
        found.append(mismatch("priorities-equal",
                              u"%1 and %2 have the same VRRP priority %3: which of them serves is left to "
                              "their addresses."_s.arg(here.name, there.name, QString::number(here.vrrp->priority))));
    }
    if (here.container && there.container && !here.container->imageId.isEmpty() &&
        !there.container->imageId.isEmpty() && here.container->imageId != there.container->imageId) {
        found.append(
            mismatch("image-differs", u"The containers on %1 and %2 are of different images (%3 and %4): after a "
                                      "takeover another Milvus would open the same data."_s.arg(
                                          here.name, there.name, here.container->image, there.container->image)));
    }
    return found;
}

} // namespace mha
