// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config.h"

#include "keepalived/addresses_equal.h"
#include "keepalived/config_tree.h"

#include <QHash>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPriority = 100; // keepalived.conf(5)

int numberAfter(const ConfigStatement& statement, int fallback) {
    bool ok = false;
    const int value = statement.argument(1).toInt(&ok);
    return ok ? value : fallback;
}

/// A notify line is a command: either one quoted text or the words of the line.
QString commandOf(const ConfigStatement& statement) {
    return statement.quotedArgument ? statement.argument(1) : statement.words.sliced(1).join(u' ');
}

bool listsAddress(const ConfigStatement& instance, const QString& vipAddress) {
    for (const ConfigStatement& block : instance.children) {
        if (block.keyword() != "virtual_ipaddress"_L1 && block.keyword() != "virtual_ipaddress_excluded"_L1)
            continue;
        for (const ConfigStatement& entry : block.children) {
            if (sameAddress(entry.keyword(), vipAddress))
                return true;
        }
    }
    return false;
}

/// Weight by name of the vrrp_script blocks; 0 where none is given.
QHash<QString, int> scriptWeights(const QList<ConfigStatement>& statements) {
    QHash<QString, int> weights;
    for (const ConfigStatement& statement : statements) {
        if (statement.keyword() != "vrrp_script"_L1)
            continue;
        int weight = 0;
        for (const ConfigStatement& child : statement.children) {
            if (child.keyword() == "weight"_L1)
                weight = numberAfter(child, 0);
        }
        weights.insert(statement.argument(1), weight);
    }
    return weights;
}

void addTrackedScripts(VrrpConfigSeen& seen, const ConfigStatement& block, const QHash<QString, int>& weights) {
    for (const ConfigStatement& entry : block.children) {
        const auto known = weights.constFind(entry.keyword());
        if (known == weights.constEnd())
            continue; // keepalived ignores a script that is not defined
        int weight = *known;
        const qsizetype own = entry.words.indexOf(u"weight"_s);
        if (own > 0)
            weight = entry.argument(own + 1).toInt();
        seen.scriptWeight += weight;
        seen.scriptFaults = seen.scriptFaults || weight == 0;
    }
}

VrrpConfigSeen readInstance(const ConfigStatement& instance, const QHash<QString, int>& weights) {
    VrrpConfigSeen seen;
    seen.instance = instance.argument(1);
    seen.initialState = u"BACKUP"_s;
    seen.priority = kDefaultPriority;
    for (const ConfigStatement& child : instance.children) {
        const QString key = child.keyword();
        if (key == "state"_L1) {
            seen.initialState = child.argument(1).toUpper();
        } else if (key == "virtual_router_id"_L1) {
            seen.vrid = numberAfter(child, -1);
        } else if (key == "priority"_L1) {
            seen.priority = numberAfter(child, kDefaultPriority);
        } else if (key == "nopreempt"_L1) {
            seen.nopreempt = true;
        } else if (key == "notify_master"_L1) {
            seen.notifyMaster = commandOf(child);
        } else if (key == "notify_backup"_L1) {
            seen.notifyBackup = commandOf(child);
        } else if (key == "track_script"_L1) {
            addTrackedScripts(seen, child, weights);
        }
    }
    // keepalived clears nopreempt where the initial state is MASTER.
    seen.nopreempt = seen.nopreempt && seen.initialState != "MASTER"_L1;
    return seen;
}

QStringList includesIn(const QList<ConfigStatement>& statements) {
    QStringList files;
    for (const ConfigStatement& statement : statements) {
        if (statement.keyword().startsWith("include"_L1) && statement.words.size() > 1)
            files.append(statement.argument(1));
        files.append(includesIn(statement.children));
    }
    return files;
}

Error configError(ErrorCode code, const QString& text, const QString& remedy) {
    return {code, text, u"keepalived.conf"_s, remedy};
}

} // namespace

Result<VrrpConfigSeen> parseKeepalivedConfig(const QByteArray& text, const QString& vipAddress) {
    const std::optional<QList<ConfigStatement>> statements = readConfigTree(text);
    if (!statements) {
        return std::unexpected(configError(ErrorCode::Protocol,
                                           u"keepalived.conf has a block that is not closed, or closed twice."_s,
                                           u"Run `keepalived --config-test` on the node."_s));
    }
    const QHash<QString, int> weights = scriptWeights(*statements);
    bool anyInstance = false;
    for (const ConfigStatement& statement : *statements) {
        if (statement.keyword() != "vrrp_instance"_L1)
            continue;
        anyInstance = true;
        if (listsAddress(statement, vipAddress))
            return readInstance(statement, weights);
    }
    const QString includes = includesIn(*statements).join(u", "_s);
    if (!includes.isEmpty()) {
        return std::unexpected(configError(
            ErrorCode::NotFound,
            u"keepalived.conf itself has no vrrp_instance with the VIP %1; it includes %2, which is not read."_s.arg(
                vipAddress, includes),
            u"Put the vrrp_instance of the VIP into keepalived.conf itself."_s));
    }
    if (!anyInstance) {
        return std::unexpected(configError(ErrorCode::NotFound, u"keepalived.conf has no vrrp_instance."_s,
                                           u"Configure keepalived on this node as the guide says."_s));
    }
    return std::unexpected(configError(ErrorCode::NotFound,
                                       u"No vrrp_instance of keepalived.conf has the VIP %1."_s.arg(vipAddress),
                                       u"Correct `vip` in the pair file, or virtual_ipaddress in keepalived.conf."_s));
}

} // namespace mha
