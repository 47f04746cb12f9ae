// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QDeadlineTimer>
#include <QList>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace mha::test {

/// Waits in the test's thread for what happens in a link's.
class Arrival {
public:
    void arrive() {
        const std::scoped_lock lock(mutex_);
        ++count_;
        changed_.notify_all();
    }

    bool wait(std::chrono::milliseconds limit, int count = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return count_ >= count; });
    }

    int count() {
        const std::scoped_lock lock(mutex_);
        return count_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

/// Every state that a link told, with the time of the link's own clock.
class LinkProbe : public QObject {
public:
    struct Seen {
        LinkSeen link;
        Instant at;
    };

    explicit LinkProbe(Link& link) {
        connect(
            &link, &Link::stateChanged, this,
            [this](const LinkSeen& state, Instant at) {
                const std::scoped_lock lock(mutex_);
                seen_.append({state, at});
                changed_.notify_all();
            },
            Qt::DirectConnection);
    }

    /// The first such state at or after the `from`-th, waited for.
    std::optional<Seen> wait(LinkState state, std::chrono::milliseconds limit = std::chrono::seconds(20),
                             qsizetype from = 0) {
        std::unique_lock lock(mutex_);
        std::optional<Seen> found;
        changed_.wait_for(lock, limit, [&] {
            for (qsizetype i = from; i < seen_.size(); ++i) {
                if (seen_[i].link.state == state) {
                    found = seen_[i];
                    return true;
                }
            }
            return false;
        });
        return found;
    }

    /// The next state of any other kind than Connecting.
    std::optional<Seen> settled(std::chrono::milliseconds limit = std::chrono::seconds(20)) {
        std::unique_lock lock(mutex_);
        std::optional<Seen> found;
        changed_.wait_for(lock, limit, [&] {
            for (const Seen& seen : seen_) {
                if (seen.link.state != LinkState::Connecting) {
                    found = seen;
                    return true;
                }
            }
            return false;
        });
        return found;
    }

    QList<Seen> all() {
        const std::scoped_lock lock(mutex_);
        return seen_;
    }

    qsizetype count() { return all().size(); }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    QList<Seen> seen_;
};

/// Runs `work` in the link's thread and waits for its end.
inline bool inLink(Link& link, const std::function<void()>& work) {
    const auto done = std::make_shared<Arrival>();
    link.post([work, done] {
        work();
        done->arrive();
    });
    return done->wait(std::chrono::seconds(20));
}

} // namespace mha::test
