// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ip_address.h"

#include <algorithm>
#include <arpa/inet.h>

namespace mha {

IpAddress::IpAddress(std::span<const quint8> bytes) {
    if (bytes.size() != 4 && bytes.size() != 16)
        return;
    length_ = static_cast<quint8>(bytes.size());
    std::ranges::copy(bytes, bytes_.begin());
}

std::optional<IpAddress> IpAddress::fromText(QStringView text) {
    const QByteArray latin = text.toLatin1();
    std::array<quint8, 16> bytes{};
    if (inet_pton(AF_INET, latin.constData(), bytes.data()) == 1)
        return IpAddress(std::span(bytes).first(4));
    if (inet_pton(AF_INET6, latin.constData(), bytes.data()) == 1)
        return IpAddress(bytes);
    return std::nullopt;
}

bool IpAddress::isMulticast() const {
    return isV6() ? bytes_[0] == 0xff : isV4() && (bytes_[0] & 0xf0) == 0xe0;
}

bool IpAddress::isLinkLocal() const {
    if (isV6())
        return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
    return isV4() && bytes_[0] == 169 && bytes_[1] == 254;
}

QString IpAddress::toText() const {
    if (!isSet())
        return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(isV6() ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
    return QString::fromLatin1(text.data());
}

std::optional<IpPrefix> IpPrefix::fromText(QStringView text) {
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    const auto address = IpAddress::fromText(slash < 0 ? text : text.first(slash));
    if (!address)
        return std::nullopt;
    const int widest = address->isV6() ? 128 : 32;
    if (slash < 0)
        return IpPrefix{*address, widest};
    bool isNumber = false;
    const int length = text.sliced(slash + 1).toInt(&isNumber);
    if (!isNumber || length < 0 || length > widest)
        return std::nullopt;
    return IpPrefix{*address, length};
}

QString IpPrefix::toText() const {
    return address.toText() + QLatin1Char('/') + QString::number(length);
}

bool IpPrefix::contains(const IpAddress& other) const {
    const auto mine = address.bytes();
    const auto theirs = other.bytes();
    if (mine.size() != theirs.size() || mine.empty())
        return false;
    const auto whole = static_cast<size_t>(length / 8);
    if (!std::ranges::equal(mine.first(whole), theirs.first(whole)))
        return false;
    const int rest = length % 8;
    return rest == 0 || ((mine[whole] ^ theirs[whole]) >> (8 - rest)) == 0;
}

} // namespace mha
