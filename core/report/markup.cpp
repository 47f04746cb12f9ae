// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/markup.h"

namespace mha {

namespace {

/// What HTML forbids in text, and what turns the reading direction round and so could show a text other than it is.
bool isUnfit(QChar c) {
    const char16_t unit = c.unicode();
    const bool control = (unit < 0x20 && unit != u'\n' && unit != u'\t') || (unit >= 0x7f && unit < 0xa0);
    const bool direction = (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069);
    return control || direction;
}

} // namespace

Markup& Markup::text(const QString& value) {
    QString fit = value;
    for (QChar& c : fit) {
        if (isUnfit(c))
            c = QChar::ReplacementCharacter;
    }
    out_ += fit.toHtmlEscaped();
    return *this;
}

Markup& Markup::number(qint64 value) {
    out_ += QString::number(value);
    return *this;
}

Markup& Markup::number(double value, int decimals) {
    QString digits = QString::number(value, 'f', decimals);
    if (digits.contains(u'.')) {
        while (digits.endsWith(u'0'))
            digits.chop(1);
        if (digits.endsWith(u'.'))
            digits.chop(1);
    }
    out_ += digits == QLatin1String("-0") ? QStringLiteral("0") : digits;
    return *this;
}

} // namespace mha
