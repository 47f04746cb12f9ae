// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/time.h"

#include <QFile>
#include <QJsonObject>

namespace mha {

/// The node program's own history: a line of JSON an event, {"at":…, "code":…, "text":…, …}, on the disk before the
/// program goes on. At 4 MB the file becomes NAME.1 and a new one begins.
class EventLog {
public:
    Result<void> open(const QString& path);
    void write(const QString& code, const QString& text, QJsonObject more, Instant at);

private:
    QFile file_;
};

} // namespace mha
