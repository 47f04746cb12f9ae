// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"

#include <QList>

namespace mha {

/// A pair file of the config folder and what reading it gave.
struct PairFile {
    QString fileName;
    Result<Pair> pair;
};

/// The platform's config folder for pair files.
QString pairFolder();
/// Every *.toml of a folder, by name.
QList<PairFile> pairFilesIn(const QString& folder);
/// Writes a pair into a new file of the folder, named after the pair; the file's name. Never overwrites.
Result<QString> savePair(const Pair& pair, const QString& folder);

} // namespace mha
