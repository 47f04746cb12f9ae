// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QStringList>

namespace mha::cli {

/// Pure: what `status` prints for people: the verdict in a line, its reasons, and the two nodes side by side.
QStringList statusText(const Picture& picture, const Pair& pair, bool colours);
/// Pure: "healthy: master serves 192.168.1.104", without reasons.
QString verdictLine(const Picture& picture, const Pair& pair);

} // namespace mha::cli
