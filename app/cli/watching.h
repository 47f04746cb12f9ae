// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "arguments.h"
#include "history/history.h"
#include "history/recorder.h"
#include "observe/pair_monitor.h"

namespace mha::cli {

/// The monitor's options for a command: host keys, prompts, one look or streams. A one-shot command does not retry.
MonitorOptions monitorOptions(const Arguments& arguments, const Pair& pair, bool streams);

/// Starts the monitor and runs the event loop until every fact is seen or known to be unseeable, at most
/// arguments.timeout.
void lookOnce(PairMonitor& monitor, const Arguments& arguments);

/// Runs the event loop for so long.
void letPass(std::chrono::milliseconds time);

/// Where a command needs the nodes: a node that refuses us (key, host key, permission) is its error; else, with neither
/// node reached, why the first one is not. Nothing when the picture is good enough to go on.
std::optional<Error> refusedByNode(const Picture& picture);
std::optional<Error> noNodeReached(const Picture& picture);

/// The history that --history names, or the default one.
Result<std::unique_ptr<History>> openHistory(const Arguments& arguments);

/// What the source tells goes into the history; a failed write to stderr. Both must outlive the event loop.
void recordInto(Recorder& recorder, const PairSource& source);

} // namespace mha::cli
