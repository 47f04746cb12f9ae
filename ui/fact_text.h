// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QString>

namespace mha {

/// One row of a node card in words. Pure.
struct FactText {
    Tone tone = Tone::Unknown;
    QString value;  ///< "MASTER", "unknown", "was running"
    QString detail; ///< the second line: numbers, or why it is not known
    QString whole;  ///< tool tip: all of it, uncut
    Instant seenAt;
    bool known = false;
    bool old = false; ///< seen, but not of now
    QString more{};   ///< a third line, of VRRP: who speaks it, its timers and counters

    bool operator==(const FactText&) const = default;
};

class FactWords {
    Q_DECLARE_TR_FUNCTIONS(FactWords)

public:
    static FactText vrrp(const NodePicture& node, Instant now);
    static FactText container(const NodePicture& node, Instant now);
    static FactText milvus(const NodePicture& node, Instant now);
    static FactText storage(const NodePicture& node, Instant now);
    /// The link's state as a sentence: what it is, and since when.
    static FactText link(const NodePicture& node, Instant now);
};

} // namespace mha
