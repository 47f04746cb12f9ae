// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wording.h"

#include "observe/rules.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha {

namespace {

QDateTime local(Instant at) {
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count());
}

} // namespace

QString Wording::verdict(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Healthy:
        return tr("Healthy");
    case VerdictLevel::Degraded:
        return tr("Degraded");
    case VerdictLevel::Switching:
        return tr("Switching");
    case VerdictLevel::Unknown:
        return tr("Unknown");
    case VerdictLevel::Down:
        return tr("Down");
    case VerdictLevel::SplitBrain:
        return tr("Split brain");
    case VerdictLevel::TwoWriters:
        return tr("Two writers");
    }
    return tr("Unknown");
}

QString Wording::whoServes(const Picture& picture) {
    const QString active =
        picture.active >= 0 ? picture.nodes.at(static_cast<std::size_t>(picture.active)).name : QString();
    const QString both = tr("%1 and %2").arg(picture.nodes[0].name, picture.nodes[1].name);
    switch (picture.verdict.level) {
    case VerdictLevel::Healthy:
    case VerdictLevel::Degraded:
        return active.isEmpty() ? tr("nobody is known to serve") : tr("%1 serves").arg(active);
    case VerdictLevel::Switching:
        if (picture.operation && picture.operation->running)
            return tr("from %1 to %2").arg(picture.operation->from, picture.operation->to);
        return active.isEmpty() ? tr("the VIP is moving") : tr("%1 served last").arg(active);
    case VerdictLevel::Unknown:
        return active.isEmpty() ? tr("who serves is not known") : tr("%1 served last").arg(active);
    case VerdictLevel::Down:
        return active.isEmpty() ? tr("nobody serves") : tr("nobody serves, %1 did last").arg(active);
    case VerdictLevel::SplitBrain:
        return picture.holders().size() == 2 ? tr("%1 both hold the VIP").arg(both)
                                             : tr("who holds the VIP is disputed");
    case VerdictLevel::TwoWriters:
        return tr("Milvus runs on %1").arg(both);
    }
    return {};
}

QString Wording::safety(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Healthy:
        return tr("Safe: all that was looked at is in order.");
    case VerdictLevel::Degraded:
        return tr("It serves, but is not safe: look at the reason before anything else fails.");
    case VerdictLevel::Switching:
        return tr("In motion: wait until it has settled.");
    case VerdictLevel::Unknown:
        return tr("Not known to be safe.");
    case VerdictLevel::Down:
        return tr("Not safe: clients get no answer.");
    case VerdictLevel::SplitBrain:
        return tr("Not safe: clients may reach either node.");
    case VerdictLevel::TwoWriters:
        return tr("Not safe: two processes can write the same data and destroy it.");
    }
    return {};
}

QString Wording::remedy(const QString& code) {
    const auto rules = ruleTable();
    const auto row =
        std::ranges::find_if(rules, [&](const RuleText& rule) { return code == QLatin1String(rule.code); });
    return row == rules.end() ? QString() : QString::fromUtf8(row->remedy);
}

QString Wording::linkState(LinkState state) {
    switch (state) {
    case LinkState::Connecting:
        return tr("connecting");
    case LinkState::Up:
        return tr("connected");
    case LinkState::Silent:
        return tr("silent");
    case LinkState::Down:
        return tr("not reachable");
    case LinkState::Refused:
        return tr("refused");
    }
    return {};
}

QString Wording::vrrpState(VrrpState state) {
    switch (state) {
    case VrrpState::Unknown:
        return tr("unknown");
    case VrrpState::Stopped:
        return tr("stopped");
    default:
        return vrrpStateName(state);
    }
}

QString Wording::containerState(ContainerState state) {
    switch (state) {
    case ContainerState::Missing:
        return tr("missing");
    case ContainerState::Created:
        return tr("never started");
    case ContainerState::Running:
        return tr("running");
    case ContainerState::Paused:
        return tr("paused");
    case ContainerState::Restarting:
        return tr("restarting");
    case ContainerState::Exited:
        return tr("stopped");
    case ContainerState::Dead:
        return tr("dead");
    }
    return {};
}

QString Wording::eventKind(EventKind kind) {
    switch (kind) {
    case EventKind::Link:
        return tr("Link");
    case EventKind::Vip:
        return tr("VIP");
    case EventKind::Vrrp:
        return tr("VRRP");
    case EventKind::Container:
        return tr("Container");
    case EventKind::Milvus:
        return tr("Milvus");
    case EventKind::Storage:
        return tr("Storage");
    case EventKind::Clock:
        return tr("Clock");
    case EventKind::Verdict:
        return tr("Verdict");
    case EventKind::Failover:
        return tr("Failover");
    case EventKind::Operation:
        return tr("Operation");
    case EventKind::Config:
        return tr("Configuration");
    }
    return {};
}

QString Wording::severity(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return tr("Info");
    case Severity::Warning:
        return tr("Warning");
    case Severity::Error:
        return tr("Error");
    }
    return {};
}

QString Wording::failoverKind(const Failover& failover) {
    switch (failover.kind) {
    case FailoverKind::Failover:
        return failover.from == failover.to && !failover.to.isEmpty() ? tr("Recovered in place") : tr("Failover");
    case FailoverKind::Switchover:
        return tr("Switchover");
    case FailoverKind::Failback:
        return tr("Failback");
    }
    return {};
}

QString Wording::trigger(const QString& code) {
    if (code.isEmpty() || code == u"unknown")
        return tr("not known");
    QString words = code;
    words.replace(u'-', u' ');
    return words;
}

QString Wording::stepState(StepState state) {
    switch (state) {
    case StepState::Waiting:
        return tr("waiting");
    case StepState::Running:
        return tr("running");
    case StepState::Done:
        return tr("done");
    case StepState::Failed:
        return tr("failed");
    case StepState::Undone:
        return tr("undone");
    case StepState::Skipped:
        return tr("skipped");
    }
    return {};
}

QString Wording::outcome(Outcome outcome) {
    switch (outcome) {
    case Outcome::Running:
        return tr("Running");
    case Outcome::Done:
        return tr("Done");
    case Outcome::Refused:
        return tr("Refused: nothing was changed");
    case Outcome::RolledBack:
        return tr("Rolled back: the old node serves again");
    case Outcome::Incomplete:
        return tr("Incomplete: the pair needs you now");
    case Outcome::Interrupted:
        return tr("Interrupted");
    }
    return {};
}

QString Wording::age(Instant seenAt, Instant now) {
    if (seenAt == Instant{})
        return tr("never seen");
    const Duration age = now - seenAt;
    if (age < 2s)
        return tr("now");
    return tr("%1 ago").arg(since(age));
}

QString Wording::widestAge() {
    return tr("%1 ago").arg(widestSince());
}

QString Wording::widestSince() {
    return since(48h - 1s);
}

QString Wording::since(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::max(duration, Duration{})).count();
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 600 && seconds % 60 != 0)
        return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    if (seconds < 3600)
        return tr("%1 min").arg(seconds / 60);
    if (seconds / 86400 < 2)
        return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
    return tr("%1 days").arg(seconds / 86400);
}

QString Wording::milliseconds(Duration duration) {
    const double ms = toSeconds(duration) * 1000.0;
    return tr("%1 ms").arg(ms, 0, 'f', ms < 10 ? 1 : 0);
}

QString Wording::latency(Duration duration) {
    const auto ms = std::chrono::round<std::chrono::milliseconds>(duration).count();
    return ms < 5 ? tr("under 5 ms") : tr("%1 ms").arg(ms);
}

QString Wording::exact(Duration duration) {
    return duration < std::chrono::minutes(1) ? tr("%1 s").arg(toSeconds(duration), 0, 'f', 3) : toText(duration);
}

QString Wording::bytes(qint64 bytes) {
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString Wording::clock(Instant at) {
    return local(at).toString(u"HH:mm:ss"_s);
}

QString Wording::clockWithMilliseconds(Instant at) {
    return local(at).toString(u"HH:mm:ss.zzz"_s);
}

QString Wording::dayAndClock(Instant at) {
    return local(at).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString Wording::dayAndClockWithMilliseconds(Instant at) {
    return local(at).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s);
}

Tone toneOf(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return Tone::Plain;
    case Severity::Warning:
        return Tone::Warn;
    case Severity::Error:
        return Tone::Bad;
    }
    return Tone::Plain;
}

Tone toneOf(StepState state) {
    switch (state) {
    case StepState::Waiting:
    case StepState::Skipped:
        return Tone::Plain;
    case StepState::Running:
        return Tone::Busy;
    case StepState::Done:
        return Tone::Good;
    case StepState::Failed:
        return Tone::Bad;
    case StepState::Undone:
        return Tone::Warn;
    }
    return Tone::Plain;
}

Tone toneOf(Outcome outcome) {
    switch (outcome) {
    case Outcome::Running:
        return Tone::Busy;
    case Outcome::Done:
        return Tone::Good;
    case Outcome::Refused:
    case Outcome::RolledBack:
        return Tone::Warn;
    case Outcome::Incomplete:
    case Outcome::Interrupted:
        return Tone::Bad;
    }
    return Tone::Unknown;
}

} // namespace mha
