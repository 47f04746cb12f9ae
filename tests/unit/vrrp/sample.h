// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/instance.h"

namespace mha::sample {

inline IpAddress address(const char* text) {
    return IpAddress::fromText(QString::fromLatin1(text)).value();
}

inline VrrpEnvelope from(const char* source, const char* destination = "224.0.0.18") {
    return {address(source), address(destination), kVrrpTtl};
}

inline std::span<const quint8> bytes(const QByteArray& message) {
    return {reinterpret_cast<const quint8*>(message.constData()), static_cast<size_t>(message.size())};
}

/// Version 3, 0.1 s, one VIP.
inline VrrpInstance instance(const char* source, int priority) {
    VrrpInstance instance;
    instance.name = QStringLiteral("VI_1");
    instance.vrid = 51;
    instance.priority = priority;
    instance.advertInterval = std::chrono::milliseconds(100);
    instance.source = address(source);
    instance.addresses = {IpPrefix{address("10.77.0.100"), 24}};
    return instance;
}

/// Version 2, 1 s, with a password: the guide's.
inline VrrpInstance guide(const char* source, int priority) {
    VrrpInstance guide = instance(source, priority);
    guide.version = VrrpVersion::V2;
    guide.advertInterval = std::chrono::seconds(1);
    guide.auth = VrrpAuth::Password;
    guide.password = "s3cr3t";
    return guide;
}

} // namespace mha::sample
