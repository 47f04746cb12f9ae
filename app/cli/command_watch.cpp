// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "event_text.h"
#include "history/recorder.h"
#include "observe/replay.h"
#include "observe/source_recording.h"
#include "output.h"
#include "past/past_seeker.h"
#include "report/json.h"
#include "stop_signal.h"
#include "watching.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// Of a recording that is damaged all over, no more lines than these are told one by one.
constexpr int kDamageTold = 10;

void printEvents(const QList<Event>& events, const Arguments& arguments) {
    for (const Event& event : events) {
        if (arguments.json) {
            printJson(toJson(event));
        } else {
            printLine(eventText(event, coloured()));
        }
    }
}

/// A line an event, as it comes.
void printAll(const PairSource& source, const Arguments& arguments) {
    QObject::connect(&source, &PairSource::eventsSeen,
                     [&arguments](const QList<Event>& events) { printEvents(events, arguments); });
}

/// What --record asks for; nullptr where it does not.
Result<std::unique_ptr<RecordingWriter>> startRecording(const PairSource& source, const Arguments& arguments) {
    if (arguments.recordFile.isEmpty())
        return nullptr;
    Result<std::unique_ptr<RecordingWriter>> made = recordSource(source, arguments.recordFile);
    if (!made)
        return made;
    RecordingWriter* writer = made->get();
    QObject::connect(writer, &RecordingWriter::failed, &printError);
    return made;
}

} // namespace

int runWatch(const Arguments& arguments, const Pair& pair) {
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    if (!history)
        return fail(history.error(), arguments.json, &pair);
    Recorder recorder(**history, pair.name);
    PairMonitor monitor(pair, monitorOptions(arguments, pair, true));
    recordInto(recorder, monitor);
    PastSeeker past(monitor);
    QObject::connect(&past, &PastSeeker::rebuilt, &recorder, &Recorder::addPast);
    printAll(monitor, arguments);
    QObject::connect(&past, &PastSeeker::rebuilt,
                     [&](const RebuiltPast& rebuilt) { printEvents(rebuilt.events, arguments); });
    Result<std::unique_ptr<RecordingWriter>> recording = startRecording(monitor, arguments);
    if (!recording)
        return fail(recording.error(), arguments.json, &pair);

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
    QObject::connect(&recorder, &Recorder::woke, &past, [&] { past.seek(recorder.pastWanted()); });
    past.seek(recorder.pastWanted());
    monitor.start();
    loop.exec();
    monitor.stop();
    return refused ? fail(*refused, arguments.json, &pair) : 0;
}

int runReplay(const Arguments& arguments) {
    Result<std::unique_ptr<RecordingReader>> recording = RecordingReader::open(arguments.replayFile);
    if (!recording)
        return fail(recording.error(), arguments.json);
    Replay replay(std::move(*recording), arguments.speed);
    // Into the history only where one is named: what is played is not what happens.
    std::unique_ptr<History> history;
    std::unique_ptr<Recorder> recorder;
    if (!arguments.historyFile.isEmpty()) {
        Result<std::unique_ptr<History>> opened = openHistory(arguments);
        if (!opened)
            return fail(opened.error(), arguments.json, &replay.pair());
        history = std::move(*opened);
        recorder = std::make_unique<Recorder>(*history, replay.pair().name, Recorder::Watching::Replayed);
        recordInto(*recorder, replay);
        QObject::connect(&replay, &Replay::ticked, recorder.get(), &Recorder::passTime);
    }
    printAll(replay, arguments);
    std::optional<Error> damage;
    QObject::connect(&replay, &Replay::damaged, [&](const Error& error) {
        if (replay.damagedLines() <= kDamageTold)
            printError(error);
        damage = damage.value_or(error);
    });
    QEventLoop loop;
    StopSignal stop;
    QObject::connect(&stop, &StopSignal::received, &loop, &QEventLoop::quit);
    if (arguments.watchFor)
        QTimer::singleShot(*arguments.watchFor, &loop, &QEventLoop::quit);
    QObject::connect(&replay, &Replay::completed, &loop, &QEventLoop::quit);
    replay.start();
    if (!replay.complete())
        loop.exec();
    replay.stop();
    if (!damage)
        return 0;
    if (replay.damagedLines() > kDamageTold)
        printErrorLine(u"milvus-ha: %1: %2 lines are damaged."_s.arg(arguments.replayFile).arg(replay.damagedLines()));
    return exitCode(damage->code);
}

} // namespace mha::cli
