// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config_places.h"

#include "keepalived/addresses_equal.h"

#include <algorithm>

namespace mha {

bool isInstanceOf(const ConfigStatement& statement, const QString& vipAddress) {
    if (statement.keyword() != QLatin1String("vrrp_instance"))
        return false;
    return std::ranges::any_of(statement.children, [&](const ConfigStatement& block) {
        const bool addresses = block.keyword() == QLatin1String("virtual_ipaddress") ||
                               block.keyword() == QLatin1String("virtual_ipaddress_excluded");
        return addresses && std::ranges::any_of(block.children, [&](const ConfigStatement& entry) {
                   return sameAddress(addressOfEntry(entry), vipAddress);
               });
    });
}

QString addressOfEntry(const ConfigStatement& entry) {
    return entry.keyword().section(u' ', 0, 0);
}

} // namespace mha
