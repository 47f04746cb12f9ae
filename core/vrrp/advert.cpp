// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/advert.h"

#include <algorithm>
#include <optional>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

// version<<4|type, vrid, priority, count, then (V2) auth type, interval in s / (V3) 4 reserved bits, interval in cs,
// then the checksum, the addresses and (V2) 8 bytes of authentication data.
constexpr size_t kHeader = 8;
constexpr size_t kChecksumAt = 6;
constexpr size_t kAuthData = 8;
constexpr int kAdvertisement = 1;

/// The one's complement sum of RFC 1071, folded by `checksum`.
quint32 sum(std::span<const quint8> bytes, quint32 start = 0) {
    quint32 total = start;
    for (size_t i = 0; i < bytes.size(); ++i)
        total += (i % 2 == 0) ? static_cast<quint32>(bytes[i]) << 8 : bytes[i];
    return total;
}

quint16 folded(quint32 total) {
    while (total >> 16 != 0)
        total = (total & 0xffff) + (total >> 16);
    return static_cast<quint16>(~total);
}

/// {source, destination, zero, protocol, length} (RFC 793), and the like with a 32-bit length for IPv6 (RFC 8200, 8.1).
quint32 pseudoHeader(const IpAddress& source, const IpAddress& destination, size_t length) {
    return sum(destination.bytes(), sum(source.bytes())) + kVrrpProtocol + static_cast<quint32>(length);
}

bool rightChecksum(std::span<const quint8> message, quint32 start) {
    return folded(sum(message, start)) == 0;
}

/// The form in which the checksum of the message is right; nothing where it is not.
std::optional<ChecksumForm> formOf(std::span<const quint8> message, VrrpVersion version, const VrrpEnvelope& envelope) {
    const bool v6 = envelope.source.isV6();
    if (!v6 && rightChecksum(message, 0))
        return ChecksumForm::Plain;
    if (version == VrrpVersion::V3 &&
        rightChecksum(message, pseudoHeader(envelope.source, envelope.destination, message.size())))
        return ChecksumForm::PseudoHeader;
    return std::nullopt;
}

std::optional<VrrpFlaw> flawOfHeader(std::span<const quint8> message, const VrrpEnvelope& envelope) {
    if (envelope.ttl != kVrrpTtl)
        return VrrpFlaw::TtlNot255;
    if (message.size() < kHeader)
        return VrrpFlaw::TooShort;
    const int version = message[0] >> 4;
    if ((version != 2 && version != 3) || (version == 2 && envelope.source.isV6()))
        return VrrpFlaw::UnknownVersion;
    if ((message[0] & 0x0f) != kAdvertisement)
        return VrrpFlaw::UnknownType;
    if (message[1] == 0)
        return VrrpFlaw::InvalidVrid;
    if (message[3] == 0)
        return VrrpFlaw::NoAddress;
    return std::nullopt;
}

struct FlawRow {
    VrrpFlaw flaw;
    const char* name;
    const char16_t* text;
};

constexpr FlawRow kFlaws[] = {
    {VrrpFlaw::TtlNot255, "ttl-not-255",
     u"Its TTL is not 255: it came through a router, or somebody forges it. VRRP never leaves its own network."},
    {VrrpFlaw::TooShort, "too-short", u"It is shorter than a VRRP header."},
    {VrrpFlaw::UnknownVersion, "unknown-version", u"It is neither VRRP version 2 nor 3 (over IPv6 only 3 exists)."},
    {VrrpFlaw::UnknownType, "unknown-type", u"It is no advertisement."},
    {VrrpFlaw::InvalidVrid, "invalid-vrid", u"Its virtual router id is 0; ids are 1 to 255."},
    {VrrpFlaw::NoAddress, "no-address", u"It advertises no address."},
    {VrrpFlaw::Truncated, "truncated", u"It is shorter than its count of addresses says."},
    {VrrpFlaw::TrailingBytes, "trailing-bytes", u"It is longer than its count of addresses says."},
    {VrrpFlaw::WrongChecksum, "wrong-checksum", u"Its checksum is wrong, with the pseudo-header and without it."},
    {VrrpFlaw::UnknownAuthType, "unknown-auth-type",
     u"Its authentication is neither none nor a password. Set auth_type PASS, or none, on both nodes."},
    {VrrpFlaw::ZeroInterval, "zero-interval", u"Its advert interval is 0."},
    {VrrpFlaw::OwnPacket, "own-packet", u"It bears this node's own address as its sender."},
    {VrrpFlaw::NotAPeer, "not-a-peer",
     u"Its sender is none of the configured peers. Add it to them, or let both nodes use multicast."},
    {VrrpFlaw::OtherVersion, "other-version",
     u"It is of the other VRRP version. Set the same vrrp_version on both nodes, or both become MASTER."},
    {VrrpFlaw::OtherVrid, "other-vrid", u"It is for another virtual router on this network."},
    {VrrpFlaw::OtherChecksum, "other-checksum",
     u"Its checksum is right only in the form that the setting excludes: let both nodes use the pseudo-header or "
     u"neither."},
    {VrrpFlaw::OtherAuthType, "other-auth-type",
     u"One node uses a password and the other does not. Set the same on both, or both become MASTER."},
    {VrrpFlaw::WrongPassword, "wrong-password",
     u"Its password is another one. Set the same auth_pass on both nodes, or both become MASTER."},
    {VrrpFlaw::OtherInterval, "other-interval",
     u"Its advert interval is another one, which version 2 forbids. Set the same advert_int on both nodes."},
    {VrrpFlaw::OtherAddressList, "other-address-list",
     u"It advertises other virtual addresses. Set the same virtual_ipaddress on both nodes."},
};
static_assert(std::size(kFlaws) == kVrrpFlaws);

const FlawRow& rowOf(VrrpFlaw flaw) {
    return kFlaws[static_cast<size_t>(flaw)]; // rows are in the order of the enum; the test compares the two
}

quint8 byteOf(int value) {
    return static_cast<quint8>(value & 0xff);
}

void append(QByteArray& bytes, std::span<const quint8> more) {
    for (const quint8 byte : more)
        bytes.append(static_cast<char>(byte));
}

std::span<const quint8> spanOf(const QByteArray& bytes) {
    return {reinterpret_cast<const quint8*>(bytes.constData()), static_cast<size_t>(bytes.size())};
}

} // namespace

QString vrrpFlawName(VrrpFlaw flaw) {
    return QString::fromLatin1(rowOf(flaw).name);
}

QString vrrpFlawText(VrrpFlaw flaw) {
    return QString::fromUtf16(rowOf(flaw).text);
}

QByteArray encodeAdvert(const VrrpAdvert& advert, const IpAddress& source, const IpAddress& destination) {
    const bool v2 = advert.version == VrrpVersion::V2;
    QByteArray bytes;
    const auto put = [&bytes](int value) { bytes.append(static_cast<char>(byteOf(value))); };
    put((static_cast<int>(advert.version) << 4) | kAdvertisement);
    put(advert.vrid);
    put(advert.priority);
    put(static_cast<int>(advert.addresses.size()));
    if (v2) {
        put(static_cast<int>(advert.auth));
        put(static_cast<int>(advert.interval / std::chrono::seconds(1)));
    } else {
        const auto centiseconds = static_cast<int>(advert.interval / std::chrono::milliseconds(10));
        put(centiseconds >> 8 & 0x0f);
        put(centiseconds);
    }
    put(0);
    put(0);
    for (const IpAddress& address : advert.addresses)
        append(bytes, address.bytes());
    if (v2) {
        bytes +=
            (advert.auth == VrrpAuth::Password ? advert.password : QByteArray()).leftJustified(kAuthData, '\0', true);
    }

    const bool pseudo = !v2 && (source.isV6() || advert.checksum == ChecksumForm::PseudoHeader);
    const quint32 start = pseudo ? pseudoHeader(source, destination, static_cast<size_t>(bytes.size())) : 0;
    const quint16 checksum = folded(sum(spanOf(bytes), start));
    bytes[kChecksumAt] = static_cast<char>(checksum >> 8);
    bytes[kChecksumAt + 1] = static_cast<char>(checksum & 0xff);
    return bytes;
}

std::expected<VrrpAdvert, VrrpFlaw> decodeAdvert(std::span<const quint8> message, const VrrpEnvelope& envelope) {
    if (const auto flaw = flawOfHeader(message, envelope))
        return std::unexpected(*flaw);
    VrrpAdvert advert;
    advert.version = (message[0] >> 4) == 2 ? VrrpVersion::V2 : VrrpVersion::V3;
    advert.vrid = message[1];
    advert.priority = message[2];
    const bool v2 = advert.version == VrrpVersion::V2;
    const size_t addressLength = envelope.source.isV6() ? 16 : 4;
    const size_t addressesEnd = kHeader + message[3] * addressLength;
    const size_t wanted = addressesEnd + (v2 ? kAuthData : 0);
    if (message.size() < wanted)
        return std::unexpected(VrrpFlaw::Truncated);
    if (message.size() > wanted)
        return std::unexpected(VrrpFlaw::TrailingBytes);
    const auto form = formOf(message, advert.version, envelope);
    if (!form)
        return std::unexpected(VrrpFlaw::WrongChecksum);
    advert.checksum = *form;
    if (v2) {
        if (message[4] > static_cast<quint8>(VrrpAuth::Password))
            return std::unexpected(VrrpFlaw::UnknownAuthType);
        advert.auth = static_cast<VrrpAuth>(message[4]);
        advert.interval = std::chrono::seconds(message[5]);
    } else {
        advert.interval = std::chrono::milliseconds(10) * (((message[4] & 0x0f) << 8) | message[5]);
    }
    if (advert.interval == Duration::zero())
        return std::unexpected(VrrpFlaw::ZeroInterval);
    for (size_t at = kHeader; at < addressesEnd; at += addressLength)
        advert.addresses.append(IpAddress(message.subspan(at, addressLength)));
    if (advert.auth == VrrpAuth::Password) {
        const auto data = message.subspan(addressesEnd, kAuthData);
        const auto end = std::ranges::find(data, quint8{0});
        advert.password = QByteArray(reinterpret_cast<const char*>(data.data()), end - data.begin());
    }
    return advert;
}

} // namespace mha
