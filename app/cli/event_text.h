// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"

#include <QList>
#include <QStringList>

namespace mha::cli {

/// Pure: one line an event: time, severity where it is not info, node, text, code.
QString eventText(const Event& event, bool colours);
/// Pure: failovers as a table with a head, or a sentence where there are none.
QStringList failoverTable(const QList<Failover>& failovers);

} // namespace mha::cli
