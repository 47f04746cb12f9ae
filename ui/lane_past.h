// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"
#include "model/event.h"
#include "ui/lane_model.h"

namespace mha {

/// The lanes of the time before this window was opened, as far as the recorded events tell. Pure.
///
/// An event says what its lane was from then on and, where only one thing can have been before, what it was until then.
/// Nothing is carried across time that no recorder covered, nor out of or into a time that was rebuilt from logs:
/// where nothing is known, it is left empty. `events` oldest first, of one pair;
/// `covered` by begin, overlaps allowed; `nodes` in the pair's order; `now` in the desktop's clock.
LanePast lanePastOf(const QList<Event>& events, const QList<Coverage>& covered, const std::array<QString, 2>& nodes,
                    Instant now);

} // namespace mha
