// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_finding.h"

#include "history/history.h"
#include "observe/rules.h"
#include "watching.h"

#include <QFileInfo>

#include <algorithm>

namespace mha::cli {

std::optional<Reason> historyFinding(const QList<Coverage>& spans, Instant now) {
    if (spans.isEmpty())
        return std::nullopt;
    QList<SeenSpan> seen;
    Instant first = now;
    for (const Coverage& span : spans) {
        if (span.source != CoverageSource::Lost)
            seen.append({span.from, span.until});
        first = std::min(first, span.from);
    }
    return judgeHistory(seen, std::max<Instant>(now - kHistoryLookedAt, first), now);
}

std::optional<Reason> historyFinding(const Arguments& arguments, const Pair& pair, Instant now) {
    const QString file = arguments.historyFile.isEmpty() ? History::defaultFileName() : arguments.historyFile;
    if (!QFileInfo::exists(file))
        return std::nullopt;
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    if (!history)
        return std::nullopt;
    const Result<QList<Coverage>> coverage = (*history)->coverage(pair.name, now - kHistoryLookedAt, now);
    return coverage ? historyFinding(*coverage, now) : std::nullopt;
}

} // namespace mha::cli
