// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"

namespace mha::cli {

/// The platform's folder for pair files.
QString configFolder();

/// The pair that `fileName` states; with an empty name the only *.toml in `folder`. Errors: Usage where none or several
/// are there, BadPairFile.
Result<Pair> choosePair(const QString& fileName, const QString& folder);

} // namespace mha::cli
