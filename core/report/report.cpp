// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include "model/redaction.h"
#include "report/availability.h"
#include "report/spans.h"

#include <algorithm>

namespace mha {

namespace {

/// Keeps what is of the pair and touches the period, oldest first.
template <typename T, typename Begin, typename End>
QList<T> inPeriod(const QList<T>& all, const QString& pair, const Span& period, Begin begin, End end) {
    QList<T> kept;
    for (const T& one : all) {
        const bool ours = one.pair.isEmpty() || one.pair == pair;
        if (ours && begin(one) <= period.second && end(one) >= period.first)
            kept.append(one);
    }
    std::ranges::stable_sort(kept, {}, begin);
    return kept;
}

/// Milvus fell silent and nobody saw it answer again, for as long as somebody watched. An outage that was seen to end
/// is not among them, it is a failover or was none, unless only logs tell how it began. `report` has its events, by the
/// reducer's codes, and its failovers.
QList<Span> unendedOutages(const ReportModel& report, const QList<Span>& covered) {
    QList<Span> result;
    std::optional<Instant> answeredAt;
    for (auto event = report.events.rbegin(); event != report.events.rend(); ++event) {
        if (event->code == QLatin1String("vip-answers"))
            answeredAt = event->at;
        if (event->code != QLatin1String("vip-silent"))
            continue;
        const auto watched = std::ranges::find_if(
            covered, [&](const Span& span) { return span.first <= event->at && event->at < span.second; });
        const bool told = std::ranges::any_of(report.failovers, [&](const Failover& failover) {
            return failover.startedAt <= event->at && event->at <= failover.endedAt;
        });
        if (watched == covered.end() || told)
            continue;
        const bool ended = answeredAt && *answeredAt <= watched->second;
        // One that began before anybody watched has no failover of its own, and ends where it was seen to.
        if (ended && event->source != QLatin1String("reconstructed"))
            continue;
        result.append({event->at, ended ? *answeredAt : watched->second});
    }
    return joined(result, {report.from, report.until});
}

void count(ReportModel& report) {
    QList<Duration> recoveries;
    for (const Failover& failover : report.failovers) {
        ++(failover.planned() ? report.planned : report.unplanned);
        if (failover.recovery() > report.rto)
            ++report.rtoMissed;
        if (failover.recovery() > Duration::zero())
            recoveries.append(failover.recovery());
    }
    if (const auto all = percentilesOf(recoveries)) {
        report.median = all->p50;
        report.worst = all->worst;
    }
    report.unplannedRecovery = recoveryPercentiles(report.failovers, false);
    report.plannedRecovery = recoveryPercentiles(report.failovers, true);
}

/// Once, for every format: what a format prints has passed here.
void redact(ReportModel& report) {
    for (Failover& failover : report.failovers)
        failover.reason = redacted(failover.reason);
    for (ActionRecord& action : report.actions) {
        action.reason = redacted(action.reason);
        action.text = redacted(action.text);
        for (StepRecord& step : action.steps)
            step.detail = redacted(step.detail);
    }
    for (Event& event : report.events)
        event.text = redacted(event.text);
}

} // namespace

void setCoverage(ReportInput& input, const QList<Coverage>& spans) {
    for (const Coverage& span : spans) {
        if (span.source != CoverageSource::Lost)
            input.covered.append({span.from, span.until});
        if (span.source == CoverageSource::Reconstructed)
            input.reconstructed.append({span.from, span.until});
    }
}

ReportModel makeReport(const ReportInput& input) {
    const Instant until = std::min(input.until, input.now);
    const Span period{std::min(input.from, until), until};

    ReportModel report;
    report.pair = input.pair.name;
    report.vip = input.pair.vip;
    report.from = period.first;
    report.until = period.second;
    report.madeAt = input.now;
    report.rto = std::chrono::round<Duration>(input.pair.rto);
    report.target = input.target;
    report.failovers = inPeriod(
        input.failovers, report.pair, period, [](const Failover& failover) { return failover.startedAt; },
        [](const Failover& failover) { return failover.endedAt; });
    report.actions = inPeriod(
        input.actions, report.pair, period, [](const ActionRecord& action) { return action.startedAt; },
        [](const ActionRecord& action) { return action.endedAt.value_or(action.startedAt); });
    const auto at = [](const Event& event) { return event.at; };
    report.events = inPeriod(input.events, report.pair, period, at, at);
    count(report);

    const QList<Span> covered = joined(input.covered, period);
    report.covered = length(covered);
    report.reconstructed = length(joined(input.reconstructed, period));
    report.gaps = rest(covered, period);
    report.unended = unendedOutages(report, covered);
    const AvailabilitySpan whole = availabilityOf(report);
    report.outage = whole.outage;
    report.plannedOutage = whole.plannedOutage;
    report.availability = whole.availability;
    redact(report);
    return report;
}

} // namespace mha
