// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QTimer>

#include <utility>

namespace mha {

/// A channel that could not be begun, as its link is not up: it only tells the error, from the event loop, after its
/// owner has it in hand.
class StillbornChannel final : public ByteChannel {
public:
    StillbornChannel(Handlers handlers, const Error& error) {
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [closed = std::move(handlers.closed), error] {
            const auto call = closed; // the owner may delete us in it
            if (call)
                call(error, {});
        });
        timer_.setSingleShot(true);
        timer_.start(0);
    }

    void write(const QByteArray&) override {}

    void finishWriting() override {}

private:
    QTimer timer_;
};

} // namespace mha
