// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/maintenance.h"

#include "act/operation_lock.h"
#include "keepalived/fault_flag.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// $1 the file, $2 the timer's name, $3 the flag, $4 owner, $5 reason, $6 seconds, $7 whether the flag goes up, $8 the
/// operation lock. The end is in the timer before anything is changed; without systemd the file's own time ends it, and
/// no flag goes up.
constexpr const char* kBegin =
    "[ ! -r \"$8\" ] || { IFS= read -r id; IFS= read -r who; IFS= read -r what; IFS= read -r until; } <\"$8\"\n"
    "[ \"${until:-0}\" -le \"$(cut -d. -f1 /proc/uptime)\" ] || {\n"
    "    echo \"$who is at work on this pair ($what)\" >&2\n"
    "    exit 9\n"
    "}\n"
    "systemctl stop \"$2.timer\" \"$2.service\" >/dev/null 2>&1\n"
    "systemctl reset-failed \"$2.timer\" \"$2.service\" >/dev/null 2>&1\n"
    "systemd-run --quiet --collect --unit=\"$2\" --description='milvus-ha: end of maintenance' --on-active=\"$6\" "
    "--timer-property=AccuracySec=1s /bin/sh -c \"rm -f $1; [ ! -e $3 ] || echo 0 >$3\" || [ -z \"$7\" ] || exit 1\n"
    "printf '%s\\n' \"$4\" $(($(date +%s) + $6)) \"$5\" >\"$1.new\" && chmod 644 \"$1.new\" && mv -f \"$1.new\" \"$1\" "
    "|| exit 1\n"
    "[ -z \"$7\" ] || printf '1\\n' >\"$3\"\n";
constexpr const char* kEnd = "rm -f \"$1\" || exit 1\n"
                             "[ ! -e \"$3\" ] || printf '0\\n' >\"$3\" || exit 1\n"
                             "systemctl stop \"$2.timer\" >/dev/null 2>&1\n"
                             "exit 0\n";

Command rootScript(const char* script, const QStringList& arguments) {
    return scriptCommand(script, QStringList{kMaintenancePath, kMaintenanceTimer, kFaultFlagPath} + arguments, true);
}

/// A line of the file each.
QString oneLine(QString text) {
    return text.replace(u'\n', u' ').replace(u'\r', u' ').trimmed();
}

} // namespace

std::optional<Error> maintenanceRefusal(const Picture& picture, const MaintenanceRequest& request) {
    const NodePicture& node = picture.nodes[static_cast<std::size_t>(request.node)];
    const NodePicture& other = picture.nodes[static_cast<std::size_t>(1 - request.node)];
    const auto refused = [&](const QString& text, const QString& remedy) {
        return Error{ErrorCode::Refused, text, {}, remedy};
    };
    if (request.duration < kShortestMaintenance || request.duration > kLongestMaintenance)
        return refused(u"Maintenance lasts from one minute to seven days."_s, u"Give another time with --for."_s);
    if (!node.reachable() || !node.vrrp)
        return refused(u"%1 and its keepalived are not seen now."_s.arg(node.name), u"Look at `milvus-ha doctor`."_s);
    if (picture.operation)
        return refused(u"A %1 is under way."_s.arg(picture.operation->kind), u"Wait for its end."_s);
    const bool runs = node.container && node.container->state == ContainerState::Running;
    if (picture.active == request.node || (node.vip && node.vip->held) || runs) {
        return refused(u"%1 serves or runs Milvus: maintenance must not end the service."_s.arg(node.name),
                       u"First `milvus-ha switchover --to %1`."_s.arg(other.name));
    }
    const bool served = other.reachable() && other.vip && other.vip->held && picture.vipProbe && picture.vipProbe->good;
    if (!served) {
        return refused(u"%1 does not serve now: in maintenance %2 could not help."_s.arg(other.name, node.name),
                       u"Look at `milvus-ha status`, and begin when the pair serves."_s);
    }
    return std::nullopt;
}

Command beginMaintenanceCommand(const MaintenanceRequest& request) {
    return rootScript(kBegin,
                      {oneLine(request.owner), oneLine(request.reason), QString::number(request.duration.count()),
                       request.byFlag ? u"flag"_s : QString(), kOperationLockPath});
}

Command endMaintenanceCommand() {
    return rootScript(kEnd, {});
}

Result<void> maintenanceResult(const Result<ExecResult>& result, const QString& node) {
    if (!result)
        return std::unexpected(result.error());
    if (result->exitCode == 0)
        return {};
    const QString why = QString::fromUtf8(result->errors).trimmed().replace(u'\n', u"; "_s);
    const bool held = result->exitCode == kOperationLockHeld;
    return std::unexpected(
        Error{ErrorCode::Refused, u"The node did not do it: %1."_s.arg(why), node,
              held ? u"Wait for its end."_s
                   : u"Let the user run sudo without a password, or connect as root; systemd must be there to end "
                     "it."_s});
}

} // namespace mha
