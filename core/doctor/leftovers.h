// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "doctor/examination.h"
#include "link/link.h"

#include <QByteArray>

#include <chrono>

namespace mha {

/// Asks a node in sight for what an operation may have left there: a FAULT flag that is up, with or without the timer
/// that clears it, and files in the shared folder. Blocks for `deadline` at most; one exam "leftovers".
Exam lookForLeftovers(Link& link, const QString& node, const QString& storagePath, std::chrono::milliseconds deadline);

/// Pure: the exam from what the node's script has printed.
Exam leftoversExam(const QString& node, const QByteArray& printed);

} // namespace mha
