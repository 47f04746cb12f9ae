// SPDX-License-Identifier: GPL-3.0-or-later

// milvus-ha-pdf: called by `milvus-ha report --format pdf` with its own arguments; the report as PDF on standard
// output.

#include "arguments.h"
#include "output.h"
#include "pair_choice.h"
#include "print/report_pdf.h"
#include "report_reading.h"

#include <QGuiApplication>

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen"); // it has nothing to show
    const QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(u"milvus-ha"_s); // whose folders it reads
    const Parsed parsed = parseArguments(QGuiApplication::arguments());
    if (!parsed.arguments)
        return fail({ErrorCode::Usage, parsed.wrong, {}, u"See `milvus-ha report --help`."_s}, parsed.json);
    const Result<Pair> pair = choosePair(parsed.arguments->pairFile, configFolder());
    if (!pair)
        return fail(pair.error(), false);
    const Result<ReportModel> report = reportOf(*parsed.arguments, *pair);
    if (!report)
        return fail(report.error(), false, &*pair);
    printBytes(toPdf(*report));
    return 0;
}
