// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QList>

#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace mha {

/// Where the sensors of all threads put what they saw, and from which one thread takes it in batches: one wake-up a
/// batch, however many come meanwhile, and none for what only says again what was said before: whoever takes comes by
/// now and then. Thread-safe.
class Inbox {
public:
    /// `wake` is called, in a sensor's thread, when news are there to be taken. It must not call back. `isNews`, pure:
    /// is the second other news than the first, of the same kind and node?
    Inbox(std::function<void()> wake, std::function<bool(const Sighting&, const Sighting&)> isNews)
        : wake_(std::move(wake)), isNews_(std::move(isNews)) {}

    void put(const Observation& observation) {
        const std::scoped_lock lock(mutex_);
        if (!wake_)
            return;
        const auto [last, first] =
            last_.try_emplace({observation.node, observation.sighting.index()}, observation.sighting);
        const bool news = first || isNews_(last->second, observation.sighting);
        last->second = observation.sighting;
        batch_.append(observation);
        if (news && !std::exchange(woken_, true))
            wake_();
    }

    QList<Observation> takeAll() {
        const std::scoped_lock lock(mutex_);
        woken_ = false;
        return std::exchange(batch_, {});
    }

    /// Nothing is taken in and nobody is woken any more.
    void close() {
        const std::scoped_lock lock(mutex_);
        wake_ = nullptr;
        batch_.clear();
    }

private:
    std::mutex mutex_;
    std::function<void()> wake_;
    std::function<bool(const Sighting&, const Sighting&)> isNews_;
    QList<Observation> batch_;
    std::map<std::pair<int, std::size_t>, Sighting> last_; ///< of each node and kind
    bool woken_ = false;
};

} // namespace mha
