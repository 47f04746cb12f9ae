// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ip_address.h"

#include <QByteArray>

namespace mha {

/// Pure: the whole Ethernet frame by which neighbours learn that `address` is now at `mac` (6 bytes; else it is empty).
///
/// IPv4: a gratuitous ARP request to all, sender and target both the address (RFC 5227, 3; the target's hardware
/// address is ignored and 0). IPv6: an unsolicited neighbour advertisement to ff02::1 with Override, so that a cached
/// hardware address is replaced (RFC 4861, 7.2.6), hop limit 255.
QByteArray announcementFrame(const QByteArray& mac, const IpAddress& address);

} // namespace mha
