// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QList>

#include <functional>
#include <mutex>
#include <utility>

namespace mha {

/// Where the sensors of all threads put what they saw, and from which one thread takes it in batches: one wake-up a
/// batch, however many come meanwhile. Thread-safe.
class Inbox {
public:
    /// `wake` is called, in a sensor's thread, when something is there to be taken. It must not call back.
    explicit Inbox(std::function<void()> wake) : wake_(std::move(wake)) {}

    void put(const Observation& observation) {
        const std::scoped_lock lock(mutex_);
        if (!wake_)
            return;
        const bool wasEmpty = batch_.isEmpty();
        batch_.append(observation);
        if (wasEmpty)
            wake_();
    }

    QList<Observation> takeAll() {
        const std::scoped_lock lock(mutex_);
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
    QList<Observation> batch_;
};

} // namespace mha
