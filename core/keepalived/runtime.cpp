// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/runtime.h"

#include "keepalived/addresses_equal.h"
#include "keepalived/config.h"
#include "keepalived/find_script.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

// keepalived writes its dump asynchronously: a new inode or change time tells the new one, which is renamed into place
// before it is written, so it counts only with its last bracket.
// The dump is looked for where keepalived's own /tmp is (PrivateTmp). Passwords never leave the node: in the dump one
// is cut out, in the configuration a mark takes its place, made with a key ($1) that only this process knows.
constexpr const char* kPrelude = R"sh(LC_ALL=C; export LC_ALL
key=$1
)sh";
constexpr const char* kStateScript = R"sh(maintenance=/run/milvus-ha.maintenance
if [ -r $maintenance ] && [ "$(sed -n 2p $maintenance)" -gt "$(date +%s)" ] 2>/dev/null; then
    echo '@@mha maintenance'
    cat $maintenance
fi
[ -S /run/milvus-ha/node.sock ] && echo '@@mha program'
if [ -n "$pid" ]; then
    # Word 22 of stat is the start time, the 20th after the name: together with the pid it names one run.
    # With the time of the maintenance file, where there is one: it is looked at anew when that changes.
    echo "@@mha running $pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)" \
        $(stat -c %Y $maintenance 2>/dev/null)
    dump=/proc/$pid/root/tmp/keepalived.json
    before=$(stat -c '%i %z' "$dump" 2>/dev/null)
    signal=$(keepalived --signum=JSON 2>/dev/null)
    told=
    if [ -n "$signal" ] && kill -"$signal" "$pid" 2>/dev/null; then
        i=0
        while [ $i -lt 40 ]; do
            now=$(stat -c '%i %z' "$dump" 2>/dev/null)
            if [ -n "$now" ] && [ "$now" != "$before" ]; then
                json=$(sed -E 's/"auth_data" *: *"([^"\\]|\\.)*"/"auth_data":""/g' "$dump")
                case $json in *']'|*'}')
                    echo '@@mha json'
                    printf '%s\n\n' "$json"
                    told=1
                    break ;;
                esac
            fi
            sleep 0.02
            i=$((i+1))
        done
    fi
    if [ -z "$told" ]; then
        lines=$(journalctl -q --no-pager -o short-unix -n 200 -u keepalived 2>/dev/null)
        if [ -n "$lines" ]; then
            echo '@@mha journal'
            printf '%s\n' "$lines"
        else
            for f in /var/log/syslog /var/log/messages; do
                [ -r "$f" ] && { echo '@@mha syslog'; grep -F Keepalived_vrrp "$f" | tail -n 200; break; }
            done
        fi
    fi
elif command -v keepalived >/dev/null; then
    echo '@@mha stopped'
else
    echo '@@mha absent'
fi
# One line of the configuration without its password. What follows a line that ends in auth_pass is hidden whole.
harmless() {
    if [ -n "$hide" ]; then
        hide=
        echo -
        return
    fi
    case $1 in
    *auth_pass*)
        case $1 in *auth_pass|*auth_pass*\\) hide=1 ;; esac
        pass=$(printf '%s\n' "$1" | sed -nE 's/.*auth_pass[[:space:]]+("([^"]*)"|([^]"[:space:]}!#]+)).*/\2\3/p')
        mark=-
        case $pass in
        ''|*'$'*) ;;
        *) mark=mha-mark:$(printf '%s%.8s' "$key" "$pass" | sha256sum | cut -c1-16) ;;
        esac
        printf '%s\n' "$1" | sed -E 's/(auth_pass[[:space:]]+)("[^"]*"|[^[:space:]}]+)/\1'"$mark"'/g' ;;
    *'$'*[Pp][Aa][Ss][Ss]*=*)
        case $1 in *\\) hide=1 ;; esac
        printf '%s-\n' "${1%%=*}=" ;;
    *) printf '%s\n' "$1" ;;
    esac
}
# The file $1 with the files that it includes in their places. $2: how deep. Each in a shell of its own, as keepalived
# reads each from its own folder.
flatten() (
    [ "$2" -lt 9 ] || exit 0
    depth=$2
    exec <"$1" || exit 0
    cd "$(dirname "$1")" || exit 0
    hide=
    while IFS= read -r line || [ -n "$line" ]; do
        set -- $line
        case ${1:-} in
        "@^$id") set -- ;;
        "@$id"|"@^"*) shift ;;
        esac
        case ${1:-} in
        include|includer|includem|includew|includeb|includea)
            pattern=${2%\"}
            pattern=${pattern#\"}
            found=
            set +f
            for file in $pattern; do
                [ -f "$file" ] && [ -r "$file" ] || continue
                found=1
                flatten "$file" $((depth + 1))
            done
            set -f
            [ -n "$found" ] && continue ;;
        esac
        harmless "$line"
    done
)
# What each program that the configuration names is, as far as this user can tell.
programs() {
    sed -nE 's/^[^!#]*(script|notify[a-z_]*)[[:space:]]+["'\'']?(\/[^]"'\''[:space:]]+).*/\2/p' | sort -u | head -n 40 |
    while IFS= read -r file; do
        if [ ! -e "$file" ]; then
            [ -x "$(dirname "$file")" ] || [ ! -e "$(dirname "$file")" ] && echo "missing $file"
            continue
        fi
        calls=
        text=$(head -c 65536 "$file" 2>/dev/null | tr -d '\0' | grep -E '^[^#]*docker')
        [ -n "$text" ] && calls=d
        printf '%s\n' "$text" |
            grep -qE 'docker( +container)? +(start|restart|run)|docker[- ]compose.* (up|start|restart)' && calls=${calls}s
        printf '%s\n' "$text" |
            grep -qE 'docker( +container)? +(stop|kill|rm)|docker[- ]compose.* (stop|down|kill)' && calls=${calls}e
        echo "program $(stat -L -c '%u %a' "$file") -$calls $file"
    done
}
users() {
    group=$(stat -L -c %G /var/run/docker.sock 2>/dev/null)
    for user in root keepalived_script $(sed -nE 's/^[[:space:]]*(script_)?user[[:space:]]+([A-Za-z0-9_.-]+).*/\2/p' | sort -u); do
        number=$(id -u "$user" 2>/dev/null) || continue
        may=no
        [ "$number" = 0 ] && may=yes
        [ -n "$group" ] && case " $(id -nG "$user") " in *" $group "*) may=yes ;; esac
        echo "user $may $user"
    done
}
if [ -r "$conf" ]; then
    text=$(flatten "$conf" 0)
    echo "@@mha config-id $id"
    echo '@@mha programs'
    printf '%s\n' "$text" | programs
    echo '@@mha users'
    printf '%s\n' "$text" | users
    echo '@@mha config'
    printf '%s\n' "$text"
elif [ -e "$conf" ]; then
    echo '@@mha config-unreadable'
else
    echo '@@mha config-missing'
fi
echo
echo '@@mha end'
)sh";

constexpr const char* kRunScript = R"sh(pid=
for f in /run/keepalived.pid /run/keepalived/keepalived.pid; do
    [ -r "$f" ] && { pid=$(cat "$f"); break; }
done
case $pid in ''|*[!0-9]*) pid=$(pgrep -o -x keepalived) ;; esac
[ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = keepalived ] &&
    echo "$pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)" $(stat -c %Y /run/milvus-ha.maintenance 2>/dev/null)
[ -S /run/milvus-ha/node.sock ] && echo program
exit 0
)sh";

// `tail` and `journalctl -f` would outlive the connection; cat ends with it.
constexpr const char* kJournalScript = R"sh(PATH=$PATH:/usr/sbin:/sbin; LC_ALL=C; export PATH LC_ALL
if [ -d /run/systemd/system ] && command -v journalctl >/dev/null; then
    journalctl -q --no-pager -o short-unix -n 0 -f _SYSTEMD_UNIT=keepalived.service + UNIT=keepalived.service + \
        SYSLOG_IDENTIFIER=milvus-ha & p=$!
elif [ -r /var/log/syslog ]; then
    tail -n 0 -F /var/log/syslog 2>/dev/null & p=$!
elif [ -r /var/log/messages ]; then
    tail -n 0 -F /var/log/messages 2>/dev/null & p=$!
else
    exit 1
fi
cat >/dev/null
kill $p
)sh";

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

/// Owner, until when by the node's clock, and reason, a line each.
std::optional<Maintenance> maintenanceFrom(const QByteArray& section) {
    const QList<QByteArray> lines = section.trimmed().split('\n');
    bool ok = false;
    const double until = lines.value(1).toDouble(&ok);
    if (!ok)
        return std::nullopt;
    return Maintenance{QString::fromUtf8(lines[0]), QString::fromUtf8(lines.value(2)), fromEpochSeconds(until)};
}

} // namespace

QString passwordMarkKey() {
    // Without it nobody can try passwords on a mark.
    static const QString key = QString::number(QRandomGenerator::system()->generate64(), 16) +
                               QString::number(QRandomGenerator::system()->generate64(), 16);
    return key;
}

Command keepalivedStateCommand() {
    static const QByteArray kScript = QByteArray(kPrelude) + kFindKeepalived + kFindKeepalivedFile + kStateScript;
    return scriptCommand(kScript.constData(), {passwordMarkKey()}, true);
}

Command keepalivedRunCommand() {
    return scriptCommand(kRunScript);
}

Command keepalivedJournalCommand() {
    return scriptCommand(kJournalScript, {}, true);
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
        vrrp->maintenance = maintenanceFrom(sections["maintenance"]);
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
