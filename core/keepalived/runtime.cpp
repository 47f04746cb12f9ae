// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/runtime.h"

#include "keepalived/addresses_equal.h"
#include "keepalived/config.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView kMark = "@@mha ";

QHash<QByteArray, QByteArray> sectionsOf(const QByteArray& output) {
    QHash<QByteArray, QByteArray> sections;
    QByteArray name;
    for (const QByteArray& line : output.split('\n')) {
        if (line.startsWith(kMark)) {
            const QByteArray mark = line.sliced(kMark.size()).trimmed();
            name = mark.split(' ').value(0);
            sections[name] = mark.sliced(name.size()); // present also where nothing follows
        } else if (!name.isEmpty()) {
            sections[name] += line + '\n';
        }
    }
    return sections;
}

Error stateError(ErrorCode code, const QString& text, const QString& remedy) {
    return {code, text, u"keepalived"_s, remedy};
}

VrrpState stateFromNumber(int number) {
    switch (number) { // keepalived's vrrp.h
    case 0:
        return VrrpState::Init;
    case 1:
        return VrrpState::Backup;
    case 2:
        return VrrpState::Master;
    case 3:
        return VrrpState::Fault;
    case 97: // deleted by a reload
    case 98:
        return VrrpState::Stopped;
    default:
        return VrrpState::Unknown;
    }
}

bool carries(const QJsonObject& data, const QString& vipAddress) {
    for (const QLatin1String list : {"vips"_L1, "evips"_L1}) {
        for (const QJsonValue vip : data[list].toArray()) {
            if (sameAddress(vip.toString().section(u' ', 0, 0), vipAddress))
                return true;
        }
    }
    return false;
}

// A flag is 0 or 1 in some versions, false or true in others.
bool isSet(const QJsonValue& value) {
    return value.toBool() || value.toInt() != 0;
}

std::optional<VrrpCounts> countsFrom(const QJsonObject& stats) {
    if (stats.isEmpty())
        return std::nullopt;
    VrrpCounts counts;
    counts.sent = stats["advert_sent"_L1].toInteger();
    counts.received = stats["advert_rcvd"_L1].toInteger();
    for (const QLatin1String flaw :
         {"packet_len_err"_L1, "advert_interval_err"_L1, "ip_ttl_err"_L1, "invalid_type_rcvd"_L1, "addr_list_err"_L1,
          "invalid_authtype"_L1, "authtype_mismatch"_L1, "auth_failure"_L1})
        counts.rejected += stats[flaw].toInteger();
    counts.becameMaster = stats["become_master"_L1].toInteger();
    counts.leftMaster = stats["release_master"_L1].toInteger();
    counts.resigned = stats["pri_zero_sent"_L1].toInteger();
    return counts;
}

VrrpSeen fromDump(const QJsonObject& data) {
    VrrpSeen seen;
    seen.running = true;
    seen.source = u"json"_s;
    seen.state = stateFromNumber(data["state"_L1].toInt(-1));
    seen.priority = data["base_priority"_L1].toInt(-1);
    seen.effectivePriority = data["effective_priority"_L1].toInt(-1);
    seen.vrid = data["vrid"_L1].toInt(-1);
    seen.advertInterval = fromSeconds(data["adver_int"_L1].toDouble());
    seen.nopreempt = isSet(data["nopreempt"_L1]);
    // Active_Down_Interval (RFC 9568 6.1, RFC 3768 6.1), by its own interval where the master's is not told.
    const Duration own = seen.advertInterval;
    const double told = data["master_adver_int"_L1].toDouble();
    const Duration master = told > 0 ? fromSeconds(told) : own;
    if (seen.effectivePriority >= 0 && seen.effectivePriority <= 255 && master > Duration::zero()) {
        const Duration skewed = data["version"_L1].toInt(2) == 3 ? master : Duration(std::chrono::seconds(1));
        seen.masterDown = 3 * master + skewed * (256 - seen.effectivePriority) / 256;
    }
    const double since = data["last_transition"_L1].toDouble();
    if (since > 0)
        seen.since = fromEpochSeconds(since);
    return seen;
}

Result<VrrpSeen> parseDump(const QByteArray& json, const QString& vipAddress) {
    const QJsonDocument document = QJsonDocument::fromJson(json.trimmed());
    const QJsonArray instances =
        document.isArray() ? document.array() : document.object()["vrrp"_L1].toArray(); // json_version 1, 2
    if (instances.isEmpty()) {
        return std::unexpected(stateError(ErrorCode::Protocol, u"keepalived's state dump could not be understood."_s,
                                          u"Check keepalived's version on the node (2.0 or later)."_s));
    }
    for (const QJsonValue instance : instances) {
        const QJsonObject data = instance["data"_L1].toObject();
        if (!carries(data, vipAddress))
            continue;
        VrrpSeen seen = fromDump(data);
        seen.counts = countsFrom(instance["stats"_L1].toObject());
        return seen;
    }
    return std::unexpected(stateError(ErrorCode::NotFound,
                                      u"keepalived runs, but none of its instances has the VIP %1."_s.arg(vipAddress),
                                      u"Correct `vip` in the pair file, or virtual_ipaddress in keepalived.conf."_s));
}

// "(VI_1) Changing effective priority from 110 to 90".
int changedPriority(const QByteArray& line) {
    const qsizetype at = line.indexOf("effective priority from ");
    const qsizetype to = at < 0 ? -1 : line.indexOf(" to ", at);
    bool ok = false;
    const int priority = to < 0 ? -1 : line.sliced(to + 4).split(' ').value(0).trimmed().toInt(&ok);
    return ok ? priority : -1;
}

Result<VrrpSeen> parseLog(const QByteArray& lines, const QString& source, const Result<VrrpConfigSeen>& config) {
    VrrpSeen seen;
    seen.running = true;
    seen.source = source;
    const QByteArray instance = config ? '(' + config->instance.toUtf8() + ')' : QByteArray();
    for (const QByteArray& line : lines.split('\n')) {
        const std::optional<VrrpState> state = parseKeepalivedLine(line);
        if (!line.contains(instance) && state != VrrpState::Stopped)
            continue;
        if (state) {
            seen.state = *state;
            seen.since = keepalivedLineTime(line);
        }
        if (const int priority = changedPriority(line); priority >= 0)
            seen.effectivePriority = priority;
    }
    if (seen.state == VrrpState::Unknown) {
        return std::unexpected(stateError(
            ErrorCode::NotFound, u"keepalived runs, but its log names no VRRP state of the VIP's instance."_s,
            u"Let the user run sudo without a password, so that keepalived can be asked."_s));
    }
    return seen;
}

void fillFromConfig(VrrpSeen& seen, const Result<VrrpConfigSeen>& config) {
    if (!config)
        return;
    seen.vrid = config->vrid;
    seen.priority = config->priority;
    seen.nopreempt = config->nopreempt;
    if (seen.effectivePriority < 0 && seen.running)
        seen.effectivePriority = config->priority;
}

/// "program UID MODE -CALLS PATH", CALLS being of d (calls docker), s (starts a container) and e (ends one), or
/// "missing PATH".
void readProgram(const QByteArray& line, QHash<QString, ScriptFile>& files) {
    const QList<QByteArray> words = line.split(' ');
    if (words[0] == "missing" && words.size() > 1) {
        files.insert(QString::fromUtf8(line.sliced(8)), {});
        return;
    }
    bool ok = false;
    const int mode = words.value(2).toInt(&ok, 8);
    if (words[0] != "program" || words.size() < 5 || !ok)
        return;
    ScriptFile file;
    file.exists = true;
    file.executable = (mode & 0111) != 0;
    file.rootsAlone = words[1] == "0" && (mode & 0022) == 0;
    file.callsDocker = words[3].contains('d');
    file.startsContainer = words[3].contains('s');
    file.stopsContainer = words[3].contains('e');
    files.insert(QString::fromUtf8(words.sliced(4).join(' ')), file);
}

ConfigSurroundings surroundingsFrom(const QHash<QByteArray, QByteArray>& sections) {
    ConfigSurroundings node;
    node.configId = QString::fromUtf8(sections.value("config-id").trimmed());
    for (const QByteArray& line : sections.value("programs").split('\n'))
        readProgram(line, node.files);
    node.usersKnown = sections.contains("users");
    for (const QByteArray& line : sections.value("users").split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() == 3 && words[0] == "user")
            node.userMayDocker.insert(QString::fromUtf8(words[2]), words[1] == "yes");
    }
    return node;
}

Result<VrrpConfigSeen> configFrom(const QHash<QByteArray, QByteArray>& sections, const QString& vipAddress) {
    if (sections.contains("config"))
        return parseKeepalivedConfig(sections["config"], vipAddress, surroundingsFrom(sections));
    if (sections.contains("config-unreadable")) {
        return std::unexpected(Error{ErrorCode::Refused, u"keepalived.conf may not be read by this user."_s,
                                     u"keepalived.conf"_s,
                                     u"Let the user run sudo without a password, or read /etc/keepalived."_s});
    }
    return std::unexpected(Error{ErrorCode::NotFound, u"There is no /etc/keepalived/keepalived.conf on the node."_s,
                                 u"keepalived.conf"_s, u"Configure keepalived on this node as the guide says."_s});
}

Result<VrrpSeen> stateFrom(const QHash<QByteArray, QByteArray>& sections, const QString& vipAddress,
                           const Result<VrrpConfigSeen>& config) {
    if (sections.contains("absent")) {
        return std::unexpected(stateError(ErrorCode::NotFound, u"keepalived is not installed on the node."_s,
                                          u"Install it there: apt-get install keepalived."_s));
    }
    if (sections.contains("stopped")) {
        VrrpSeen seen;
        seen.state = VrrpState::Stopped;
        seen.source = u"process"_s;
        fillFromConfig(seen, config);
        return seen;
    }
    if (sections.contains("json"))
        return parseDump(sections["json"], vipAddress);
    for (const char* source : {"journal", "syslog"}) {
        if (!sections.contains(source))
            continue;
        Result<VrrpSeen> seen = parseLog(sections[source], QString::fromLatin1(source), config);
        if (seen)
            fillFromConfig(*seen, config);
        return seen;
    }
    return std::unexpected(
        stateError(ErrorCode::Refused, u"keepalived runs, but this user may neither ask it nor read its log."_s,
                   u"Let the user run sudo without a password, or add it to the group systemd-journal."_s));
}

} // namespace

std::optional<Maintenance> parseMaintenance(const QByteArray& file) {
    const QList<QByteArray> lines = file.trimmed().split('\n');
    bool ok = false;
    const double until = lines.value(1).toDouble(&ok);
    if (!ok)
        return std::nullopt;
    return Maintenance{QString::fromUtf8(lines[0]), QString::fromUtf8(lines.value(2)), fromEpochSeconds(until)};
}

KeepalivedSeen parseKeepalivedState(const QByteArray& output, const QString& vipAddress) {
    const QHash<QByteArray, QByteArray> sections = sectionsOf(output);
    if (!sections.contains("end")) {
        const Error error = stateError(ErrorCode::Protocol, u"The look at keepalived broke off."_s,
                                       u"Check that the user's shell on the node runs commands, and try again."_s);
        return {std::unexpected(error), std::unexpected(error), {}, false};
    }
    Result<VrrpConfigSeen> config = configFrom(sections, vipAddress);
    Result<VrrpSeen> vrrp = stateFrom(sections, vipAddress, config);
    if (vrrp && sections.contains("maintenance"))
        vrrp->maintenance = parseMaintenance(sections["maintenance"]);
    const bool program = sections.contains("program");
    const QByteArray run = sections.value("running").trimmed() + (program ? "\nprogram" : "");
    return {std::move(vrrp), std::move(config), run.trimmed(), program};
}

std::optional<Instant> keepalivedLineTime(const QByteArray& line) {
    const QString first = QString::fromUtf8(line.split(' ').value(0));
    bool ok = false;
    const double seconds = first.toDouble(&ok);
    return ok && seconds > 0 ? fromEpochSeconds(seconds) : fromIso(first);
}

bool isKeepalivedChange(const QByteArray& line) {
    return parseKeepalivedLine(line) || line.contains("Changing effective priority") ||
           line.contains("keepalived.service: ") || line.contains("Startup complete");
}

std::optional<VrrpState> parseKeepalivedLine(const QByteArray& line) {
    if (line.contains("keepalived.service: Main process exited"))
        return VrrpState::Stopped;
    const qsizetype identity = line.indexOf("Keepalived");
    if (identity < 0)
        return std::nullopt;
    const QByteArrayView text = QByteArrayView(line).sliced(identity);

    struct Row {
        QByteArrayView words;
        VrrpState state;
    };

    static constexpr Row rows[] = {
        {"Entering MASTER STATE", VrrpState::Master}, {"Entering BACKUP STATE", VrrpState::Backup},
        {"Entering FAULT STATE", VrrpState::Fault},   {"Now in FAULT state", VrrpState::Fault},
        {": Stopping", VrrpState::Stopped},           {": Stopped", VrrpState::Stopped},
    };
    for (const Row& row : rows) {
        if (text.indexOf(row.words) >= 0)
            return row.state;
    }
    return std::nullopt;
}

} // namespace mha
