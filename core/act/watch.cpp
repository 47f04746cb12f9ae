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
        if (!seenNow(node, node.container))
            unseen += node.name;
        else if (mayWrite(*node.container.value))
            runs += node.name;
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
