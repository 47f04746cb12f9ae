// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QLatin1String>
#include <QString>

namespace mha {

/// Text that the compiler has seen: a literal of the source, and nothing that came from outside.
class Literal {
public:
    consteval Literal(const char* text) : text_(text) {}

    QLatin1String view() const { return QLatin1String(text_); }

private:
    const char* text_;
};

/// HTML being written. Markup enters only as a literal of the source; every value goes through text() or number() and
/// so cannot become markup, inside an element as in an attribute in double quotes.
class Markup {
public:
    Markup& raw(Literal literal) {
        out_ += literal.view();
        return *this;
    }

    Markup& text(const QString& value);
    Markup& number(qint64 value);
    /// Without trailing zeros.
    Markup& number(double value, int decimals = 2);

    Markup& add(const Markup& other) {
        out_ += other.out_;
        return *this;
    }

    bool isEmpty() const { return out_.isEmpty(); }

    QByteArray toUtf8() const { return out_.toUtf8(); }

private:
    QString out_;
};

} // namespace mha
