// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

namespace mha::cli {

/// Pure: a plan as a runbook for people: what moves, how the VIP moves, checks, steps and their undo.
QStringList planText(const Plan& plan, const Pair& pair, bool colours);
/// Pure: [{code, result, text}], result being pass, warn or refuse.
QJsonArray checksJson(const QList<Check>& checks);
/// Pure: the plan that --dry-run --json prints: {pair, dry_run, outcome, kind, from, to, lever, text, checks, steps}.
QJsonObject planJson(const Plan& plan, const Pair& pair);

} // namespace mha::cli
