// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/cut_off.h"
#include "link/silence.h"
#include "link/ssh_auth.h"
#include "link/ssh_channel.h"
#include "link/ssh_link.h"

#include <QObject>
#include <QTimer>

#include <libssh/libssh.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QSocketNotifier;

namespace mha {

/// One libssh session over a connected socket, from the key exchange to its end: handshake, host key, sign-in, one
/// `true` (sshd sets TCP_NODELAY only with the first command), then channels and heartbeats. Never blocks but for
/// prompts and the agent. Lives in the link's thread; made anew for each connection.
class SshSession : public QObject {
    Q_OBJECT

public:
    struct Events {
        std::function<void()> up;
        std::function<void(bool silent)> silence; ///< true: silent, false: heard again
        /// Once, the last: `refused` means that only a person can mend it.
        std::function<void(const Error& error, bool refused)> ended;
    };

    SshSession(const NodeConfig& node, const SshOptions& options, SshSecrets& secrets, CutOff& cutOff, Events events);
    ~SshSession() override;

    /// Begins on a connected, non-blocking socket, which is taken over.
    void begin(int socket);

    /// Only while up.
    std::shared_ptr<SshChannel> open(ChannelTarget target, CommandHandlers handlers, std::chrono::milliseconds openBy);

    // For its channels.
    ssh_session raw() const { return session_; }

    const NodeConfig& node() const { return node_; }

    /// Once ended: the step that failed; nothing where it had been up.
    std::optional<LinkStep> failedAt() const;

    bool isAlive() const;
    /// What was handed to libssh has not gone out yet.
    bool isCongested() const;
    Error lostError() const;
    void requestPump();
    void pumpAfter(std::chrono::milliseconds delay);

private:
    enum class Phase { Idle, KeyExchange, SigningIn, WarmingUp, Up, Ended };

    void readable();
    void advance();
    void exchangeKeys();
    void signIn();
    void warmUp();
    void warmedUp(const Error& error, std::optional<int> exitCode);
    void pump();
    bool pumpOnce();
    void stepChannels();
    void beat();
    void judge();
    void setSilent(bool silent);
    void stageTimedOut();
    void end(const Error& error, bool refused);
    void watchWrites();

    NodeConfig node_;
    const SshOptions& options_;
    SshSecrets& secrets_;
    CutOff& cutOff_;
    Events events_;
    Phase phase_ = Phase::Idle;
    Phase endedIn_ = Phase::Idle;
    int socket_ = -1; ///< owned by cutOff_
    ssh_session session_ = nullptr;
    ssh_event event_ = nullptr;
    ssh_counter_struct counter_{};
    std::unique_ptr<QSocketNotifier> readNotifier_;
    std::unique_ptr<QSocketNotifier> writeNotifier_;
    std::unique_ptr<SshAuth> auth_;
    std::vector<std::shared_ptr<SshChannel>> channels_;
    std::shared_ptr<SshChannel> warmUp_;
    bool pumping_ = false;
    bool pumpAgain_ = false;
    bool pumpQueued_ = false;
    QTimer stageLimit_;
    QTimer heartbeat_;
    QTimer judgement_; ///< the exact end of a silence that falls between two heartbeats
    Silence silence_{std::chrono::steady_clock::now()};
    uint64_t heardBytes_ = 0;
    bool silent_ = false;
};

} // namespace mha
