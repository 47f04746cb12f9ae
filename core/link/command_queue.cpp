// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/command_queue.h"

#include "link/ssh_errors.h"

#include <QTimer>

#include <utility>

namespace mha {

namespace {

using Clock = std::chrono::steady_clock;

constexpr qsizetype kOutputLimit = qsizetype{64} * 1024 * 1024;

} // namespace

struct CommandQueue::Job {
    Command command;
    std::chrono::milliseconds deadline{};
    Clock::time_point endBy;
    Link::ExecCallback done;
    bool running = false;
    std::unique_ptr<ByteChannel> channel;
    ExecResult result;
};

CommandQueue::CommandQueue(NodeConfig node, int atOnce, Opener opener)
    : node_(std::move(node)), atOnce_(atOnce), opener_(std::move(opener)) {}

CommandQueue::~CommandQueue() = default;

void CommandQueue::setOpen(bool open) {
    open_ = open;
    startWaiting();
}

void CommandQueue::exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done) {
    const auto job = std::make_shared<Job>();
    job->command = command;
    job->deadline = deadline;
    job->endBy = Clock::now() + deadline;
    job->done = std::move(done);
    QTimer::singleShot(deadline, Qt::PreciseTimer, this, [this, weak = std::weak_ptr(job)] {
        if (const JobPtr late = weak.lock()) {
            finish(late,
                   std::unexpected(ssh_errors::commandTimedOut(node_, late->command.argv.value(0), late->deadline)));
        }
    });
    waiting_.push_back(job);
    startWaiting();
}

void CommandQueue::startWaiting() {
    while (open_ && running_ < atOnce_ && !waiting_.empty()) {
        const JobPtr job = waiting_.front();
        waiting_.pop_front();
        start(job);
    }
}

void CommandQueue::start(const JobPtr& job) {
    ++running_;
    job->running = true;
    CommandHandlers handlers; // hold the job, which holds the channel, which lets go of them at its end
    handlers.received = [this, job](const QByteArray& bytes) { append(job, &ExecResult::output, bytes); };
    handlers.errors = [this, job](const QByteArray& bytes) { append(job, &ExecResult::errors, bytes); };
    handlers.closed = [this, job](const Error& error, std::optional<int> exitCode) {
        if (!exitCode) {
            finish(job, std::unexpected(error));
            return;
        }
        job->result.exitCode = *exitCode;
        finish(job, std::move(job->result));
    };
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(job->endBy - Clock::now());
    job->channel = opener_(job->command, std::move(handlers), left);
    job->channel->write(job->command.input);
    job->channel->finishWriting();
}

void CommandQueue::append(const JobPtr& job, QByteArray ExecResult::* place, const QByteArray& bytes) {
    (job->result.*place).append(bytes);
    if (job->result.output.size() + job->result.errors.size() > kOutputLimit)
        finish(job, std::unexpected(ssh_errors::tooMuchOutput(node_, job->command.argv.value(0), kOutputLimit)));
}

/// The one place where a job's callback is called.
void CommandQueue::finish(const JobPtr& job, Result<ExecResult> result) {
    const Link::ExecCallback done = std::exchange(job->done, {});
    if (!done)
        return;
    if (job->running) {
        --running_;
    } else {
        std::erase(waiting_, job);
    }
    job->channel.reset();
    done(std::move(result));
    startWaiting();
}

void CommandQueue::failWaiting(const Error& error) {
    for (const JobPtr& job : std::exchange(waiting_, {}))
        finish(job, std::unexpected(error));
}

} // namespace mha
