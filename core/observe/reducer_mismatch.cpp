// SPDX-License-Identifier: GPL-3.0-or-later

// Pair file against node: told as an event, never chosen between in silence. Node against node is the rules' part.

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
    return found;
}

} // namespace mha
