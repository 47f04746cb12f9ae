// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>
#include <QString>

namespace mha {

/// Pure: what keepalived.conf says about the instance that carries `vipAddress` (keepalived.conf(5)). The password is
/// never read out. Error: no instance has that VIP, or the text is no keepalived.conf.
Result<VrrpConfigSeen> parseKeepalivedConfig(const QByteArray& text, const QString& vipAddress);

} // namespace mha
