// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/config_tokens.h"
#include "model/error.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace mha {

struct ConfigStatement;

// The FAULT flag: a file that keepalived tracks with weight 0, so that anything but 0 in it puts the instance into
// FAULT at once (keepalived.conf(5), track_file). FAULT sends an advert of priority 0, after which the other node takes
// over within its skew time alone (RFC 9568 6.4.3) instead of three adverts and the skew.

inline const QString kFaultFlagName = QStringLiteral("milvus_ha");
/// In /run: after a restart of the node there is no flag, whatever was there before.
inline const QString kFaultFlagPath = QStringLiteral("/run/milvus-ha.fault");

/// Maintenance of the node: owner, the end in seconds since 1970 by the node's clock, and the reason, a line each. Read
/// by the look at keepalived and by milvus-ha-node.
inline const QString kMaintenancePath = QStringLiteral("/run/milvus-ha.maintenance");

/// Pure: does this instance track the FAULT flag with weight 0? `statements` are those of the whole file, definitions
/// put in and conditions decided.
bool tracksFaultFlag(const QList<ConfigStatement>& statements, const ConfigStatement& instance);

/// Pure: the file with the FAULT flag tracked by the instance that carries `vipAddress`; the same text where it is
/// already. Nothing else changes. Error: no such instance in the file itself (an included one is not written to), or
/// the text is no keepalived.conf. `configId`: what "@…" conditions are compared with.
Result<QByteArray> withFaultFlag(const QByteArray& text, const QString& vipAddress, const QString& configId);

/// Pure: the file without what withFaultFlag adds, in every instance; the same text where there is nothing of it.
Result<QByteArray> withoutFaultFlag(const QByteArray& text);

} // namespace mha
