// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>

namespace mha {

/// What keepalived writes into its FIFO (keepalived.conf(5), vrrp_notify_fifo), a line for each change, in order:
/// INSTANCE "VI_1" MASTER 110
struct NotifyLine {
    QString instance;
    VrrpState state = VrrpState::Unknown;
    int priority = -1;
    bool operator==(const NotifyLine&) const = default;
};

/// Pure. Nothing for what is no instance's state: groups, and states that keepalived may come to have.
std::optional<NotifyLine> parseNotifyLine(const QByteArray& line);

} // namespace mha
