// SPDX-License-Identifier: GPL-3.0-or-later
#include "period.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

Result<Period> parsePeriod(const QString& since, const QString& until, Instant now) {
    Period period;
    for (const auto& [text, bound] : {std::pair(&since, &period.since), std::pair(&until, &period.until)}) {
        if (text->isEmpty())
            continue;
        const Result<Instant> at = parseWhen(*text, now);
        if (!at)
            return std::unexpected(at.error());
        *bound = *at;
    }
    if (period.since && period.until && *period.until < *period.since) {
        return std::unexpected(
            Error{ErrorCode::Usage, u"The period ends before it begins."_s, {}, u"Exchange --since and --until."_s});
    }
    return period;
}

} // namespace mha::cli
