// SPDX-License-Identifier: GPL-3.0-or-later
#include "watching.h"

#include "output.h"
#include "prompts.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

MonitorOptions monitorOptions(const Arguments& arguments, const Pair& pair, bool streams) {
    MonitorOptions options;
    options.streams = streams;
    options.ssh.hostKeys = arguments.acceptNew ? HostKeyPolicy::AcceptNew : HostKeyPolicy::RefuseUnknown;
    options.ssh.knownHosts = pair.knownHosts;
    options.ssh.connectTimeout = std::min(options.ssh.connectTimeout, arguments.timeout);
    options.ssh.reconnect = streams;
    options.ssh.prompts = terminalPrompts();
    return options;
}

void lookOnce(PairMonitor& monitor, const Arguments& arguments) {
    QEventLoop loop;
    QObject::connect(&monitor, &PairMonitor::completed, &loop, &QEventLoop::quit);
    QTimer::singleShot(arguments.timeout, &loop, &QEventLoop::quit);
    monitor.start();
    if (!monitor.complete())
        loop.exec();
}

void letPass(std::chrono::milliseconds time) {
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

std::optional<Error> refusedByNode(const Picture& picture) {
    for (const NodePicture& node : picture.nodes) {
        if (node.link.state == LinkState::Refused) {
            return node.link.error.value_or(Error{ErrorCode::Refused, u"The node refuses the connection."_s, node.name,
                                                  u"Run `milvus-ha doctor`."_s});
        }
    }
    return std::nullopt;
}

std::optional<Error> noNodeReached(const Picture& picture) {
    if (std::ranges::any_of(picture.nodes, &NodePicture::reachable))
        return std::nullopt;
    const NodePicture& first = picture.nodes.front();
    return first.link.error.value_or(Error{ErrorCode::Unreachable, u"Neither node answers."_s, first.name,
                                           u"Look at your own network first, then at SSH on both nodes."_s});
}

Result<std::unique_ptr<History>> openHistory(const Arguments& arguments) {
    return History::open(arguments.historyFile.isEmpty() ? History::defaultFileName() : arguments.historyFile);
}

void recordInto(Recorder& recorder, const PairSource& source) {
    QObject::connect(&source, &PairSource::eventsSeen, &recorder, &Recorder::addEvents);
    QObject::connect(&source, &PairSource::failoverSeen, &recorder, &Recorder::addFailover);
    QObject::connect(&source, &PairSource::pictureChanged, &recorder,
                     [&recorder](const Picture& picture) { recorder.outOfSight(picture.outOfSightSince()); });
    QObject::connect(&recorder, &Recorder::failed, &printError);
}

} // namespace mha::cli
