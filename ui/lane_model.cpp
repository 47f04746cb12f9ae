// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_model.h"

#include <algorithm>

namespace mha {

LaneModel::LaneModel() {
    clear();
}

void LaneModel::clear() {
    ++revision_;
    lanes_ = {};
    sameSince_ = {};
    lanes_[ThroughVip].title = tr("Through the VIP");
    const std::array<QString, kLanesPerNode> titles{tr("VRRP"), tr("VIP"), tr("Container"), tr("Milvus")};
    for (int node = 0; node < 2; ++node) {
        auto lane = lanes_.begin() + (FirstOfNode + static_cast<std::ptrdiff_t>(node) * kLanesPerNode);
        for (const QString& title : titles) {
            lane->title = title;
            lane->node = node;
            ++lane;
        }
    }
    begun_ = false;
    open_ = false;
    end_ = {};
}

void LaneModel::add(const Picture& picture) {
    tick(picture.at);
    if (!begun_)
        begunAt_ = picture.at;
    begun_ = true;
    open_ = true;
    put(ThroughVip, picture.at, LaneLooks::throughVip(picture));
    for (int i = 0; i < 2; ++i) {
        const NodePicture& node = picture.nodes.at(static_cast<std::size_t>(i));
        const int first = FirstOfNode + i * kLanesPerNode;
        put(first, picture.at, LaneLooks::vrrp(node));
        put(first + 1, picture.at, LaneLooks::vip(node));
        put(first + 2, picture.at, LaneLooks::container(node));
        put(first + 3, picture.at, LaneLooks::serving(node));
    }
}

void LaneModel::put(int lane, Instant at, LaneLook look) {
    QList<LaneSpan>& spans = lanes_.at(static_cast<std::size_t>(lane)).spans;
    if (!spans.isEmpty()) {
        // A picture may be a little older than the last tick: it is read in a sensor's thread, the tick is not.
        LaneSpan& last = spans.last();
        at = std::max(at, last.from);
        if (last.until >= at && last.mark == look.mark && last.text == look.text)
            return;
        last.until = std::min(last.until, at);
        if (last.from == at)
            spans.removeLast();
    }
    ++revision_;
    spans.append({at, std::max(at, end_), look.mark, std::move(look.text)});
    fillBefore(lane);
    if (spans.size() > kMostSpans)
        spans.removeFirst();
}

void LaneModel::setPast(const LanePast& past) {
    ++revision_;
    for (int lane = 0; lane < kLanes; ++lane) {
        const auto index = static_cast<std::size_t>(lane);
        QList<LaneSpan> before = past.spans.at(index);
        QList<LaneSpan>& spans = lanes_.at(index).spans;
        forgetPast(spans);
        const Instant seen = spans.isEmpty() ? Instant::max() : spans.first().from;
        before.removeIf([seen](const LaneSpan& span) { return span.from >= seen; });
        if (!before.isEmpty())
            before.last().until = std::min(before.last().until, seen);
        spans = before + spans;
        sameSince_.at(index) = past.sameSince.at(index);
        fillBefore(lane);
    }
}

/// Leaves what we saw ourselves.
void LaneModel::forgetPast(QList<LaneSpan>& spans) const {
    if (!begun_)
        return spans.clear();
    while (!spans.isEmpty() && spans.first().from < begunAt_ && spans.first().until <= begunAt_)
        spans.removeFirst();
    if (!spans.isEmpty())
        spans.first().from = std::max(spans.first().from, begunAt_);
}

/// The first thing that we know of a lane has been so since the recorder's first sight of it, or an event would say so.
void LaneModel::fillBefore(int lane) {
    std::optional<Instant>& since = sameSince_.at(static_cast<std::size_t>(lane));
    QList<LaneSpan>& spans = lanes_.at(static_cast<std::size_t>(lane)).spans;
    const auto known = [](const LaneSpan& span) { return span.mark != LaneMark::Unknown; };
    const auto first = std::ranges::find_if(spans, known);
    if (!since || first == spans.end())
        return;
    LaneSpan filled = *first;
    filled.from = *since;
    filled.until = spans.first().from;
    since.reset();
    if (filled.from < filled.until)
        spans.prepend(filled);
}

void LaneModel::tick(Instant now) {
    if (!begun_ || now <= end_) {
        end_ = std::max(end_, now);
        return;
    }
    if (now - end_ > kGapAfter) {
        open_ = false;
        ++revision_;
    }
    end_ = now;
    if (open_) {
        for (Lane& lane : lanes_) {
            if (!lane.spans.isEmpty())
                lane.spans.last().until = now;
        }
    }
    forget(now - kKept);
}

void LaneModel::forget(Instant before) {
    for (Lane& lane : lanes_) {
        while (!lane.spans.isEmpty() && lane.spans.first().until < before)
            lane.spans.removeFirst();
    }
}

const LaneSpan* LaneModel::at(int lane, Instant when) const {
    const QList<LaneSpan>& spans = lanes_.at(static_cast<std::size_t>(lane)).spans;
    for (qsizetype i = spans.size() - 1; i >= 0; --i) {
        const LaneSpan& span = spans.at(i);
        if (span.from <= when && (when < span.until || (i == spans.size() - 1 && when == span.until)))
            return &span;
    }
    return nullptr;
}

Instant LaneModel::neighbour(int lane, Instant when, int direction) const {
    const QList<LaneSpan>& spans = lanes_.at(static_cast<std::size_t>(lane)).spans;
    if (direction > 0) {
        const auto next = std::ranges::find_if(spans, [&](const LaneSpan& span) { return span.from > when; });
        return next == spans.end() ? when : next->from;
    }
    for (qsizetype i = spans.size() - 1; i >= 0; --i) {
        if (spans.at(i).from < when)
            return spans.at(i).from;
    }
    return when;
}

} // namespace mha
