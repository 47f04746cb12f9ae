// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"

#include <QByteArray>

namespace mha::cli {

/// The HTML report printed as PDF, by the program milvus-ha-pdf beside this one: so that no other command has to load
/// Qt's graphics. Error: NotFound where that program is not installed.
Result<QByteArray> toPdf(const QByteArray& html);

} // namespace mha::cli
