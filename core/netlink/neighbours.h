// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"

#include <QByteArray>

#include <optional>

namespace mha {

// Who a machine takes for the owner of an address: its neighbour table (ARP, RFC 826). A table that still names the old
// holder of the VIP sends everything to it: the stale ARP entry after a takeover whose announcements were lost.

/// `ip -j neigh show to ADDRESS`.
Command neighbourCommand(const QString& address);
/// Pure: the hardware address in lower case; empty: no entry, or one that was not answered; nothing: not understood.
std::optional<QString> parseNeighbour(const QByteArray& json, const QString& address);

/// Pure: the same out of the text of /proc/net/arp, this computer's table (IPv4).
QString neighbourFromArpTable(const QByteArray& table, const QString& address);

} // namespace mha
