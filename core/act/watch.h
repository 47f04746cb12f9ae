// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/picture.h"

#include <chrono>
#include <functional>
#include <optional>

namespace mha {

// What the runner looks for in pictures. All pure.

using PictureCondition = std::function<bool(const Picture&)>;

const NodePicture& nodeOf(const Picture& picture, int node);

/// Is this fact of the present session of a node in sight? What was seen before a lost link says nothing about now.
template <typename T> bool seenNow(const NodePicture& node, const Fact<T>& fact) {
    return node.reachable() && fact && fact.seenAt >= node.upSince;
}

/// May a process in this container write to the shared folder? A paused one may, once it is continued.
bool mayWrite(const ContainerSeen& container);
/// The VIP is seen on `node` and seen not to be on the other; both nodes in sight.
bool holdsAlone(const Picture& picture, int node);
/// A question through the VIP, asked after `since`, was answered well while `node` held the VIP.
bool servesThrough(const Picture& picture, int node, Instant since);
/// Nothing in the picture says that two nodes write or hold the VIP, or that nobody serves.
bool noAlarm(const Picture& picture);
/// Where Milvus runs and who holds the VIP, in one or two true sentences.
QString whereNow(const Picture& picture, const Pair& pair);
/// Why a node is out of sight, of the first one that is; nothing where both are seen.
std::optional<Error> outOfSight(const Picture& picture);
/// What the operator does next after a run that did not end well; `home` is the node that should serve.
QString wayOn(const Picture& picture, const Pair& pair, int home);
/// " (exit code 1)", or nothing where it is not known.
QString exitText(const Picture& picture, int node);
/// The deadline that the plan gives to its step of this kind.
std::chrono::milliseconds deadlineOf(const Plan& plan, StepKind kind);

/// True once a condition has held without a break for a time.
class Held {
public:
    explicit Held(std::chrono::milliseconds time) : time_(time) {}

    bool update(bool holds, Instant now);

private:
    std::chrono::milliseconds time_;
    std::optional<Instant> since_;
};

} // namespace mha
