// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/event.h"
#include "model/failover.h"

class QSqlQuery;

namespace mha {

/// How values are laid down in the history's columns, and read back. The column lists name the order that the readers
/// expect of a SELECT and the binders of an INSERT (without id).

inline constexpr const char* kEventColumns = "at, pair, node, kind, severity, code, text, source";
/// The text of an event is a row of the table wording.
inline constexpr const char* kEventInsertColumns = "at, pair, node, kind, severity, code, wording, source";
inline constexpr const char* kFailoverColumns =
    "pair, kind, trigger_code, from_node, to_node, started_at, ended_at, error, phases, source, operator, reason, "
    "moves";
inline constexpr const char* kActionColumns =
    "pair, kind, from_node, to_node, owner, reason, started_at, ended_at, outcome, text, outage, steps";

/// "?, ?, ?" for a list of columns.
QString marks(const char* columns);

void bindEvent(QSqlQuery& query, const Event& event, qint64 wording);
void bindFailover(QSqlQuery& query, const Failover& failover);
void bindAction(QSqlQuery& query, const ActionRecord& action);

/// Of a row "id, COLUMNS".
Event readEvent(const QSqlQuery& query);
Failover readFailover(const QSqlQuery& query);
ActionRecord readAction(const QSqlQuery& query);

/// The columns are NOT NULL, and a null QString would bind NULL.
QString notNull(const QString& text);
qint64 toColumn(Instant at);
Instant instantOf(qint64 column);

} // namespace mha
