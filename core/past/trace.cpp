// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/trace.h"

namespace mha {

std::optional<VrrpState> stateAt(std::optional<VrrpState> before, const QList<Trace>& traces, Instant at) {
    using Kind = Trace::Kind;
    std::optional<VrrpState> state = before;
    for (const Trace& trace : traces) {
        if (trace.at >= at)
            break;
        if (trace.kind == Kind::BecameMaster) {
            state = VrrpState::Master;
        } else if (trace.kind == Kind::BecameBackup) {
            state = VrrpState::Backup;
        } else if (trace.kind == Kind::EnteredFault) {
            state = VrrpState::Fault;
        } else if (trace.kind == Kind::KeepalivedStopped || trace.kind == Kind::KeepalivedKilled ||
                   trace.kind == Kind::Booted) {
            state = VrrpState::Stopped;
        }
    }
    return state;
}

} // namespace mha
