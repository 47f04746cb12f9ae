// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "output.h"
#include "report/json.h"
#include "status_text.h"
#include "watching.h"

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

} // namespace

int runStatus(const Arguments& arguments, const Pair& pair) {
    PairMonitor monitor(pair, monitorOptions(arguments, pair, false));
    lookOnce(monitor, arguments);
    const Picture& picture = monitor.picture();
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
            printErrorLine(u"milvus-ha: "_s + toSentence(*error));
    }
    return error ? exitCode(error->code) : verdictExitCode(picture.verdict.level);
}

} // namespace mha::cli
