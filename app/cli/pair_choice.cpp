// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_choice.h"

#include <QDir>
#include <QStandardPaths>

namespace mha::cli {

using namespace Qt::StringLiterals;

QString configFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/milvus-ha"_s;
}

Result<Pair> choosePair(const QString& fileName, const QString& folder) {
    if (!fileName.isEmpty())
        return loadPair(fileName);
    const QStringList files = QDir(folder).entryList({u"*.toml"_s}, QDir::Files, QDir::Name);
    if (files.size() == 1)
        return loadPair(QDir(folder).filePath(files.first()));
    if (files.isEmpty()) {
        return std::unexpected(Error{
            ErrorCode::Usage, u"There is no pair file in %1."_s.arg(folder), {}, u"Name one with --pair FILE."_s});
    }
    return std::unexpected(Error{ErrorCode::Usage,
                                 u"There are several pair files in %1: %2."_s.arg(folder, files.join(u", "_s)),
                                 {},
                                 u"Name one with --pair FILE."_s});
}

} // namespace mha::cli
