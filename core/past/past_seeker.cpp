// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/past_seeker.h"

#include "model/sight.h"
#include "observe/pair_monitor.h"
#include "past/node_past.h"
#include "past/rebuild.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// The other node is waited for so long before one alone tells what it knows.
constexpr std::chrono::seconds kAloneAfter{15};
/// A look that broke off is taken again after this.
constexpr std::chrono::seconds kAgainAfter{10};
/// What led to the state at the begin of a gap lies before it.
constexpr Duration kLookBefore = 60s;

/// What its log is read by is seen, or known to be unseeable.
bool ready(const NodePicture& node) {
    const auto told = [](const auto& fact) { return fact || fact.unknownBecause; };
    return node.reachable() && node.clock && told(node.vrrp) && told(node.vrrpConfig) && told(node.vip);
}

} // namespace

PastSeeker::PastSeeker(PairMonitor& monitor, QObject* parent)
    : QObject(parent), monitor_(monitor), startedAt_(wallClockNow()), alone_(this), again_(this) {
    alone_.setSingleShot(true);
    connect(&alone_, &QTimer::timeout, this, &PastSeeker::tell);
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, [this] {
        for (std::size_t node = 0; node < 2; ++node)
            asked_[node] = asked_[node] && !std::exchange(brokeOff_[node], false);
        look(monitor_.picture());
    });
    connect(&monitor_, &PairMonitor::pictureChanged, this, &PastSeeker::look);
}

void PastSeeker::seek(const PastWanted& wanted) {
    begin(wanted);
    look(monitor_.picture());
}

void PastSeeker::begin(const PastWanted& wanted) {
    ++run_;
    wanted_ = wanted;
    asked_ = {};
    nodes_ = {};
    brokeOff_ = {};
    alone_.stop();
    again_.stop();
}

void PastSeeker::watchSight(const Picture& picture) {
    for (int node = 0; node < 2; ++node) {
        Darkness& dark = darkness_[std::size_t(node)];
        const NodePicture& seen = picture.nodes[std::size_t(node)];
        if (!seen.reachable()) {
            dark.since = dark.since.value_or(std::max(seen.heardAt, startedAt_));
            if (!picture.nodes[std::size_t(1 - node)].reachable()) {
                dark.otherSince.reset();
            } else {
                dark.otherSince = dark.otherSince.value_or(picture.at);
                dark.alone = dark.alone || picture.at - *dark.otherSince > kBlink;
            }
        } else if (dark.since && ready(seen)) {
            const Coverage span{*dark.since, picture.at};
            if (dark.alone && span.until - span.from > kBlink)
                later_.append(PastWanted{.gaps = {span}, .dark = node});
            dark = {};
        }
    }
}

void PastSeeker::look(const Picture& picture) {
    watchSight(picture);
    if (wanted_.gaps.isEmpty() && !later_.isEmpty())
        begin(later_.takeFirst());
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
                                 const std::optional<NodePast> past =
                                     parsePast(done ? done->output : QByteArray(), since, filter);
                                 QMetaObject::invokeMethod(
                                     alive.data(),
                                     [alive, node, run, past] {
                                         if (alive && alive->run_ == run)
                                             alive->take(node, past);
                                     },
                                     Qt::QueuedConnection);
                             });
}

void PastSeeker::take(int node, const std::optional<NodePast>& past) {
    if (!past) {
        brokeOff_[std::size_t(node)] = true;
        again_.start(kAgainAfter);
        return;
    }
    nodes_[std::size_t(node)] = past;
    if (nodes_[0] && nodes_[1]) {
        tell();
    } else {
        alone_.start(kAloneAfter);
    }
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
