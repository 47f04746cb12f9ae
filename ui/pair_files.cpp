// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_files.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace mha {

QString pairFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/milvus-ha"_s;
}

QList<PairFile> pairFilesIn(const QString& folder) {
    QList<PairFile> files;
    const QDir dir(folder);
    for (const QString& name : dir.entryList({u"*.toml"_s}, QDir::Files, QDir::Name)) {
        const QString fileName = dir.filePath(name);
        files.append({fileName, loadPair(fileName)});
    }
    return files;
}

Result<QString> savePair(const Pair& pair, const QString& folder) {
    const auto failed = [](const QString& what, const QString& where) {
        return std::unexpected(
            Error{ErrorCode::Storage, what, where,
                  QCoreApplication::translate("PairFiles", "Check that the folder may be written.")});
    };
    const QDir dir(folder);
    if (!dir.mkpath(u"."_s))
        return failed(QCoreApplication::translate("PairFiles", "The folder of the pair files cannot be created."),
                      folder);
    static const QRegularExpression unfit(u"[^A-Za-z0-9._-]+"_s);
    const QString stem = QString(pair.name).replace(unfit, u"-"_s);
    QString name = stem + u".toml"_s;
    for (int i = 2; dir.exists(name); ++i)
        name = u"%1-%2.toml"_s.arg(stem).arg(i);
    QSaveFile file(dir.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(toToml(pair)) < 0 || !file.commit())
        return failed(
            QCoreApplication::translate("PairFiles", "The pair file cannot be written: %1.").arg(file.errorString()),
            file.fileName());
    return file.fileName();
}

} // namespace mha
