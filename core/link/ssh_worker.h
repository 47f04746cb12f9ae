// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command_queue.h"
#include "link/cut_off.h"
#include "link/dialer.h"
#include "link/ssh_auth.h"
#include "link/ssh_link.h"
#include "link/ssh_session.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace mha {

/// What an SshLink does in its thread: connects, keeps the session up or opens it anew with back-off, and runs commands
/// on it, at most four at once. Lives in the link's thread; made and deleted there.
class SshWorker : public QObject {
    Q_OBJECT

public:
    using Told = std::function<void(const LinkSeen& state, Instant at)>;

    SshWorker(const NodeConfig& node, const SshOptions& options, std::shared_ptr<CutOff> cutOff, Told told);
    ~SshWorker() override;

    void connectNow();
    /// Ends the session; what is running gets its callback.
    void shutDown();

    void exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done);
    std::unique_ptr<ByteChannel> open(ChannelTarget target, ByteChannel::Handlers handlers);

private:
    void dialed(Result<int> socket);
    void up();
    void ended(const Error& error, bool refused);
    void down(const Error& error, bool refused, std::optional<LinkStep> step);
    std::unique_ptr<ByteChannel> openSession(const Command& command, CommandHandlers handlers,
                                             std::chrono::milliseconds openBy);
    std::unique_ptr<ByteChannel> openOn(ChannelTarget target, CommandHandlers handlers,
                                        std::chrono::milliseconds openBy);
    void tell(LinkState state, const std::optional<Error>& error = {}, std::optional<LinkStep> failedAt = {});
    void dropSession();

    NodeConfig node_;
    SshOptions options_;
    std::shared_ptr<CutOff> cutOff_;
    Told told_;
    CommandQueue commands_;
    SshSecrets secrets_;
    std::unique_ptr<Dialer> dialer_;
    std::unique_ptr<SshSession> session_;
    std::unique_ptr<SshSession> ended_; ///< the one before, until its last call has returned
    bool up_ = false;
    bool started_ = false;
    LinkSeen seen_;
    QTimer retry_;
    std::chrono::milliseconds retryDelay_;
};

} // namespace mha
