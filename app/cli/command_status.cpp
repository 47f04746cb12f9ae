// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "history_finding.h"
#include "output.h"
#include "report/json.h"
#include "status_text.h"
#include "watching.h"

#include <memory>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// The error that goes before the verdict. A node that refuses us keeps `status` from doing its work until the operator
/// acts; a node that is merely out of sight is part of the picture. Neither node reached though Milvus answers through
/// the VIP: the pair is there, and it is the pair file or SSH that is wrong.
std::optional<Error> errorOf(const Picture& picture) {
    if (auto refused = refusedByNode(picture))
        return refused;
    const bool answers = picture.vipProbe && picture.vipProbe->good;
    return answers ? noNodeReached(picture) : std::nullopt;
}

/// What a hand-over shows for a moment too. The rules forgive it for 300 ms (observe/rules.h), longer than a look
/// takes.
bool maybePassing(const Picture& picture) {
    return picture.holders().size() > 1 || !picture.vipProbe || !picture.vipProbe->good;
}

constexpr std::chrono::milliseconds kPassingFor{500};

} // namespace

int runStatus(const Arguments& arguments, const Pair& pair) {
    auto monitor = std::make_unique<PairMonitor>(pair, monitorOptions(arguments, pair, false));
    lookOnce(*monitor, arguments);
    if (monitor->picture().holders().size() > 1) {
        // The nodes were looked at one after the other: only the streams tell whether both hold the VIP at once.
        monitor = std::make_unique<PairMonitor>(pair, monitorOptions(arguments, pair, true));
        lookOnce(*monitor, arguments);
    }
    if (maybePassing(monitor->picture()))
        letPass(kPassingFor);
    Picture picture = monitor->picture();
    if (const std::optional<Reason> gap = historyFinding(arguments, pair, picture.at))
        picture.verdict.findings.append(*gap);
    const std::optional<Error> error = errorOf(picture);
    if (arguments.json) {
        QJsonObject object = toJson(picture, pair);
        if (error)
            object.insert(u"error"_s, toJson(*error, &pair));
        printJson(object);
    } else {
        for (const QString& line : statusText(picture, pair, coloured()))
            printLine(line);
        if (error)
            printError(*error);
    }
    return error ? exitCode(error->code) : verdictExitCode(picture.verdict.level);
}

} // namespace mha::cli
