// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "examination.h"
#include "output.h"
#include "watching.h"

#include <QJsonArray>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonValue textOrNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

void printFindings(const QList<Finding>& findings, bool colours) {
    for (const Finding& finding : findings) {
        const QString word =
            shaded(finding.ok ? u"ok     "_s : u"problem"_s, finding.ok ? Shade::Good : Shade::Bad, colours);
        const QString node = finding.node.isEmpty() ? QString() : finding.node + u", "_s;
        printLine(u"%1  %2%3: %4"_s.arg(word, node, finding.name, finding.text));
        if (!finding.ok && !finding.remedy.isEmpty())
            printLine(u"         "_s + finding.remedy);
    }
}

QJsonArray findingsJson(const QList<Finding>& findings) {
    QJsonArray array;
    for (const Finding& finding : findings) {
        array.append(QJsonObject{{u"node"_s, textOrNull(finding.node)},
                                 {u"name"_s, finding.name},
                                 {u"ok"_s, finding.ok},
                                 {u"text"_s, finding.text},
                                 {u"remedy"_s, textOrNull(finding.remedy)}});
    }
    return array;
}

/// A refusal outweighs what cannot be reached; any other problem is 1.
int exitCodeOf(const QList<Finding>& findings) {
    int code = 0;
    for (const Finding& finding : findings) {
        if (!finding.ok)
            code = std::max(code, finding.error ? exitCode(finding.error->code) : 1);
    }
    return code;
}

} // namespace

int runDoctor(const Arguments& arguments, const Pair& pair) {
    PairMonitor monitor(pair, monitorOptions(arguments, pair, false));
    lookOnce(monitor, arguments);
    const QList<Finding> findings = examine(monitor.picture(), pair);
    const bool ok = std::ranges::all_of(findings, &Finding::ok);
    if (arguments.json) {
        printJson({{u"pair"_s, pair.name}, {u"ok"_s, ok}, {u"checks"_s, findingsJson(findings)}});
    } else {
        printFindings(findings, coloured());
        printLine(ok ? u"All is well."_s : u"See the problems above."_s);
    }
    return exitCodeOf(findings);
}

} // namespace mha::cli
