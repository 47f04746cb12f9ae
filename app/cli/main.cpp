// SPDX-License-Identifier: GPL-3.0-or-later

// milvus-ha: the pair from a shell. The commands are in files of their own.

#include "commands.h"
#include "output.h"
#include "pair_choice.h"

#include <QCoreApplication>

namespace {

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

int run(const Arguments& arguments) {
    if (arguments.command == Command::Version) {
        if (arguments.json) {
            printJson({{u"version"_s, u"" MILVUS_HA_VERSION ""_s}});
        } else {
            printLine(u"milvus-ha " MILVUS_HA_VERSION ""_s);
        }
        return 0;
    }
    if (!arguments.replayFile.isEmpty())
        return runReplay(arguments);
    const Result<Pair> pair = choosePair(arguments.pairFile, configFolder());
    if (!pair)
        return fail(pair.error(), arguments.json);
    switch (arguments.command) {
    case Command::Status:
        return runStatus(arguments, *pair);
    case Command::Watch:
        return runWatch(arguments, *pair);
    case Command::Events:
        return runEvents(arguments, *pair);
    case Command::Failovers:
        return runFailovers(arguments, *pair);
    case Command::Switchover:
    case Command::Takeover:
        return runSwitchover(arguments, *pair);
    case Command::Drill:
        return runDrill(arguments, *pair);
    case Command::Lever:
        return runLever(arguments, *pair);
    case Command::Maintenance:
        return runMaintenance(arguments, *pair);
    case Command::Report:
        return runReport(arguments, *pair);
    case Command::Doctor:
        return runDoctor(arguments, *pair);
    case Command::Version:
        break;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_NO_GLIB", "1"); // as in the dashboard: `watch` waits most of its time, in many threads
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"milvus-ha"_s);
    const Parsed parsed = parseArguments(QCoreApplication::arguments());
    if (parsed.arguments)
        return run(*parsed.arguments);
    if (!parsed.help.isEmpty()) {
        printBytes(parsed.help.toUtf8());
        return 0;
    }
    return fail({ErrorCode::Usage, parsed.wrong, {}, u"See `milvus-ha --help`."_s}, parsed.json);
}
