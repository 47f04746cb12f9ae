// SPDX-License-Identifier: GPL-3.0-or-later
#include "doctor/leftovers.h"

#include "act/fault_flag_commands.h"
#include "act/maintenance.h"
#include "keepalived/fault_flag.h"

#include <QStringList>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// $1 the flag, $2 its timer, $3 the shared folder or nothing, $4 the timer of maintenance. Prints "flag VALUE",
/// "timer STATE", "maintenance STATE" and "nonce FILE…".
constexpr const char* kLook = "flag=0\n"
                              "[ -r \"$1\" ] && read -r flag <\"$1\"\n"
                              "printf 'flag %s\\n' \"$flag\"\n"
                              "printf 'timer %s\\n' \"$(systemctl is-active \"$2.timer\" 2>/dev/null)\"\n"
                              "printf 'maintenance %s\\n' \"$(systemctl is-active \"$4.timer\" 2>/dev/null)\"\n"
                              "[ -n \"$3\" ] && find \"$3\" -maxdepth 1 -name '.milvus-ha-*' -mmin +1 2>/dev/null |\n"
                              "    while IFS= read -r file; do printf 'nonce %s\\n' \"$file\"; done\n"
                              "exit 0\n";

} // namespace

Exam leftoversExam(const QString& node, const QByteArray& printed) {
    bool up = false;
    bool timer = false;
    bool maintenance = false;
    QStringList files;
    for (const QString& line : QString::fromUtf8(printed).split(u'\n', Qt::SkipEmptyParts)) {
        const QString value = line.section(u' ', 1);
        if (line.startsWith(u"flag "))
            up = value != u"0";
        if (line.startsWith(u"timer "))
            timer = value == u"active";
        if (line.startsWith(u"maintenance "))
            maintenance = value == u"active";
        if (line.startsWith(u"nonce "))
            files += value;
    }
    Exam exam{node, u"leftovers"_s};
    if (up && maintenance) {
        exam.state = ExamState::Note;
        exam.text = u"The FAULT flag is up for maintenance; its timer clears it."_s;
        exam.remedy = u"Nothing, or `milvus-ha maintenance end %1`."_s.arg(node);
    } else if (up && timer) {
        exam.state = ExamState::Note;
        exam.text = u"The FAULT flag is up: an operation runs, or its program has died; the timer clears it."_s;
        exam.remedy = u"Nothing, or `milvus-ha takeover`, which clears it."_s;
    } else if (up) {
        exam.state = ExamState::Problem;
        exam.text = u"The FAULT flag is up and no timer clears it: keepalived cannot take the VIP here."_s;
        exam.remedy = u"echo 0 >%1 there."_s.arg(kFaultFlagPath);
    } else if (!files.isEmpty()) {
        exam.state = ExamState::Note;
        exam.text = u"The shared folder has files that an interrupted check left: %1."_s.arg(files.join(u", "_s));
        exam.remedy = u"Remove them."_s;
    } else {
        exam.text = u"No operation has left anything."_s;
    }
    return exam;
}

Exam lookForLeftovers(Link& link, const QString& node, const QString& storagePath, std::chrono::milliseconds deadline) {
    const Command look = scriptCommand(kLook, {kFaultFlagPath, kFaultFlagTimer, storagePath, kMaintenanceTimer});
    const Result<ExecResult> result = execAndWait(link, look, deadline);
    if (result)
        return leftoversExam(node, result->output);
    return {node, u"leftovers"_s, ExamState::NotTried, toSentence(result.error())};
}

} // namespace mha
