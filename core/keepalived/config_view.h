// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/config_document.h"

namespace mha {

/// Pure: the statements as keepalived takes them on a node of that config id: those whose condition does not hold are
/// gone, and "$NAME" and "${NAME}" are replaced by what was defined before, where that is one line without a block.
/// For reading only: the spans are those of the written statements.
QList<ConfigStatement> effectiveStatements(const QList<ConfigStatement>& written, const QString& configId);

} // namespace mha
