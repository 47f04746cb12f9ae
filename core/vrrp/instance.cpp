// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/instance.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr Duration kCentisecond = std::chrono::milliseconds(10);
constexpr qsizetype kLongestPassword = 8;

Error wrong(const VrrpInstance& instance, const QString& text, const QString& remedy) {
    return {ErrorCode::Usage, text, instance.name, remedy};
}

Result<void> checkInterval(const VrrpInstance& instance) {
    const bool v2 = instance.version == VrrpVersion::V2;
    const Duration unit = v2 ? Duration(std::chrono::seconds(1)) : kCentisecond;
    const int most = v2 ? 255 : 4095;
    if (instance.advertInterval < unit || instance.advertInterval > unit * most ||
        instance.advertInterval % unit != Duration{}) {
        return std::unexpected(wrong(instance, u"The advert interval cannot be told on the wire."_s,
                                     v2 ? u"Version 2 has whole seconds, 1 to 255."_s
                                        : u"Version 3 has hundredths of a second, 0.01 to 40.95 s."_s));
    }
    return {};
}

Result<void> checkAddresses(const VrrpInstance& instance) {
    if (instance.addresses.isEmpty() || instance.addresses.size() > 255)
        return std::unexpected(wrong(instance, u"It has no virtual address, or more than 255."_s, u"Give it one."_s));
    const bool v6 = instance.addresses.front().address.isV6();
    const auto sameFamily = [v6](const IpAddress& address) { return address.isSet() && address.isV6() == v6; };
    const bool all = sameFamily(instance.source) && std::ranges::all_of(instance.peers, sameFamily) &&
                     std::ranges::all_of(instance.addresses, sameFamily, &IpPrefix::address);
    if (!all) {
        return std::unexpected(wrong(instance, u"IPv4 and IPv6 addresses are mixed, or one is missing."_s,
                                     u"Virtual addresses, peers and the node's own address are of one family."_s));
    }
    if (v6 && instance.version == VrrpVersion::V2)
        return std::unexpected(wrong(instance, u"Version 2 knows no IPv6."_s, u"Set version 3."_s));
    return {};
}

Result<void> checkAuth(const VrrpInstance& instance) {
    if (instance.auth == VrrpAuth::None)
        return {};
    if (instance.version == VrrpVersion::V3)
        return std::unexpected(wrong(instance, u"Version 3 has no authentication."_s, u"Leave the password out."_s));
    if (instance.password.isEmpty() || instance.password.size() > kLongestPassword ||
        instance.password.contains('\0')) {
        return std::unexpected(wrong(instance, u"The password is empty or longer than 8 bytes."_s,
                                     u"Give one of 1 to 8 bytes, the same on both nodes."_s));
    }
    return {};
}

bool sameAddresses(const VrrpInstance& instance, const VrrpAdvert& advert) {
    return instance.addresses.size() == advert.addresses.size() &&
           std::ranges::all_of(instance.addresses,
                               [&](const IpPrefix& vip) { return advert.addresses.contains(vip.address); });
}

} // namespace

Result<void> checkVrrpInstance(const VrrpInstance& instance) {
    if (instance.vrid < 1 || instance.vrid > 255)
        return std::unexpected(wrong(instance, u"The virtual router id is not 1 to 255."_s, u"Take the peer's."_s));
    if (instance.priority < 1 || instance.priority > kOwnerPriority) {
        return std::unexpected(
            wrong(instance, u"The priority is not 1 to 255."_s, u"Take 110 and 91, as the guide does."_s));
    }
    for (const auto check : {checkInterval, checkAddresses, checkAuth}) {
        if (auto checked = check(instance); !checked)
            return checked;
    }
    return {};
}

std::optional<VrrpFlaw> vrrpFlawFor(const VrrpInstance& instance, const VrrpAdvert& advert,
                                    const VrrpEnvelope& envelope) {
    if (envelope.source == instance.source)
        return VrrpFlaw::OwnPacket;
    if (!instance.peers.isEmpty() && !instance.peers.contains(envelope.source))
        return VrrpFlaw::NotAPeer;
    if (advert.vrid != instance.vrid)
        return VrrpFlaw::OtherVrid;
    if (advert.version != instance.version)
        return VrrpFlaw::OtherVersion;
    if (advert.version == VrrpVersion::V2) {
        if (advert.auth != instance.auth)
            return VrrpFlaw::OtherAuthType;
        if (advert.password != instance.password)
            return VrrpFlaw::WrongPassword;
        if (advert.interval != instance.advertInterval)
            return VrrpFlaw::OtherInterval;
    } else if (instance.checksum && envelope.source.isV4() && advert.checksum != *instance.checksum) {
        return VrrpFlaw::OtherChecksum;
    }
    if (!sameAddresses(instance, advert))
        return VrrpFlaw::OtherAddressList;
    return std::nullopt;
}

bool obeysDespite(const VrrpInstance& instance, VrrpFlaw flaw) {
    return flaw == VrrpFlaw::OtherAddressList && !instance.sameAddressesOnly;
}

VrrpAdvert advertOf(const VrrpInstance& instance, int priority, ChecksumForm checksum) {
    VrrpAdvert advert;
    advert.version = instance.version;
    advert.vrid = instance.vrid;
    advert.priority = priority;
    advert.interval = instance.advertInterval;
    for (const IpPrefix& vip : instance.addresses)
        advert.addresses.append(vip.address);
    advert.auth = instance.auth;
    if (advert.auth == VrrpAuth::Password)
        advert.password = instance.password;
    advert.checksum = instance.version == VrrpVersion::V2 ? ChecksumForm::Plain : checksum;
    return advert;
}

IpAddress vrrpGroup(bool v6) {
    static constexpr std::array<quint8, 4> kV4{224, 0, 0, 18};
    static constexpr std::array<quint8, 16> kV6{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
    return v6 ? IpAddress(kV6) : IpAddress(kV4);
}

} // namespace mha
