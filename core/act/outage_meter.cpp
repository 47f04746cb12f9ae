// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/outage_meter.h"

namespace mha {

void OutageMeter::see(const VipProbeSeen& probe) {
    if (probe.good) {
        answered(probe.askedAt + probe.latency);
    } else if (lastGood_ && probe.askedAt > *lastGood_) {
        lastMissing_ = probe.askedAt;
    }
}

void OutageMeter::answered(Instant at) {
    if (lastGood_ && at <= *lastGood_)
        return;
    if (lastMissing_ && at < *lastMissing_)
        return;
    if (lastMissing_)
        ended_ += at - *lastGood_;
    lastMissing_.reset();
    lastGood_ = at;
}

std::optional<Duration> OutageMeter::total() const {
    if (!lastGood_)
        return std::nullopt;
    return lastMissing_ ? ended_ + (*lastMissing_ - *lastGood_) : ended_;
}

} // namespace mha
