// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/link_thread.h"

#include <QDeadlineTimer>
#include <QObject>
#include <QThread>

#include <csignal>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <utility>
#include <vector>

namespace mha {

namespace {

constexpr std::chrono::milliseconds kPatience{700};
constexpr std::chrono::milliseconds kLastPatience{1000};

} // namespace

struct LinkThread::State final : QThread {
    std::mutex mutex;
    std::deque<std::function<void()>> queue;
    bool closed = false;
    QObject context; ///< lives in the thread

    State() { context.moveToThread(this); }

    void run() override {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        exec();
    }

    bool push(std::function<void()> work, bool andClose) {
        const std::scoped_lock lock(mutex);
        if (closed)
            return false;
        closed = andClose;
        queue.push_back(std::move(work));
        if (queue.size() == 1)
            QMetaObject::invokeMethod(&context, [this] { drain(); }, Qt::QueuedConnection);
        return true;
    }

    void drain() {
        std::deque<std::function<void()>> work;
        {
            const std::scoped_lock lock(mutex);
            work.swap(queue);
        }
        for (std::function<void()>& item : work) {
            item();
            item = nullptr; // what it holds is let go before the next
        }
    }
};

LinkThread::LinkThread(const QString& name) : state_(new State) {
    state_->setObjectName(name);
    state_->start();
}

LinkThread::~LinkThread() {
    stop({}, {});
}

bool LinkThread::post(std::function<void()> work) {
    const std::scoped_lock lock(mutex_);
    return state_ != nullptr && state_->push(std::move(work), false);
}

bool LinkThread::isCurrent() const {
    const std::scoped_lock lock(mutex_);
    return QThread::currentThread() == state_;
}

bool LinkThread::stop(std::function<void()> last, const std::function<void()>& hurry) {
    State* state = nullptr;
    {
        const std::scoped_lock lock(mutex_);
        state = std::exchange(state_, nullptr);
    }
    if (state == nullptr)
        return true;
    state->push(
        [state, last = std::move(last)] {
            if (last)
                last();
            state->quit();
        },
        true);
    bool ended = state->wait(QDeadlineTimer(kPatience));
    if (!ended && hurry)
        hurry();
    ended = ended || state->wait(QDeadlineTimer(kLastPatience));
    leftBehind({}); // those that have ended by now
    if (ended) {
        delete state;
    } else {
        leftBehind(state);
    }
    return ended;
}

/// Keeps the threads that did not end in time, since a running QThread must not be deleted, and deletes those that have
/// ended since.
void LinkThread::leftBehind(State* state) {
    static std::mutex mutex;
    static auto* const threads = new std::vector<State*>; // they may outlive main()
    const std::scoped_lock lock(mutex);
    std::erase_if(*threads, [](State* each) {
        const bool ended = each->isFinished() && each->wait(QDeadlineTimer(0));
        if (ended)
            delete each;
        return ended;
    });
    if (state != nullptr)
        threads->push_back(state);
}

} // namespace mha
