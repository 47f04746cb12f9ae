// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/program_log.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace mha {

namespace {

using Kind = Trace::Kind;

/// It is stamped when the program has done what it tells of; to the millisecond.
constexpr Duration kStampError = std::chrono::milliseconds(2);

std::optional<Kind> kindOf(const QJsonObject& event) {
    const QString code = event[QLatin1String("code")].toString();
    if (code == u"started")
        return Kind::KeepalivedStarted;
    if (code == u"cable-lost")
        return Kind::LinkDown;
    if (code == u"cable-back")
        return Kind::LinkUp;
    if (code != u"vrrp")
        return std::nullopt;
    switch (vrrpStateFromName(event[QLatin1String("state")].toString()).value_or(VrrpState::Unknown)) {
    case VrrpState::Master:
        return Kind::BecameMaster;
    case VrrpState::Backup:
        return Kind::BecameBackup;
    case VrrpState::Fault:
        return Kind::EnteredFault;
    case VrrpState::Init: // at its end, after the addresses were taken off
        return Kind::KeepalivedStopped;
    case VrrpState::Unknown:
    case VrrpState::Stopped:
        break;
    }
    return std::nullopt;
}

} // namespace

QList<Trace> programTraces(const QList<QByteArray>& lines) {
    QList<Trace> traces;
    for (const QByteArray& line : lines) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        const auto at = fromIso(event[QLatin1String("at")].toString());
        const auto kind = kindOf(event);
        if (at && kind && event[QLatin1String("engine")].toString() == u"native")
            traces.append({.kind = *kind, .at = *at, .earlier = kStampError, .later = kStampError});
    }
    return traces;
}

} // namespace mha
