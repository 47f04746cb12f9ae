// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_session.h"

#include "link/ssh_errors.h"
#include "link/ssh_host_key.h"

#include <QFile>
#include <QSocketNotifier>

#include <libssh/server.h> // ssh_send_keepalive is declared there

#include <fcntl.h>
#include <utility>

namespace mha {

namespace {

using Clock = std::chrono::steady_clock;

/// Reads of 4 KiB (libssh's own piece) before the event loop gets a turn.
constexpr int kPumpRounds = 128;

} // namespace

SshSession::SshSession(const NodeConfig& node, const SshOptions& options, SshSecrets& secrets, CutOff& cutOff,
                       Events events)
    : node_(node), options_(options), secrets_(secrets), cutOff_(cutOff), events_(std::move(events)) {
    stageLimit_.setSingleShot(true);
    judgement_.setSingleShot(true);
    heartbeat_.setTimerType(Qt::PreciseTimer);
    judgement_.setTimerType(Qt::PreciseTimer);
    connect(&stageLimit_, &QTimer::timeout, this, &SshSession::stageTimedOut);
    connect(&heartbeat_, &QTimer::timeout, this, &SshSession::beat);
    connect(&judgement_, &QTimer::timeout, this, &SshSession::judge);
}

SshSession::~SshSession() {
    if (phase_ != Phase::Ended) {
        events_ = {};
        end(ssh_errors::stopped(node_), false);
    }
    auth_.reset();
    if (event_ != nullptr) {
        ssh_event_remove_session(event_, session_);
        ssh_event_free(event_);
    }
    if (session_ != nullptr) {
        // Closes libssh's duplicate of the socket; ssh_disconnect would leave it open, for it was given by us.
        ssh_silent_disconnect(session_);
        ssh_free(session_);
    }
    readNotifier_.reset();
    writeNotifier_.reset();
    cutOff_.closeAgent();
    cutOff_.closeSession();
}

void SshSession::begin(int socket) {
    socket_ = socket;
    const int lent = cutOff_.adoptSession(socket);
    session_ = ssh_new();
    if (lent < 0 || session_ == nullptr) {
        end(ssh_errors::lost(node_, {}), false);
        return;
    }
    const QByteArray host = node_.host.toUtf8();
    const QByteArray user = node_.user.toUtf8();
    const QByteArray knownHosts = QFile::encodeName(knownHostsFile(options_));
    const unsigned int port = node_.port;
    const int on = 1;
    const bool off = false;
    ssh_options_set(session_, SSH_OPTIONS_PROCESS_CONFIG, &off);
    ssh_options_set(session_, SSH_OPTIONS_HOST, host.constData());
    ssh_options_set(session_, SSH_OPTIONS_PORT, &port);
    ssh_options_set(session_, SSH_OPTIONS_USER, user.constData());
    ssh_options_set(session_, SSH_OPTIONS_KNOWNHOSTS, knownHosts.constData());
    ssh_options_set(session_, SSH_OPTIONS_NODELAY, &on);
    ssh_options_set(session_, SSH_OPTIONS_FD, &lent);
    ssh_set_blocking(session_, 0);
    ssh_set_counters(session_, &counter_, nullptr);

    readNotifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
    writeNotifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Write);
    connect(readNotifier_.get(), &QSocketNotifier::activated, this, &SshSession::readable);
    connect(writeNotifier_.get(), &QSocketNotifier::activated, this, &SshSession::readable);
    phase_ = Phase::KeyExchange;
    stageLimit_.start(options_.connectTimeout);
    advance();
}

void SshSession::readable() {
    if (phase_ == Phase::WarmingUp || phase_ == Phase::Up) {
        pump();
    } else {
        advance();
    }
}

void SshSession::advance() {
    if (phase_ == Phase::KeyExchange)
        exchangeKeys();
    if (phase_ == Phase::SigningIn)
        signIn();
    if (phase_ != Phase::Ended)
        watchWrites();
}

void SshSession::exchangeKeys() {
    const int rc = ssh_connect(session_);
    // libssh makes the socket blocking again on its way; a write to a frozen peer would then hang.
    ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
    if (rc == SSH_AGAIN && isAlive())
        return;
    if (rc != SSH_OK) {
        end(ssh_errors::handshakeFailed(node_, QString::fromUtf8(ssh_get_error(session_))), false);
        return;
    }
    stageLimit_.stop(); // a person may be asked
    if (const Result<void> trusted = verifyHostKey(session_, node_, options_); !trusted) {
        end(trusted.error(), true);
        return;
    }
    auth_ = std::make_unique<SshAuth>(session_, node_, options_.prompts, secrets_, cutOff_);
    phase_ = Phase::SigningIn;
    stageLimit_.start(options_.connectTimeout);
}

void SshSession::signIn() {
    const int before = auth_->attempts();
    switch (auth_->step()) {
    case SshAuth::Step::Again:
        if (auth_->attempts() != before) // time that a person took does not count
            stageLimit_.start(options_.connectTimeout);
        return;
    case SshAuth::Step::Failed:
        end(auth_->error(), auth_->refused());
        return;
    case SshAuth::Step::Done:
        warmUp();
    }
}

void SshSession::warmUp() {
    event_ = ssh_event_new();
    if (event_ == nullptr || ssh_event_add_session(event_, session_) != SSH_OK) {
        end(ssh_errors::lost(node_, QStringLiteral("out of memory")), false);
        return;
    }
    phase_ = Phase::WarmingUp;
    stageLimit_.start(options_.connectTimeout);
    CommandHandlers handlers;
    handlers.closed = [this](const Error& error, std::optional<int> exitCode) { warmedUp(error, exitCode); };
    warmUp_ = open({.kind = ChannelTarget::Kind::Command, .line = "true", .name = QStringLiteral("true")},
                   std::move(handlers), options_.connectTimeout / 2);
}

void SshSession::warmedUp(const Error& error, std::optional<int> exitCode) {
    if (phase_ != Phase::WarmingUp)
        return;
    if (exitCode != 0) {
        end(isAlive() ? ssh_errors::noCommands(node_, error.text) : lostError(), isAlive());
        return;
    }
    stageLimit_.stop();
    phase_ = Phase::Up;
    silence_ = Silence(Clock::now());
    heartbeat_.start(kHeartbeatEvery);
    events_.up();
}

std::shared_ptr<SshChannel> SshSession::open(ChannelTarget target, CommandHandlers handlers,
                                             std::chrono::milliseconds openBy) {
    auto channel = std::make_shared<SshChannel>(*this, std::move(target), std::move(handlers), openBy);
    channels_.push_back(channel);
    requestPump();
    return channel;
}

bool SshSession::isAlive() const {
    return phase_ != Phase::Ended && session_ != nullptr && ssh_is_connected(session_) != 0 &&
           (ssh_get_status(session_) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0;
}

bool SshSession::isCongested() const {
    return (ssh_get_poll_flags(session_) & SSH_WRITE_PENDING) != 0;
}

Error SshSession::lostError() const {
    return ssh_errors::lost(node_, QString::fromUtf8(ssh_get_error(session_)));
}

void SshSession::requestPump() {
    if (pumping_) {
        pumpAgain_ = true;
        return;
    }
    if (std::exchange(pumpQueued_, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            pumpQueued_ = false;
            pump();
        },
        Qt::QueuedConnection);
}

void SshSession::pumpAfter(std::chrono::milliseconds delay) {
    QTimer::singleShot(delay, this, &SshSession::pump);
}

void SshSession::pump() {
    if (pumping_ || (phase_ != Phase::WarmingUp && phase_ != Phase::Up))
        return;
    pumping_ = true;
    int rounds = 0;
    while (pumpOnce() && ++rounds < kPumpRounds) {
    }
    pumping_ = false;
    if (phase_ == Phase::Ended)
        return;
    watchWrites();
    if (rounds == kPumpRounds)
        requestPump();
}

/// False when there is nothing more to do now.
bool SshSession::pumpOnce() {
    const uint64_t before = counter_.in_bytes;
    pumpAgain_ = false;
    const int rc = ssh_event_dopoll(event_, 0);
    const bool blocked = isCongested(); // libssh has just looked
    if (std::exchange(heardBytes_, counter_.in_bytes) != counter_.in_bytes) {
        silence_.heard(Clock::now());
        judgement_.stop();
        if (phase_ == Phase::Up)
            heartbeat_.start(kHeartbeatEvery); // it was just heard: no need to ask before that
        setSilent(false);
    }
    stepChannels();
    if (phase_ == Phase::Ended)
        return false;
    if (rc == SSH_ERROR || !isAlive()) {
        end(lostError(), false);
        return false;
    }
    // Also what libssh read on the way while it opened or wrote: it may be for a channel that had its turn.
    return counter_.in_bytes != before || pumpAgain_ || (isCongested() && !blocked);
}

void SshSession::stepChannels() {
    const std::vector<std::shared_ptr<SshChannel>> now = channels_; // handlers may open more, or end all
    for (const std::shared_ptr<SshChannel>& channel : now) {
        if (!channel->step())
            std::erase(channels_, channel);
        if (phase_ == Phase::Ended)
            return;
    }
}

void SshSession::beat() {
    judge();
    if (phase_ != Phase::Up)
        return;
    // While the last reply is outstanding, libssh only takes that in; a second call then asks.
    const uint64_t sent = counter_.out_bytes;
    ssh_send_keepalive(session_);
    if (counter_.out_bytes == sent)
        ssh_send_keepalive(session_);
    requestPump();
}

void SshSession::judge() {
    pump(); // all that has come, before anyone is called silent
    if (phase_ != Phase::Up)
        return;
    const Silence::Time now = Clock::now();
    switch (silence_.judge(now)) {
    case Silence::Verdict::Heard:
        break;
    case Silence::Verdict::Silent:
        setSilent(true);
        break;
    case Silence::Verdict::Lost:
        end(ssh_errors::frozen(node_,
                               std::chrono::duration_cast<std::chrono::milliseconds>(now - silence_.lastHeard())),
            false);
        return;
    }
    if (phase_ != Phase::Up)
        return;
    const auto left = silence_.lastHeard() + (silent_ ? kLostAfter : kSilentAfter) - now;
    if (left < kHeartbeatEvery)
        judgement_.start(std::chrono::ceil<std::chrono::milliseconds>(left));
}

void SshSession::setSilent(bool silent) {
    if (phase_ == Phase::Up && std::exchange(silent_, silent) != silent)
        events_.silence(silent);
}

void SshSession::stageTimedOut() {
    const Phase before = phase_;
    readable(); // the answer may lie there unread, where we were the slow ones
    if (phase_ != before)
        return;
    const QString during =
        phase_ == Phase::KeyExchange ? QStringLiteral("exchanging keys") : QStringLiteral("signing in");
    end(ssh_errors::silentWhile(node_, during, options_.connectTimeout), false);
}

std::optional<LinkStep> SshSession::failedAt() const {
    switch (endedIn_) {
    case Phase::Idle:
    case Phase::KeyExchange:
        return LinkStep::HostKey;
    case Phase::SigningIn:
        return LinkStep::SignIn;
    case Phase::WarmingUp:
        return LinkStep::Command;
    case Phase::Up:
    case Phase::Ended:
        break;
    }
    return std::nullopt;
}

void SshSession::end(const Error& error, bool refused) {
    const Phase before = std::exchange(phase_, Phase::Ended);
    if (before == Phase::Ended)
        return;
    endedIn_ = before;
    stageLimit_.stop();
    heartbeat_.stop();
    judgement_.stop();
    if (readNotifier_) {
        readNotifier_->setEnabled(false);
        writeNotifier_->setEnabled(false);
    }
    for (const std::shared_ptr<SshChannel>& channel : std::exchange(channels_, {}))
        channel->sessionEnded(error);
    warmUp_.reset();
    if (events_.ended)
        events_.ended(error, refused);
}

void SshSession::watchWrites() {
    writeNotifier_->setEnabled(isCongested());
}

} // namespace mha
