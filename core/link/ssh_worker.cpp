// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_worker.h"

#include "link/ssh_errors.h"
#include "link/stillborn_channel.h"

#include <algorithm>
#include <utility>

namespace mha {

namespace {

constexpr std::chrono::milliseconds kFirstRetry{500};
constexpr std::chrono::milliseconds kLongestRetry{5000};
/// sshd allows 10 sessions (MaxSessions) and frees them late; the rest is for streams.
constexpr int kCommandsAtOnce = 4;
/// How long a stream may wait for a free session.
constexpr std::chrono::seconds kStreamOpenLimit{5};

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

} // namespace

SshWorker::SshWorker(const NodeConfig& node, const SshOptions& options, std::shared_ptr<CutOff> cutOff, Told told)
    : node_(node), options_(options), cutOff_(std::move(cutOff)), told_(std::move(told)),
      commands_(node, kCommandsAtOnce,
                [this](const Command& command, CommandHandlers handlers, std::chrono::milliseconds openBy) {
                    return openSession(command, std::move(handlers), openBy);
                }),
      retryDelay_(kFirstRetry) {
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
    commands_.setOpen(false);
    session_.reset(); // its channels, and so the running jobs, end with it
    ended_.reset();
    commands_.failWaiting(ssh_errors::stopped(node_));
    started_ = false;
}

void SshWorker::dialed(Result<int> socket) {
    const LinkStep step = dialer_->step();
    dialer_.release()->deleteLater(); // we are in its callback
    ended_.reset();
    if (!socket) {
        down(socket.error(), false, step);
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
    commands_.setOpen(true);
}

void SshWorker::ended(const Error& error, bool refused) {
    up_ = false;
    commands_.setOpen(false);
    const std::optional<LinkStep> step = session_ ? session_->failedAt() : std::nullopt;
    dropSession();
    down(error, refused, step);
}

void SshWorker::dropSession() {
    if (!session_)
        return;
    ended_ = std::move(session_); // we may be in one of its calls
    QMetaObject::invokeMethod(this, [this] { ended_.reset(); }, Qt::QueuedConnection);
}

void SshWorker::down(const Error& error, bool refused, std::optional<LinkStep> step) {
    tell(refused ? LinkState::Refused : LinkState::Down, error, step);
    commands_.failWaiting(error);
    if (refused || !options_.reconnect || cutOff_->isCut())
        return;
    retry_.start(retryDelay_);
    retryDelay_ = std::min(retryDelay_ * 2, kLongestRetry);
}

void SshWorker::tell(LinkState state, const std::optional<Error>& error, std::optional<LinkStep> failedAt) {
    LinkSeen seen{.state = state, .error = error, .failedAt = failedAt};
    if (state == LinkState::Silent)
        seen.error = ssh_errors::frozen(node_, kSilentAfter);
    if (seen == seen_ && state != LinkState::Connecting)
        return;
    seen_ = seen;
    if (!cutOff_->isAbandoned())
        told_(seen_, wallClockNow());
}

void SshWorker::exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done) {
    if (!up_ && (!started_ || seen_.state != LinkState::Connecting)) {
        done(std::unexpected(ssh_errors::notUp(node_, seen_.error)));
        return;
    }
    commands_.exec(command, deadline, [cutOff = cutOff_, done = std::move(done)](Result<ExecResult> result) {
        if (!cutOff->isAbandoned())
            done(std::move(result));
    });
}

std::unique_ptr<ByteChannel> SshWorker::openSession(const Command& command, CommandHandlers handlers,
                                                    std::chrono::milliseconds openBy) {
    const bool userIsRoot = node_.user == QLatin1String("root");
    return openOn(
        {.kind = ChannelTarget::Kind::Command, .line = toShellLine(command, userIsRoot), .name = command.argv.value(0)},
        std::move(handlers), openBy);
}

std::unique_ptr<ByteChannel> SshWorker::open(ChannelTarget target, ByteChannel::Handlers handlers) {
    CommandHandlers all;
    static_cast<ByteChannel::Handlers&>(all) = std::move(handlers);
    return openOn(std::move(target), std::move(all), kStreamOpenLimit);
}

std::unique_ptr<ByteChannel> SshWorker::openOn(ChannelTarget target, CommandHandlers handlers,
                                               std::chrono::milliseconds openBy) {
    if (!up_)
        return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::notUp(node_, seen_.error));
    if (!session_ || !session_->isAlive()) // it is just ending: a handler that was told so opens again
        return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::lost(node_, {}));
    return std::make_unique<OwnedChannel>(session_->open(std::move(target), std::move(handlers), openBy));
}

} // namespace mha
