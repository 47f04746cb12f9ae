// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_sample.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha::sample {

namespace {

constexpr double kHour = 3600.0;
constexpr double kDay = 24 * kHour;

StepRecord step(const QString& name, StepState state, double from, double until, const QString& detail) {
    return {name, state, at(from), at(until), detail};
}

QList<Phase> phasesOf(double recoverySeconds, bool planned) {
    const QList<QPair<QString, double>> shares = planned ? QList<QPair<QString, double>>{{u"detection"_s, 0.15},
                                                                                         {u"election"_s, 0.15},
                                                                                         {u"address"_s, 0.02},
                                                                                         {u"container"_s, 0.18},
                                                                                         {u"serving"_s, 0.5}}
                                                         : QList<QPair<QString, double>>{{u"detection"_s, 0.42},
                                                                                         {u"election"_s, 0.14},
                                                                                         {u"address"_s, 0.01},
                                                                                         {u"container"_s, 0.13},
                                                                                         {u"serving"_s, 0.3}};
    QList<Phase> phases;
    Duration start{};
    for (const auto& [name, share] : shares) {
        const Duration duration = fromSeconds(recoverySeconds * share);
        phases.append({name, start, duration, 20ms});
        start += duration;
    }
    return phases;
}

} // namespace

Instant at(double seconds) {
    return *fromIso(u"2026-03-01T00:00:00Z") + fromSeconds(seconds);
}

Pair pair() {
    Pair pair;
    pair.name = u"milvus-prod"_s;
    pair.vip = u"192.168.1.104/24"_s;
    pair.rto = std::chrono::duration<double>(5.0);
    pair.nodes[0] = {.name = u"master"_s, .host = u"192.168.1.85"_s, .identity = u"/home/ann/.ssh/id_secret"_s};
    pair.nodes[1] = {.name = u"backup"_s, .host = u"192.168.1.38"_s};
    return pair;
}

Failover failover(double atSeconds, double recoverySeconds) {
    return {.pair = u"milvus-prod"_s,
            .kind = FailoverKind::Failover,
            .trigger = u"container-died"_s,
            .from = u"master"_s,
            .to = u"backup"_s,
            .startedAt = at(atSeconds),
            .endedAt = at(atSeconds + recoverySeconds),
            .error = 30ms,
            .phases = phasesOf(recoverySeconds, false)};
}

Failover switchover(double atSeconds, double recoverySeconds) {
    return {.pair = u"milvus-prod"_s,
            .kind = FailoverKind::Switchover,
            .trigger = u"planned"_s,
            .from = u"backup"_s,
            .to = u"master"_s,
            .startedAt = at(atSeconds),
            .endedAt = at(atSeconds + recoverySeconds),
            .error = 20ms,
            .phases = phasesOf(recoverySeconds, true),
            .operatorName = u"ann@desk"_s,
            .reason = u"kernel update on backup"_s};
}

ActionRecord action(double atSeconds, Outcome outcome) {
    ActionRecord record{.pair = u"milvus-prod"_s,
                        .kind = u"switchover"_s,
                        .from = u"backup"_s,
                        .to = u"master"_s,
                        .owner = u"ann@desk"_s,
                        .reason = u"kernel update on backup"_s,
                        .startedAt = at(atSeconds),
                        .endedAt = at(atSeconds + 9),
                        .outcome = outcome,
                        .text = u"Milvus serves on master."_s,
                        .outage = 3200ms};
    record.steps = {
        step(u"Stop Milvus on backup"_s, StepState::Done, atSeconds, atSeconds + 1.2, u"stopped in 1.2 s"_s),
        step(u"Prove that Milvus is stopped on backup"_s, StepState::Done, atSeconds + 1.2, atSeconds + 1.3,
             u"the container does not run and port 19530 is closed"_s),
        step(u"Start Milvus on master"_s, StepState::Done, atSeconds + 1.3, atSeconds + 1.9, u"started"_s),
        step(u"Wait for the VIP on master"_s, StepState::Done, atSeconds + 1.9, atSeconds + 3.0,
             u"the VIP is on master and nowhere else"_s),
        step(u"Wait until Milvus serves on master"_s, StepState::Done, atSeconds + 3.0, atSeconds + 3.3,
             u"Milvus answers through the VIP"_s),
        step(u"Verify the pair"_s, StepState::Done, atSeconds + 3.3, atSeconds + 9.0,
             u"one node holds the VIP, one runs Milvus"_s)};
    if (outcome == Outcome::RolledBack) {
        record.text = u"Milvus on master did not serve within 30 s. It serves on backup again."_s;
        record.outage = 38s;
        record.endedAt = at(atSeconds + 45);
        record.steps[0].state = StepState::Undone;
        record.steps[2].state = StepState::Undone;
        record.steps[4] = step(u"Wait until Milvus serves on master"_s, StepState::Failed, atSeconds + 3.0,
                               atSeconds + 33.0, u"Milvus on master did not serve through the VIP within 30 s."_s);
        record.steps[5] = {u"Verify the pair"_s, StepState::Skipped, {}, {}, {}};
    }
    return record;
}

Event event(double atSeconds, const QString& code, Severity severity) {
    return {.at = at(atSeconds),
            .pair = u"milvus-prod"_s,
            .node = u"master"_s,
            .kind = EventKind::Milvus,
            .severity = severity,
            .code = code,
            .text = u"It was told that %1."_s.arg(code)};
}

ReportInput quietDay() {
    return {.pair = pair(),
            .from = at(0),
            .until = at(kDay),
            .now = at(kDay),
            .failovers = {},
            .actions = {},
            .events = {},
            .covered = {{at(0), at(kDay)}}};
}

ReportInput busyWeek() {
    ReportInput input = quietDay();
    input.until = input.now = at(7 * kDay);
    input.covered = {{at(0.2 * kDay), at(2.6 * kDay)}, {at(2.9 * kDay), at(7 * kDay)}};
    Failover inPlace = failover(3.4 * kDay, 1.8);
    inPlace.to = inPlace.from;
    Failover lost = failover(5.1 * kDay, 7.4);
    lost.trigger = u"host-lost"_s;
    Failover back = switchover(4.2 * kDay, 0.0);
    back.kind = FailoverKind::Failback;
    Failover rebuilt = failover(2.7 * kDay, 4.6);
    rebuilt.source = u"reconstructed"_s;
    rebuilt.error = 900ms;
    input.failovers = {failover(0.9 * kDay, 4.4),    switchover(1.1 * kDay, 3.2), rebuilt, inPlace, back, lost,
                       switchover(5.6 * kDay, 38.0), switchover(6.1 * kDay, 3.1)};
    input.actions = {action(1.1 * kDay, Outcome::Done), action(5.6 * kDay, Outcome::RolledBack),
                     action(6.1 * kDay, Outcome::Done)};
    input.events = {event(0.9 * kDay, u"container-died"_s, Severity::Error),
                    event(0.9 * kDay + 0.2, u"vip-silent"_s, Severity::Error),
                    event(0.9 * kDay + 2.1, u"vip-lost"_s),
                    event(0.9 * kDay + 2.4, u"vip-acquired"_s),
                    event(0.9 * kDay + 4.4, u"vip-answers"_s),
                    event(3.4 * kDay, u"clock-off"_s, Severity::Warning),
                    event(5.1 * kDay, u"node-lost"_s, Severity::Error)};
    return input;
}

ReportInput many(int count) {
    ReportInput input = quietDay();
    input.until = input.now = at(30 * kDay);
    input.covered = {{input.from, input.until}};
    for (int i = 0; i < count; ++i) {
        const double when = (i + 0.5) * 30 * kDay / count;
        const double recovery = 3.0 + (i * 37 % 100) / 40.0 + (i % 97 == 50 ? 6.0 : 0.0);
        input.failovers.append(i % 4 == 3 ? switchover(when, recovery * 0.7) : failover(when, recovery));
    }
    return input;
}

} // namespace mha::sample
