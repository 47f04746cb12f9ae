// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"

class QSqlDatabase;
class QSqlError;

namespace mha {

/// A page of events without reading what lies between: by time, by kind, node and severity, or by a piece of text, each
/// through the index that has it. The thread of `database`. Nothing with an error: the caller words it.
std::expected<QList<Event>, QSqlError> readEventPage(const QSqlDatabase& database, const EventQuery& query);

} // namespace mha
