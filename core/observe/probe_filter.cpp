// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/probe_filter.h"

namespace mha {

QList<Observation> ProbeFilter::pass(const Observation& seen) {
    const auto& probe = std::get<VipProbeSeen>(seen.sighting);
    const bool changed = good_ != probe.good;
    const bool news = probe.detail != toldDetail_ || probe.version != toldVersion_;
    QList<Observation> told;
    if (changed && heldBack_)
        told.append(*heldBack_);
    good_ = probe.good;
    heldBack_.reset();
    if (changed || news || seen.at - toldAt_ >= kProbeToldEvery) {
        told.append(seen);
        toldAt_ = seen.at;
        toldDetail_ = probe.detail;
        toldVersion_ = probe.version;
    } else {
        heldBack_ = seen;
    }
    return told;
}

} // namespace mha
