// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

#include <array>
#include <chrono>

namespace mha {

/// How a span is meant; each has a pattern of its own, so that colour is not needed.
enum class LaneMark { Good, Idle, Busy, Bad, Unknown };

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
    /// Lets the open spans grow to `now` and forgets what is too old.
    void tick(Instant now);

    const std::array<Lane, kLanes>& lanes() const { return lanes_; }

    Instant end() const { return end_; }

    bool empty() const { return !begun_; }

    /// The span of a lane at a time, or nullptr.
    const LaneSpan* at(int lane, Instant when) const;
    /// Where a lane's next (+1) or previous (-1) span begins from `when`; `when` itself where there is none.
    Instant neighbour(int lane, Instant when, int direction) const;

private:
    struct Look {
        LaneMark mark = LaneMark::Unknown;
        QString text;
    };

    static Look throughVip(const Picture& picture);
    static Look vrrp(const NodePicture& node);
    static Look vip(const NodePicture& node);
    static Look container(const NodePicture& node);
    static Look serving(const NodePicture& node);
    void put(int lane, Instant at, Look look);
    void forget(Instant before);

    std::array<Lane, kLanes> lanes_;
    Instant end_;
    bool begun_ = false;
    bool open_ = false; ///< the last spans grow with time
};

} // namespace mha
