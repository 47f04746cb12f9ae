// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"
#include "report/markup.h"

namespace mha {

/// A drawing as inline SVG in the classes of the report's style sheet; tips are its titles. Pure.
Markup toSvg(const Drawing& drawing);

} // namespace mha
