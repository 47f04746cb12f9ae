// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "vrrp/advert.h"

#include <optional>

namespace mha {

inline constexpr int kOwnerPriority = 255; ///< of the router that owns the addresses (RFC 9568, 5.2.4)

/// How neighbours are told that the VIP has moved: bursts of gratuitous ARP (IPv4) or unsolicited NA (IPv6).
struct VrrpAnnouncing {
    int packets = 5;                               ///< in one burst, one after the other
    int laterPackets = 5;                          ///< in the second burst, for a neighbour that lost the first
    Duration laterAfter = std::chrono::seconds(5); ///< from the first burst to the second
    Duration gap{};                                ///< between two packets of a burst; 0: at once
    bool operator==(const VrrpAnnouncing&) const = default;
};

/// The configuration of one virtual router on one node. A value; nothing in it changes while it runs.
struct VrrpInstance {
    QString name;
    QString interface;
    VrrpVersion version = VrrpVersion::V3;
    int vrid = 0;       ///< 1..255
    int priority = 100; ///< 1..254; 255: owner of the addresses
    Duration advertInterval =
        std::chrono::seconds(1); ///< Advertisement_Interval. V2: whole seconds. V3: whole centiseconds
    QList<IpPrefix> addresses;   ///< the VIPs, in the order in which they are advertised
    IpAddress source;            ///< this node's own primary address on the interface (IPv6: the link-local one)
    QList<IpAddress> peers;      ///< unicast peers; empty: multicast
    /// Preempt_Mode: takes over from an active router of lower priority. An owner always does.
    bool preempt = true;
    /// keepalived's preempt_delay: a router of lower priority is let be for so long after it was first heard.
    Duration preemptDelay{};
    /// Accept_Mode: the VIP takes packets, which Milvus needs. False: it is advertised and announced, but not added to
    /// the interface (an owner's addresses are there anyway).
    bool accept = true;
    VrrpAuth auth = VrrpAuth::None; ///< version 2 only
    QByteArray password;            ///< at most 8 bytes. A secret
    /// Version 3 over IPv4. Unset: both forms are heard, and what is sent is of the form last heard (at first with the
    /// pseudo-header, as keepalived and FRR have it).
    std::optional<ChecksumForm> checksum;
    /// RFC 3768 and keepalived refuse a packet with another list of addresses, and then both routers are active. False:
    /// it is obeyed, and the difference is told.
    bool sameAddressesOnly = false;
    VrrpAnnouncing announcing;
    /// An active router that finds itself to have stood still for longer than this (SIGSTOP, a paused machine) takes it
    /// that it has been replaced: it becomes a backup and listens. 0: goes on as if nothing had been, as the RFC has
    /// it.
    Duration stepDownAfterAbsence{};
    bool operator==(const VrrpInstance&) const = default;
};

/// Pure: is the configuration one that can run? The error names the field and the remedy.
Result<void> checkVrrpInstance(const VrrpInstance& instance);

/// Pure: must a well-formed packet be refused by this instance, and why? OtherAddressList is told also where the packet
/// is obeyed nevertheless: see obeysDespite.
std::optional<VrrpFlaw> vrrpFlawFor(const VrrpInstance& instance, const VrrpAdvert& advert,
                                    const VrrpEnvelope& envelope);
bool obeysDespite(const VrrpInstance& instance, VrrpFlaw flaw);

/// Pure: the advert of an instance at a priority, in a form of checksum.
VrrpAdvert advertOf(const VrrpInstance& instance, int priority, ChecksumForm checksum);

/// 224.0.0.18 or ff02::12, by the family of the instance's addresses.
IpAddress vrrpGroup(bool v6);

} // namespace mha
