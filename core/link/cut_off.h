// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mha {

/// The sockets of one link that another thread may shut down, so that a call into libssh that waits on one of them
/// (key exchange, the agent) comes back. Owns the descriptors: libssh gets duplicates, for it closes its own at will,
/// and a number that is closed here can never be shut down after it was given to someone else. Thread-safe.
class CutOff {
public:
    CutOff() = default;
    CutOff(const CutOff&) = delete;
    CutOff& operator=(const CutOff&) = delete;
    ~CutOff();

    /// Takes over `fd` and returns a duplicate for libssh, -1 where that cannot be made or all was cut off.
    int adoptSession(int fd);
    int adoptAgent(int fd);
    void closeSession();
    void closeAgent();

    /// Cuts the agent's socket off after `limit` unless closeAgent() comes first: an agent may wait for a person.
    void limitAgent(std::chrono::milliseconds limit);

    /// From any thread: shuts both down, now and for all that is still to be adopted.
    void cut();
    bool isCut() const;

    /// The link's thread is left behind: what it does from now on is told to nobody.
    void abandon() { abandoned_ = true; }

    bool isAbandoned() const { return abandoned_; }

private:
    int adopt(int& place, int fd);
    void endLimit();

    mutable std::mutex mutex_;
    std::condition_variable agentClosed_;
    std::thread limiter_;
    bool limited_ = false;
    int session_ = -1;
    int agent_ = -1;
    bool cut_ = false;
    std::atomic<bool> abandoned_ = false;
};

} // namespace mha
