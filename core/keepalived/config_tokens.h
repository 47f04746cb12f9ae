// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace mha {

/// Bytes of a text, from `begin` up to, not including, `end`.
struct ConfigSpan {
    qsizetype begin = 0;
    qsizetype end = 0;

    bool operator==(const ConfigSpan&) const = default;
};

/// A piece of keepalived.conf. No byte is left out: all tokens of a text in their order are that text.
struct ConfigToken {
    enum class Kind {
        Space,
        Comment,      ///< "!" or "#" to the end of the line
        LineEnd,      ///< with or without carriage return
        Continuation, ///< a backslash and the end of the line behind it
        Word,         ///< as written, quotes and backslashes included
        Definition,   ///< "$NAME=value", a statement of its own, over as many lines as end in a backslash
        Open,
        Close,
    };

    Kind kind = Kind::Space;
    ConfigSpan span;

    bool operator==(const ConfigToken&) const = default;
};

/// Pure: the tokens of any text, also of one that is no keepalived.conf.
QList<ConfigToken> readConfigTokens(const QByteArray& text);

/// What a word says: quotes gone, a backslash outside of quotes gives its meaning to the next character, "${NAME}" as
/// it stands. A quote that is left open ends with its line.
struct ConfigWord {
    QString text;
    bool quoted = false; ///< some of it was in quotes
};

ConfigWord decodeConfigWord(const QByteArray& written);

/// The other way round: as few quotes as it takes, but always where `quoted`. A line end cannot be written into a word:
/// it becomes a space.
QByteArray encodeConfigWord(const QString& word, bool quoted);

} // namespace mha
