// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/addresses.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <arpa/inet.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// A line of `ip monitor` is far shorter; longer ones are no lines of it.
constexpr qsizetype kLongestLine = 16'384;

// The addresses are compared in network form, so that "fd00::1" equals "fd00:0:0::1".
QByteArray networkForm(const QByteArray& address) {
    QByteArray bytes(16, '\0');
    if (inet_pton(AF_INET, address.constData(), bytes.data()) == 1)
        return bytes.first(4);
    if (inet_pton(AF_INET6, address.constData(), bytes.data()) == 1)
        return bytes;
    return {};
}

bool inSubnet(const QByteArray& address, const QByteArray& network, int prefixLength) {
    if (address.isEmpty() || address.size() != network.size() || prefixLength > address.size() * 8)
        return false;
    for (int bit = 0; bit < prefixLength; ++bit) {
        const int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (network[bit / 8] & mask))
            return false;
    }
    return true;
}

struct Interface {
    QString name;
    QString mac;
    bool linkUp = false;
    bool loopback = false;
    bool holdsVip = false;
    bool inVipSubnet = false;
    bool addressed = false;
};

bool linkIsUp(const QStringList& flags) {
    return flags.contains(u"UP"_s) && flags.contains(u"LOWER_UP"_s) && !flags.contains(u"NO-CARRIER"_s);
}

Interface readInterface(const QJsonObject& object, const QByteArray& vip) {
    Interface result;
    result.name = object["ifname"_L1].toString();
    result.mac = object["address"_L1].toString();
    QStringList flags;
    for (const QJsonValue flag : object["flags"_L1].toArray())
        flags.append(flag.toString());
    result.linkUp = linkIsUp(flags);
    result.loopback = flags.contains(u"LOOPBACK"_s);
    for (const QJsonValue value : object["addr_info"_L1].toArray()) {
        const QJsonObject info = value.toObject();
        const QByteArray address = networkForm(info["local"_L1].toString().toLatin1());
        if (address.isEmpty())
            continue;
        result.addressed = true;
        if (address == vip) {
            result.holdsVip = true;
        } else if (inSubnet(vip, address, info["prefixlen"_L1].toInt(128))) {
            result.inVipSubnet = true;
        }
    }
    return result;
}

const Interface* findInterface(const QList<Interface>& interfaces, auto&& condition) {
    for (const Interface& interface : interfaces) {
        if (condition(interface))
            return &interface;
    }
    return nullptr;
}

Error notAddresses(const QString& what) {
    return {ErrorCode::Protocol, u"The list of addresses could not be understood: %1."_s.arg(what), u"ip -j addr"_s,
            u"Check that iproute2 4.14 or later is installed on the node."_s};
}

// "Mon Nov 23 09:43:44 2026 691219 usec", as asctime(3) in the C locale.
std::optional<Instant> parseTimestampLine(QByteArrayView text) {
    const QStringList words = QString::fromLatin1(text).simplified().split(u' ');
    if (words.size() < 6)
        return std::nullopt;
    QDateTime time = QLocale::c().toDateTime(words.first(5).join(u' '), u"ddd MMM d HH:mm:ss yyyy"_s);
    if (!time.isValid())
        return std::nullopt;
    time.setTimeSpec(Qt::UTC);
    return Instant{std::chrono::milliseconds(time.toMSecsSinceEpoch())} + std::chrono::microseconds(words[5].toLong());
}

} // namespace

Command addressesCommand() {
    return {{u"ip"_s, u"-j"_s, u"addr"_s}, false, {}};
}

Result<VipSeen> parseAddresses(const QByteArray& json, const QString& vipAddress, const QString& ownInterface) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return std::unexpected(notAddresses(problem.errorString()));
    if (!document.isArray())
        return std::unexpected(notAddresses(u"no list"_s));

    const QByteArray vip = networkForm(vipAddress.toLatin1());
    QList<Interface> interfaces;
    for (const QJsonValue value : document.array()) {
        // Some versions of ip print an empty object for each interface that was filtered out.
        if (value.toObject().contains("ifname"_L1))
            interfaces.append(readInterface(value.toObject(), vip));
    }
    if (interfaces.isEmpty())
        return std::unexpected(notAddresses(u"no interface in it"_s));

    const Interface* holder = findInterface(interfaces, [](const Interface& i) { return i.holdsVip; });
    const Interface* own = nullptr;
    if (!ownInterface.isEmpty()) {
        own = findInterface(interfaces, [&](const Interface& i) { return i.name == ownInterface; });
        if (!own && !holder) {
            return std::unexpected(Error{ErrorCode::NotFound,
                                         u"There is no network interface %1 on the node."_s.arg(ownInterface),
                                         u"ip -j addr"_s, u"Correct `interface` of this node in the pair file."_s});
        }
    } else if (!holder) {
        own = findInterface(interfaces, [](const Interface& i) { return i.inVipSubnet && !i.loopback; });
        if (!own)
            own = findInterface(interfaces, [](const Interface& i) { return i.addressed && !i.loopback; });
    }
    VipSeen seen;
    seen.held = holder != nullptr;
    if (const Interface* const where = holder ? holder : own) {
        seen.interface = where->name;
        seen.mac = where->mac;
    }
    const Interface* linkOf = own ? own : holder;
    seen.linkUp = linkOf && linkOf->linkUp;
    return seen;
}

Command addressMonitorCommand() {
    // `exec ip monitor` would outlive the connection; cat ends with it. UTC and C, so that the stamps can be read.
    return scriptCommand("TZ=UTC LC_ALL=C; export TZ LC_ALL\n"
                         "ip -o -ts monitor address link & p=$!\n"
                         "cat >/dev/null\n"
                         "kill $p\n");
}

AddressMonitorParser::AddressMonitorParser(QString vipAddress) : vip_(networkForm(vipAddress.toLatin1())) {}

QList<AddressChange> AddressMonitorParser::feed(const QByteArray& bytes) {
    QList<AddressChange> changes;
    rest_ += bytes;
    qsizetype start = 0;
    for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n', start)) {
        if (const auto change = parseLine(QByteArrayView(rest_).sliced(start, end - start).trimmed()))
            changes.append(*change);
        start = end + 1;
    }
    rest_.remove(0, start);
    if (rest_.size() > kLongestLine)
        rest_.clear();
    return changes;
}

std::optional<AddressChange> AddressMonitorParser::parseLine(QByteArrayView line) {
    constexpr QByteArrayView stampLine = "Timestamp:";
    if (line.startsWith(stampLine)) {
        timestamp_ = parseTimestampLine(line.sliced(stampLine.size()));
        return std::nullopt;
    }
    AddressChange change;
    change.at = std::exchange(timestamp_, std::nullopt);
    if (line.startsWith('[')) {
        const qsizetype end = line.indexOf(']');
        if (end < 0)
            return std::nullopt;
        change.at = fromIso(QString(QString::fromLatin1(line.first(end).sliced(1)) + u'Z'));
        line = line.sliced(end + 1).trimmed();
    }
    QStringList words = QString::fromLatin1(line).split(u' ', Qt::SkipEmptyParts);
    const bool deleted = !words.isEmpty() && words.first() == "Deleted"_L1;
    if (deleted)
        words.removeFirst();
    if (words.size() < 3)
        return std::nullopt;
    change.interface = words[1].section(u':', 0, 0).section(u'@', 0, 0);
    if (words[2] == "inet"_L1 || words[2] == "inet6"_L1) {
        if (words.size() < 4 || vip_.isEmpty() || networkForm(words[3].section(u'/', 0, 0).toLatin1()) != vip_)
            return std::nullopt;
        change.what = deleted ? AddressChange::What::VipRemoved : AddressChange::What::VipAdded;
        return change;
    }
    if (!words[2].startsWith(u'<') || !words[2].endsWith(u'>'))
        return std::nullopt;
    const bool up = !deleted && linkIsUp(words[2].sliced(1).chopped(1).split(u','));
    change.what = up ? AddressChange::What::LinkUp : AddressChange::What::LinkDown;
    return change;
}

} // namespace mha
