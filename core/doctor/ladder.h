// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "doctor/examination.h"

namespace mha {

/// Pure: one node's ladder, from its name to its clock, with what the rules say of each step.
QList<Exam> climb(const NodePicture& node, const NodeConfig& config, const Pair& pair, const Verdict& verdict);

/// Is the rule told on a node's ladder, or said there better by the step itself?
bool isOnLadder(const Reason& reason);

/// A rule's reason as a line: its text, and the remedy that the table of rules has.
Exam examOf(const Reason& reason, const QString& name);

} // namespace mha
