// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <array>
#include <compare>
#include <optional>
#include <span>

namespace mha {

/// An IPv4 or IPv6 address as a plain value without a scope; it allocates nothing. Ordered as VRRP orders senders: as
/// unsigned numbers in network order, IPv4 below IPv6, the unset address below all.
class IpAddress {
public:
    IpAddress() = default;
    /// 4 or 16 bytes in network order; any other length gives the unset address.
    explicit IpAddress(std::span<const quint8> bytes);
    static std::optional<IpAddress> fromText(QStringView text);

    bool isSet() const { return length_ != 0; }

    bool isV4() const { return length_ == 4; }

    bool isV6() const { return length_ == 16; }

    /// 4, 16 or (unset) no bytes, in network order.
    std::span<const quint8> bytes() const { return {bytes_.data(), length_}; }

    bool isMulticast() const;
    bool isLinkLocal() const; ///< 169.254.0.0/16 or fe80::/10

    /// "192.168.1.104", "fe80::1"; empty when unset.
    QString toText() const;

    auto operator<=>(const IpAddress&) const = default;

private:
    quint8 length_ = 0;
    std::array<quint8, 16> bytes_{};
};

/// An address with the length of its network: a VIP as it is added to an interface.
struct IpPrefix {
    IpAddress address;
    int length = 0; ///< bits: 0..32 or 0..128

    /// "192.168.1.104/24"; without a length that of a single host (32, 128).
    static std::optional<IpPrefix> fromText(QStringView text);
    QString toText() const;
    /// Is `other` in this network?
    bool contains(const IpAddress& other) const;
    bool operator==(const IpPrefix&) const = default;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::IpAddress)
