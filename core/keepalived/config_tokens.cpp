// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config_tokens.h"

namespace mha {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Reads one text from its begin to its end.
class Tokenizer {
public:
    explicit Tokenizer(const QByteArray& text) : text_(text) {}

    QList<ConfigToken> run() {
        while (position_ < text_.size()) {
            const qsizetype begin = position_;
            const ConfigToken::Kind kind = next();
            tokens_.append({kind, {begin, position_}});
            if (kind == ConfigToken::Kind::LineEnd || kind == ConfigToken::Kind::Open ||
                kind == ConfigToken::Kind::Close) {
                statementBegins_ = true;
            } else if (kind == ConfigToken::Kind::Word) {
                statementBegins_ = statementBegins_ && text_[begin] == '@'; // a condition comes before the statement
            }
        }
        return std::move(tokens_);
    }

private:
    char at(qsizetype position) const { return position < text_.size() ? text_[position] : '\0'; }

    /// Length of the line end at `position`: "\n", "\r\n", or none.
    qsizetype lineEnd(qsizetype position) const {
        if (at(position) == '\n')
            return 1;
        return at(position) == '\r' && at(position + 1) == '\n' ? 2 : 0;
    }

    /// Moves over one token, of at least one byte, and says of which kind it is.
    ConfigToken::Kind next() {
        if (const qsizetype end = lineEnd(position_); end > 0) {
            position_ += end;
            return ConfigToken::Kind::LineEnd;
        }
        const char c = text_[position_];
        if (c == '\\' && lineEnd(position_ + 1) > 0) {
            position_ += 1 + lineEnd(position_ + 1);
            return ConfigToken::Kind::Continuation;
        }
        if (isBlank(c)) {
            while (isBlank(at(position_)) && lineEnd(position_) == 0)
                ++position_;
            return ConfigToken::Kind::Space;
        }
        if (c == '!' || c == '#') {
            skipLine();
            return ConfigToken::Kind::Comment;
        }
        if (c == '{' || c == '}') {
            ++position_;
            return c == '{' ? ConfigToken::Kind::Open : ConfigToken::Kind::Close;
        }
        if (c == '$' && statementBegins_ && definesName()) {
            skipDefinition();
            return ConfigToken::Kind::Definition;
        }
        skipWord();
        return ConfigToken::Kind::Word;
    }

    void skipLine() {
        while (position_ < text_.size() && lineEnd(position_) == 0)
            ++position_;
    }

    bool definesName() const {
        qsizetype end = position_ + 1;
        while (isNameCharacter(at(end)))
            ++end;
        const bool named = end > position_ + 1;
        while (at(end) == ' ' || at(end) == '\t')
            ++end;
        return named && at(end) == '=';
    }

    /// What a definition stands for may hold whole blocks: its braces belong to the place where it is used.
    void skipDefinition() {
        for (;;) {
            skipLine();
            const bool goesOn = text_[position_ - 1] == '\\' && lineEnd(position_) > 0;
            if (!goesOn)
                return;
            position_ += lineEnd(position_);
        }
    }

    void skipWord() {
        if (text_.sliced(position_).startsWith("~SEQ(") || text_.sliced(position_).startsWith("~LST("))
            skipRepetition();
        while (position_ < text_.size()) {
            const char c = text_[position_];
            if (isBlank(c) || c == '\n' || c == '{' || c == '}' || c == '!' || c == '#')
                return;
            if (c == '\\') {
                if (lineEnd(position_ + 1) > 0)
                    return;
                position_ += position_ + 1 < text_.size() ? 2 : 1;
            } else if (c == '"' || c == '\'') {
                skipQuoted(c);
            } else if (c == '$' && at(position_ + 1) == '{') {
                skipVariable();
            } else {
                ++position_;
            }
        }
    }

    /// "~LST(a,b,{1,2},{3,4})": the rest of the line is repeated; its braces are of the list.
    void skipRepetition() {
        while (position_ < text_.size() && lineEnd(position_) == 0) {
            if (text_[position_++] == ')')
                return;
        }
    }

    void skipQuoted(char quote) {
        ++position_;
        while (position_ < text_.size() && lineEnd(position_) == 0) {
            if (text_[position_++] == quote)
                return;
        }
    }

    /// "${NAME}": its braces open no block.
    void skipVariable() {
        while (position_ < text_.size() && lineEnd(position_) == 0) {
            if (text_[position_++] == '}')
                return;
        }
    }

    const QByteArray& text_;
    qsizetype position_ = 0;
    bool statementBegins_ = true;
    QList<ConfigToken> tokens_;
};

/// Can it stand as it is, and be read back as the same one word?
bool needsNoQuotes(const QByteArray& word) {
    if (word.isEmpty() || word.startsWith('@') || word.startsWith("~SEQ(") || word.startsWith("~LST(") ||
        (word.startsWith('$') && word.contains('=')))
        return false;
    for (const char c : word) {
        if (isBlank(c) || QByteArrayView("\n!#{}\"'\\").contains(c))
            return false;
    }
    return true;
}

QByteArray escaped(const QByteArray& word) {
    QByteArray result;
    for (const char c : word)
        (result += '\\') += c;
    return result;
}

} // namespace

QList<ConfigToken> readConfigTokens(const QByteArray& text) {
    return Tokenizer(text).run();
}

ConfigWord decodeConfigWord(const QByteArray& written) {
    QByteArray bytes;
    bool quoted = false;
    qsizetype position = 0;
    while (position < written.size()) {
        const char c = written[position++];
        if (c == '\\' && position < written.size()) {
            bytes += written[position++];
        } else if (c == '"' || c == '\'') {
            const qsizetype end = written.indexOf(c, position);
            bytes += end < 0 ? written.sliced(position) : written.sliced(position, end - position);
            position = end < 0 ? written.size() : end + 1;
            quoted = true;
        } else if (c == '$' && position < written.size() && written[position] == '{') {
            const qsizetype end = written.indexOf('}', position);
            const qsizetype after = end < 0 ? written.size() : end + 1;
            bytes += c + written.sliced(position, after - position);
            position = after;
        } else {
            bytes += c;
        }
    }
    return {QString::fromUtf8(bytes), quoted};
}

QByteArray encodeConfigWord(const QString& word, bool quoted) {
    QByteArray bytes = word.toUtf8();
    bytes.replace("\r\n", " ").replace('\n', ' ');
    const bool variable = bytes.contains("${");
    if (!quoted && needsNoQuotes(bytes) && !variable)
        return bytes;
    if (!bytes.contains('"'))
        return '"' + bytes + '"';
    if (!bytes.contains('\''))
        return '\'' + bytes + '\'';
    return escaped(bytes);
}

} // namespace mha
