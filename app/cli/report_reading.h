// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "arguments.h"
#include "model/pair.h"
#include "report/report.h"

namespace mha::cli {

/// The report over the period that the arguments name, of the history that they name.
Result<ReportModel> reportOf(const Arguments& arguments, const Pair& pair);

} // namespace mha::cli
