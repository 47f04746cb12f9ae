// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QList>

#include <optional>

namespace mha {

/// Thins out the answers of the VIP for the reducer: while nothing changes at most one per kProbeToldEvery, but of each
/// change both sides, the last good and the first bad answer, the last bad and the first good one, with their exact
/// times. Pure: time is in the observations.
inline constexpr std::chrono::milliseconds kProbeToldEvery{500};

class ProbeFilter {
public:
    /// Takes a sighting of VipProbeSeen and returns what is to be told now, oldest first.
    QList<Observation> pass(const Observation& seen);

private:
    std::optional<bool> good_; ///< of the last one taken
    Instant toldAt_;
    QString toldDetail_;
    QString toldVersion_;
    std::optional<Observation> heldBack_; ///< newest one that was not told
};

} // namespace mha
