// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command_queue.h"

#include <QByteArray>
#include <QString>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace mha {

class SshSession;

struct ChannelTarget {
    enum class Kind { Command, Unix, Tcp };

    Kind kind = Kind::Command;
    QByteArray line; ///< Command: what the remote shell gets
    QString name;    ///< Command: the program, for messages; Unix: path; Tcp: host
    quint16 port = 0;
};

/// One channel of a session from its opening to its end. libssh's callbacks only copy bytes and set flags here; the
/// session calls step() outside of libssh, and only step() calls the handlers, so that a handler may do anything,
/// destroying the channel's owner included. Lives in the link's thread; shared by the session and the owner.
class SshChannel {
public:
    /// `openBy`: how long a command is tried again where the server has no session free (MaxSessions).
    SshChannel(SshSession& session, ChannelTarget target, CommandHandlers handlers, std::chrono::milliseconds openBy);
    ~SshChannel();
    SshChannel(const SshChannel&) = delete;
    SshChannel& operator=(const SshChannel&) = delete;

    void write(const QByteArray& bytes);
    void finishWriting();
    /// The owner is gone: no handler is called any more, the channel is closed.
    void release();

    /// Goes on as far as possible; false when it is over and can be dropped.
    bool step();
    /// The session ends: `closed` is called with the error, libssh is not.
    void sessionEnded(const Error& error);

private:
    enum class Phase { Waiting, Opening, Requesting, Open, Closing, Over };

    static int onData(ssh_session, ssh_channel, void* data, uint32_t length, int isErrors, void* self);
    static void onEof(ssh_session, ssh_channel, void* self);
    static void onClose(ssh_session, ssh_channel, void* self);
    static void onExitStatus(ssh_session, ssh_channel, int status, void* self);
    static void onExitSignal(ssh_session, ssh_channel, const char* name, int core, const char* message,
                             const char* language, void* self);

    void stepWaiting();
    void stepOpening();
    void stepRequesting();
    void stepOpen();
    void stepClosing();
    int callOpen();
    void denied(const QString& detail);
    void deliver();
    void flush();
    void end(const Error& error);
    Error endError() const;
    void freeChannel();

    SshSession& session_;
    ChannelTarget target_;
    std::shared_ptr<CommandHandlers> handlers_; ///< shared: one may destroy the owner while it runs
    std::chrono::steady_clock::time_point openBy_;
    std::chrono::steady_clock::time_point retryAt_;
    std::chrono::milliseconds retryDelay_{40};
    std::chrono::steady_clock::time_point closeBy_;
    Phase phase_ = Phase::Waiting;
    ssh_channel channel_ = nullptr;
    ssh_channel_callbacks_struct callbacks_{};
    QByteArray received_;
    QByteArray errors_;
    QByteArray outgoing_;
    bool finishWanted_ = false;
    bool finishSent_ = false;
    bool remoteEof_ = false;
    bool remoteClosed_ = false;
    std::optional<int> exitCode_;
};

} // namespace mha
