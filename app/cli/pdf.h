// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"

#include <QByteArray>

namespace mha::cli {

/// The report that this program was asked for, as PDF: by the program milvus-ha-pdf beside this one, with the same
/// arguments, so that no other command has to load Qt's graphics. Error: NotFound where that program is not installed.
Result<QByteArray> printedReport();

} // namespace mha::cli
