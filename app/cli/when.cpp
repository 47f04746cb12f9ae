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

std::optional<Duration> ageFrom(const QString& text) {
    static const QRegularExpression age(u"^(\\d{1,9}(?:\\.\\d{1,6})?)([smhdw])$"_s);
    const QRegularExpressionMatch match = age.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return fromSeconds(match.captured(1).toDouble() * secondsIn(match.captured(2).front()));
}

} // namespace

Result<Instant> parseFuture(const QString& text, Instant now) {
    static const QRegularExpression zone(u"(?:Z|[+-]\\d{2}:?\\d{2})$"_s);
    std::optional<Instant> at;
    if (text.startsWith(u'+')) {
        if (const std::optional<Duration> age = ageFrom(text.sliced(1)))
            at = now + *age;
    } else if (zone.match(text).hasMatch()) {
        at = fromIso(text);
    }
    const QString remedy = u"Give ISO 8601 with a zone (2026-01-02T03:04:05+01:00, …Z), or +90s, +30m, +2h."_s;
    if (!at)
        return std::unexpected(Error{ErrorCode::Usage, u"\"%1\" is no time to come."_s.arg(text), {}, remedy});
    if (*at <= now)
        return std::unexpected(Error{ErrorCode::Usage, u"%1 is past."_s.arg(toIso(*at)), {}, remedy});
    return *at;
}

Result<Instant> parseWhen(const QString& text, Instant now) {
    static const QRegularExpression date(u"^\\d{4}-\\d{2}-\\d{2}$"_s);
    if (const std::optional<Duration> age = ageFrom(text))
        return now - *age;
    const QString iso = date.match(text).hasMatch() ? text + u"T00:00:00Z"_s : text;
    if (const std::optional<Instant> at = fromIso(iso))
        return *at;
    return std::unexpected(Error{ErrorCode::Usage,
                                 u"\"%1\" is no point in time."_s.arg(text),
                                 {},
                                 u"Give ISO 8601 (2026-01-02T03:04:05Z, 2026-01-02) or an age (90s, 30m, 2h, 7d)."_s});
}

} // namespace mha::cli
