// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/observation.h"

#include <QByteArray>

namespace mha {

/// `ip -j addr`: the addresses and link states of a node, whole.
Command addressesCommand();
/// Pure: does the node hold the VIP, and where? `ownInterface` (may be empty) is the one whose link matters; empty: the
/// interface that holds the VIP, else one with a subnet that has the VIP in it, else the first with an address.
Result<VipSeen> parseAddresses(const QByteArray& json, const QString& vipAddress, const QString& ownInterface);

/// A stream of address and link changes, `ip -o -ts monitor address link` in UTC, which ends with its connection.
Command addressMonitorCommand();

/// One change of the VIP or of a link.
struct AddressChange {
    enum class What { VipAdded, VipRemoved, LinkUp, LinkDown } what = What::VipAdded;
    QString interface;
    std::optional<Instant> at; ///< node clock, from the stream's timestamp where there is one
    bool operator==(const AddressChange&) const = default;
};

/// Pure apart from the partial line it keeps: bytes of the stream in, changes out. Understands the stamps of -ts
/// ("[2026-01-02T03:04:05.678901] …") and of -t ("Timestamp: …" on a line of its own), both taken as UTC.
class AddressMonitorParser {
public:
    explicit AddressMonitorParser(QString vipAddress);
    QList<AddressChange> feed(const QByteArray& bytes);

private:
    std::optional<AddressChange> parseLine(QByteArrayView line);

    QByteArray vip_; ///< network form
    QByteArray rest_;
    std::optional<Instant> timestamp_;
};

} // namespace mha
