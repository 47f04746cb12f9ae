// SPDX-License-Identifier: GPL-3.0-or-later

// Many pairs in one process, each with two SSH sessions of its own: what they cost when nothing happens.
//   many_pairs PAIR_FILE [PAIRS] [SECONDS]

#include "observe/pair_monitor.h"

#include <QCoreApplication>
#include <QFile>
#include <QTextStream>
#include <QTimer>

#include <memory>
#include <sys/resource.h>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMb() {
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6;
}

/// Waits until every session is up, as long as that takes on a machine that has both ends of them, then measures.
class Bench : public QObject {
public:
    Bench(const Pair& pair, int pairs, int seconds) : seconds_(seconds), out_(stdout) {
        for (int i = 0; i < pairs; ++i) {
            Pair one = pair;
            one.name = u"%1-%2"_s.arg(pair.name).arg(i);
            MonitorOptions options;
            options.ssh.knownHosts = pair.knownHosts;
            monitors_.push_back(std::make_unique<PairMonitor>(one, options));
        }
        // A few at a time: sshd refuses more than ten that have not signed in (MaxStartups).
        connect(&starter_, &QTimer::timeout, this, [this] {
            if (started_ < monitors_.size())
                monitors_.at(started_++)->start();
        });
        starter_.start(500);
        connect(&look_, &QTimer::timeout, this, &Bench::look);
        look_.start(1000);
    }

private:
    std::size_t sessionsUp() const {
        std::size_t up = 0;
        for (const auto& monitor : monitors_) {
            for (const NodePicture& node : monitor->picture().nodes)
                up += node.link.state == LinkState::Up ? 1 : 0;
        }
        return up;
    }

    /// What follows a first look is over when all have been up for so many looks.
    void look() {
        constexpr int kSteadyFor = 20;
        constexpr int kPatience = 300;
        steady_ = sessionsUp() == 2 * monitors_.size() ? steady_ + 1 : 0;
        if (steady_ < kSteadyFor && ++looks_ < kPatience)
            return;
        look_.stop();
        const double before = cpuSeconds();
        QTimer::singleShot(seconds_ * 1000, this, [this, before] { tell(cpuSeconds() - before); });
    }

    void tell(double cpu) {
        const std::size_t up = sessionsUp();
        out_ << u"%1 pairs in one process, %2 of %3 SSH sessions up, %4 s\n"_s.arg(monitors_.size())
                    .arg(up)
                    .arg(2 * monitors_.size())
                    .arg(seconds_);
        out_ << u"  CPU       %1 % of a core (wanted: 100)\n"_s.arg(cpu / seconds_ * 100, 0, 'f', 1);
        out_ << u"  resident  %1 MB (wanted: 400)\n"_s.arg(residentMb(), 0, 'f', 1);
        out_.flush();
        QCoreApplication::quit();
    }

    int seconds_;
    QTextStream out_;
    std::vector<std::unique_ptr<PairMonitor>> monitors_;
    QTimer starter_;
    std::size_t started_ = 0;
    QTimer look_;
    int steady_ = 0;
    int looks_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const Result<Pair> pair = loadPair(arguments.value(1));
    if (!pair) {
        QTextStream(stderr) << toSentence(pair.error()) << '\n';
        return 1;
    }
    const Bench bench(*pair, arguments.value(2, u"100"_s).toInt(), arguments.value(3, u"60"_s).toInt());
    return QCoreApplication::exec();
}
