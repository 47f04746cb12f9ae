// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/markup.h"

namespace mha {

/// The style sheet of the HTML report: light, dark where the reader's system is dark, and light again on paper.
Literal htmlStyle();

} // namespace mha
