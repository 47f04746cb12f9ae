// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"
#include "model/pair.h"

#include <functional>
#include <memory>

namespace mha {

/// Silence after which a node counts as Silent, and after which its session is given up and opened anew. Two missed
/// heartbeats make it Silent; a frozen peer is found within 3 s without a false alarm.
inline constexpr std::chrono::milliseconds kHeartbeatEvery{400};
inline constexpr std::chrono::milliseconds kSilentAfter{800};
inline constexpr std::chrono::milliseconds kLostAfter{2700};

enum class HostKeyPolicy {
    RefuseUnknown, ///< unknown host key: refused, the fingerprint is in the error
    AcceptNew,     ///< unknown host key: written to known_hosts and accepted; a changed one is always refused
    Ask,           ///< unknown host key: SshPrompts::acceptHostKey decides
};

/// Questions of a connection to its user. Called in the link's thread, may block it (the link reports Connecting);
/// an empty function means "no".
struct SshPrompts {
    /// Fingerprint as OpenSSH prints it ("SHA256:…").
    std::function<bool(const QString& node, const QString& host, const QString& fingerprint)> acceptHostKey;
    /// Passphrase of the key file. Nothing: not given.
    std::function<std::optional<QString>(const QString& node, const QString& identityFile)> passphrase;
    std::function<std::optional<QString>(const QString& node, const QString& user)> password;
};

struct SshOptions {
    HostKeyPolicy hostKeys = HostKeyPolicy::RefuseUnknown;
    QString knownHosts; ///< empty: ~/.ssh/known_hosts
    std::chrono::milliseconds connectTimeout{3000};
    bool reconnect = true; ///< false for one-shot programs: the first failure is final (Down)
    SshPrompts prompts;
};

/// A Link over one libssh session in one thread of its own. Authentication: agent, key file, password, in this order;
/// what a person typed is kept in memory for reconnections until stop(). Connecting is told once, at start(): from Down
/// it retries silently and tells the next Up, or a reason that has changed. Commands given while it connects wait.
class SshLink final : public Link {
    Q_OBJECT

public:
    SshLink(NodeConfig node, SshOptions options);
    ~SshLink() override;

    void start() override;
    void stop() override;
    void post(std::function<void()> work) override;
    bool userIsRoot() const override;
    void exec(const Command& command, std::chrono::milliseconds deadline, ExecCallback done) override;
    std::unique_ptr<ByteChannel> openCommand(const Command& command, ByteChannel::Handlers handlers) override;
    std::unique_ptr<ByteChannel> openUnix(const QString& path, ByteChannel::Handlers handlers) override;
    std::unique_ptr<ByteChannel> openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
