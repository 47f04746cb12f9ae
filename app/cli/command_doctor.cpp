// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "doctor/examination.h"
#include "doctor/leftovers.h"
#include "history_finding.h"
#include "observe/rules.h"
#include "output.h"
#include "watching.h"

#include <QJsonArray>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonValue textOrNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

Shade shadeOf(ExamState state) {
    switch (state) {
    case ExamState::Ok:
        return Shade::Good;
    case ExamState::Note:
        return Shade::Caution;
    case ExamState::Problem:
        return Shade::Bad;
    case ExamState::NotTried:
        break;
    }
    return Shade::Faint;
}

void printExams(const QList<Exam>& exams, bool colours) {
    for (const Exam& exam : exams) {
        const QString word = shaded(examStateName(exam.state).leftJustified(9), shadeOf(exam.state), colours);
        const QString node = exam.node.isEmpty() ? QString() : exam.node + u", "_s;
        const QString code = exam.code.isEmpty() || exam.code == exam.name ? QString() : u" ["_s + exam.code + u']';
        printLine(u"%1  %2%3: %4%5"_s.arg(word, node, exam.name, exam.text, code));
        if (!exam.remedy.isEmpty())
            printLine(u"           "_s + exam.remedy);
    }
}

QJsonArray examsJson(const QList<Exam>& exams) {
    QJsonArray array;
    for (const Exam& exam : exams) {
        array.append(QJsonObject{{u"node"_s, textOrNull(exam.node)},
                                 {u"name"_s, exam.name},
                                 {u"ok"_s, exam.state == ExamState::Ok || exam.state == ExamState::Note},
                                 {u"state"_s, examStateName(exam.state)},
                                 {u"code"_s, textOrNull(exam.code)},
                                 {u"text"_s, exam.text},
                                 {u"remedy"_s, textOrNull(exam.remedy)}});
    }
    return array;
}

} // namespace

int runDoctor(const Arguments& arguments, const Pair& pair) {
    PairMonitor monitor(pair, monitorOptions(arguments, pair, false));
    lookOnce(monitor, arguments);
    QList<Exam> exams = examine(monitor.picture(), pair);
    for (int node : {0, 1}) {
        const NodePicture& seen = monitor.picture().nodes[static_cast<std::size_t>(node)];
        if (seen.reachable())
            exams.append(lookForLeftovers(monitor.link(node), seen.name, pair.storagePath, arguments.timeout));
    }
    if (const std::optional<Reason> gap = historyFinding(arguments, pair, monitor.picture().at)) {
        const QString remedy = QString::fromLatin1(findRule(gap->code)->remedy);
        exams.append({{}, u"history"_s, ExamState::Note, gap->text, remedy, gap->code});
    }
    const int code = examExitCode(exams);
    if (arguments.json) {
        printJson({{u"pair"_s, pair.name},
                   {u"ok"_s, code == 0},
                   {u"verdict"_s, verdictName(monitor.picture().verdict.level)},
                   {u"checks"_s, examsJson(exams)}});
    } else {
        printExams(exams, coloured());
        printLine(code == 0 ? u"All is well; what is marked as a note is no fault."_s : u"See the problems above."_s);
    }
    return code;
}

} // namespace mha::cli
