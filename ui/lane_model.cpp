// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_model.h"

#include "ui/wording.h"

#include <algorithm>

namespace mha {

namespace {

/// Seen in this session: what is from before it says nothing about now.
template <typename T> bool seenNow(const NodePicture& node, const Fact<T>& fact) {
    return node.reachable() && fact && fact.seenAt >= node.upSince;
}

} // namespace

LaneModel::LaneModel() {
    clear();
}

void LaneModel::clear() {
    lanes_ = {};
    lanes_[ThroughVip].title = tr("Through the VIP");
    const std::array<QString, kLanesPerNode> titles{tr("VRRP"), tr("VIP"), tr("Container"), tr("Milvus")};
    for (int node = 0; node < 2; ++node) {
        for (int i = 0; i < kLanesPerNode; ++i) {
            Lane& lane = lanes_.at(static_cast<std::size_t>(FirstOfNode + node * kLanesPerNode + i));
            lane.title = titles.at(static_cast<std::size_t>(i));
            lane.node = node;
        }
    }
    begun_ = false;
    open_ = false;
    end_ = {};
}

LaneModel::Look LaneModel::throughVip(const Picture& picture) {
    if (!picture.vipProbe)
        return {LaneMark::Unknown, tr("unknown")};
    return picture.vipProbe->good ? Look{LaneMark::Good, tr("answers")} : Look{LaneMark::Bad, tr("no answer")};
}

LaneModel::Look LaneModel::vrrp(const NodePicture& node) {
    if (!seenNow(node, node.vrrp) || node.vrrp->state == VrrpState::Unknown)
        return {LaneMark::Unknown, tr("unknown")};
    const QString word = Wording::vrrpState(node.vrrp->state);
    if (!node.vrrp->running)
        return {LaneMark::Bad, tr("not running")};
    switch (node.vrrp->state) {
    case VrrpState::Master:
        return {LaneMark::Good, word};
    case VrrpState::Backup:
        return {LaneMark::Idle, word};
    case VrrpState::Init:
        return {LaneMark::Busy, word};
    case VrrpState::Fault:
    case VrrpState::Stopped:
    case VrrpState::Unknown:
        break;
    }
    return {LaneMark::Bad, word};
}

LaneModel::Look LaneModel::vip(const NodePicture& node) {
    if (!seenNow(node, node.vip))
        return {LaneMark::Unknown, tr("unknown")};
    if (node.vip->held)
        return {LaneMark::Good, tr("here")};
    return node.vip->linkUp ? Look{LaneMark::Idle, tr("not here")} : Look{LaneMark::Bad, tr("network link down")};
}

LaneModel::Look LaneModel::container(const NodePicture& node) {
    if (!seenNow(node, node.container))
        return {LaneMark::Unknown, tr("unknown")};
    const QString word = Wording::containerState(node.container->state);
    switch (node.container->state) {
    case ContainerState::Running:
        return {LaneMark::Good, word};
    case ContainerState::Exited:
    case ContainerState::Created:
        return {LaneMark::Idle, word};
    case ContainerState::Paused:
    case ContainerState::Restarting:
        return {LaneMark::Busy, word};
    case ContainerState::Missing:
    case ContainerState::Dead:
        break;
    }
    return {LaneMark::Bad, word};
}

LaneModel::Look LaneModel::serving(const NodePicture& node) {
    if (!seenNow(node, node.milvus))
        return {LaneMark::Unknown, tr("unknown")};
    if (node.milvus->serving)
        return {LaneMark::Good, tr("serving")};
    // A running container whose Milvus does not serve yet is on its way; a closed port beside a stopped one is at rest.
    const bool running = node.container && node.container->state == ContainerState::Running;
    return running ? Look{LaneMark::Busy, tr("not serving yet")} : Look{LaneMark::Idle, tr("not running")};
}

void LaneModel::add(const Picture& picture) {
    tick(picture.at);
    begun_ = true;
    open_ = true;
    put(ThroughVip, picture.at, throughVip(picture));
    for (int i = 0; i < 2; ++i) {
        const NodePicture& node = picture.nodes.at(static_cast<std::size_t>(i));
        const int first = FirstOfNode + i * kLanesPerNode;
        put(first, picture.at, vrrp(node));
        put(first + 1, picture.at, vip(node));
        put(first + 2, picture.at, container(node));
        put(first + 3, picture.at, serving(node));
    }
}

void LaneModel::put(int lane, Instant at, Look look) {
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
    spans.append({at, std::max(at, end_), look.mark, std::move(look.text)});
    if (spans.size() > kMostSpans)
        spans.removeFirst();
}

void LaneModel::tick(Instant now) {
    if (!begun_ || now <= end_) {
        end_ = std::max(end_, now);
        return;
    }
    if (now - end_ > kGapAfter)
        open_ = false;
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
