// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/log_reader.h"

#include "observe/sensor_context.h"
#include "past/node_clock.h"

#include <QPointer>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A line is in the log so much later than it was written, at most.
constexpr std::chrono::seconds kLogged{1};

/// Its log can be asked for, and its times be told.
bool ready(const NodePicture& node) {
    return node.reachable() && (node.clock || node.clock.unknownBecause);
}

std::optional<Error> whyNot(const NodePicture& node) {
    switch (node.link.state) {
    case LinkState::Up:
    case LinkState::Connecting:
        break;
    case LinkState::Silent:
        return Error{ErrorCode::TimedOut, u"Nothing is heard of it."_s, {}, u"Check that the node runs and answers."_s};
    case LinkState::Down:
    case LinkState::Refused:
        return node.link.error.value_or(
            Error{ErrorCode::Unreachable, u"It cannot be reached."_s, {}, u"Check that the node runs and answers."_s});
    }
    return std::nullopt;
}

} // namespace

LogReader::LogReader(const Pair& pair, std::array<Link*, 2> links, std::function<Instant()> clock, QObject* parent)
    : QObject(parent), clock_(std::move(clock)), over_(this) {
    for (std::size_t node = 0; node < 2; ++node) {
        nodes_[node].link = links[node];
        log_.nodes[node].node = pair.nodes[node].name;
    }
    over_.setSingleShot(true);
    connect(&over_, &QTimer::timeout, this, [this] {
        for (Node& node : nodes_)
            node.wanted = true;
        look(picture_);
    });
}

void LogReader::read(qint64 failover, Instant from, Instant until) {
    ++run_;
    over_.stop();
    log_.failover = failover;
    log_.from = from;
    log_.until = until;
    for (std::size_t node = 0; node < 2; ++node) {
        nodes_[node].wanted = true;
        log_.nodes[node] = {.node = log_.nodes[node].node};
    }
    look(picture_);
    Q_EMIT told(log_);
}

void LogReader::retry() {
    if (run_ == 0)
        return;
    for (std::size_t node = 0; node < 2; ++node)
        nodes_[node].wanted = nodes_[node].wanted || log_.nodes[node].error;
    look(picture_);
}

void LogReader::look(const Picture& picture) {
    picture_ = picture;
    if (run_ == 0)
        return;
    for (std::size_t i = 0; i < 2; ++i) {
        Node& node = nodes_[i];
        const NodePicture& seen = picture.nodes[i];
        // What failed in one session may work in the next.
        if (log_.nodes[i].error && seen.reachable() && seen.upSince != node.session)
            node.wanted = true;
        if (!node.wanted || node.busy)
            continue;
        if (ready(seen)) {
            ask(i);
            continue;
        }
        NodeLog log = log_.nodes[i];
        log.error = whyNot(seen);
        log.waiting = !log.error;
        setLog(i, log);
    }
}

void LogReader::ask(std::size_t i) {
    Node& node = nodes_[i];
    const NodePicture& seen = picture_.nodes[i];
    node.wanted = false;
    node.busy = true;
    node.session = seen.upSince;
    NodeLog log = log_.nodes[i];
    log.waiting = true;
    log.error.reset();
    setLog(i, log);
    const Duration ahead = aheadOf(seen.clock);
    const Instant from = log_.from + ahead;
    const Instant until = log_.until + ahead;
    exec(i, momentCommand(from, until), from, until, ahead);
}

void LogReader::exec(std::size_t i, const Command& command, Instant from, Instant until, Duration ahead) {
    Link* link = nodes_[i].link;
    const auto answered = [alive = QPointer(this), i, run = run_, from, until, ahead](const Result<ExecResult>& done) {
        // In the link's thread, which ends before this object does.
        const Result<LogLook> look =
            done ? parseMoment(done->output, from, until) : Result<LogLook>(std::unexpected(done.error()));
        QMetaObject::invokeMethod(
            alive.data(),
            [alive, i, run, look, ahead] {
                if (alive)
                    alive->take(i, run, look, ahead);
            },
            Qt::QueuedConnection);
    };
    link->exec(command, kMomentDeadline, [link, command, answered](const Result<ExecResult>& done) {
        if (!done || !command.asRoot || link->userIsRoot() || !sudoRefused(*done)) {
            answered(done);
            return;
        }
        // As this user then: a member of the group systemd-journal or adm may read the log as well.
        Command asUser = command;
        asUser.asRoot = false;
        link->exec(asUser, kMomentDeadline, answered);
    });
}

void LogReader::take(std::size_t i, int run, const Result<LogLook>& look, Duration ahead) {
    nodes_[i].busy = false;
    if (run != run_) { // overtaken
        this->look(picture_);
        return;
    }
    NodeLog log = log_.nodes[i];
    log.waiting = false;
    if (!look) {
        log.error = look.error();
        setLog(i, log);
        return;
    }
    log.error.reset();
    log.note = look->note;
    log.lines = look->lines;
    for (LogEntry& line : log.lines) {
        line.at -= ahead;
        line.node = log.node;
    }
    if (!picture_.nodes[i].clock) {
        log.note.prepend(u"Its clock is not known: its lines are where its own time puts them. "_s);
        log.note = log.note.trimmed();
    }
    if (const Duration open = log_.until + kLogged - clock_(); open > Duration::zero() && !over_.isActive())
        over_.start(std::chrono::ceil<std::chrono::milliseconds>(open));
    setLog(i, log);
}

void LogReader::setLog(std::size_t i, const NodeLog& log) {
    if (log_.nodes[i] == log)
        return;
    log_.nodes[i] = log;
    Q_EMIT told(log_);
}

} // namespace mha
