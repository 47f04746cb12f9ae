// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/config_document.h"

namespace mha {

/// Pure: is it a vrrp_instance that carries this address? Of effective statements (config_view.h).
bool isInstanceOf(const ConfigStatement& statement, const QString& vipAddress);

/// Pure: an entry of an address list, whose words may have come as one out of a definition.
QString addressOfEntry(const ConfigStatement& entry);

} // namespace mha
