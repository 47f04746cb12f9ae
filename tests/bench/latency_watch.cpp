// SPDX-License-Identifier: GPL-3.0-or-later

// Watches a pair as the window does and prints a line for each change of a container or of the VIP's place: how long
// ago the node says that it happened, when the picture with it is in the thread that draws. latency_bench.py drives it.

#include "observe/pair_monitor.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

class Watcher : public QObject {
public:
    explicit Watcher(PairMonitor& monitor) : out_(stdout) {
        connect(&monitor, &PairMonitor::pictureChanged, this, &Watcher::look);
        connect(&monitor, &PairMonitor::completed, this, [this] { say(u"complete"_s, {}, {}); });
    }

private:
    void look(const Picture& picture) {
        const Instant now = wallClockNow();
        for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
            const NodePicture& node = picture.nodes.at(i);
            if (node.container) {
                const auto& stamp = node.container->state == ContainerState::Running ? node.container->startedAt
                                                                                     : node.container->finishedAt;
                if (known_.at(i).container && *known_.at(i).container != node.container->state && stamp)
                    say(u"container"_s, containerStateName(node.container->state), now - *stamp);
                known_.at(i).container = node.container->state;
            }
            if (node.vip) {
                if (known_.at(i).held && *known_.at(i).held != node.vip->held && node.vip->changedAt)
                    say(u"vip"_s, node.vip->held ? u"held"_s : u"gone"_s, now - *node.vip->changedAt);
                known_.at(i).held = node.vip->held;
            }
        }
    }

    void say(const QString& what, const QString& state, Duration after) {
        out_ << u"%1 %2 %3\n"_s.arg(what, state).arg(toSeconds(after) * 1000.0, 0, 'f', 3);
        out_.flush();
    }

    struct Known {
        std::optional<ContainerState> container;
        std::optional<bool> held;
    };

    QTextStream out_;
    std::array<Known, 2> known_;
};

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const Result<Pair> pair = loadPair(QString::fromLocal8Bit(argc > 1 ? argv[1] : ""));
    if (!pair) {
        QTextStream(stderr) << toSentence(pair.error()) << '\n';
        return 1;
    }
    MonitorOptions options;
    options.ssh.knownHosts = pair->knownHosts;
    PairMonitor monitor(*pair, options);
    const Watcher watcher(monitor);
    monitor.start();
    return QCoreApplication::exec();
}
