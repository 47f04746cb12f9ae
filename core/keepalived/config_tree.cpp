// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config_tree.h"

namespace mha {

namespace {

constexpr int kDeepestNesting = 20;

struct Token {
    enum class Kind { Word, Quoted, Open, Close, LineEnd } kind = Kind::Word;
    QString text;
};

class Tokenizer {
public:
    explicit Tokenizer(const QByteArray& text) : text_(QString::fromUtf8(text)) {}

    QList<Token> run() {
        while (position_ < text_.size())
            step();
        endWord();
        add(Token::Kind::LineEnd);
        return std::move(tokens_);
    }

private:
    void step() {
        const QChar c = text_[position_++];
        if (c == u'\\' && position_ < text_.size()) {
            takeEscaped();
        } else if (c == u'"' || c == u'\'') {
            takeQuoted(c);
        } else if (c == u'!' || c == u'#') {
            const qsizetype end = text_.indexOf(u'\n', position_);
            position_ = end < 0 ? text_.size() : end;
        } else if (c == u'$' && position_ < text_.size() && text_[position_] == u'{') {
            takeVariable();
        } else if (c == u'\n') {
            endWord();
            add(Token::Kind::LineEnd);
        } else if (c == u'{' || c == u'}') {
            endWord();
            add(c == u'{' ? Token::Kind::Open : Token::Kind::Close);
        } else if (c.isSpace()) {
            endWord();
        } else {
            word_ += c;
        }
    }

    /// A backslash at the end of a line continues it; elsewhere it takes its meaning from the next character.
    void takeEscaped() {
        const QChar next = text_[position_++];
        if (next == u'\n') {
            endWord();
        } else {
            word_ += next;
        }
    }

    /// "${NAME}": its braces open no block.
    void takeVariable() {
        qsizetype end = text_.indexOf(u'}', position_);
        end = end < 0 ? text_.size() : end + 1;
        word_ += u'$' + text_.sliced(position_, end - position_);
        position_ = end;
    }

    void takeQuoted(QChar quote) {
        qsizetype end = position_;
        while (end < text_.size() && text_[end] != quote && text_[end] != u'\n')
            ++end;
        word_ += text_.sliced(position_, end - position_);
        quoted_ = true;
        position_ = end < text_.size() && text_[end] == quote ? end + 1 : end;
    }

    void endWord() {
        if (!word_.isEmpty() || quoted_)
            tokens_.append({quoted_ ? Token::Kind::Quoted : Token::Kind::Word, word_});
        word_.clear();
        quoted_ = false;
    }

    void add(Token::Kind kind) { tokens_.append({kind, {}}); }

    QString text_;
    qsizetype position_ = 0;
    QString word_;
    bool quoted_ = false;
    QList<Token> tokens_;
};

class TreeReader {
public:
    explicit TreeReader(QList<Token> tokens) : tokens_(std::move(tokens)) {}

    std::optional<QList<ConfigStatement>> run() {
        QList<ConfigStatement> statements = readBlock(0);
        if (broken_ || position_ < tokens_.size())
            return std::nullopt;
        return statements;
    }

private:
    /// Reads statements up to the block's closing brace or, at depth 0, to the end.
    QList<ConfigStatement> readBlock(int depth) {
        QList<ConfigStatement> statements;
        ConfigStatement current;
        const auto finish = [&] {
            if (!current.words.isEmpty())
                statements.append(std::exchange(current, {}));
        };
        while (position_ < tokens_.size() && !broken_) {
            const Token& token = tokens_[position_++];
            switch (token.kind) {
            case Token::Kind::Word:
            case Token::Kind::Quoted:
                if (current.words.size() == 1)
                    current.quotedArgument = token.kind == Token::Kind::Quoted;
                current.words.append(token.text);
                break;
            case Token::Kind::LineEnd:
                if (!opensNext())
                    finish();
                break;
            case Token::Kind::Open:
                broken_ = depth >= kDeepestNesting;
                if (!broken_)
                    current.children = readBlock(depth + 1);
                finish();
                break;
            case Token::Kind::Close:
                finish();
                broken_ = depth == 0;
                return statements;
            }
        }
        finish();
        broken_ = broken_ || depth > 0;
        return statements;
    }

    /// Is the next thing a brace on a line of its own, which then belongs to the statement before it?
    bool opensNext() const {
        qsizetype next = position_;
        while (next < tokens_.size() && tokens_[next].kind == Token::Kind::LineEnd)
            ++next;
        return next < tokens_.size() && tokens_[next].kind == Token::Kind::Open;
    }

    QList<Token> tokens_;
    qsizetype position_ = 0;
    bool broken_ = false;
};

} // namespace

std::optional<QList<ConfigStatement>> readConfigTree(const QByteArray& text) {
    return TreeReader(Tokenizer(text).run()).run();
}

} // namespace mha
