// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/announcement.h"

namespace mha {

namespace {

constexpr qsizetype kMac = 6;
constexpr qsizetype kAddress6 = 16;
constexpr int kIcmp6 = 58;
constexpr int kNeighbourAdvertisement = 136;
constexpr int kOverride = 0x20;       ///< neither Router nor Solicited
constexpr int kTargetLinkAddress = 2; ///< the option, of one unit of 8 bytes
constexpr qsizetype kMessage6 = 8 + kAddress6 + 8;
constexpr qsizetype kChecksumAt = 2;

QByteArray bytesOf(const IpAddress& address) {
    const auto bytes = address.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

QByteArray arp(const QByteArray& mac, const IpAddress& address) {
    const QByteArray vip = bytesOf(address);
    return QByteArray(kMac, '\xff') + mac +
           QByteArray::fromHex("0806" // ARP
                               "0001" // over Ethernet
                               "0800" // for IPv4
                               "0604" // lengths of their addresses
                               "0001" /* request */) +
           mac + vip + QByteArray(kMac, '\0') + vip;
}

quint16 checksum(const QByteArray& bytes) {
    quint32 sum = 0;
    for (qsizetype i = 0; i < bytes.size(); i += 2)
        sum += static_cast<quint32>(static_cast<quint8>(bytes[i]) << 8 | static_cast<quint8>(bytes[i + 1]));
    while ((sum >> 16) != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<quint16>(~sum);
}

QByteArray neighbourAdvertisement(const QByteArray& mac, const IpAddress& address) {
    const QByteArray vip = bytesOf(address);
    const QByteArray all = QByteArray::fromHex("ff020000000000000000000000000001");
    QByteArray message(8, '\0');
    message[0] = static_cast<char>(kNeighbourAdvertisement);
    message[4] = static_cast<char>(kOverride);
    message += vip;
    message += static_cast<char>(kTargetLinkAddress);
    message += '\1';
    message += mac;
    // RFC 4443, 2.3: both addresses, the length and the protocol count as well.
    const QByteArray pseudo = vip + all + QByteArray(3, '\0') + static_cast<char>(kMessage6) + QByteArray(3, '\0') +
                              static_cast<char>(kIcmp6);
    const quint16 sum = checksum(pseudo + message);
    message[kChecksumAt] = static_cast<char>(sum >> 8);
    message[kChecksumAt + 1] = static_cast<char>(sum & 0xff);

    QByteArray header = QByteArray::fromHex("60000000");
    header += '\0';
    header += static_cast<char>(kMessage6);
    header += static_cast<char>(kIcmp6);
    header += '\xff';
    return QByteArray::fromHex("333300000001") + mac + QByteArray::fromHex("86dd") + header + vip + all + message;
}

} // namespace

QByteArray announcementFrame(const QByteArray& mac, const IpAddress& address) {
    if (mac.size() != kMac || !address.isSet())
        return {};
    return address.isV4() ? arp(mac, address) : neighbourAdvertisement(mac, address);
}

} // namespace mha
