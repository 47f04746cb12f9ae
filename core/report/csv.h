// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace mha {

// What every table that leaves as CSV is written with. All pure.

/// Text as a spreadsheet must show it: one that begins with any of =+-@, a tab or a line end would be run as a formula,
/// and so gets an apostrophe before it.
QString csvSafe(const QString& text);
/// RFC 4180: quoted where needed, ended by CR LF.
QString csvLine(QStringList fields);

} // namespace mha
