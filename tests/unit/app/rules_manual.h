// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mha {

/// The manual page milvus-ha-rules(7), made from the table of rules.
QString rulesManual();

} // namespace mha
