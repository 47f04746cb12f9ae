// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mha {

/// Pure: the same IPv4 or IPv6 address, prefix lengths left aside? "fd00::1/64" equals "fd00:0::1".
bool sameAddress(const QString& one, const QString& other);

/// Pure: the address in its one usual form, without a prefix length; "" for what is none.
QString canonicalAddress(const QString& text);

} // namespace mha
