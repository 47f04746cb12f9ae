// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

namespace mha::cli {

/// Asks on the terminal, echo off, one question at a time; without a terminal on standard input it asks nothing.
SshPrompts terminalPrompts();

/// Is somebody there to be asked?
bool interactive();

} // namespace mha::cli
