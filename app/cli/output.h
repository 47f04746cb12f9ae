// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/pair.h"

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace mha::cli {

/// A line to standard output or standard error, UTF-8, at once.
void printLine(const QString& line);
void printErrorLine(const QString& line);
/// Who says it, what is wrong and what to do about it.
void printError(const Error& error);
void printBytes(const QByteArray& bytes);
/// One compact JSON object and a line end.
void printJson(const QJsonObject& object);

enum class Shade { Plain, Good, Caution, Bad, Faint };

/// May colours be used on standard output: a terminal, and NO_COLOR is not set (no-color.org).
bool coloured();
QString shaded(const QString& text, Shade shade, bool colours);

/// Rows as aligned columns, two spaces apart.
QStringList alignColumns(const QList<QStringList>& rows);

/// Tells the error in the form that was asked for: {"error":{…}} on standard output, or a sentence on standard error.
/// The exit code.
int fail(const Error& error, bool json, const Pair* pair = nullptr);

} // namespace mha::cli
