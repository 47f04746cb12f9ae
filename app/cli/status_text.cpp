// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_text.h"

#include "output.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

Shade shadeOf(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Healthy:
        return Shade::Good;
    case VerdictLevel::Degraded:
    case VerdictLevel::Switching:
    case VerdictLevel::Unknown:
        return Shade::Caution;
    case VerdictLevel::Down:
    case VerdictLevel::SplitBrain:
    case VerdictLevel::TwoWriters:
        return Shade::Bad;
    }
    return Shade::Plain;
}

/// One node's column.
class NodeColumn {
public:
    NodeColumn(const NodePicture& node, const NodeConfig& config, Instant now)
        : node_(node), config_(config), now_(now) {}

    QStringList cells() const { return {node_.name, seen(), vrrp(), vip(), container(), milvus(), storage()}; }

private:
    template <typename T> bool known(const Fact<T>& fact) const {
        return node_.reachable() && fact && fact.seenAt >= node_.upSince;
    }

    QString ago(std::optional<Instant> since) const {
        return since && now_ > *since ? u", "_s + toText(now_ - *since) : QString();
    }

    QString seen() const {
        if (node_.reachable())
            return config_.host;
        const bool before = node_.heardAt != Instant{};
        return u"%1, %2"_s.arg(config_.host, linkStateName(node_.link.state)) +
               (before ? u", seen %1 ago"_s.arg(toText(now_ - node_.heardAt)) : QString());
    }

    QString vrrp() const {
        if (!known(node_.vrrp))
            return u"unknown"_s;
        const VrrpSeen& vrrp = *node_.vrrp.value;
        if (!vrrp.running)
            return u"%1 stopped"_s.arg(vrrp.program());
        QString text = vrrpStateName(vrrp.state);
        if (vrrp.effectivePriority >= 0)
            text += u", priority %1"_s.arg(vrrp.effectivePriority);
        if (vrrp.priority >= 0 && vrrp.effectivePriority >= 0 && vrrp.priority != vrrp.effectivePriority)
            text += u" of %1"_s.arg(vrrp.priority);
        if (vrrp.maintenance) {
            text += u", in maintenance"_s;
        } else if (node_.hasProgram() && !node_.program->hold.isEmpty()) {
            text += u", held (%1)"_s.arg(node_.program->hold);
        }
        return text + ago(vrrp.since);
    }

    QString vip() const {
        if (!known(node_.vip))
            return u"unknown"_s;
        const QString link = node_.vip->linkUp ? QString() : u", %1 down"_s.arg(node_.vip->interface);
        return (node_.vip->held ? u"holds it"_s : u"-"_s) + link;
    }

    QString container() const {
        if (!known(node_.container))
            return u"unknown"_s;
        const ContainerSeen& c = *node_.container.value;
        QString text = c.name + u' ' + containerStateName(c.state);
        if (c.state == ContainerState::Running)
            return text + ago(c.startedAt);
        if (c.state == ContainerState::Exited && c.exitCode)
            return text + u" (%1)"_s.arg(*c.exitCode) + ago(c.finishedAt);
        return text;
    }

    QString milvus() const {
        if (!known(node_.milvus))
            return u"unknown"_s;
        if (!node_.milvus->serving)
            return u"not serving"_s;
        const QString version = node_.milvus->version.isEmpty() ? QString() : u", "_s + node_.milvus->version;
        return (node_.milvus->queried ? u"serving"_s : u"alive only"_s) + version + u", "_s +
               toText(node_.milvus->latency);
    }

    QString storage() const {
        if (!known(node_.storage))
            return u"unknown"_s;
        if (!node_.storage->mounted)
            return u"not mounted"_s;
        return node_.storage->writable ? u"mounted, writable"_s : u"mounted, not writable"_s;
    }

    const NodePicture& node_;
    const NodeConfig& config_;
    Instant now_;
};

QString reasonLine(const Reason& reason) {
    const QString node = reason.node.isEmpty() ? QString() : reason.node + u": "_s;
    return u"  "_s + node + reason.text + u" ["_s + reason.code + u']';
}

} // namespace

QString verdictLine(const Picture& picture, const Pair& pair) {
    const QString verdict = verdictName(picture.verdict.level);
    const bool answers = picture.vipProbe && picture.vipProbe->good;
    if (picture.active < 0)
        return u"%1: nobody is seen to serve %2"_s.arg(verdict, pair.vipAddress());
    const QString name = picture.nodes[static_cast<std::size_t>(picture.active)].name;
    if (!answers)
        return u"%1: %2 served last, %3 does not answer"_s.arg(verdict, name, pair.vipAddress());
    const QString version = picture.vipProbe->version.isEmpty() ? QString() : u" "_s + picture.vipProbe->version;
    return u"%1: %2 serves Milvus%3 on %4, answered in %5"_s.arg(verdict, name, version, pair.vipAddress(),
                                                                 toText(picture.vipProbe->latency));
}

QStringList statusText(const Picture& picture, const Pair& pair, bool colours) {
    QStringList lines;
    lines += shaded(pair.name + u"  "_s + verdictLine(picture, pair), shadeOf(picture.verdict.level), colours);
    for (const Reason& reason : picture.verdict.reasons)
        lines += reasonLine(reason);
    lines += QString();
    static const QStringList kTitles{{}, u"SSH"_s, u"VRRP"_s, u"VIP"_s, u"Container"_s, u"Milvus"_s, u"Storage"_s};
    const QStringList first = NodeColumn(picture.nodes[0], pair.nodes[0], picture.at).cells();
    const QStringList second = NodeColumn(picture.nodes[1], pair.nodes[1], picture.at).cells();
    QList<QStringList> rows;
    for (qsizetype i = 0; i < kTitles.size(); ++i) {
        if (i == kTitles.size() - 1 && pair.storagePath.isEmpty())
            continue;
        rows.append({kTitles.at(i), first.at(i), second.at(i)});
    }
    lines += alignColumns(rows);
    if (!picture.verdict.findings.isEmpty())
        lines += {QString(), u"Not urgent, but to be known:"_s};
    for (const Reason& finding : picture.verdict.findings)
        lines += reasonLine(finding);
    return lines;
}

} // namespace mha::cli
