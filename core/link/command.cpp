// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/command.h"
