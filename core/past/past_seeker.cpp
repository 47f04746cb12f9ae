// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/past_seeker.h"

#include "observe/pair_monitor.h"
#include "past/node_past.h"
#include "past/rebuild.h"

#include <QPointer>

#include <algorithm>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// The other node is waited for so long before one alone tells what it knows.
constexpr std::chrono::seconds kAloneAfter{15};
/// What led to the state at the begin of a gap lies before it.
constexpr Duration kLookBefore = 60s;

bool ready(const NodePicture& node) {
    return node.reachable() && node.clock && (node.vrrp || node.vrrp.unknownBecause);
}

} // namespace

PastSeeker::PastSeeker(PairMonitor& monitor, QObject* parent) : QObject(parent), monitor_(monitor), alone_(this) {
    alone_.setSingleShot(true);
    connect(&alone_, &QTimer::timeout, this, &PastSeeker::tell);
    connect(&monitor_, &PairMonitor::pictureChanged, this, &PastSeeker::look);
}

void PastSeeker::seek(const PastWanted& wanted) {
    ++run_;
    wanted_ = wanted;
    asked_ = {};
    nodes_ = {};
    alone_.stop();
    look(monitor_.picture());
}

void PastSeeker::look(const Picture& picture) {
    if (wanted_.gaps.isEmpty())
        return;
    for (int node = 0; node < 2; ++node) {
        if (!asked_[std::size_t(node)] && ready(picture.nodes[std::size_t(node)]))
            ask(node, picture);
    }
}

void PastSeeker::ask(int node, const Picture& picture) {
    asked_[std::size_t(node)] = true;
    const NodePicture& seen = picture.nodes[std::size_t(node)];
    const Pair& pair = monitor_.pair();
    const Instant since = wanted_.gaps.first().from + seen.clock->offset - kLookBefore;
    const PastFilter filter{seen.vrrpConfig ? seen.vrrpConfig->instance : QString(),
                            seen.vip ? seen.vip->interface : pair.nodes[std::size_t(node)].interface};
    const Command command = pastCommand(since, pair.containerOn(pair.nodes[std::size_t(node)]));
    monitor_.link(node).exec(command, kPastDeadline,
                             [alive = QPointer(this), node, since, filter, run = run_](const Result<ExecResult>& done) {
                                 // In the link's thread, which ends before the monitor and thereby before this object.
                                 const NodePast past = parsePast(done ? done->output : QByteArray(), since, filter);
                                 QMetaObject::invokeMethod(
                                     alive.data(),
                                     [alive, node, run, past] {
                                         if (alive && alive->run_ == run)
                                             alive->take(node, past);
                                     },
                                     Qt::QueuedConnection);
                             });
}

void PastSeeker::take(int node, const NodePast& past) {
    const bool linkLost =
        past.traces.isEmpty() && !past.reachesBackTo && !monitor_.picture().nodes[std::size_t(node)].reachable();
    if (linkLost) {
        asked_[std::size_t(node)] = false; // again, once it is back
        return;
    }
    nodes_[std::size_t(node)] = past;
    if (nodes_[0] && nodes_[1])
        tell();
    else
        alone_.start(kAloneAfter);
}

void PastSeeker::tell() {
    alone_.stop();
    const int other = nodes_[0] ? 1 : 0;
    // A node that is in sight will answer yet.
    if (!nodes_[std::size_t(other)] && monitor_.picture().nodes[std::size_t(other)].reachable()) {
        alone_.start(kAloneAfter);
        return;
    }
    Q_EMIT rebuilt(rebuild({monitor_.pair(), wanted_, monitor_.picture(), nodes_, wanted_.gaps.last().until}));
    if (nodes_[0] && nodes_[1])
        wanted_.gaps.clear();
}

} // namespace mha
