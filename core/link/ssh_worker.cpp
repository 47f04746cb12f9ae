// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_worker.h"

#include "link/ssh_errors.h"

#include <algorithm>
#include <utility>

namespace mha {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstRetry{500};
constexpr std::chrono::milliseconds kLongestRetry{5000};
/// sshd allows 10 sessions (MaxSessions) and frees them late; the rest is for streams.
constexpr int kCommandsAtOnce = 4;
/// How long a stream may wait for a free session.
constexpr std::chrono::seconds kStreamOpenLimit{5};
constexpr qsizetype kOutputLimit = qsizetype{64} * 1024 * 1024;

/// What the owner of a channel holds.
class OwnedChannel final : public ByteChannel {
public:
    explicit OwnedChannel(std::shared_ptr<SshChannel> channel) : channel_(std::move(channel)) {}

    ~OwnedChannel() override { channel_->release(); }

    void write(const QByteArray& bytes) override { channel_->write(bytes); }

    void finishWriting() override { channel_->finishWriting(); }

private:
    std::shared_ptr<SshChannel> channel_;
};

/// A channel on a link that is not up: only says so, after its owner has it in hand.
class StillbornChannel final : public ByteChannel {
public:
    StillbornChannel(Handlers handlers, const Error& error) {
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [closed = std::move(handlers.closed), error] {
            const auto call = closed; // the owner may delete us in it
            if (call)
                call(error, {});
        });
        timer_.setSingleShot(true);
        timer_.start(0);
    }

    void write(const QByteArray&) override {}

    void finishWriting() override {}

private:
    QTimer timer_;
};

} // namespace

struct SshWorker::Job {
    Command command;
    std::chrono::milliseconds deadline{};
    Clock::time_point endBy;
    Link::ExecCallback done;
    std::shared_ptr<SshChannel> channel;
    ExecResult result;
    bool overflow = false;
};

SshWorker::SshWorker(const NodeConfig& node, const SshOptions& options, std::shared_ptr<CutOff> cutOff, Told told)
    : node_(node), options_(options), cutOff_(std::move(cutOff)), told_(std::move(told)), retryDelay_(kFirstRetry) {
    retry_.setSingleShot(true);
    connect(&retry_, &QTimer::timeout, this, &SshWorker::connectNow);
}

SshWorker::~SshWorker() {
    shutDown();
}

void SshWorker::connectNow() {
    if (session_ || dialer_)
        return;
    if (!std::exchange(started_, true))
        tell(LinkState::Connecting);
    dialer_ = std::make_unique<Dialer>(node_, options_.connectTimeout, [this](Result<int> socket) { dialed(socket); });
}

void SshWorker::shutDown() {
    retry_.stop();
    dialer_.reset();
    up_ = false;
    if (session_)
        session_.reset(); // its channels, and so the running jobs, end with it
    ended_.reset();
    failWaitingJobs(ssh_errors::stopped(node_));
    started_ = false;
}

void SshWorker::dialed(Result<int> socket) {
    dialer_.release()->deleteLater(); // we are in its callback
    ended_.reset();
    if (!socket) {
        down(socket.error(), false);
        return;
    }
    session_ = std::make_unique<SshSession>(
        node_, options_, secrets_, *cutOff_,
        SshSession::Events{
            .up = [this] { up(); },
            .silence = [this](bool silent) { tell(silent ? LinkState::Silent : LinkState::Up); },
            .ended = [this](const Error& error, bool refused) { ended(error, refused); },
        });
    session_->begin(*socket);
}

void SshWorker::up() {
    retryDelay_ = kFirstRetry;
    up_ = true;
    tell(LinkState::Up);
    startJobs();
}

void SshWorker::ended(const Error& error, bool refused) {
    up_ = false;
    dropSession();
    down(error, refused);
}

void SshWorker::dropSession() {
    if (!session_)
        return;
    ended_ = std::move(session_); // we may be in one of its calls
    QMetaObject::invokeMethod(this, [this] { ended_.reset(); }, Qt::QueuedConnection);
}

void SshWorker::down(const Error& error, bool refused) {
    tell(refused ? LinkState::Refused : LinkState::Down, error);
    failWaitingJobs(error);
    if (refused || !options_.reconnect || cutOff_->isCut())
        return;
    retry_.start(retryDelay_);
    retryDelay_ = std::min(retryDelay_ * 2, kLongestRetry);
}

void SshWorker::tell(LinkState state, const std::optional<Error>& error) {
    LinkSeen seen{.state = state, .error = error};
    if (state == LinkState::Silent)
        seen.error = ssh_errors::frozen(node_, kSilentAfter);
    if (seen == seen_ && state != LinkState::Connecting)
        return;
    seen_ = seen;
    if (!cutOff_->isAbandoned())
        told_(seen_, wallClockNow());
}

void SshWorker::exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done) {
    const auto job = std::make_shared<Job>();
    job->command = command;
    job->deadline = deadline;
    job->endBy = Clock::now() + deadline;
    job->done = std::move(done);
    if (!up_ && (!started_ || seen_.state != LinkState::Connecting)) {
        finishJob(job, std::unexpected(ssh_errors::notUp(node_, seen_.error)));
        return;
    }
    QTimer::singleShot(deadline, Qt::PreciseTimer, this, [this, weak = std::weak_ptr(job)] {
        if (const JobPtr late = weak.lock())
            finishJob(late,
                      std::unexpected(ssh_errors::commandTimedOut(node_, late->command.argv.value(0), late->deadline)));
    });
    waiting_.push_back(job);
    startJobs();
}

void SshWorker::startJobs() {
    while (up_ && running_ < kCommandsAtOnce && !waiting_.empty()) {
        const JobPtr job = waiting_.front();
        waiting_.pop_front();
        if (job->done)
            startJob(job);
    }
}

void SshWorker::startJob(const JobPtr& job) {
    ++running_;
    SshChannel::Handlers handlers; // hold the job, which holds the channel, which lets go of them at its end
    const auto append = [this, job](QByteArray ExecResult::* place, const QByteArray& bytes) {
        (job->result.*place).append(bytes);
        if (job->result.output.size() + job->result.errors.size() > kOutputLimit)
            finishJob(job, std::unexpected(ssh_errors::tooMuchOutput(node_, job->command.argv.value(0), kOutputLimit)));
    };
    handlers.received = [append](const QByteArray& bytes) { append(&ExecResult::output, bytes); };
    handlers.errors = [append](const QByteArray& bytes) { append(&ExecResult::errors, bytes); };
    handlers.closed = [this, job](const Error& error, std::optional<int> exitCode) {
        if (!exitCode) {
            finishJob(job, std::unexpected(error));
            return;
        }
        job->result.exitCode = *exitCode;
        finishJob(job, std::move(job->result));
    };
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(job->endBy - Clock::now());
    const bool userIsRoot = node_.user == QLatin1String("root");
    job->channel = session_->open({.kind = ChannelTarget::Kind::Command,
                                   .line = toShellLine(job->command, userIsRoot),
                                   .name = job->command.argv.value(0)},
                                  std::move(handlers), left);
    job->channel->write(job->command.input);
    job->channel->finishWriting();
}

/// The one place where a job's callback is called.
void SshWorker::finishJob(const JobPtr& job, Result<ExecResult> result) {
    const Link::ExecCallback done = std::exchange(job->done, {});
    if (!done)
        return;
    if (const auto channel = std::exchange(job->channel, nullptr)) {
        --running_;
        channel->release();
    } else {
        std::erase(waiting_, job);
    }
    if (!cutOff_->isAbandoned())
        done(std::move(result));
    startJobs();
}

void SshWorker::failWaitingJobs(const Error& error) {
    for (const JobPtr& job : std::exchange(waiting_, {}))
        finishJob(job, std::unexpected(error));
}

std::unique_ptr<ByteChannel> SshWorker::open(ChannelTarget target, ByteChannel::Handlers handlers) {
    if (!up_)
        return stillborn(std::move(handlers), ssh_errors::notUp(node_, seen_.error));
    SshChannel::Handlers all;
    static_cast<ByteChannel::Handlers&>(all) = std::move(handlers);
    return std::make_unique<OwnedChannel>(session_->open(std::move(target), std::move(all), kStreamOpenLimit));
}

std::unique_ptr<ByteChannel> SshWorker::stillborn(ByteChannel::Handlers handlers, const Error& error) {
    return std::make_unique<StillbornChannel>(std::move(handlers), error);
}

} // namespace mha
