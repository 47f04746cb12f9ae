// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/time.h"

#include <QString>

namespace mha::cli {

/// Pure: a point in time as an operator types it. ISO 8601 ("2026-01-02T03:04:05Z", or a date alone: its begin, UTC),
/// or an age with a unit (s, m, h, d, w: "90s", "2h", "7d") before `now`. Error: Usage.
Result<Instant> parseWhen(const QString& text, Instant now);

/// Pure: a point in time to come. ISO 8601 with a zone ("2026-01-02T03:04:05+01:00", "…Z"), or a plus and an age as
/// above
/// ("+30m"). Error: Usage; also where it is past.
Result<Instant> parseFuture(const QString& text, Instant now);

} // namespace mha::cli
