// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "arguments.h"
#include "model/pair.h"

namespace mha::cli {

// One function a command, each in a file of its own. They need a QCoreApplication, run its event loop where they wait,
// and give the exit code of the process.

int runStatus(const Arguments& arguments, const Pair& pair);
int runWatch(const Arguments& arguments, const Pair& pair);
/// `watch --replay`: the pair is the recording's.
int runReplay(const Arguments& arguments);
int runEvents(const Arguments& arguments, const Pair& pair);
int runFailovers(const Arguments& arguments, const Pair& pair);
/// Of `switchover` and of `takeover`.
int runSwitchover(const Arguments& arguments, const Pair& pair);
int runDrill(const Arguments& arguments, const Pair& pair);
int runLever(const Arguments& arguments, const Pair& pair);
int runMaintenance(const Arguments& arguments, const Pair& pair);
int runReport(const Arguments& arguments, const Pair& pair);
int runDoctor(const Arguments& arguments, const Pair& pair);

} // namespace mha::cli
