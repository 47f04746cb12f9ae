// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"

class QSqlDatabase;
class QSqlError;

namespace mha {

/// Brings an open database to the newest schema (PRAGMA user_version), step by step in one transaction. A file of a
/// newer program is refused.
Result<void> upgradeSchema(QSqlDatabase& database, const QString& fileName);

/// The last failure of a query as an error for the operator.
Error sqlError(const QSqlError& error, const QString& fileName);

} // namespace mha
