// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <mutex>

namespace mha {

/// The one thread of a link: a Qt event loop that runs posted work in order. Started by the constructor, ended by
/// stop(). Thread-safe. SIGPIPE is blocked in it, since libssh writes to its agent without MSG_NOSIGNAL.
class LinkThread {
public:
    explicit LinkThread(const QString& name);
    ~LinkThread();
    LinkThread(const LinkThread&) = delete;
    LinkThread& operator=(const LinkThread&) = delete;

    /// False once stop() was called: the work is dropped.
    bool post(std::function<void()> work);
    bool isCurrent() const;

    /// Runs `last` after all that was posted before, then ends the thread and waits for it. If that takes longer than
    /// 0.7 s, `hurry` is called from here; if it has not ended after 1.7 s (a prompt that waits for a person), the
    /// thread is left to end by itself and false is returned: nothing of it may call back from then on.
    bool stop(std::function<void()> last, const std::function<void()>& hurry);

private:
    struct State;
    static void leftBehind(State* state);

    mutable std::mutex mutex_; ///< of state_, which stop() takes away
    State* state_;
};

} // namespace mha
