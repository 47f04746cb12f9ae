// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

namespace mha::cli {

class StopSignal;

/// Asks on the terminal, echo off, one question at a time; without a terminal on standard input it asks nothing.
SshPrompts terminalPrompts();

/// Is somebody there to be asked?
bool interactive();

/// Asks on standard error and gives the answer, trimmed. Runs the event loop until then, so that what is watched stays
/// fresh; empty at a stop signal.
QString ask(StopSignal& stop, const QString& question);
/// "Do it now?"; true when the answer is yes.
bool askYes(StopSignal& stop);

} // namespace mha::cli
