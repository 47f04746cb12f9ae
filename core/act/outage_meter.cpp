// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/outage_meter.h"

namespace mha {

void OutageMeter::see(const VipProbeSeen& probe) {
    if (lastAsked_ && probe.askedAt <= *lastAsked_)
        return;
    lastAsked_ = probe.askedAt;
    if (!probe.good) {
        interrupted_ = lastGood_.has_value();
        return;
    }
    const Instant answered = probe.askedAt + probe.latency;
    if (interrupted_)
        ended_ += answered - *lastGood_;
    interrupted_ = false;
    lastGood_ = answered;
}

std::optional<Duration> OutageMeter::total() const {
    if (!lastGood_)
        return std::nullopt;
    return interrupted_ ? ended_ + (*lastAsked_ - *lastGood_) : ended_;
}

} // namespace mha
