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

QList<Change> mismatchesOf(const NodePicture& node, const NodeConfig& config) {
    QList<Change> found;
    if (node.vip && !config.interface.isEmpty() && !node.vip->interface.isEmpty() &&
        node.vip->interface != config.interface) {
        found.append(
            mismatch("interface-differs", u"The pair file says %1 for %2, but the VIP belongs to %3 there."_s.arg(
                                              config.interface, node.name, node.vip->interface)));
    }
    if (!node.container)
        return found;
    const ContainerSeen& container = *node.container.value;
    if (container.restartPolicy == u"always" || container.restartPolicy == u"unless-stopped") {
        found.append(mismatch(
            "restart-policy",
            u"Docker on %1 starts the container %2 by itself (restart policy %3): after a reboot Milvus "
            "would run there although the other node serves. Set it to no (docker update --restart=no %2)."_s.arg(
                node.name, container.name, container.restartPolicy)));
    }
    return found;
}

QList<Change> mismatchesOf(const NodePicture& first, const NodePicture& second) {
    QList<Change> found;
    if (first.vrrp && second.vrrp && first.vrrp->vrid > 0 && second.vrrp->vrid > 0 &&
        first.vrrp->vrid != second.vrrp->vrid) {
        found.append(mismatch("vrid-differs",
                              u"keepalived on %1 and %2 have different virtual router ids (%3 and %4): they do "
                              "not hear each other and both become MASTER."_s.arg(first.name, second.name,
                                                                                  QString::number(first.vrrp->vrid),
                                                                                  QString::number(second.vrrp->vrid))));
    }
    if (first.vrrp && second.vrrp && first.vrrp->priority > 0 && first.vrrp->priority == second.vrrp->priority) {
        found.append(
            mismatch("priorities-equal",
                     u"%1 and %2 have the same VRRP priority %3: which of them serves is left to "
                     "their addresses."_s.arg(first.name, second.name, QString::number(first.vrrp->priority))));
    }
    if (!first.container || !second.container)
        return found;
    const ContainerSeen& one = *first.container.value;
    const ContainerSeen& other = *second.container.value;
    if (!one.image.isEmpty() && !other.image.isEmpty() && one.image != other.image) {
        found.append(mismatch("image-differs",
                              u"The containers on %1 and %2 are of different images (%3 and %4): after a "
                              "takeover another Milvus would open the same data."_s.arg(first.name, second.name,
                                                                                        one.image, other.image)));
    } else if (!one.imageId.isEmpty() && !other.imageId.isEmpty() && one.imageId != other.imageId) {
        Change change =
            mismatch("image-differs", u"The image %1 was made or loaded apart on %2 and %3: make sure that it is "
                                      "the same Milvus."_s.arg(one.image, first.name, second.name));
        change.severity = Severity::Info;
        found.append(change);
    }
    return found;
}

} // namespace mha
