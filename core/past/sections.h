// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <optional>

namespace mha {

/// A node's clock and its zone.
struct NodeTime {
    Instant at;
    Duration utcOffset{};
};

/// Pure: what a script of this folder prints, in its parts. A line "@@past NAME" begins one; what follows the name
/// there is the part's first line. Empty lines are left out.
class Sections {
public:
    explicit Sections(const QByteArray& output);

    bool has(const QByteArray& name) const { return lines_.contains(name); }

    QList<QByteArray> operator[](const QByteArray& name) const { return lines_.value(name); }

    /// The part "now", as `date '+%s.%N %z'` prints it.
    std::optional<NodeTime> now() const;

private:
    QHash<QByteArray, QList<QByteArray>> lines_;
};

} // namespace mha
