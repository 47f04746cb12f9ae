// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/fault_flag_commands.h"

#include "act/maintenance.h"
#include "keepalived/fault_flag.h"

namespace mha {

namespace {

// A file with 0, not a file that is gone: keepalived looks at the file when it is closed after writing.

constexpr const char* kArm = "systemctl stop \"$1.timer\" \"$1.service\" >/dev/null 2>&1\n"
                             "systemctl reset-failed \"$1.timer\" \"$1.service\" >/dev/null 2>&1\n"
                             "printf '0\\n' >\"$2\" && exec systemd-run --quiet --collect --unit=\"$1\" "
                             "--description='milvus-ha: end of the FAULT flag' --on-active=\"$3\" "
                             "--timer-property=AccuracySec=100ms /bin/sh -c \"echo 0 >$2\"";
// systemd keeps a transient unit's file for as long as the unit is there; to ask systemd itself takes longer, in the
// outage.
constexpr const char* kRaise = "[ -e \"/run/systemd/transient/$1.timer\" ] || {\n"
                               "    echo \"the timer $1 that would clear the flag does not run\" >&2\n"
                               "    exit 1\n"
                               "}\n"
                               "printf '1\\n' >\"$2\"";
// In maintenance the flag stays up: it is not the operation's.
constexpr const char* kClear = "[ -e \"$3\" ] || printf '0\\n' >\"$2\" || exit 1\n"
                               "systemctl stop \"$1.timer\" >/dev/null 2>&1\n"
                               "exit 0";

} // namespace

Command armFaultFlagCommand(std::chrono::seconds expiry) {
    return scriptCommand(kArm, {kFaultFlagTimer, kFaultFlagPath, QString::number(expiry.count())}, true);
}

Command raiseFaultFlagCommand() {
    return scriptCommand(kRaise, {kFaultFlagTimer, kFaultFlagPath}, true);
}

Command clearFaultFlagCommand() {
    return scriptCommand(kClear, {kFaultFlagTimer, kFaultFlagPath, kMaintenancePath}, true);
}

} // namespace mha
