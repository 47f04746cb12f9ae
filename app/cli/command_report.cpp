// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "output.h"
#include "pdf.h"
#include "period.h"
#include "report/report.h"
#include "watching.h"

#include <QSaveFile>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// Without --since a report covers this long.
constexpr std::chrono::days kDefaultPeriod{30};
constexpr int kMostEvents = 10000;

template <typename T> QList<T> oldestFirst(QList<T> values) {
    std::ranges::reverse(values);
    return values;
}

Result<ReportModel> modelOf(const Arguments& arguments, const Pair& pair) {
    const Instant now = wallClockNow();
    const Result<Period> period = parsePeriod(arguments.since, arguments.until, now);
    if (!period)
        return std::unexpected(period.error());
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    if (!history)
        return std::unexpected(history.error());
    ReportInput input;
    input.pair = pair;
    input.now = now;
    input.until = period->until.value_or(now);
    input.from = period->since.value_or(input.until - kDefaultPeriod);
    const auto failovers = (*history)->failovers(pair.name, input.from, input.until);
    if (!failovers)
        return std::unexpected(failovers.error());
    const auto actions = (*history)->actions(pair.name, input.from, input.until);
    if (!actions)
        return std::unexpected(actions.error());
    const auto events = (*history)->events({.pair = pair.name,
                                            .since = input.from,
                                            .until = input.until,
                                            .node = {},
                                            .kind = {},
                                            .atLeast = {},
                                            .text = {},
                                            .limit = kMostEvents});
    if (!events)
        return std::unexpected(events.error());
    const auto coverage = (*history)->coverage(pair.name, input.from, input.until);
    if (!coverage)
        return std::unexpected(coverage.error());
    input.failovers = oldestFirst(*failovers);
    input.actions = oldestFirst(*actions);
    input.events = oldestFirst(*events);
    setCoverage(input, *coverage);
    return makeReport(input);
}

Result<QByteArray> format(const ReportModel& report, const QString& format) {
    if (format == u"html")
        return toHtml(report);
    if (format == u"csv")
        return toCsv(report);
    if (format == u"json")
        return toJson(report);
    return toPdf(toHtml(report));
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
    const Result<ReportModel> report = modelOf(arguments, pair);
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
