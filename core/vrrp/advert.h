// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ip_address.h"
#include "vrrp/timers.h"

#include <QByteArray>
#include <QList>

#include <expected>
#include <span>

namespace mha {

/// The IP protocol number of VRRP, and the TTL that proves a packet to come from this very link (RFC 9568, 5.1).
inline constexpr int kVrrpProtocol = 112;
inline constexpr int kVrrpTtl = 255;

/// Authentication of version 2 (RFC 2338; later RFCs and version 3 know none). The password is sent in the clear.
enum class VrrpAuth { None = 0, Password = 1 };

/// What the checksum of a version 3 packet over IPv4 covers. keepalived and FRR put the pseudo-header in, as for IPv6;
/// RFC 9568, Cisco and Juniper leave it out. Version 2 never has it, IPv6 always.
enum class ChecksumForm { Plain, PseudoHeader };

/// One ADVERTISEMENT, without the IP header.
struct VrrpAdvert {
    VrrpVersion version = VrrpVersion::V3;
    int vrid = 0;               ///< 1..255
    int priority = 0;           ///< 0: the sender gives up; 255: it owns the addresses
    Duration interval{};        ///< between adverts. V2: whole seconds, 1..255. V3: whole centiseconds, 0.01..40.95 s
    QList<IpAddress> addresses; ///< in wire order, all of one family
    VrrpAuth auth = VrrpAuth::None;
    QByteArray
        password; ///< of VrrpAuth::Password, at most 8 bytes, the padding removed. A secret: never show or store it
    ChecksumForm checksum = ChecksumForm::Plain; ///< of V3 over IPv4
    bool operator==(const VrrpAdvert&) const = default;
};

/// What the IP header says of a packet.
struct VrrpEnvelope {
    IpAddress source;
    IpAddress destination; ///< 224.0.0.18, ff02::12 or, to a unicast peer, its address
    int ttl = kVrrpTtl;
};

/// Why a packet is not obeyed, in the order in which it is examined (RFC 9568, 7.1).
enum class VrrpFlaw {
    TtlNot255,        ///< it came through a router, or is forged
    TooShort,         ///< shorter than the header
    UnknownVersion,   ///< neither 2 nor 3, or 2 over IPv6
    UnknownType,      ///< no ADVERTISEMENT
    InvalidVrid,      ///< 0
    NoAddress,        ///< count of addresses is 0
    Truncated,        ///< shorter than its count of addresses says
    TrailingBytes,    ///< longer than that
    WrongChecksum,    ///< in either form
    UnknownAuthType,  ///< version 2: neither none nor password
    ZeroInterval,     ///< would make silence of any length a failure
    OwnPacket,        ///< from this very router
    NotAPeer,         ///< peers are configured, and it is from none of them
    OtherVersion,     ///< not the version of this instance
    OtherVrid,        ///< meant for another virtual router
    OtherChecksum,    ///< right, but in the form that this instance's setting excludes
    OtherAuthType,    ///< version 2
    WrongPassword,    ///< version 2
    OtherInterval,    ///< version 2, where all routers must have the same
    OtherAddressList, ///< other VIPs than ours; see VrrpInstance::sameAddressesOnly
};
inline constexpr int kVrrpFlaws = static_cast<int>(VrrpFlaw::OtherAddressList) + 1;

/// Stable name, "ttl-not-255", and a sentence for an operator with what to do about it. Neither tells a password.
QString vrrpFlawName(VrrpFlaw flaw);
QString vrrpFlawText(VrrpFlaw flaw);

/// Pure: the bytes on the wire, the IP header excepted. The fields must be in their ranges (VrrpInstance's check sees
/// to that); source and destination matter only to a pseudo-header.
QByteArray encodeAdvert(const VrrpAdvert& advert, const IpAddress& source, const IpAddress& destination);

/// Pure: reads the payload of an IP packet of protocol 112. Knows nothing of an instance: that is vrrpFlawFor's part.
std::expected<VrrpAdvert, VrrpFlaw> decodeAdvert(std::span<const quint8> message, const VrrpEnvelope& envelope);

} // namespace mha
