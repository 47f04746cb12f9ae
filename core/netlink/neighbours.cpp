// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/neighbours.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace mha {

using namespace Qt::StringLiterals;

Command neighbourCommand(const QString& address) {
    return {{u"ip"_s, u"-j"_s, u"neigh"_s, u"show"_s, u"to"_s, address}, false, {}};
}

std::optional<QString> parseNeighbour(const QByteArray& json, const QString& address) {
    if (json.trimmed().isEmpty())
        return QString(); // older versions print nothing in place of an empty list
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isArray())
        return std::nullopt;
    for (const QJsonValue value : document.array()) {
        const QJsonObject entry = value.toObject();
        const bool failed = entry["state"_L1].toArray().contains(u"FAILED"_s);
        if (entry["dst"_L1].toString() == address && !failed && entry.contains("lladdr"_L1))
            return entry["lladdr"_L1].toString().toLower();
    }
    return QString();
}

QString neighbourFromArpTable(const QByteArray& table, const QString& address) {
    constexpr int kComplete = 0x2; // ATF_COM of <linux/if_arp.h>
    for (const QByteArray& line : table.split('\n')) {
        const QList<QByteArray> words =
            line.simplified().split(' '); // address, type, flags, hardware address, mask, device
        if (words.size() < 6 || QString::fromLatin1(words[0]) != address)
            continue;
        if ((words[2].toInt(nullptr, 16) & kComplete) != 0)
            return QString::fromLatin1(words[3]).toLower();
    }
    return {};
}

} // namespace mha
