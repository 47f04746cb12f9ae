// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/hello.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>
#include <limits>

namespace mha {

namespace {

constexpr quint32 kMagic = 0x4d484131; // "MHA1"

quint32 toWire(Duration time) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    return static_cast<quint32>(std::clamp<qint64>(ms, 0, std::numeric_limits<quint32>::max()));
}

} // namespace

QByteArray encodeHello(const Hello& hello) {
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out << kMagic << static_cast<quint8>(hello.vrid) << static_cast<quint8>(hello.vrrp)
        << static_cast<quint8>(hello.milvus) << static_cast<quint8>(hello.priority) << hello.session << hello.stamp
        << hello.echoSession << hello.echoStamp << toWire(hello.stopDeadline) << toWire(hello.silent);
    return bytes;
}

std::optional<Hello> decodeHello(const QByteArray& bytes) {
    if (bytes.size() != kHelloSize)
        return std::nullopt;
    QDataStream in(bytes);
    quint32 magic = 0;
    quint8 vrid = 0;
    quint8 vrrp = 0;
    quint8 milvus = 0;
    quint8 priority = 0;
    quint32 deadline = 0;
    quint32 silent = 0;
    Hello hello;
    in >> magic >> vrid >> vrrp >> milvus >> priority >> hello.session >> hello.stamp >> hello.echoSession >>
        hello.echoStamp >> deadline >> silent;
    if (magic != kMagic || vrrp > static_cast<quint8>(VrrpState::Stopped) ||
        milvus > static_cast<quint8>(MilvusSaid::Running))
        return std::nullopt;
    hello.vrid = vrid;
    hello.vrrp = static_cast<VrrpState>(vrrp);
    hello.milvus = static_cast<MilvusSaid>(milvus);
    hello.priority = priority;
    hello.stopDeadline = std::chrono::milliseconds(deadline);
    hello.silent = std::chrono::milliseconds(silent);
    return hello;
}

} // namespace mha
