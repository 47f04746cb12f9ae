// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/error.h"
#include "model/observation.h"

#include <QByteArray>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace mha {

/// A two-way byte stream to something on the node: a unix socket, a TCP port, a running command.
/// Lives in the link's thread, its handlers are called there and never after the channel's destruction. Closing is
/// destroying it.
class ByteChannel {
public:
    struct Handlers {
        std::function<void()> opened;
        std::function<void(const QByteArray&)> received;
        /// Once, at the end. Not opened: Refused (forbidden, no permission, no such socket) or NotFound (nothing
        /// listens on the port: proof, unlike Unreachable). Unreachable: the other side closed it, the command ended
        /// (then with its exit code), or the link was lost.
        std::function<void(const Error& error, std::optional<int> exitCode)> closed;
    };

    ByteChannel() = default;
    ByteChannel(const ByteChannel&) = delete;
    ByteChannel& operator=(const ByteChannel&) = delete;
    virtual ~ByteChannel() = default;
    virtual void write(const QByteArray& bytes) = 0;
    virtual void finishWriting() = 0; ///< end of file to the other side
};

/// Reaches one node. Owns a thread in which all its callbacks run; `exec`, `post` and `start`/`stop` may be called from
/// any thread, the channel functions only from the link's own thread (inside `post`). Nothing here blocks the caller.
/// Reconnects by itself with back-off; each change of its state is told by `stateChanged` (queued to other threads).
class Link : public QObject {
    Q_OBJECT

public:
    using ExecCallback = std::function<void(Result<ExecResult>)>;

    ~Link() override = default;

    virtual void start() = 0;
    /// Ends the session and the thread; returns when both are gone, within 2 s also with a frozen peer.
    virtual void stop() = 0;

    /// Runs `work` in the link's thread.
    virtual void post(std::function<void()> work) = 0;
    virtual bool userIsRoot() const = 0;

    /// Runs a command to its end. The callback comes exactly once, in the link's thread: the result, or an error
    /// (TimedOut at the deadline, Unreachable when the link is down or is lost meanwhile).
    virtual void exec(const Command& command, std::chrono::milliseconds deadline, ExecCallback done) = 0;

    virtual std::unique_ptr<ByteChannel> openCommand(const Command& command, ByteChannel::Handlers handlers) = 0;
    virtual std::unique_ptr<ByteChannel> openUnix(const QString& path, ByteChannel::Handlers handlers) = 0;
    virtual std::unique_ptr<ByteChannel> openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) = 0;

Q_SIGNALS:
    /// Emitted in the link's thread.
    void stateChanged(const mha::LinkSeen& state, mha::Instant at);

protected:
    Link() = default;
};

/// Blocking exec for threads that may wait (the runner of an action, a command line): never from the GUI thread nor
/// from the link's own.
Result<ExecResult> execAndWait(Link& link, const Command& command, std::chrono::milliseconds deadline);

} // namespace mha

Q_DECLARE_METATYPE(mha::LinkSeen)
