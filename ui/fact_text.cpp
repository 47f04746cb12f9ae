// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fact_text.h"

#include "observe/rules.h"
#include "ui/wording.h"

#include <QLocale>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QString joined(const QStringList& parts) {
    QStringList said;
    for (const QString& part : parts) {
        if (!part.isEmpty())
            said.append(part);
    }
    return said.join(u"  ·  "_s);
}

} // namespace

/// Who speaks VRRP there.
static QString vrrpEngine(const NodePicture& node, const VrrpSeen& seen) {
    const QString engine = seen.program();
    const bool steered = node.hasProgram() && engine != u"milvus-ha-node";
    return steered ? FactWords::tr("%1, steered by milvus-ha-node").arg(engine) : engine;
}

/// How fast it is, and what it has counted.
static QString vrrpWorkings(const VrrpSeen& seen) {
    QString timers;
    if (seen.advertInterval > Duration::zero())
        timers = FactWords::tr("adverts %1").arg(toText(seen.advertInterval));
    if (seen.masterDown > Duration::zero())
        timers += FactWords::tr(", down after %1").arg(toText(seen.masterDown));
    QStringList counts;
    if (seen.counts) {
        const QLocale locale;
        counts = {FactWords::tr("%1 sent").arg(locale.toString(seen.counts->sent)),
                  FactWords::tr("%1 heard").arg(locale.toString(seen.counts->received)),
                  FactWords::tr("MASTER %1×").arg(locale.toString(seen.counts->becameMaster))};
        if (seen.counts->rejected > 0)
            counts.insert(2, FactWords::tr("%1 rejected").arg(locale.toString(seen.counts->rejected)));
    }
    return joined({timers, counts.join(u", "_s)});
}

/// What is the same for every fact: unknown with its reason, or old.
template <typename T>
static FactText finished(const Fact<T>& fact, const NodePicture& node, Instant now, FactText text) {
    text.seenAt = fact.seenAt;
    text.known = fact.value.has_value();
    if (!text.known) {
        text.tone = Tone::Unknown;
        text.value = FactWords::tr("unknown");
        if (fact.unknownBecause) {
            text.detail = fact.unknownBecause->text;
            text.whole = toSentence(*fact.unknownBecause);
        } else {
            const QString why =
                node.reachable() ? FactWords::tr("not asked yet") : FactWords::tr("no answer from this node yet");
            text.whole = joined({text.value, why});
            // What is wrong with the link is said above, once for all.
            text.detail = node.link.error ? QString() : why;
        }
    } else if (!node.reachable() || fact.seenAt < node.upSince || now - fact.seenAt > kStaleAfter) {
        text.old = true;
        text.tone = Tone::Unknown;
        text.value = FactWords::tr("was %1").arg(text.value);
    }
    if (text.whole.isEmpty())
        text.whole = joined({text.value, text.detail}) + (text.more.isEmpty() ? QString() : u'\n' + text.more);
    if (fact.seenAt != Instant{})
        text.whole += u'\n' + FactWords::tr("Seen at %1").arg(Wording::dayAndClockWithMilliseconds(fact.seenAt));
    return text;
}

FactText FactWords::vrrp(const NodePicture& node, Instant now) {
    FactText text;
    if (node.vrrp) {
        const VrrpSeen& seen = *node.vrrp.value;
        text.value = seen.running ? Wording::vrrpState(seen.state) : tr("%1 not running").arg(seen.program());
        if (seen.maintenance && seen.state == VrrpState::Fault) {
            text.tone = Tone::Warn;
        } else if (!seen.running || seen.state == VrrpState::Fault || seen.state == VrrpState::Stopped) {
            text.tone = Tone::Bad;
        } else if (seen.state == VrrpState::Master) {
            text.tone = Tone::Good;
        } else if (seen.state == VrrpState::Unknown) {
            text.tone = Tone::Unknown;
        } else {
            text.tone = seen.state == VrrpState::Init ? Tone::Busy : Tone::Plain;
        }
        QString priority;
        if (seen.effectivePriority >= 0 && seen.priority >= 0 && seen.effectivePriority != seen.priority) {
            priority = tr("priority %1, base %2").arg(seen.effectivePriority).arg(seen.priority);
        } else if (seen.effectivePriority >= 0 || seen.priority >= 0) {
            priority = tr("priority %1").arg(std::max(seen.effectivePriority, seen.priority));
        }
        text.detail = joined({seen.running ? vrrpEngine(node, seen) : QString(), priority,
                              seen.since ? tr("since %1").arg(Wording::clock(*seen.since)) : QString(),
                              seen.nopreempt ? tr("no preemption") : QString()});
        if (seen.running)
            text.more = vrrpWorkings(seen);
        if (node.hasProgram() && !node.program->hold.isEmpty())
            text.detail = joined({tr("held: %1").arg(node.program->hold), node.program->holdReason, text.detail});
    }
    return finished(node.vrrp, node, now, text);
}

FactText FactWords::container(const NodePicture& node, Instant now) {
    FactText text;
    if (node.container) {
        const ContainerSeen& seen = *node.container.value;
        text.value = Wording::containerState(seen.state);
        QString when;
        QString exit;
        switch (seen.state) {
        case ContainerState::Running:
            text.tone = Tone::Good;
            when = seen.startedAt ? tr("since %1").arg(Wording::clock(*seen.startedAt)) : QString();
            break;
        case ContainerState::Exited:
        case ContainerState::Created:
            text.tone = Tone::Plain;
            when = seen.finishedAt ? tr("since %1").arg(Wording::clock(*seen.finishedAt)) : QString();
            exit = seen.exitCode ? tr("exit code %1").arg(*seen.exitCode) : QString();
            break;
        case ContainerState::Paused:
        case ContainerState::Restarting:
            text.tone = Tone::Warn;
            break;
        case ContainerState::Missing:
        case ContainerState::Dead:
            text.tone = Tone::Bad;
            break;
        }
        text.detail = joined({seen.name, when, exit});
        text.whole = joined({text.value, text.detail, seen.image});
    }
    return finished(node.container, node, now, text);
}

FactText FactWords::milvus(const NodePicture& node, Instant now) {
    FactText text;
    if (node.milvus) {
        const MilvusSeen& seen = *node.milvus.value;
        if (seen.serving) {
            text.tone = Tone::Good;
            text.value = seen.queried ? tr("serving") : tr("alive");
            text.detail = joined(
                {seen.version.isEmpty() ? QString() : tr("version %1").arg(seen.version),
                 seen.queried ? tr("queries answered in %1").arg(Wording::latency(seen.latency)) : tr("not queried")});
            text.whole = joined({text.value, text.detail, seen.notQueried});
        } else if (seen.refused) {
            text.tone = Tone::Plain;
            text.value = tr("not running");
            text.detail = tr("its port is closed");
            text.whole = joined({text.value, seen.detail});
        } else {
            text.tone = Tone::Warn;
            text.value = tr("not serving");
            text.detail = seen.detail;
        }
    }
    return finished(node.milvus, node, now, text);
}

FactText FactWords::storage(const NodePicture& node, Instant now) {
    FactText text;
    if (node.storage) {
        const StorageSeen& seen = *node.storage.value;
        text.tone = seen.mounted && seen.writable ? Tone::Good : Tone::Bad;
        text.value = !seen.mounted ? tr("not mounted") : seen.writable ? tr("mounted") : tr("mounted, read-only");
        const QString space =
            seen.freeBytes < 0 ? QString()
            : seen.totalBytes > 0
                ? tr("%1 of %2 free").arg(Wording::bytes(seen.freeBytes), Wording::bytes(seen.totalBytes))
                : tr("%1 free").arg(Wording::bytes(seen.freeBytes));
        text.detail = joined({seen.path, space});
    }
    return finished(node.storage, node, now, text);
}

FactText FactWords::link(const NodePicture& node, Instant now) {
    FactText text;
    text.known = true;
    text.seenAt = node.heardAt;
    text.value = Wording::linkState(node.link.state);
    switch (node.link.state) {
    case LinkState::Up:
        text.tone = Tone::Good;
        break;
    case LinkState::Connecting:
        text.tone = Tone::Busy;
        break;
    case LinkState::Silent:
        text.tone = Tone::Unknown;
        text.value = tr("silent for %1").arg(Wording::since(now - node.heardAt));
        break;
    case LinkState::Down:
    case LinkState::Refused:
        text.tone = Tone::Bad;
        break;
    }
    if (node.link.error)
        text.detail = toSentence(*node.link.error);
    text.whole = joined({text.value, text.detail});
    return text;
}

} // namespace mha
