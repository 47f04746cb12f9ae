// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QList>
#include <QMetaType>
#include <QString>

namespace mha {

/// Best first, so that the worse of two is the greater.
enum class VerdictLevel { Healthy, Degraded, Switching, Unknown, Down, SplitBrain, TwoWriters };

/// One finding behind a verdict. `code` is from the table of rules in observe/rules.h and in the manual.
struct Reason {
    QString code;
    QString node; ///< empty: of the pair
    QString text; ///< a sentence, with what to do where that is known
    Instant seenAt;
    bool operator==(const Reason&) const = default;
};

struct Verdict {
    VerdictLevel level = VerdictLevel::Unknown;
    QList<Reason> reasons;    ///< worst first
    QList<Reason> findings{}; ///< what should be mended though it makes no worse level, by importance
    bool operator==(const Verdict&) const = default;
};

/// "healthy", "two-writers": as in JSON.
QString verdictName(VerdictLevel level);
/// Exit code of `milvus-ha status`: 0, 1, 2, 11, 12, 13, 14.
int verdictExitCode(VerdictLevel level);

} // namespace mha

Q_DECLARE_METATYPE(mha::Verdict)
