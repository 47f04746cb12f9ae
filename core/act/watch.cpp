// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/watch.h"

#include <QStringList>

namespace mha {

using namespace Qt::StringLiterals;

const NodePicture& nodeOf(const Picture& picture, int node) {
    return picture.nodes[static_cast<std::size_t>(node)];
}

bool mayWrite(const ContainerSeen& container) {
    return container.state == ContainerState::Running || container.state == ContainerState::Paused ||
           container.state == ContainerState::Restarting;
}

bool holdsAlone(const Picture& picture, int node) {
    const NodePicture& holder = nodeOf(picture, node);
    const NodePicture& other = nodeOf(picture, 1 - node);
    return seenNow(holder, holder.vip) && holder.vip->held && seenNow(other, other.vip) && !other.vip->held;
}

bool servesThrough(const Picture& picture, int node, Instant since) {
    const NodePicture& holder = nodeOf(picture, node);
    return picture.vipProbe && picture.vipProbe->good && picture.vipProbe->askedAt > since &&
           seenNow(holder, holder.vip) && holder.vip->held;
}

bool noAlarm(const Picture& picture) {
    switch (picture.verdict.level) {
    case VerdictLevel::Healthy:
    case VerdictLevel::Degraded:
    case VerdictLevel::Switching:
        return true;
    case VerdictLevel::Unknown:
    case VerdictLevel::Down:
    case VerdictLevel::SplitBrain:
    case VerdictLevel::TwoWriters:
        return false;
    }
    return false;
}

QString whereNow(const Picture& picture, const Pair& pair) {
    QStringList runs;
    QStringList unseen;
    QStringList holders;
    for (const NodePicture& node : picture.nodes) {
        if (!seenNow(node, node.container)) {
            unseen += node.name;
        } else if (mayWrite(*node.container.value)) {
            runs += node.name;
        }
        if (seenNow(node, node.vip) && node.vip->held)
            holders += node.name;
    }
    QString text =
        runs.isEmpty() ? u"Milvus is seen running on no node"_s : u"Milvus runs on %1"_s.arg(runs.join(u" and "_s));
    text += holders.isEmpty() ? u", the VIP %1 is seen on no node."_s.arg(pair.vipAddress())
                              : u", the VIP %1 is on %2."_s.arg(pair.vipAddress(), holders.join(u" and "_s));
    if (!unseen.isEmpty())
        text += u" What runs on %1 cannot be seen."_s.arg(unseen.join(u" and "_s));
    return text;
}

std::optional<Error> outOfSight(const Picture& picture) {
    for (const NodePicture& node : picture.nodes) {
        if (node.reachable())
            continue;
        const Error why = node.link.error.value_or(Error{ErrorCode::Unreachable, {}, {}, {}});
        return Error{why.code, u"out of sight. "_s + why.text, node.name, why.remedy};
    }
    return std::nullopt;
}

QString wayOn(const Picture& picture, const Pair& pair, int home) {
    const auto name = [&](int node) { return pair.nodes[static_cast<std::size_t>(node)].name; };
    QList<int> runs;
    for (int node = 0; node < 2; ++node) {
        const NodePicture& seen = nodeOf(picture, node);
        if (!seen.reachable()) {
            const NodePicture& other = nodeOf(picture, 1 - node);
            const bool otherRuns = seenNow(other, other.container) && mayWrite(*other.container.value);
            const QString look = u"Restore the connection to %1 and look at `milvus-ha status`."_s.arg(name(node));
            return otherRuns
                       ? look
                       : look + u" Do not start Milvus on %1 before it is proved stopped on %2; where %2 is off for "
                                "good, `milvus-ha takeover --to %1` makes %1 serve."_s.arg(name(1 - node), name(node));
        }
        if (seenNow(seen, seen.container) && mayWrite(*seen.container.value))
            runs += node;
    }
    if (runs.size() == 2)
        return u"Stop Milvus at once on the node that does not hold the VIP."_s;
    if (runs.isEmpty() && (nodeOf(picture, 0).hasProgram() || nodeOf(picture, 1).hasProgram())) {
        return u"See on both nodes with `milvus-ha-node status` why it does not start it; where one is held, "
               "`milvus-ha-node clear` lets it."_s;
    }
    if (runs.isEmpty()) {
        const QList<int> holders = picture.holders();
        const int best = holders.size() == 1 ? holders.first() : home;
        return u"Start it on %1 (`docker start %2`) once you have seen that it does not run on %3."_s.arg(
            name(best), pair.containerOn(pair.nodes[static_cast<std::size_t>(best)]), name(1 - best));
    }
    return u"Look at `milvus-ha status` and mend what is said above."_s;
}

QString exitText(const Picture& picture, int node) {
    const Fact<ContainerSeen>& container = nodeOf(picture, node).container;
    return container && container->exitCode ? u" (exit code %1)"_s.arg(*container->exitCode) : QString();
}

std::chrono::milliseconds deadlineOf(const Plan& plan, StepKind kind) {
    for (const PlanStep& step : plan.steps) {
        if (step.kind == kind)
            return step.deadline;
    }
    return std::chrono::seconds(10);
}

bool Held::update(bool holds, Instant now) {
    if (!holds) {
        since_.reset();
        return false;
    }
    if (!since_)
        since_ = now;
    return now - *since_ >= time_;
}

} // namespace mha
