// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

namespace mha::cli {

class StopSignal;

/// Asks on the terminal, echo off, one question at a time; without a terminal on standard input it asks nothing.
SshPrompts terminalPrompts();

/// Is somebody there to be asked?
bool interactive();

/// "Do it now?" on standard error; true when the answer is yes. Runs the event loop until then, so that what is watched
/// stays fresh; a stop signal is a no.
bool askYes(StopSignal& stop);

} // namespace mha::cli
