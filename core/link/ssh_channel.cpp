// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_channel.h"

#include "link/ssh_errors.h"
#include "link/ssh_session.h"

#include <algorithm>
#include <csignal>
#include <utility>

namespace mha {

namespace {

using Clock = std::chrono::steady_clock;

/// Handed to libssh at once; the rest waits until the socket has taken it.
constexpr qsizetype kWritePiece = 65536;
/// Kept of a stream's standard error for its closing words.
constexpr qsizetype kErrorsKept = 2000;
constexpr std::chrono::milliseconds kLongestRetry{400};
/// A server that does not answer our close is not waited for longer.
constexpr std::chrono::seconds kCloseLimit{2};

/// RFC 4254 section 6.10 names signals without "SIG".
int signalNumber(QByteArrayView name) {
    struct Row {
        const char* name;
        int number;
    };

    static constexpr Row kRows[] = {
        {"ABRT", SIGABRT}, {"ALRM", SIGALRM}, {"FPE", SIGFPE},   {"HUP", SIGHUP},   {"ILL", SIGILL},
        {"INT", SIGINT},   {"KILL", SIGKILL}, {"PIPE", SIGPIPE}, {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV},
        {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
    };
    const auto* const row =
        std::ranges::find_if(kRows, [&](const Row& each) { return name == QByteArrayView(each.name); });
    return row == std::end(kRows) ? 0 : row->number;
}

} // namespace

SshChannel::SshChannel(SshSession& session, ChannelTarget target, CommandHandlers handlers,
                       std::chrono::milliseconds openBy)
    : session_(session), target_(std::move(target)), handlers_(std::make_shared<CommandHandlers>(std::move(handlers))),
      openBy_(Clock::now() + openBy) {
    ssh_callbacks_init(&callbacks_);
    callbacks_.userdata = this;
    callbacks_.channel_data_function = onData;
    callbacks_.channel_eof_function = onEof;
    callbacks_.channel_close_function = onClose;
    callbacks_.channel_exit_status_function = onExitStatus;
    callbacks_.channel_exit_signal_function = onExitSignal;
}

SshChannel::~SshChannel() {
    freeChannel();
}

int SshChannel::onData(ssh_session, ssh_channel, void* data, uint32_t length, int isErrors, void* self) {
    auto* const channel = static_cast<SshChannel*>(self);
    QByteArray& place = isErrors != 0 ? channel->errors_ : channel->received_;
    place.append(static_cast<const char*>(data), length);
    return static_cast<int>(length);
}

void SshChannel::onEof(ssh_session, ssh_channel, void* self) {
    static_cast<SshChannel*>(self)->remoteEof_ = true;
}

void SshChannel::onClose(ssh_session, ssh_channel, void* self) {
    static_cast<SshChannel*>(self)->remoteClosed_ = true;
}

void SshChannel::onExitStatus(ssh_session, ssh_channel, int status, void* self) {
    static_cast<SshChannel*>(self)->exitCode_ = status;
}

void SshChannel::onExitSignal(ssh_session, ssh_channel, const char* name, int, const char*, const char*, void* self) {
    static_cast<SshChannel*>(self)->exitCode_ = 128 + signalNumber(QByteArrayView(name));
}

void SshChannel::write(const QByteArray& bytes) {
    if (!handlers_ || finishWanted_ || phase_ == Phase::Over)
        return;
    outgoing_ += bytes;
    if (phase_ == Phase::Open)
        flush();
    session_.requestPump();
}

void SshChannel::finishWriting() {
    if (phase_ == Phase::Over)
        return;
    finishWanted_ = true;
    session_.requestPump();
}

void SshChannel::release() {
    handlers_.reset();
    outgoing_.clear();
    if (phase_ != Phase::Over) // the session may be gone
        session_.requestPump();
}

bool SshChannel::step() {
    Phase before{};
    do {
        before = phase_;
        switch (phase_) {
        case Phase::Waiting:
            stepWaiting();
            break;
        case Phase::Opening:
            stepOpening();
            break;
        case Phase::Requesting:
            stepRequesting();
            break;
        case Phase::Open:
            stepOpen();
            break;
        case Phase::Closing:
            stepClosing();
            break;
        case Phase::Over:
            break;
        }
    } while (phase_ != before);
    return phase_ != Phase::Over;
}

void SshChannel::stepWaiting() {
    if (!handlers_) {
        phase_ = Phase::Over;
        return;
    }
    if (Clock::now() < retryAt_)
        return;
    channel_ = ssh_channel_new(session_.raw());
    if (channel_ == nullptr) {
        end(ssh_errors::lost(session_.node(), QString::fromUtf8(ssh_get_error(session_.raw()))));
        phase_ = Phase::Over;
        return;
    }
    ssh_set_channel_callbacks(channel_, &callbacks_);
    phase_ = Phase::Opening;
}

int SshChannel::callOpen() {
    const QByteArray name = target_.name.toUtf8();
    switch (target_.kind) {
    case ChannelTarget::Kind::Command:
        return ssh_channel_open_session(channel_);
    case ChannelTarget::Kind::Unix:
        return ssh_channel_open_forward_unix(channel_, name.constData(), "127.0.0.1", 0);
    case ChannelTarget::Kind::Tcp:
        return ssh_channel_open_forward(channel_, name.constData(), target_.port, "127.0.0.1", 0);
    }
    return SSH_ERROR;
}

void SshChannel::stepOpening() {
    // Also for an owner that is gone: freeing a half-open channel would leave the other half open on the server.
    switch (callOpen()) {
    case SSH_AGAIN:
        return;
    case SSH_OK:
        if (target_.kind == ChannelTarget::Kind::Command && handlers_) {
            phase_ = Phase::Requesting;
            return;
        }
        phase_ = Phase::Open;
        if (const auto handlers = handlers_; handlers && handlers->opened)
            handlers->opened();
        return;
    default:
        denied(QString::fromUtf8(ssh_get_error(session_.raw())));
    }
}

void SshChannel::denied(const QString& detail) {
    freeChannel(); // never ssh_channel_close: the server would drop the whole session
    const Clock::time_point now = Clock::now();
    if (target_.kind == ChannelTarget::Kind::Command && handlers_ && now + retryDelay_ < openBy_ &&
        session_.isAlive()) {
        retryAt_ = now + retryDelay_;
        session_.pumpAfter(retryDelay_);
        retryDelay_ = std::min(retryDelay_ * 2, kLongestRetry);
        phase_ = Phase::Waiting;
        return;
    }
    switch (target_.kind) {
    case ChannelTarget::Kind::Command:
        end(ssh_errors::commandRefused(session_.node(), target_.name, detail));
        break;
    case ChannelTarget::Kind::Unix:
        end(ssh_errors::unixRefused(session_.node(), target_.name, detail));
        break;
    case ChannelTarget::Kind::Tcp:
        end(ssh_errors::tcpRefused(session_.node(), target_.name, target_.port, detail));
        break;
    }
    phase_ = Phase::Over;
}

void SshChannel::stepRequesting() {
    switch (ssh_channel_request_exec(channel_, target_.line.constData())) {
    case SSH_AGAIN:
        return;
    case SSH_OK:
        phase_ = Phase::Open;
        if (const auto handlers = handlers_; handlers && handlers->opened)
            handlers->opened();
        return;
    default:
        end(ssh_errors::commandRefused(session_.node(), target_.name,
                                       QString::fromUtf8(ssh_get_error(session_.raw()))));
        phase_ = Phase::Closing;
    }
}

void SshChannel::stepOpen() {
    deliver();
    if (handlers_)
        flush();
    // A forwarded socket that was closed on the far side sends an end of file and never a close.
    const bool ended = remoteClosed_ || (remoteEof_ && target_.kind != ChannelTarget::Kind::Command);
    if (ended)
        deliver(); // libssh reads while it sends: the last bytes may have come along with the close, during flush()
    if (ended && handlers_)
        end(endError());
    if (handlers_)
        return;
    if (!remoteClosed_ && !exitCode_ && target_.kind == ChannelTarget::Kind::Command)
        ssh_channel_request_send_signal(channel_, "TERM"); // or it would run on without anyone who reads it
    phase_ = Phase::Closing;
}

void SshChannel::deliver() {
    if (!received_.isEmpty()) {
        const QByteArray bytes = std::exchange(received_, {});
        if (const auto handlers = handlers_; handlers && handlers->received)
            handlers->received(bytes);
    }
    if (errors_.isEmpty())
        return;
    if (const auto handlers = handlers_; handlers && handlers->errors) {
        handlers->errors(std::exchange(errors_, {}));
    } else {
        errors_ = errors_.last(std::min(errors_.size(), kErrorsKept));
    }
}

void SshChannel::flush() {
    while (!outgoing_.isEmpty() && !session_.isCongested()) {
        const qsizetype window = ssh_channel_window_size(channel_);
        const qsizetype piece = std::min({outgoing_.size(), window, kWritePiece});
        if (piece == 0)
            return;
        const int written = ssh_channel_write(channel_, outgoing_.constData(), static_cast<uint32_t>(piece));
        if (written <= 0)
            return;
        outgoing_.remove(0, written);
    }
    if (outgoing_.isEmpty() && finishWanted_ && !finishSent_) {
        finishSent_ = true;
        ssh_channel_send_eof(channel_);
    }
}

Error SshChannel::endError() const {
    if (!session_.isAlive())
        return session_.lostError();
    if (target_.kind == ChannelTarget::Kind::Command)
        return ssh_errors::commandEnded(session_.node(), target_.name, exitCode_, QString::fromUtf8(errors_));
    return ssh_errors::streamEnded(session_.node(), target_.name);
}

/// The handlers' last call.
void SshChannel::end(const Error& error) {
    if (const auto handlers = std::exchange(handlers_, nullptr); handlers && handlers->closed)
        handlers->closed(error, exitCode_);
}

void SshChannel::stepClosing() {
    const Clock::time_point now = Clock::now();
    if (closeBy_ == Clock::time_point{}) {
        closeBy_ = now + kCloseLimit;
        session_.pumpAfter(kCloseLimit);
    }
    // SSH_AGAIN: the end of file went out and the close did not yet.
    const bool closed = !session_.isAlive() || ssh_channel_close(channel_) != SSH_AGAIN;
    if ((closed && remoteClosed_) || !session_.isAlive() || now >= closeBy_) {
        freeChannel();
        phase_ = Phase::Over;
    }
}

void SshChannel::sessionEnded(const Error& error) {
    freeChannel();
    phase_ = Phase::Over;
    end(error);
}

void SshChannel::freeChannel() {
    if (channel_ == nullptr)
        return;
    ssh_remove_channel_callbacks(channel_, &callbacks_);
    ssh_channel_free(std::exchange(channel_, nullptr));
}

} // namespace mha
