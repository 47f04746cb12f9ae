// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/time.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

/// A second process that kills Milvus where this one no longer can: it holds the container's first process by a pidfd,
/// which no other process can come to bear, and a time until which it may live. When that has passed, or when this
/// program is gone, it sends SIGKILL. A stopped (SIGSTOP) or hung program extends nothing; one that was killed has
/// closed its end. It needs the right to signal the container's user: the same user, or CAP_KILL.
class Deadman : public QObject {
    Q_OBJECT

public:
    explicit Deadman(QObject* parent = nullptr);
    ~Deadman() override;

    /// Forks: to be called before there is a second thread or an event loop. With the name of a FAULT flag
    /// (keepalived/fault_flag.h) that goes up, too, with each kill and at the end of this program: then the VIP, which
    /// is keepalived's, does not stay behind.
    Result<void> begin(const QByteArray& faultFlag = {});

    /// Takes the container's process in charge, if it is one: its cgroup must bear the container's id. `exited` follows
    /// when it is gone, once.
    Result<void> watch(int pid, const QString& containerId);
    /// Nothing is in charge: the container has stopped.
    void release();

    bool watching() const { return process_ >= 0; }

    int pid() const { return pid_; }

    void license(MonotonicTime until);
    /// SIGKILL now. False where nothing is in charge, or it is not allowed.
    bool kill();

Q_SIGNALS:
    void exited();
    /// The second process itself is gone.
    void lost();

private:
    bool tell(const void* message, size_t size, int file = -1) const;

    int socket_ = -1;
    int process_ = -1; ///< pidfd
    int pid_ = 0;
    MonotonicTime licensed_; ///< as it was told last
    std::unique_ptr<QSocketNotifier> processEnds_;
    std::unique_ptr<QSocketNotifier> deadmanEnds_;
};

} // namespace mha
