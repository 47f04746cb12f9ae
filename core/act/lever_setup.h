// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"
#include "model/pair.h"

#include <QByteArray>
#include <QString>

namespace mha {

// The FAULT flag (keepalived/fault_flag.h) put into a node's keepalived.conf, and taken out. All functions block for
// some seconds at most; they work as root on the node.

enum class LeverAction { Install, Remove };

/// What would be changed on one node. Holds keepalived's password: not to be shown or kept, but for `diff`.
struct LeverChange {
    int node = -1;
    QString file; ///< the keepalived.conf that keepalived was started with
    QByteArray before;
    QByteArray after;
    QString diff; ///< unified, without the password; empty where nothing changes

    bool nothing() const { return before == after; }
};

/// Reads the node's keepalived.conf and tries the changed one with `keepalived --config-test`; what the test finds
/// fault with in the file as it is already is no error of the change. Changes nothing.
Result<LeverChange> planLever(Link& link, const Pair& pair, int node, LeverAction action);

/// Writes the changed file, with the old one kept beside it, lets keepalived reload and proves it by keepalived's own
/// dump of its data and by the VIP, which must be where it was; else the old file is put back and reloaded, which the
/// error says. Refused where the file is not the one that the change was made from. Gives the name
/// of the old file's copy.
Result<QString> applyLever(Link& link, const Pair& pair, const LeverChange& change);

} // namespace mha
