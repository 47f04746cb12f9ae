// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <optional>

namespace mha {

/// Pure: of a node that takes itself for MASTER. Two masters that hear each other settle it within an advert (RFC 9568,
/// 6.4.3); where the other one's adverts go on and on, ours is not heard, or who should send it hangs.
class RivalWatch {
public:
    /// T, the advert interval.
    explicit RivalWatch(Duration interval) : interval_(interval) {}

    /// The other one's advert has come. True: for so long that ours counts no more.
    bool heard(MonotonicTime now) {
        if (!last_ || now - *last_ > 2 * interval_)
            since_ = now;
        last_ = now;
        return now - since_ >= 4 * interval_;
    }

    void forget() { last_.reset(); }

private:
    Duration interval_;
    std::optional<MonotonicTime> last_;
    MonotonicTime since_;
};

} // namespace mha
