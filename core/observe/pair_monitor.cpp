// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/pair_monitor.h"
