// SPDX-License-Identifier: GPL-3.0-or-later

// libFuzzer over all that the node program reads from others: adverts, hellos, keepalived's FIFO, the control socket.
// No bytes make a reader fall, and what was read is written as it was.

#include "node/control_line.h"
#include "node/hello.h"
#include "node/notify_line.h"
#include "require.h"
#include "vrrp/advert.h"

using namespace mha;

namespace {

void advert(std::span<const quint8> message, const VrrpEnvelope& envelope) {
    const auto read = decodeAdvert(message, envelope);
    if (!read)
        return;
    const QByteArray again = encodeAdvert(*read, envelope.source, envelope.destination);
    const auto same =
        decodeAdvert({reinterpret_cast<const quint8*>(again.constData()), static_cast<size_t>(again.size())}, envelope);
    require(same.has_value() && *same == *read, "an advert is not read as it was written");
}

void hello(const QByteArray& bytes) {
    if (const auto read = decodeHello(bytes))
        require(decodeHello(encodeHello(*read)) == read, "a hello is not read as it was written");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    static const VrrpEnvelope kV4{*IpAddress::fromText(QStringLiteral("192.168.1.85")),
                                  *IpAddress::fromText(QStringLiteral("224.0.0.18"))};
    static const VrrpEnvelope kV6{*IpAddress::fromText(QStringLiteral("fe80::1")),
                                  *IpAddress::fromText(QStringLiteral("ff02::12"))};
    advert({data, size}, kV4);
    advert({data, size}, kV6);
    hello(bytes);
    parseNotifyLine(bytes);
    if (const auto request = parseControlLine(bytes))
        require(request->contains(QStringLiteral("command")), "a request without a command");
    return 0;
}
