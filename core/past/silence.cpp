// SPDX-License-Identifier: GPL-3.0-or-later

// What follows from the records of both nodes together.

#include "past/story.h"

#include <algorithm>

namespace mha {

using namespace std::chrono_literals;

namespace {

using Kind = Trace::Kind;

/// A node that steps back because of the other does so this soon after it.
constexpr Duration kStepsBack = 1500ms;
/// What explains a takeover came so long before it at most, on top of the time in which a master is given up.
constexpr Duration kExplainedBefore = 8s;
/// A host whose log ends so soon after its link did not lose the link alone.
constexpr Duration kDiedWithLink = 3s;
/// keepalived's timers are late by so much under load.
constexpr Duration kTimerError = 50ms;

/// RFC 3768 6.1 in seconds, RFC 5798 6.1 where adverts come more often than once a second: what version 2 cannot do.
Duration masterDown(const StoryNode& backup) {
    const Duration second = 1s;
    const Duration unit = backup.advertInterval < second ? backup.advertInterval : second;
    return 3 * backup.advertInterval + (256 - backup.priority) * unit / 256;
}

void insert(QList<Trace>& traces, const Trace& trace) {
    traces.insert(std::ranges::upper_bound(traces, trace.at, {}, &Trace::at), trace);
}

/// Did the old master give up, or was it told to, around the takeover?
bool explained(const StoryNode& old, Instant takeover, Duration window) {
    return std::ranges::any_of(old.traces, [&](const Trace& trace) {
        const bool gaveUp = trace.kind == Kind::BecameBackup || trace.kind == Kind::EnteredFault ||
                            trace.kind == Kind::KeepalivedStopped || trace.kind == Kind::KeepalivedKilled ||
                            trace.kind == Kind::ShutDown;
        return gaveUp && trace.at >= takeover - window && trace.at <= takeover + kStepsBack;
    });
}

void inferTakeovers(Story& story, std::size_t taker) {
    const StoryNode& backup = story.nodes[taker];
    StoryNode& old = story.nodes[1 - taker];
    const Duration down = masterDown(backup);
    QList<Trace> silences;
    for (const Trace& trace : backup.traces) {
        if (trace.kind != Kind::BecameMaster || explained(old, trace.at, down + kExplainedBefore))
            continue;
        const bool wasMaster = old.read ? stateAt(old.stateBefore, old.traces, trace.at) == VrrpState::Master
                                        : stateAt(backup.stateBefore, backup.traces, trace.at) == VrrpState::Backup;
        if (!wasMaster)
            continue;
        // The last advert was heard when the timer was set; the end came before the next one was due.
        Instant earliest = trace.at - down - kTimerError;
        const Instant latest = trace.at - down + backup.advertInterval + kTimerError;
        for (const Trace& sign : old.traces) {
            if (sign.kind == Kind::LastSign && sign.at > earliest && sign.at < latest)
                earliest = sign.at;
        }
        const Duration half = (latest - earliest) / 2;
        silences.append({.kind = Kind::Silent, .at = earliest + half, .earlier = half, .later = half});
    }
    for (const Trace& silence : silences)
        insert(old.traces, silence);
}

/// Every boot has an end before it: in order, with the link, as a takeover showed, or some time after the last line.
void inferEnds(StoryNode& node) {
    std::optional<Instant> lastSign;
    Instant lastBoot{};
    for (qsizetype i = 0; i < node.traces.size(); ++i) {
        const Trace trace = node.traces[i];
        if (trace.kind == Kind::LastSign)
            lastSign = trace.at;
        if (trace.kind != Kind::Booted)
            continue;
        const Instant since = lastBoot;
        lastBoot = trace.at;
        if (!lastSign)
            continue;
        const Instant sign = *lastSign;
        lastSign.reset();
        const auto known = std::ranges::any_of(node.traces, [&](const Trace& one) {
            return (one.kind == Kind::Silent || one.kind == Kind::ShutDown) && one.at > since && one.at < trace.at &&
                   one.at + one.later >= sign - kDiedWithLink;
        });
        const auto link = std::ranges::find_if(node.traces, [&](const Trace& one) {
            return one.kind == Kind::LinkDown && one.at >= sign - kDiedWithLink && one.at < trace.at;
        });
        const bool withLink = link != node.traces.end();
        if (withLink && known) {
            node.traces.erase(link); // of the same end
            --i;
        } else if (withLink) {
            link->kind = Kind::Silent;
        }
        if (known || withLink)
            continue;
        const Duration half = (trace.at - sign) / 2;
        insert(node.traces, {.kind = Kind::Silent, .at = sign + half, .earlier = half, .later = half});
        ++i;
    }
}

} // namespace

void inferSilence(Story& story) {
    inferTakeovers(story, 0);
    inferTakeovers(story, 1);
    for (StoryNode& node : story.nodes)
        inferEnds(node);
}

} // namespace mha
