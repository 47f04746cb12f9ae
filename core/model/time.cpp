// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/time.h"

#include <cmath>

namespace mha {

namespace {

using namespace std::chrono;

/// Reads exactly `count` digits at `position` and steps over them; -1 where there are none.
int readDigits(QStringView text, qsizetype& position, int count) {
    int value = 0;
    for (int i = 0; i < count; ++i, ++position) {
        if (position >= text.size() || text[position] < u'0' || text[position] > u'9')
            return -1;
        value = value * 10 + (text[position].unicode() - u'0');
    }
    return value;
}

bool step(QStringView text, qsizetype& position, char16_t expected) {
    if (position >= text.size() || text[position] != expected)
        return false;
    ++position;
    return true;
}

/// Digits after the point, any number of them; what is finer than a microsecond is cut off.
std::optional<microseconds> readFraction(QStringView text, qsizetype& position) {
    microseconds fraction{0};
    microseconds unit{100'000};
    const qsizetype begin = position;
    for (int digit = 0; (digit = readDigits(text, position, 1)) >= 0;) {
        fraction += digit * unit;
        unit /= 10;
    }
    if (position == begin)
        return std::nullopt;
    return fraction;
}

/// "Z", "+02:00" or "-0230" to the end of the text.
std::optional<minutes> readOffset(QStringView text, qsizetype& position) {
    if (step(text, position, u'Z') || step(text, position, u'z'))
        return position == text.size() ? std::optional(minutes{0}) : std::nullopt;
    const bool negative = step(text, position, u'-');
    if (!negative && !step(text, position, u'+'))
        return std::nullopt;
    const int offsetHours = readDigits(text, position, 2);
    step(text, position, u':');
    const int offsetMinutes = readDigits(text, position, 2);
    if (offsetHours < 0 || offsetHours > 23 || offsetMinutes < 0 || offsetMinutes > 59 || position != text.size())
        return std::nullopt;
    const minutes offset = hours{offsetHours} + minutes{offsetMinutes};
    return negative ? -offset : offset;
}

QString withUnit(double value, int decimals, QLatin1String unit) {
    return QString::number(value, 'f', decimals) + QLatin1Char(' ') + unit;
}

/// "3 min 12 s"; the smaller part is left out where it is nothing.
QString twoParts(qint64 whole, QLatin1String unit, qint64 rest, QLatin1String smaller) {
    const QString text = QString::number(whole) + QLatin1Char(' ') + unit;
    return rest == 0 ? text : text + QLatin1Char(' ') + QString::number(rest) + QLatin1Char(' ') + smaller;
}

} // namespace

Instant wallClockNow() {
    return floor<microseconds>(system_clock::now());
}

MonotonicTime monotonicNow() {
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

QString toIso(Instant at) {
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{floor<milliseconds>(at - day)};
    const auto pad = [](auto value, int width) {
        return QString::number(static_cast<qint64>(value)).rightJustified(width, QLatin1Char('0'));
    };
    return pad(static_cast<int>(date.year()), 4) + QLatin1Char('-') + pad(static_cast<unsigned>(date.month()), 2) +
           QLatin1Char('-') + pad(static_cast<unsigned>(date.day()), 2) + QLatin1Char('T') +
           pad(time.hours().count(), 2) + QLatin1Char(':') + pad(time.minutes().count(), 2) + QLatin1Char(':') +
           pad(time.seconds().count(), 2) + QLatin1Char('.') + pad(time.subseconds().count(), 3) + QLatin1Char('Z');
}

std::optional<Instant> fromIso(QStringView text) {
    qsizetype position = 0;
    const int yearNumber = readDigits(text, position, 4);
    const bool dateBegun = step(text, position, u'-');
    const int monthNumber = readDigits(text, position, 2);
    const bool dateGoesOn = step(text, position, u'-');
    const int dayNumber = readDigits(text, position, 2);
    const bool timeBegun = step(text, position, u'T') || step(text, position, u't') || step(text, position, u' ');
    const int hour = readDigits(text, position, 2);
    const bool minutesBegun = step(text, position, u':');
    const int minute = readDigits(text, position, 2);
    const bool secondsBegun = step(text, position, u':');
    const int second = readDigits(text, position, 2);
    if (!dateBegun || !dateGoesOn || !timeBegun || !minutesBegun || !secondsBegun || yearNumber < 0 ||
        monthNumber < 0 || dayNumber < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return std::nullopt;

    microseconds fraction{0};
    if (step(text, position, u'.') || step(text, position, u',')) {
        const auto read = readFraction(text, position);
        if (!read)
            return std::nullopt;
        fraction = *read;
    }
    const auto offset = readOffset(text, position);
    const year_month_day date{year{yearNumber}, month{static_cast<unsigned>(monthNumber)},
                              day{static_cast<unsigned>(dayNumber)}};
    if (!offset || !date.ok() || yearNumber <= 1) // Docker's zero time is in year 1
        return std::nullopt;
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + fraction - *offset;
}

double toSeconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Duration fromSeconds(double seconds) {
    return Duration{std::llround(seconds * 1e6)};
}

Instant fromEpochSeconds(double seconds) {
    return Instant{fromSeconds(seconds)};
}

QString toText(Duration duration) {
    if (duration < Duration::zero())
        return QLatin1Char('-') + toText(-duration);
    if (duration == Duration::zero())
        return QStringLiteral("0 s");
    const double inSeconds = toSeconds(duration);
    if (inSeconds < 0.0095)
        return withUnit(inSeconds * 1e3, 1, QLatin1String("ms"));
    if (inSeconds < 0.0995)
        return withUnit(inSeconds * 1e3, 0, QLatin1String("ms"));
    if (inSeconds < 0.995)
        return withUnit(inSeconds, 2, QLatin1String("s"));
    if (inSeconds < 59.95)
        return withUnit(inSeconds, 1, QLatin1String("s"));
    const qint64 wholeSeconds = std::llround(inSeconds);
    if (wholeSeconds < 3600)
        return twoParts(wholeSeconds / 60, QLatin1String("min"), wholeSeconds % 60, QLatin1String("s"));
    const qint64 wholeMinutes = std::llround(inSeconds / 60);
    if (wholeMinutes < qint64{48} * 60)
        return twoParts(wholeMinutes / 60, QLatin1String("h"), wholeMinutes % 60, QLatin1String("min"));
    const qint64 wholeHours = std::llround(inSeconds / 3600);
    return twoParts(wholeHours / 24, QLatin1String("d"), wholeHours % 24, QLatin1String("h"));
}

} // namespace mha
