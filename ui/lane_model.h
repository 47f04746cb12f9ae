// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lane_look.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

#include <array>
#include <chrono>
#include <optional>

namespace mha {

/// A stretch of time in which one fact did not change. Half open: [from, until).
struct LaneSpan {
    Instant from;
    Instant until;
    LaneMark mark = LaneMark::Unknown;
    QString text;
    bool operator==(const LaneSpan&) const = default;
};

struct Lane {
    QString title;
    int node = -1;         ///< -1: of the pair
    QList<LaneSpan> spans; ///< oldest first, not overlapping; a gap is time in which nothing was watched
};

struct LanePast;

/// What the last hour looked like, as lanes of spans: one lane through the VIP, four a node. Pure: pictures and the
/// time are handed in. Bounded in time and in number.
class LaneModel {
    Q_DECLARE_TR_FUNCTIONS(LaneModel)

public:
    static constexpr std::chrono::minutes kKept{60};
    static constexpr int kMostSpans = 2000;
    /// The program itself stood still (suspended): what nobody watched is left empty.
    static constexpr std::chrono::seconds kGapAfter{5};

    enum LaneIndex { ThroughVip, FirstOfNode };

    static constexpr int kLanesPerNode = 4;
    static constexpr int kLanes = 1 + 2 * kLanesPerNode;

    LaneModel();

    void clear();
    void add(const Picture& picture);
    /// What was recorded before the first picture, in place of what was given before. Where the two overlap, what was
    /// seen by us counts.
    void setPast(const LanePast& past);
    /// Lets the open spans grow to `now` and forgets what is too old.
    void tick(Instant now);

    const std::array<Lane, kLanes>& lanes() const { return lanes_; }

    Instant end() const { return end_; }

    bool empty() const { return !begun_; }

    /// The span of a lane at a time, or nullptr.
    const LaneSpan* at(int lane, Instant when) const;
    /// Where a lane's next (+1) or previous (-1) span begins from `when`; `when` itself where there is none.
    Instant neighbour(int lane, Instant when, int direction) const;

    /// Another one whenever the lanes are other than by the passing of time.
    quint64 revision() const { return revision_; }

private:
    void put(int lane, Instant at, LaneLook look);
    void fillBefore(int lane);
    void forgetPast(QList<LaneSpan>& spans) const;
    void forget(Instant before);

    std::array<Lane, kLanes> lanes_;
    quint64 revision_ = 0;
    std::array<std::optional<Instant>, kLanes> sameSince_; ///< of the past, not yet filled
    Instant begunAt_;                                      ///< the first picture
    Instant end_;
    bool begun_ = false;
    bool open_ = false; ///< the last spans grow with time
};

/// The lanes' spans of the time before the first picture.
struct LanePast {
    std::array<QList<LaneSpan>, LaneModel::kLanes> spans; ///< oldest first, not overlapping
    /// Since when a lane that no event speaks of has been what it is now: a recorder watched all that time.
    std::array<std::optional<Instant>, LaneModel::kLanes> sameSince;
};

} // namespace mha
