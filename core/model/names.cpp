// SPDX-License-Identifier: GPL-3.0-or-later

// The stable names of the model's enums, as in JSON, the history and reports.

#include "model/action.h"
#include "model/coverage.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/observation.h"
#include "model/verdict.h"

#include <span>

namespace mha {

namespace {

template <typename E> struct NameRow {
    E value;
    const char* name;
    int exitCode = 0;
};

template <typename E> const NameRow<E>& rowOf(std::span<const NameRow<E>> rows, E value) {
    for (const NameRow<E>& row : rows) {
        if (row.value == value)
            return row;
    }
    return rows.front();
}

template <typename E> QString nameOf(std::span<const NameRow<E>> rows, E value) {
    return QString::fromLatin1(rowOf(rows, value).name);
}

template <typename E> std::optional<E> valueOf(std::span<const NameRow<E>> rows, QStringView name) {
    for (const NameRow<E>& row : rows) {
        if (name == QLatin1String(row.name))
            return row.value;
    }
    return std::nullopt;
}

constexpr NameRow<VerdictLevel> kVerdicts[] = {
    {VerdictLevel::Healthy, "healthy", 0},
    {VerdictLevel::Degraded, "degraded", 1},
    {VerdictLevel::Switching, "switching", 2},
    {VerdictLevel::Unknown, "unknown", 11},
    {VerdictLevel::Down, "down", 12},
    {VerdictLevel::SplitBrain, "split-brain", 13},
    {VerdictLevel::TwoWriters, "two-writers", 14},
};

constexpr NameRow<EventKind> kEventKinds[] = {
    {EventKind::Link, "link"},           {EventKind::Vip, "vip"},         {EventKind::Vrrp, "vrrp"},
    {EventKind::Container, "container"}, {EventKind::Milvus, "milvus"},   {EventKind::Storage, "storage"},
    {EventKind::Clock, "clock"},         {EventKind::Verdict, "verdict"}, {EventKind::Failover, "failover"},
    {EventKind::Operation, "operation"}, {EventKind::Config, "config"},
};

constexpr NameRow<Severity> kSeverities[] = {
    {Severity::Info, "info"}, {Severity::Warning, "warning"}, {Severity::Error, "error"}};

constexpr NameRow<FailoverKind> kFailoverKinds[] = {{FailoverKind::Failover, "failover"},
                                                    {FailoverKind::Switchover, "switchover"},
                                                    {FailoverKind::Failback, "failback"}};

constexpr NameRow<StepState> kStepStates[] = {
    {StepState::Waiting, "waiting"}, {StepState::Running, "running"}, {StepState::Done, "done"},
    {StepState::Failed, "failed"},   {StepState::Undone, "undone"},   {StepState::Skipped, "skipped"},
};

constexpr NameRow<Outcome> kOutcomes[] = {
    {Outcome::Running, "running", 0},        {Outcome::Done, "done", 0},
    {Outcome::Refused, "refused", 20},       {Outcome::RolledBack, "rolled-back", 21},
    {Outcome::Incomplete, "incomplete", 22}, {Outcome::Interrupted, "interrupted", 23},
};

constexpr NameRow<VrrpState> kVrrpStates[] = {
    {VrrpState::Unknown, "unknown"}, {VrrpState::Init, "INIT"},   {VrrpState::Backup, "BACKUP"},
    {VrrpState::Master, "MASTER"},   {VrrpState::Fault, "FAULT"}, {VrrpState::Stopped, "stopped"},
};

constexpr NameRow<ContainerState> kContainerStates[] = {
    {ContainerState::Missing, "missing"},
    {ContainerState::Created, "created"},
    {ContainerState::Running, "running"},
    {ContainerState::Paused, "paused"},
    {ContainerState::Restarting, "restarting"},
    {ContainerState::Exited, "exited"},
    {ContainerState::Dead, "dead"},
};

constexpr NameRow<LinkState> kLinkStates[] = {
    {LinkState::Connecting, "connecting"}, {LinkState::Up, "up"},
    {LinkState::Silent, "silent"},         {LinkState::Down, "down"},
    {LinkState::Refused, "refused"},
};

constexpr NameRow<LinkStep> kLinkSteps[] = {
    {LinkStep::Resolve, "resolve"}, {LinkStep::Connect, "tcp"},      {LinkStep::HostKey, "host key"},
    {LinkStep::SignIn, "auth"},     {LinkStep::Command, "commands"},
};

constexpr NameRow<ScriptUse> kScriptUses[] = {
    {ScriptUse::Check, "check"},
    {ScriptUse::NotifyMaster, "notify_master"},
    {ScriptUse::NotifyBackup, "notify_backup"},
    {ScriptUse::NotifyFault, "notify_fault"},
    {ScriptUse::NotifyStop, "notify_stop"},
    {ScriptUse::Notify, "notify"},
};

constexpr NameRow<Subject> kSubjects[] = {
    {Subject::Vip, "vip"},
    {Subject::Vrrp, "vrrp"},
    {Subject::VrrpConfig, "vrrp-config"},
    {Subject::Container, "container"},
    {Subject::Milvus, "milvus"},
    {Subject::Storage, "storage"},
    {Subject::Clock, "clock"},
    {Subject::Program, "program"},
};

constexpr NameRow<CoverageSource> kCoverageSources[] = {{CoverageSource::Observed, "observed"},
                                                        {CoverageSource::Reconstructed, "reconstructed"},
                                                        {CoverageSource::Lost, "lost"}};

template <typename E, std::size_t N> std::span<const NameRow<E>> table(const NameRow<E> (&rows)[N]) {
    return rows;
}

} // namespace

QString verdictName(VerdictLevel level) {
    return nameOf(table(kVerdicts), level);
}

int verdictExitCode(VerdictLevel level) {
    return rowOf(table(kVerdicts), level).exitCode;
}

QString eventKindName(EventKind kind) {
    return nameOf(table(kEventKinds), kind);
}

std::optional<EventKind> eventKindFromName(QStringView name) {
    return valueOf(table(kEventKinds), name);
}

QString severityName(Severity severity) {
    return nameOf(table(kSeverities), severity);
}

std::optional<Severity> severityFromName(QStringView name) {
    return valueOf(table(kSeverities), name);
}

QString failoverKindName(FailoverKind kind) {
    return nameOf(table(kFailoverKinds), kind);
}

std::optional<FailoverKind> failoverKindFromName(QStringView name) {
    return valueOf(table(kFailoverKinds), name);
}

QString stepStateName(StepState state) {
    return nameOf(table(kStepStates), state);
}

QString outcomeName(Outcome outcome) {
    return nameOf(table(kOutcomes), outcome);
}

std::optional<Outcome> outcomeFromName(QStringView name) {
    return valueOf(table(kOutcomes), name);
}

int outcomeExitCode(Outcome outcome) {
    return rowOf(table(kOutcomes), outcome).exitCode;
}

QString vrrpStateName(VrrpState state) {
    return nameOf(table(kVrrpStates), state);
}

std::optional<VrrpState> vrrpStateFromName(QStringView name) {
    return valueOf(table(kVrrpStates), name);
}

QString containerStateName(ContainerState state) {
    return nameOf(table(kContainerStates), state);
}

std::optional<ContainerState> containerStateFromName(QStringView name) {
    return valueOf(table(kContainerStates), name);
}

QString coverageSourceName(CoverageSource source) {
    return nameOf(table(kCoverageSources), source);
}

std::optional<CoverageSource> coverageSourceFromName(QStringView name) {
    return valueOf(table(kCoverageSources), name);
}

QString linkStateName(LinkState state) {
    return nameOf(table(kLinkStates), state);
}

std::optional<LinkState> linkStateFromName(QStringView name) {
    return valueOf(table(kLinkStates), name);
}

QString linkStepName(LinkStep step) {
    return nameOf(table(kLinkSteps), step);
}

std::optional<LinkStep> linkStepFromName(QStringView name) {
    return valueOf(table(kLinkSteps), name);
}

QString scriptUseName(ScriptUse use) {
    return nameOf(table(kScriptUses), use);
}

std::optional<ScriptUse> scriptUseFromName(QStringView name) {
    return valueOf(table(kScriptUses), name);
}

QString subjectName(Subject subject) {
    return nameOf(table(kSubjects), subject);
}

std::optional<Subject> subjectFromName(QStringView name) {
    return valueOf(table(kSubjects), name);
}

} // namespace mha
