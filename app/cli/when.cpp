// SPDX-License-Identifier: GPL-3.0-or-later
#include "when.h"

#include <QRegularExpression>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

double secondsIn(QChar unit) {
    switch (unit.unicode()) {
    case u'm':
        return 60;
    case u'h':
        return 3600;
    case u'd':
        return 86400;
    case u'w':
        return 7 * 86400;
    default:
        return 1;
    }
}

} // namespace

Result<Instant> parseWhen(const QString& text, Instant now) {
    static const QRegularExpression age(u"^(\\d{1,9}(?:\\.\\d{1,6})?)([smhdw])$"_s);
    static const QRegularExpression date(u"^\\d{4}-\\d{2}-\\d{2}$"_s);
    if (const QRegularExpressionMatch match = age.match(text); match.hasMatch())
        return now - fromSeconds(match.captured(1).toDouble() * secondsIn(match.captured(2).front()));
    const QString iso = date.match(text).hasMatch() ? text + u"T00:00:00Z"_s : text;
    if (const std::optional<Instant> at = fromIso(iso))
        return *at;
    return std::unexpected(Error{ErrorCode::Usage,
                                 u"\"%1\" is no point in time."_s.arg(text),
                                 {},
                                 u"Give ISO 8601 (2026-01-02T03:04:05Z, 2026-01-02) or an age (90s, 30m, 2h, 7d)."_s});
}

} // namespace mha::cli
