// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "event_text.h"
#include "history/recorder.h"
#include "output.h"
#include "report/json.h"
#include "stop_signal.h"
#include "watching.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

int runWatch(const Arguments& arguments, const Pair& pair) {
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    if (!history)
        return fail(history.error(), arguments.json, &pair);
    Recorder recorder(**history, pair.name);
    PairMonitor monitor(pair, monitorOptions(arguments, pair, true));
    QObject::connect(&monitor, &PairMonitor::eventsSeen, &recorder, &Recorder::addEvents);
    QObject::connect(&monitor, &PairMonitor::failoverSeen, &recorder, &Recorder::addFailover);
    QObject::connect(&recorder, &Recorder::failed,
                     [](const Error& error) { printErrorLine(u"milvus-ha: "_s + toSentence(error)); });
    QObject::connect(&monitor, &PairMonitor::eventsSeen, [&](const QList<Event>& events) {
        for (const Event& event : events) {
            if (arguments.json) {
                printJson(toJson(event));
            } else {
                printLine(eventText(event, coloured()));
            }
        }
    });

    QEventLoop loop;
    StopSignal stop;
    QObject::connect(&stop, &StopSignal::received, &loop, &QEventLoop::quit);
    if (arguments.watchFor)
        QTimer::singleShot(*arguments.watchFor, &loop, &QEventLoop::quit);
    // A refused node is not tried again before the operator acts: with both refused there is nothing to watch.
    std::optional<Error> refused;
    QObject::connect(&monitor, &PairMonitor::pictureChanged, &loop, [&](const Picture& picture) {
        if (!std::ranges::all_of(picture.nodes,
                                 [](const NodePicture& n) { return n.link.state == LinkState::Refused; }))
            return;
        refused = refusedByNode(picture);
        loop.quit();
    });
    monitor.start();
    loop.exec();
    monitor.stop();
    return refused ? fail(*refused, arguments.json, &pair) : 0;
}

} // namespace mha::cli
