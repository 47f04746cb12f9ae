// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config.h"

#include "keepalived/addresses_equal.h"
#include "keepalived/config_places.h"
#include "keepalived/config_view.h"
#include "keepalived/fault_flag.h"

#include <algorithm>
#include <optional>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPriority = 100; // keepalived.conf(5)
constexpr auto kDefaultScriptUser = "keepalived_script"_L1;

int numberAfter(const ConfigStatement& statement, int fallback) {
    bool ok = false;
    const int value = statement.argument(1).toInt(&ok);
    return ok ? value : fallback;
}

/// A notify line is a command: either one quoted text or the words of the line.
QString commandOf(const ConfigStatement& statement) {
    return statement.quotedArgument ? statement.argument(1) : statement.words.sliced(1).join(u' ');
}

QStringList addressesOf(const ConfigStatement& block) {
    QStringList addresses;
    for (const ConfigStatement& entry : block.children) {
        const QString address = canonicalAddress(addressOfEntry(entry));
        addresses.append(address.isEmpty() ? entry.keyword() : address);
    }
    return addresses;
}

struct CheckScript {
    int weight = 0;
    QString command;
    QString user;
};

std::optional<ScriptUse> notifyUse(QStringView keyword) {
    static constexpr std::pair<QLatin1StringView, ScriptUse> kUses[] = {
        {"notify_master"_L1, ScriptUse::NotifyMaster},
        {"notify_backup"_L1, ScriptUse::NotifyBackup},
        {"notify_fault"_L1, ScriptUse::NotifyFault},
        {"notify_stop"_L1, ScriptUse::NotifyStop},
        {"notify"_L1, ScriptUse::Notify},
    };
    for (const auto& [name, use] : kUses) {
        if (keyword == name)
            return use;
    }
    return std::nullopt;
}

/// Reads the one instance that carries the VIP, with what stands around it.
class InstanceReader {
public:
    InstanceReader(const QList<ConfigStatement>& statements, const ConfigSurroundings& node)
        : statements_(statements), node_(node) {
        for (const ConfigStatement& statement : statements) {
            if (statement.keyword() == "vrrp_script"_L1) {
                checks_.insert(statement.argument(1), checkScript(statement));
            } else if (statement.keyword() == "global_defs"_L1) {
                readGlobals(statement);
            }
        }
    }

    VrrpConfigSeen read(const ConfigStatement& instance) {
        seen_.instance = instance.argument(1);
        seen_.initialState = u"BACKUP"_s;
        seen_.priority = kDefaultPriority;
        for (const ConfigStatement& child : instance.children)
            readLine(child);
        for (const ConfigStatement& statement : statements_) {
            if (statement.keyword() == "vrrp_sync_group"_L1 && groups(statement, seen_.instance))
                readGroup(statement);
        }
        // keepalived clears nopreempt where the initial state is MASTER.
        seen_.nopreemptIgnored = seen_.nopreempt && seen_.initialState == "MASTER"_L1;
        seen_.nopreempt = seen_.nopreempt && !seen_.nopreemptIgnored;
        seen_.vips.sort();
        seen_.faultFlag = tracksFaultFlag(statements_, instance);
        return std::move(seen_);
    }

private:
    static CheckScript checkScript(const ConfigStatement& statement) {
        CheckScript check;
        for (const ConfigStatement& child : statement.children) {
            if (child.keyword() == "weight"_L1) {
                check.weight = numberAfter(child, 0);
            } else if (child.keyword() == "script"_L1) {
                check.command = commandOf(child);
            } else if (child.keyword() == "user"_L1) {
                check.user = child.argument(1);
            }
        }
        return check;
    }

    void readGlobals(const ConfigStatement& globals) {
        for (const ConfigStatement& child : globals.children) {
            if (child.keyword() == "enable_script_security"_L1) {
                seen_.scriptSecurity = true;
            } else if (child.keyword() == "script_user"_L1) {
                scriptUser_ = child.argument(1);
            } else if (child.keyword() == "vrrp_version"_L1) {
                seen_.version = numberAfter(child, 2);
            }
        }
    }

    void readLine(const ConfigStatement& line) {
        const QString key = line.keyword();
        if (key == "state"_L1) {
            seen_.initialState = line.argument(1).toUpper();
        } else if (key == "interface"_L1) {
            seen_.interface = line.argument(1);
        } else if (key == "virtual_router_id"_L1) {
            seen_.vrid = numberAfter(line, -1);
        } else if (key == "priority"_L1) {
            seen_.priority = numberAfter(line, -1);
        } else if (key == "version"_L1) {
            seen_.version = numberAfter(line, seen_.version);
        } else if (key == "advert_int"_L1) {
            seen_.advertInterval = fromSeconds(line.argument(1).toDouble());
        } else if (key == "nopreempt"_L1) {
            seen_.nopreempt = true;
        } else if (key == "authentication"_L1) {
            readAuthentication(line);
        } else if (key == "virtual_ipaddress"_L1) {
            seen_.vips.append(addressesOf(line));
        } else {
            readTracking(line);
        }
    }

    void readAuthentication(const ConfigStatement& block) {
        if (const ConfigStatement* type = block.child(u"auth_type"))
            seen_.authType = type->argument(1).toUpper();
        if (const ConfigStatement* password = block.child(u"auth_pass");
            password != nullptr && password->argument(1).startsWith(kAuthMarkPrefix))
            seen_.authMark = password->argument(1).sliced(kAuthMarkPrefix.size());
    }

    /// What an instance and its group may both have.
    void readTracking(const ConfigStatement& line) {
        const QString key = line.keyword();
        if (key == "track_script"_L1) {
            addTrackedScripts(line);
        } else if (key == "track_file"_L1 || key == "track_process"_L1 || key == "track_bfd"_L1) {
            seen_.tracksOther =
                seen_.tracksOther || std::ranges::any_of(line.children, [](const ConfigStatement& entry) {
                    return entry.keyword() != kFaultFlagName;
                });
        } else if (const std::optional<ScriptUse> use = notifyUse(key); use && line.words.size() > 1) {
            if (use == ScriptUse::NotifyMaster) {
                seen_.notifyMaster = commandOf(line);
            } else if (use == ScriptUse::NotifyBackup) {
                seen_.notifyBackup = commandOf(line);
            }
            addScript(*use, key, commandOf(line), line.quotedArgument ? line.argument(2) : QString());
        }
    }

    void readGroup(const ConfigStatement& group) {
        for (const ConfigStatement& child : group.children)
            readTracking(child);
    }

    static bool groups(const ConfigStatement& group, const QString& instance) {
        const ConfigStatement* members = group.child(u"group");
        return members != nullptr && std::ranges::any_of(members->children, [&](const ConfigStatement& member) {
                   return member.words.contains(instance);
               });
    }

    void addTrackedScripts(const ConfigStatement& block) {
        for (const ConfigStatement& entry : block.children) {
            const auto known = checks_.constFind(entry.keyword());
            if (known == checks_.constEnd())
                continue; // keepalived ignores a script that is not defined
            int weight = known->weight;
            const qsizetype own = entry.words.indexOf(u"weight"_s);
            if (own > 0)
                weight = entry.argument(own + 1).toInt();
            ++seen_.checks;
            seen_.scriptWeight += weight;
            seen_.scriptFaults = seen_.scriptFaults || weight == 0;
            addScript(ScriptUse::Check, entry.keyword(), known->command, known->user);
        }
    }

    void addScript(ScriptUse use, const QString& name, const QString& command, const QString& ownUser) {
        ScriptSeen script;
        script.use = use;
        script.name = name;
        script.path = command.section(u' ', 0, 0, QString::SectionSkipEmpty);
        script.user = !ownUser.isEmpty() ? ownUser : !scriptUser_.isEmpty() ? scriptUser_ : defaultUser();
        if (const auto may = node_.userMayDocker.constFind(script.user); may != node_.userMayDocker.constEnd())
            script.userMayDocker = *may;
        if (const auto file = node_.files.constFind(script.path); file != node_.files.constEnd()) {
            script.exists = file->exists;
            if (file->exists) {
                script.executable = file->executable;
                script.rootsAlone = file->rootsAlone;
            }
            script.callsDocker = file->callsDocker;
            script.startsContainer = file->startsContainer;
            script.stopsContainer = file->stopsContainer;
        }
        seen_.scripts.append(script);
    }

    QString defaultUser() const {
        if (!node_.usersKnown)
            return {};
        return node_.userMayDocker.contains(kDefaultScriptUser) ? QString(kDefaultScriptUser) : u"root"_s;
    }

    const QList<ConfigStatement>& statements_;
    const ConfigSurroundings& node_;
    QHash<QString, CheckScript> checks_;
    QString scriptUser_;
    VrrpConfigSeen seen_;
};

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

Result<VrrpConfigSeen> parseKeepalivedConfig(const QByteArray& text, const QString& vipAddress,
                                             const ConfigSurroundings& node) {
    const ConfigDocument document(text);
    if (!document.balanced()) {
        return std::unexpected(configError(ErrorCode::Protocol,
                                           u"keepalived.conf has a block that is not closed, or closed twice."_s,
                                           u"Run `keepalived --config-test` on the node."_s));
    }
    const QList<ConfigStatement> statements = effectiveStatements(document.statements(), node.configId);
    bool anyInstance = false;
    for (const ConfigStatement& statement : statements) {
        if (statement.keyword() != "vrrp_instance"_L1)
            continue;
        anyInstance = true;
        if (isInstanceOf(statement, vipAddress))
            return InstanceReader(statements, node).read(statement);
    }
    const QString includes = includesIn(statements).join(u", "_s);
    if (!includes.isEmpty()) {
        return std::unexpected(configError(
            ErrorCode::NotFound,
            u"keepalived.conf has no vrrp_instance with the VIP %1; it includes %2, which could not be read."_s.arg(
                vipAddress, includes),
            u"Make those files readable, or put the vrrp_instance of the VIP into keepalived.conf itself."_s));
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
