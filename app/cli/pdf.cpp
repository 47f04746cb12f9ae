// SPDX-License-Identifier: GPL-3.0-or-later
#include "pdf.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPrintMs = 60000;

QString printer() {
    const QString here = QCoreApplication::applicationDirPath();
    for (const QString& name : {here + u"/milvus-ha-pdf"_s, here + u"/../libexec/milvus-ha/milvus-ha-pdf"_s}) {
        if (QFileInfo(name).isExecutable())
            return name;
    }
    return {};
}

} // namespace

Result<QByteArray> printedReport() {
    const QString program = printer();
    if (program.isEmpty()) {
        return std::unexpected(Error{ErrorCode::NotFound,
                                     u"The program that prints PDF, milvus-ha-pdf, is not installed."_s,
                                     {},
                                     u"Install it beside milvus-ha, or write --format html and print that."_s});
    }
    QProcess process;
    process.start(program, QCoreApplication::arguments().mid(1), QIODevice::ReadOnly);
    const bool ended =
        process.waitForFinished(kPrintMs) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    QByteArray pdf = process.readAllStandardOutput();
    if (!ended || !pdf.startsWith("%PDF")) {
        const QString said = QString::fromUtf8(process.readAllStandardError()).trimmed();
        return std::unexpected(Error{ErrorCode::Internal, u"The report could not be printed as PDF: %1"_s.arg(said),
                                     program, u"Write --format html and print that."_s});
    }
    return pdf;
}

} // namespace mha::cli
