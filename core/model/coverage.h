// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QMetaType>
#include <QString>

#include <optional>

namespace mha {

enum class CoverageSource {
    Observed,      ///< a recorder saw the pair
    Reconstructed, ///< nobody did, but both nodes' logs reach back over it and have been read
    Lost,          ///< looked for in the logs, which do not reach back so far: a gap for ever
};

/// A span of time and what is known of it. Availability is never computed outside of observed and reconstructed ones.
struct Coverage {
    Instant from;
    Instant until;
    CoverageSource source = CoverageSource::Observed;
    bool operator==(const Coverage&) const = default;
};

QString coverageSourceName(CoverageSource source);
std::optional<CoverageSource> coverageSourceFromName(QStringView name);

} // namespace mha
