// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "past/trace.h"

#include <QByteArray>
#include <QList>

namespace mha {

/// Pure: what milvus-ha-node's own history (milvus-ha-node(8), node.jsonl) says of VRRP, where VRRP was its own; what
/// it steered keepalived to do is in keepalived's log. Times are the node's. A line that is none is passed over.
QList<Trace> programTraces(const QList<QByteArray>& lines);

} // namespace mha
