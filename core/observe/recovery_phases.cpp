// SPDX-License-Identifier: GPL-3.0-or-later

// One outage cut into phases: where each passed, how long, and how exactly that is known.

#include "observe/recovery_marks.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

using Kind = Mark::Kind;

/// The phases that follow each other from the service's end to its return. Boundaries are pushed forward into order,
/// so that no phase is negative.
class PhaseCutter {
public:
    PhaseCutter(const Outage& outage, const std::array<QString, 2>& nodes)
        : nodes_(nodes), begin_(beginOf(outage).middle()), end_(std::max(endOf(outage).middle(), begin_)), cut_(begin_),
          error_(beginOf(outage).half()), endError_(endOf(outage).half()) {}

    void cut(const QString& name, int node, const Mark* mark) {
        if (mark != nullptr)
            cutAt(name, node, mark->at, mark->error);
    }

    /// A phase that ran while others did.
    void beside(const QString& name, int node, const Mark& from, const Mark& to) {
        const Instant begin = std::clamp(from.at, begin_, end_);
        const Instant end = std::clamp(to.at, begin, end_);
        phases_.append({name, begin - begin_, end - begin, from.error + to.error, nameOf(node), true});
    }

    void finish(const QString& name, int node) { cutAt(name, node, end_, endError_); }

    QList<Phase> take() { return std::move(phases_); }

private:
    QString nameOf(int node) const { return node < 0 ? QString() : nodes_[static_cast<std::size_t>(node)]; }

    void cutAt(const QString& name, int node, Instant at, Duration error) {
        const Instant to = std::clamp(at, cut_, end_);
        phases_.append({name, cut_ - begin_, to - cut_, error_ + error, nameOf(node)});
        cut_ = to;
        error_ = error;
    }

    const std::array<QString, 2>& nodes_;
    const Instant begin_;
    const Instant end_;
    Instant cut_;
    Duration error_; ///< of cut_
    const Duration endError_;
    QList<Phase> phases_;
};

/// The first word of the old node that it will no longer do.
const Mark* givenUp(const Outage& outage) {
    const Mark* given = nullptr;
    for (const Kind kind : {Kind::PriorityFell, Kind::LeftMaster, Kind::VipLost, Kind::KeepalivedStopped}) {
        const Mark* mark = firstMark(outage, kind, outage.from);
        if (mark != nullptr && (given == nullptr || mark->at < given->at))
            given = mark;
    }
    return given;
}

void cutMove(const Outage& outage, PhaseCutter& cutter) {
    const int from = outage.from;
    const int to = outage.to;
    const Mark* master = lastMark(outage, Kind::BecameMaster, to);
    const Mark* gained = lastMark(outage, Kind::VipGained, to);
    const Mark* started = lastMark(outage, Kind::ContainerStarted, to);
    const Mark* elected = master != nullptr ? master : gained;
    const Mark* given = givenUp(outage);
    // A VIP that leaves the old node only after the new one took it says nothing about detection, nor does a lost host.
    const bool handedOver = given != nullptr && elected != nullptr && given->at <= elected->at;
    cutter.cut(u"detection"_s, handedOver ? from : to, handedOver ? given : elected);
    if (handedOver)
        cutter.cut(u"election"_s, to, elected);
    if (master != nullptr)
        cutter.cut(u"address"_s, to, gained);
    const bool startedBefore = started != nullptr && gained != nullptr && started->at < gained->at;
    if (!startedBefore)
        cutter.cut(u"container"_s, to, started);
    cutter.finish(u"serving"_s, to);

    const Mark* vipLost = firstMark(outage, Kind::VipLost, from);
    if (vipLost != nullptr && gained != nullptr && vipLost->at < elected->at && vipLost->at < gained->at)
        cutter.beside(u"address"_s, -1, *vipLost, *gained); // nobody held it while the nodes elected
    // keepalived calls its script when it becomes MASTER: from there on Docker may start it, whether or not the VIP
    // came.
    if (startedBefore && elected != gained && elected->at <= started->at)
        cutter.beside(u"container"_s, to, *elected, *started);
}

bool dividesMove(const Outage& outage) {
    return lastMark(outage, Kind::BecameMaster, outage.to) != nullptr ||
           lastMark(outage, Kind::VipGained, outage.to) != nullptr ||
           lastMark(outage, Kind::ContainerStarted, outage.to) != nullptr;
}

} // namespace

QList<Phase> phasesOf(const Outage& outage, const std::array<QString, 2>& nodes) {
    if (outage.nextGood == outage.lastGood)
        return {};
    PhaseCutter cutter(outage, nodes);
    if (outage.from != outage.to) {
        if (!dividesMove(outage))
            return {};
        cutMove(outage, cutter);
        return cutter.take();
    }
    const Mark* started = lastMark(outage, Kind::ContainerStarted, outage.to);
    if (started == nullptr)
        return {};
    cutter.cut(u"detection"_s, outage.to, firstMark(outage, Kind::ContainerDied, outage.to));
    cutter.cut(u"container"_s, outage.to, started);
    cutter.finish(u"serving"_s, outage.to);
    return cutter.take();
}

} // namespace mha
