// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"

#include <QByteArray>
#include <QJsonObject>

namespace mha {

/// Pure: a request to the control socket out of a line; the error is the answer.
Result<QJsonObject> parseControlLine(const QByteArray& line);

} // namespace mha
