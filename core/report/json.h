// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/error.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QJsonObject>

namespace mha {

// The JSON forms of the command line and of the JSON report: the contract with scripts. All pure. Times are ISO 8601
// UTC with milliseconds, durations numbers of seconds in names that end in _s; what is not known is null, never left
// out.

/// {id, pair, kind, planned, trigger, from, to, started_at, ended_at, recovery_s, error_s, phases, source, operator,
/// reason}; phases are [{name, start_s, duration_s, error_s}].
QJsonObject toJson(const Failover& failover);

/// {id, at, pair, node, kind, severity, code, text}; node is null for an event of the pair.
QJsonObject toJson(const Event& event);

/// {id, pair, outcome, kind, from, to, owner, reason, started_at, ended_at, outage_s, text, steps}; steps are
/// [{name, state, started_at, ended_at, duration_s, detail}].
QJsonObject toJson(const ActionRecord& action);

/// {code, node, text, seen_at}; node is null for a reason of the pair.
QJsonObject toJson(const Reason& reason);

/// {code, text, remedy, node, where}. `node` is where it happened if that is a node: by the pair's names, or, without a
/// pair, for any code that cannot be of a file of ours.
QJsonObject toJson(const Error& error, const Pair* pair = nullptr);

/// What `status --json` prints. A node's facts are those of now: of a node out of sight, or seen only in an earlier
/// session, they are null. Beside the fields of the contract each node has `unseen` (fact: why it is null), `seen_at`
/// (fact: when it was last seen, also an old one) and `last_known` (what was seen then, for the facts that are null
/// now).
QJsonObject toJson(const Picture& picture, const Pair& pair);

} // namespace mha
