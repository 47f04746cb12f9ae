// SPDX-License-Identifier: GPL-3.0-or-later

// The rules over how the pair is set up: what would keep a fail-over from working, or make it harm the data.

#include "observe/rules_findings.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

bool isNotifyOf(const ScriptSeen& script, std::initializer_list<ScriptUse> uses) {
    return std::ranges::find(uses, script.use) != uses.end();
}

bool hasScript(const VrrpConfigSeen& config, std::initializer_list<ScriptUse> uses) {
    return std::ranges::any_of(config.scripts, [&](const ScriptSeen& script) { return isNotifyOf(script, uses); });
}

/// A check of Milvus, or something else that is tracked and may be one.
bool tracksAnything(const VrrpConfigSeen& config) {
    return config.checks > 0 || config.tracksOther;
}

/// What keepalived makes of the priority while Milvus does not run there.
int priorityWithoutMilvus(const VrrpConfigSeen& config) {
    return config.priority + std::min(config.scriptWeight, 0);
}

QString authName(const VrrpConfigSeen& config) {
    return config.authType.isEmpty() ? u"none"_s : config.authType;
}

} // namespace

const VrrpConfigSeen* Findings::configOf(int node) const {
    return view(node).now(this->node(node).vrrpConfig);
}

void Findings::setup(int node) {
    const VrrpConfigSeen* config = configOf(node);
    if (config == nullptr)
        return;
    if (this->node(node).hasProgram() && (!config->notifyMaster.isEmpty() || !config->notifyBackup.isEmpty())) {
        addConfig("two-hands", node,
                  u"On %1 both milvus-ha-node and keepalived's notify scripts start and stop Milvus. Take "
                  "notify_master, notify_backup, notify_fault and notify_stop out of keepalived.conf there."_s.arg(
                      name(node)));
    }
    for (const ScriptSeen& script : config->scripts)
        this->script(node, *config, script);
    if (config->nopreemptIgnored) {
        addConfig(
            "nopreempt-ignored", node,
            u"keepalived.conf of %1 has nopreempt beside `state MASTER`, where keepalived ignores it: %1 takes the "
            "VIP back as soon as it can. Write `state BACKUP`, or take nopreempt away."_s.arg(name(node)));
    }
    const bool stopsAfterwards = std::ranges::any_of(config->scripts, [](const ScriptSeen& script) {
        return isNotifyOf(script, {ScriptUse::NotifyBackup, ScriptUse::NotifyFault}) && script.stopsContainer;
    });
    if (stopsAfterwards) {
        addConfig(
            "notify-order", node,
            u"keepalived on %1 gives the VIP away first and only then runs the script that stops Milvus: for that "
            "long Milvus may run on both nodes. Move service with milvus-ha switchover, which stops it "
            "first."_s.arg(name(node)));
    }
}

void Findings::script(int node, const VrrpConfigSeen& config, const ScriptSeen& script) {
    const bool check = script.use == ScriptUse::Check;
    const QString what = u"In keepalived on %1, %2 (%3)"_s.arg(name(node), script.name, script.path);
    const char* code = check ? "check-script" : "notify-script";
    const QString effect = check ? u"keepalived does not learn from it whether Milvus runs"_s
                                 : u"keepalived cannot start or stop Milvus by it"_s;
    if (script.exists == false) {
        addConfig(code, node, u"%1 does not exist, so that %2. Put it there."_s.arg(what, effect));
        return;
    }
    if (script.executable == false) {
        addConfig(code, node,
                  u"%1 is not executable, so that %2. Run chmod +x %3 there."_s.arg(what, effect, script.path));
        return;
    }
    const bool atTheEnd = isNotifyOf(script, {ScriptUse::NotifyBackup, ScriptUse::NotifyFault, ScriptUse::NotifyStop});
    if (atTheEnd && script.startsContainer && !script.stopsContainer) {
        addConfig(
            "stop-script-starts", node,
            u"%1 has a docker start where it should have a docker stop: after a fail-back Milvus would run on both "
            "nodes. Write docker stop into it."_s.arg(what));
    }
    if (config.scriptSecurity && script.rootsAlone == false) {
        addConfig(
            "script-insecure", node,
            u"%1 can be written by others than root, and with enable_script_security keepalived then does not run "
            "it. Run chown root %2 and chmod go-w %2 there."_s.arg(what, script.path));
    }
    if (script.callsDocker && script.userMayDocker == false) {
        addConfig("script-user", node,
                  u"%1 runs as %3, who may not use Docker. Put `script_user root` into global_defs, or add %3 to the "
                  "group of /var/run/docker.sock."_s.arg(what, script.user));
    }
}

void Findings::deadlines() {
    const NodeProgramSeen* first = view(0).now(node(0).program);
    const NodeProgramSeen* second = view(1).now(node(1).program);
    if (first == nullptr || second == nullptr || !first->running || !second->running ||
        first->stopDeadline == second->stopDeadline)
        return;
    addConfig("deadline-differs", -1,
              u"milvus-ha-node on %1 and %2 has different stop deadlines (%3 s and %4 s): one that is started while it "
              "does not hear the other counts by its own, and may start Milvus beside the other's. Give both the same "
              "stop_deadline_seconds in /etc/milvus-ha/node.toml."_s.arg(
                  name(0), name(1), QString::number(toSeconds(first->stopDeadline)),
                  QString::number(toSeconds(second->stopDeadline))));
}

/// The two configurations against each other.
void Findings::setups() {
    deadlines();
    const VrrpConfigSeen* first = configOf(0);
    const VrrpConfigSeen* second = configOf(1);
    if (first == nullptr || second == nullptr)
        return;
    adverts(*first, *second);
    if (first->priority < 0 || second->priority < 0)
        return;
    if (first->priority == second->priority) {
        addConfig(
            "priorities-equal", -1,
            u"%1 and %2 have the same VRRP priority %3: which of them serves is left to their addresses. Give the "
            "one that should serve a higher one."_s.arg(name(0), name(1), QString::number(first->priority)));
    }
    if (node(0).hasProgram() || node(1).hasProgram())
        return; // no script of keepalived starts or stops Milvus there
    const int home = second->priority > first->priority ? 1 : 0;
    takeover(home, home == 0 ? *first : *second, home == 0 ? *second : *first);
}

/// What makes one node ignore the other's adverts: both are then MASTER.
void Findings::adverts(const VrrpConfigSeen& first, const VrrpConfigSeen& second) {
    const QString outcome = u"they do not take each other's adverts, and both become MASTER"_s;
    const auto vridOf = [this](int node, const VrrpConfigSeen& config) {
        const VrrpSeen* running = view(node).now(this->node(node).vrrp);
        return running != nullptr && running->vrid > 0 ? running->vrid : config.vrid;
    };
    const int one = vridOf(0, first);
    const int two = vridOf(1, second);
    if (one > 0 && two > 0 && one != two) {
        addConfig("vrid-differs", -1,
                  u"keepalived on %1 and %2 has different virtual router ids (%3 and %4): they do not hear each other, "
                  "and both become MASTER. Give both the same virtual_router_id."_s.arg(
                      name(0), name(1), QString::number(one), QString::number(two)));
    }
    if (first.version != second.version) {
        addConfig(
            "advert-differs", -1,
            u"keepalived on %1 speaks VRRP version %2, on %3 version %4: %5. Give both the same vrrp_version."_s.arg(
                name(0), QString::number(first.version), name(1), QString::number(second.version), outcome));
    } else if (first.version == 2 && first.advertInterval != second.advertInterval) {
        addConfig("advert-differs", -1,
                  u"%1 advertises every %2, %3 every %4, and VRRP version 2 wants the same: %5. Give both the same "
                  "advert_int."_s.arg(name(0), toText(first.advertInterval), name(1), toText(second.advertInterval),
                                      outcome));
    }
    if (first.authType != second.authType) {
        addConfig(
            "auth-differs", -1,
            u"keepalived's auth_type is %1 on %2 and %3 on %4: %5. Give both the same authentication block."_s.arg(
                authName(first), name(0), authName(second), name(1), outcome));
    } else if (!first.authMark.isEmpty() && !second.authMark.isEmpty() && first.authMark != second.authMark) {
        addConfig("auth-differs", -1,
                  u"The VRRP passwords of %1 and %2 differ: %3. Give both the same auth_pass."_s.arg(name(0), name(1),
                                                                                                     outcome));
    }
    if (!first.vips.isEmpty() && !second.vips.isEmpty() && first.vips != second.vips) {
        addConfig("vips-differ", -1,
                  u"The list virtual_ipaddress has %1 on %2 and %3 on %4: %5. Give both the same list."_s.arg(
                      first.vips.join(u", "_s), name(0), second.vips.join(u", "_s), name(1), outcome));
    }
}

/// Would the VIP move from `home`, the node of the higher priority, when Milvus dies there, and Milvus start where it
/// arrives?
void Findings::takeover(int home, const VrrpConfigSeen& here, const VrrpConfigSeen& there) {
    const int standby = 1 - home;
    const int fallen = priorityWithoutMilvus(here);
    const int needed = priorityWithoutMilvus(there);
    if (!tracksAnything(here)) {
        addConfig(
            "check-missing", home,
            u"keepalived on %1 tracks no check of Milvus: the VIP stays there when Milvus dies. Add a vrrp_script "
            "that checks the container, of weight %2 or lower, and track it."_s.arg(
                name(home), QString::number(std::min(needed - 1 - here.priority, -1))));
    } else if (!here.scriptFaults && !here.tracksOther && fallen >= needed) {
        addConfig(
            "margin-too-small", home,
            u"When the check fails on %1, its priority falls from %2 to %3, which is not below the %4 of %5: the VIP "
            "stays where Milvus is dead. Give the check a weight of %6 or lower."_s.arg(
                name(home), QString::number(here.priority), QString::number(fallen), QString::number(needed),
                name(standby), QString::number(needed - 1 - here.priority)));
    }
    if (!hasScript(there, {ScriptUse::NotifyMaster, ScriptUse::Notify})) {
        addConfig("takeover-starts-nothing", standby,
                  u"keepalived on %1 runs nothing when it takes the VIP, so that nobody starts Milvus there. Add a "
                  "notify_master script that starts the container."_s.arg(name(standby)));
    }
    if (!tracksAnything(there)) {
        addConfig(
            "standby-unchecked", standby,
            u"keepalived on %1 tracks no check of Milvus: after a fail-over to it, a Milvus that dies there is not "
            "noticed by keepalived. Move back soon, with a switchover."_s.arg(name(standby)));
    }
    if (!here.nopreempt && !hasScript(here, {ScriptUse::NotifyMaster, ScriptUse::Notify})) {
        addConfig(
            "failback-overlap", home,
            u"After a fail-over the VIP returns to %1 only once Milvus has been started there, while it still runs "
            "on %2: two writers for seconds. Never start it there by hand; move back with milvus-ha "
            "switchover."_s.arg(name(home), name(standby)));
    }
    if (!hasScript(here, {ScriptUse::NotifyStop, ScriptUse::Notify}) && !here.tracksOther) {
        addConfig("keepalived-end", home,
                  u"If keepalived ends on %1, its Milvus goes on while %2 starts another on the same data. Stop Milvus "
                  "before keepalived, or let keepalived's unit do it (ExecStopPost=docker stop %3)."_s.arg(
                      name(home), name(standby), containerName(home)));
    }
}

/// Is the other node's container what would serve after a takeover?
void Findings::containersDiffer() {
    const ContainerSeen* first = view(0).now(node(0).container);
    const ContainerSeen* second = view(1).now(node(1).container);
    const auto there = [](const ContainerSeen* container) {
        return container != nullptr && container->state != ContainerState::Missing;
    };
    if (!there(first) || !there(second))
        return;
    const Instant seen = std::min(node(0).container.seenAt, node(1).container.seenAt);
    if (!first->image.isEmpty() && !second->image.isEmpty() && first->image != second->image) {
        add("image-differs", -1, seen,
            u"The containers on %1 and %2 are of different images (%3 and %4): after a takeover another Milvus would "
            u"open "
            "the same data. Create both from the same image."_s.arg(name(0), name(1), first->image, second->image));
    } else if (!first->imageId.isEmpty() && !second->imageId.isEmpty() && first->imageId != second->imageId) {
        add("image-apart", -1, seen,
            u"The image %1 was made or loaded apart on %2 and %3. Make sure that it is the same Milvus."_s.arg(
                first->image, name(0), name(1)));
    }
    if (first->mounts != second->mounts) {
        add("mounts-differ", -1, seen,
            u"The containers on %1 and %2 mount different folders (%3 and %4): after a takeover clients would see "
            u"other "
            "data. Create both with the same mounts."_s.arg(name(0), name(1), first->mounts.join(u", "_s),
                                                            second->mounts.join(u", "_s)));
    }
}

void Findings::restartPolicy(int node) {
    const ContainerSeen* container = view(node).now(this->node(node).container);
    if (container == nullptr ||
        (container->restartPolicy != u"always" && container->restartPolicy != u"unless-stopped"))
        return;
    add("restart-policy", node, this->node(node).container.seenAt,
        u"Docker on %1 starts the container %2 by itself (restart policy %3): after a reboot Milvus would run there "
        "although the other node serves. Run docker update --restart=no %2 there."_s.arg(name(node), container->name,
                                                                                         container->restartPolicy));
}

void Findings::flapping() {
    const auto recent = [&](Instant at) { return picture_.at - at <= kFlappingWithin; };
    const auto moves = std::ranges::count_if(picture_.unplannedMoves, recent);
    if (moves < kFlappingMoves)
        return;
    add("flapping", -1, picture_.unplannedMoves.last(),
        u"Service moved by itself %1 times within %2. See in the events what ended it each time, and keep it on one "
        u"node "
        "until that is mended."_s.arg(QString::number(moves), toText(kFlappingWithin)));
}

std::optional<Reason> judgeHistory(QList<SeenSpan> seen, Instant from, Instant now) {
    std::ranges::sort(seen, {}, &SeenSpan::from);
    seen.append({now, now});
    Duration longest{};
    Duration whole{};
    Instant longestAt = from;
    Instant covered = from;
    for (const SeenSpan& span : std::as_const(seen)) {
        if (const Duration gap = span.from - covered; gap >= kHistoryGapFrom) {
            whole += gap;
            if (gap > longest) {
                longest = gap;
                longestAt = covered;
            }
        }
        covered = std::max(covered, span.until);
    }
    if (whole == Duration::zero())
        return std::nullopt;
    return Reason{
        u"history-gap"_s,
        {},
        u"Nobody recorded the pair for %1 of the last %2, the longest time %3 from %4: what happened then is not "
        "in the history. Let milvus-ha watch run as a service."_s.arg(toText(whole), toText(now - from),
                                                                      toText(longest), toIso(longestAt)),
        now};
}

void Findings::addConfig(const char* code, int node, const QString& text) {
    const Instant seen = node >= 0 ? this->node(node).vrrpConfig.seenAt
                                   : std::min(this->node(0).vrrpConfig.seenAt, this->node(1).vrrpConfig.seenAt);
    add(code, node, seen, text);
}

} // namespace mha
