// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "output.h"
#include "pdf.h"
#include "report_reading.h"

#include <QSaveFile>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> format(const ReportModel& report, const QString& format) {
    if (format == u"html")
        return toHtml(report);
    if (format == u"csv")
        return toCsv(report);
    if (format == u"json")
        return toJson(report);
    return printedReport();
}

Result<void> write(const QByteArray& bytes, const QString& fileName) {
    if (fileName == u"-") {
        printBytes(bytes);
        return {};
    }
    QSaveFile file(fileName); // whole or not at all
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return std::unexpected(Error{ErrorCode::Storage, u"The report cannot be written: %1."_s.arg(file.errorString()),
                                 fileName, u"Name a file in a folder that you may write to."_s});
}

} // namespace

int runReport(const Arguments& arguments, const Pair& pair) {
    const Result<ReportModel> report = reportOf(arguments, pair);
    if (!report)
        return fail(report.error(), arguments.json, &pair);
    const Result<QByteArray> bytes = format(*report, arguments.format);
    if (!bytes)
        return fail(bytes.error(), arguments.json, &pair);
    if (const Result<void> written = write(*bytes, arguments.output); !written)
        return fail(written.error(), arguments.json, &pair);
    if (arguments.output == u"-")
        return 0;
    if (arguments.json) {
        printJson({{u"pair"_s, pair.name},
                   {u"format"_s, arguments.format},
                   {u"output"_s, arguments.output},
                   {u"bytes"_s, bytes->size()}});
    } else {
        printLine(u"%1: %2 failovers, %3 planned."_s.arg(arguments.output, QString::number(report->failovers.size()),
                                                         QString::number(report->planned)));
    }
    return 0;
}

} // namespace mha::cli
