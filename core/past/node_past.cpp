// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/node_past.h"

#include "docker/docker_api.h"
#include "keepalived/runtime.h"
#include "past/log_line.h"
#include "past/program_log.h"
#include "past/sections.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = Trace::Kind;

/// The Engine keeps so many events (moby's daemon/events).
constexpr qsizetype kEngineRemembers = 256;
/// A die event comes so long after the death at most (measured 8-60 ms).
constexpr Duration kDeathToEvent = 100ms;
/// Docker kills after its grace time; a signal longer before has not ended the container.
constexpr Duration kSignalBefore = 60s;
/// The line and what it tells of are so far apart at most.
constexpr Duration kReadyError = 20ms;
/// Two records of one moment.
constexpr Duration kSameMoment = 300ms;

struct Container {
    QByteArray id;
    std::optional<bool> runs;
    std::optional<Instant> startedAt;
    std::optional<Instant> finishedAt;
};

Container containerOf(const QByteArray& line) {
    const QList<QByteArray> words = line.trimmed().split(' ');
    if (words.size() < 4 || words[0].size() < 12)
        return {};
    return {words[0], words[1] == "true", fromIso(QString::fromLatin1(words[2])),
            fromIso(QString::fromLatin1(words[3]))};
}

std::optional<Kind> kindOf(const QString& action) {
    static const QHash<QString, Kind> kinds{{u"kill"_s, Kind::ContainerKilled},
                                            {u"die"_s, Kind::ContainerDied},
                                            {u"stop"_s, Kind::ContainerStopped},
                                            {u"start"_s, Kind::ContainerStarted}};
    const auto kind = kinds.constFind(action);
    return kind == kinds.constEnd() ? std::nullopt : std::optional(*kind);
}

/// Docker's events of the container, and how far back they reach.
struct EngineMemory {
    QList<Trace> traces;
    std::optional<Instant> reachesBackTo; ///< nothing: to the Engine's start
};

EngineMemory engineMemory(const QList<QByteArray>& lines, const QByteArray& id) {
    EngineMemory memory;
    for (const QByteArray& line : lines) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        const Instant at{std::chrono::microseconds(object["timeNano"_L1].toInteger() / 1000)};
        if (lines.size() >= kEngineRemembers)
            memory.reachesBackTo = std::min(memory.reachesBackTo.value_or(at), at);
        const auto event = parseEvent(line);
        const auto kind = event ? kindOf(event->action) : std::nullopt;
        if (!kind || object["Actor"_L1]["ID"_L1].toString().toLatin1() != id)
            continue;
        Trace trace{.kind = *kind, .at = event->happenedAt, .number = event->exitCode.value_or(-1)};
        if (*kind == Kind::ContainerKilled)
            trace.number = object["Actor"_L1]["Attributes"_L1]["signal"_L1].toString().toInt();
        if (*kind == Kind::ContainerDied)
            trace.earlier = kDeathToEvent;
        memory.traces.append(trace);
    }
    return memory;
}

/// Where Docker's events are known they say it better than containerd's lines.
void merge(QList<Trace>& traces, const EngineMemory& memory) {
    std::optional<Instant> since = memory.reachesBackTo;
    for (const Trace& trace : traces) {
        if (trace.kind == Kind::DockerStarted && !memory.reachesBackTo)
            since = std::max(since.value_or(trace.at), trace.at);
    }
    traces.removeIf([&](const Trace& trace) {
        const bool ofContainer = trace.kind == Kind::ContainerDied || trace.kind == Kind::ContainerStarted;
        return ofContainer && (!since || trace.at >= *since);
    });
    traces += memory.traces;
}

/// dockerd and containerd both tell one death: the first line is the nearer to it.
void dropRepeated(QList<Trace>& traces) {
    for (qsizetype i = 0; i < traces.size(); ++i) {
        const Trace first = traces[i];
        if (first.kind != Kind::ContainerDied)
            continue;
        for (qsizetype k = i + 1; k < traces.size() && traces[k].at - first.at < kSameMoment;) {
            if (traces[k].kind == Kind::ContainerDied) {
                traces.removeAt(k);
            } else {
                ++k;
            }
        }
    }
}

/// A container that was told to end may have stopped answering at once, or only at its end.
void widenBySignals(QList<Trace>& traces) {
    std::optional<Instant> signalled;
    for (Trace& trace : traces) {
        if (trace.kind == Kind::ContainerKilled && !signalled)
            signalled = trace.at;
        if (trace.kind == Kind::ContainerStarted)
            signalled.reset();
        if (trace.kind != Kind::ContainerDied)
            continue;
        if (signalled && trace.at - *signalled < kSignalBefore)
            trace.earlier = std::max<Duration>(trace.at - *signalled, Duration::zero()) + 5ms;
        signalled.reset();
    }
}

/// Docker remembers the last end and start to the microsecond.
void sharpen(QList<Trace>& traces, const Container& container) {
    for (Trace& trace : traces) {
        if (trace.kind == Kind::ContainerDied && container.finishedAt && *container.finishedAt <= trace.at &&
            trace.at - *container.finishedAt < kSameMoment) {
            const Instant earliest = trace.at - trace.earlier;
            trace.at = *container.finishedAt;
            trace.earlier = std::max<Duration>(trace.at - earliest, Duration::zero());
            trace.later = 5ms;
        }
        if (trace.kind == Kind::ContainerStarted && container.startedAt &&
            std::chrono::abs(*container.startedAt - trace.at) < kSameMoment) {
            trace.at = *container.startedAt;
            trace.later = Duration::zero();
        }
    }
}

/// Ends with the kept part of `lines`: the newest ones. True where nothing was cut off.
bool whole(const QList<QByteArray>& lines) {
    return std::ranges::any_of(lines, [](const QByteArray& line) { return line.trimmed() == "@@rc 0"; });
}

} // namespace

std::optional<NodePast> parsePast(const QByteArray& output, Instant since, const PastFilter& filter) {
    const Sections sections(output);
    if (!sections.has("end"))
        return std::nullopt;
    NodePast past;
    const auto [readAt, zone] = sections.now().value_or(NodeTime{since, {}});
    const Container container = containerOf(sections["container"].value(0));
    past.containerRuns = container.runs;

    const QList<QByteArray> lines = sections["lines"];
    std::optional<Instant> oldestRead;
    for (const QByteArray& line : lines) {
        const auto parsed = parseLogLine(line, readAt, zone);
        if (!parsed)
            continue;
        oldestRead = std::min(oldestRead.value_or(parsed->at), parsed->at);
        if (const auto trace = traceOf(*parsed, filter, container.id))
            past.traces.append(*trace);
    }
    for (const QByteArray& line : sections["signs"]) {
        if (const auto parsed = parseLogLine(line, readAt, zone))
            past.traces.append({.kind = Kind::LastSign, .at = parsed->at, .later = parsed->later});
    }
    for (const QByteArray& line : sections["ready"]) {
        if (const auto at = fromIso(QString::fromLatin1(line.split(' ').value(0))))
            past.traces.append({.kind = Kind::MilvusReady, .at = *at, .later = kReadyError});
    }
    const QList<Trace> ofProgram = programTraces(sections["program"]);
    past.traces += ofProgram;
    std::ranges::stable_sort(past.traces, {}, &Trace::at);
    dropRepeated(past.traces);
    merge(past.traces, engineMemory(sections["events"], container.id));
    past.traces.removeIf([&](const Trace& trace) { return trace.at < since; });
    std::ranges::stable_sort(past.traces, {}, &Trace::at);
    widenBySignals(past.traces);
    sharpen(past.traces, container);
    std::ranges::stable_sort(past.traces, {}, &Trace::at);

    if (const auto before = sections["before"].value(0); !before.isEmpty())
        past.stateBefore = parseKeepalivedLine(before);
    past.stateBefore = stateAt(past.stateBefore, ofProgram, since);
    if (const auto oldest = parseLogLine(sections["oldest"].value(0), readAt, zone)) {
        past.reachesBackTo = oldest->at;
        if (!whole(lines)) {
            past.reachesBackTo = std::max(oldest->at, oldestRead.value_or(readAt));
            past.problem = u"Its log since then is too long to be read whole."_s;
        } else if (oldest->at > since) {
            past.problem = u"Its log begins only at %1."_s.arg(toIso(oldest->at));
        }
    } else {
        past.problem = u"Its log cannot be read."_s;
    }
    return past;
}

} // namespace mha
