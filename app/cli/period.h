// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "when.h"

#include <optional>

namespace mha::cli {

/// --since and --until; nothing: without bound.
struct Period {
    std::optional<Instant> since;
    std::optional<Instant> until;
};

/// Pure. Errors: Usage, for what is no time and for an end before the begin.
Result<Period> parsePeriod(const QString& since, const QString& until, Instant now);

} // namespace mha::cli
