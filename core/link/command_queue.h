// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"
#include "model/pair.h"

#include <QObject>

#include <deque>
#include <functional>
#include <memory>

namespace mha {

struct CommandHandlers : ByteChannel::Handlers {
    std::function<void(const QByteArray&)> errors; ///< standard error; without it its end goes into `closed`
};

/// Runs commands to their end, so many at once and the rest in order, each within its deadline, and tells each result
/// exactly once. Lives in a link's thread.
class CommandQueue : public QObject {
    Q_OBJECT

public:
    /// Starts one command; `openBy` is how long it may take to begin.
    using Opener = std::function<std::unique_ptr<ByteChannel>(const Command& command, CommandHandlers handlers,
                                                              std::chrono::milliseconds openBy)>;

    CommandQueue(NodeConfig node, int atOnce, Opener opener);
    ~CommandQueue() override;

    /// Commands wait until the queue is open, as its link is up.
    void setOpen(bool open);
    void exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done);
    /// Those that wait; what runs is told by its channel.
    void failWaiting(const Error& error);

private:
    struct Job;
    using JobPtr = std::shared_ptr<Job>;

    void startWaiting();
    void start(const JobPtr& job);
    void append(const JobPtr& job, QByteArray ExecResult::* place, const QByteArray& bytes);
    void finish(const JobPtr& job, Result<ExecResult> result);

    NodeConfig node_;
    int atOnce_;
    Opener opener_;
    bool open_ = false;
    std::deque<JobPtr> waiting_;
    int running_ = 0;
};

} // namespace mha
