// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config_document.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mha {

namespace {

constexpr int kDeepestNesting = 20;
constexpr const char* kIndent = "    ";

using Kind = ConfigToken::Kind;

bool isRepetition(const QByteArray& written) {
    return written.startsWith("~SEQ(") || written.startsWith("~LST(");
}

/// Statements out of tokens.
class TreeReader {
public:
    explicit TreeReader(const QByteArray& text) : text_(text), tokens_(readConfigTokens(text)) {}

    std::optional<QList<ConfigStatement>> run() {
        QList<ConfigStatement> statements = readBlock(0);
        if (broken_ || position_ < tokens_.size())
            return std::nullopt;
        return statements;
    }

private:
    /// Reads statements up to the block's closing brace, which is left, or, at depth 0, to the end.
    QList<ConfigStatement> readBlock(int depth) {
        QList<ConfigStatement> statements;
        current_ = {};
        while (position_ < tokens_.size() && !broken_) {
            const ConfigToken token = tokens_[position_];
            if (token.kind == Kind::Close)
                break;
            ++position_;
            switch (token.kind) {
            case Kind::Word:
                addWord(token);
                break;
            case Kind::Definition:
                finish(statements);
                statements.append(definition(token));
                break;
            case Kind::LineEnd:
                if (!opensNext())
                    finish(statements);
                break;
            case Kind::Open:
                readChildren(token, depth);
                finish(statements);
                break;
            case Kind::Space:
            case Kind::Comment:
            case Kind::Continuation:
            case Kind::Close:
                break;
            }
        }
        finish(statements);
        return statements;
    }

    void readChildren(const ConfigToken& open, int depth) {
        ConfigStatement block = std::exchange(current_, {});
        if (block.whole.end == 0) // a brace without a word before it
            block.whole.begin = open.span.begin;
        block.block = true;
        if (depth >= kDeepestNesting) {
            broken_ = true;
            return;
        }
        block.children = readBlock(depth + 1);
        broken_ = broken_ || position_ >= tokens_.size();
        if (broken_)
            return;
        const ConfigSpan close = tokens_[position_++].span;
        block.inside = {open.span.end, close.begin};
        block.whole.end = close.end;
        current_ = std::move(block);
    }

    void addWord(const ConfigToken& token) {
        const QByteArray written = bytesOf(token.span);
        if (current_.whole.end == 0)
            current_.whole.begin = token.span.begin;
        current_.whole.end = token.span.end;
        if (current_.words.isEmpty() && current_.condition.isEmpty() && written.startsWith('@')) {
            current_.condition = QString::fromUtf8(written);
            return;
        }
        if (current_.words.isEmpty() && current_.repetition.isEmpty() && isRepetition(written)) {
            current_.repetition = QString::fromUtf8(written);
            return;
        }
        const ConfigWord word = decodeConfigWord(written);
        if (current_.words.size() == 1)
            current_.quotedArgument = word.quoted;
        current_.words.append(word.text);
        current_.wordSpans.append(token.span);
    }

    ConfigStatement definition(const ConfigToken& token) {
        const QByteArray written = bytesOf(token.span);
        const qsizetype equals = written.indexOf('=');
        ConfigStatement statement;
        statement.whole = token.span;
        statement.words = {QString::fromUtf8(written.first(equals)).trimmed(),
                           QString::fromUtf8(written.sliced(equals + 1)).trimmed()};
        return statement;
    }

    void finish(QList<ConfigStatement>& statements) {
        if (current_.whole.end > 0)
            statements.append(std::move(current_));
        current_ = {};
    }

    /// Is the next thing a brace on a line of its own, which then belongs to the statement before it?
    bool opensNext() const {
        qsizetype next = position_;
        while (next < tokens_.size() && (tokens_[next].kind == Kind::LineEnd || tokens_[next].kind == Kind::Space ||
                                         tokens_[next].kind == Kind::Comment))
            ++next;
        return next < tokens_.size() && tokens_[next].kind == Kind::Open;
    }

    QByteArray bytesOf(ConfigSpan span) const { return text_.sliced(span.begin, span.end - span.begin); }

    const QByteArray& text_;
    QList<ConfigToken> tokens_;
    qsizetype position_ = 0;
    ConfigStatement current_;
    bool broken_ = false;
};

const ConfigStatement* lastOf(const QList<ConfigStatement>& statements, QStringView keyword, QStringView argument) {
    const auto found = std::find_if(statements.rbegin(), statements.rend(), [&](const ConfigStatement& statement) {
        return statement.keyword() == keyword && (argument.isEmpty() || statement.argument(1) == argument);
    });
    return found == statements.rend() ? nullptr : &*found;
}

} // namespace

const ConfigStatement* ConfigStatement::child(QStringView keyword, QStringView argument) const {
    return lastOf(children, keyword, argument);
}

ConfigDocument::ConfigDocument(QByteArray text) : text_(std::move(text)) {
    read();
}

void ConfigDocument::read() {
    std::optional<QList<ConfigStatement>> statements = TreeReader(text_).run();
    balanced_ = statements.has_value();
    statements_ = std::move(statements).value_or(QList<ConfigStatement>());
}

const ConfigStatement* ConfigDocument::find(QStringView keyword, QStringView argument) const {
    return lastOf(statements_, keyword, argument);
}

void ConfigDocument::set(const ConfigStatement& statement, const QStringList& words) {
    const QList<ConfigSpan> spans = statement.wordSpans;
    const QStringList before = statement.words;
    if (spans.isEmpty() || words.isEmpty())
        return;
    // From the end, so that the spans before stay true.
    if (words.size() > spans.size()) {
        QByteArray more;
        for (const QString& word : words.sliced(spans.size()))
            more += ' ' + encodeConfigWord(word, false);
        replace({spans.last().end, spans.last().end}, more);
    } else if (words.size() < spans.size()) {
        replace({spans[words.size() - 1].end, spans.last().end}, {});
    }
    for (qsizetype i = std::min(words.size(), spans.size()); i-- > 0;) {
        if (words[i] == before[i])
            continue;
        const QByteArray written = text_.sliced(spans[i].begin, spans[i].end - spans[i].begin);
        replace(spans[i], encodeConfigWord(words[i], decodeConfigWord(written).quoted));
    }
    read();
}

void ConfigDocument::append(const ConfigStatement* block, const QByteArray& lines) {
    if (block == nullptr) {
        appendToDocument(lines);
        return;
    }
    if (!block->block)
        return;
    const qsizetype brace = block->inside.end;
    const QByteArray outer = indentAt(block->whole.begin);
    QByteArray inner = outer + kIndent;
    if (!block->children.isEmpty()) {
        const qsizetype last = block->children.last().whole.begin;
        if (isBlank({lineBegin(last), last}))
            inner = indentAt(last);
    }
    const qsizetype line = lineBegin(brace);
    const bool continued = line > 1 && text_.first(line).trimmed().endsWith('\\');
    const bool ownLine = line >= block->inside.begin && isBlank({line, brace}) && !continued;
    if (ownLine) {
        replace({line, line}, indented(lines, inner) + lineEnd());
    } else {
        replace({brace, brace}, lineEnd() + indented(lines, inner) + lineEnd() + outer);
    }
    read();
}

void ConfigDocument::appendToDocument(const QByteArray& lines) {
    const qsizetype end = text_.size();
    const bool lineOpen = end > 0 && !text_.endsWith('\n');
    const QByteArray added = indented(lines, {});
    // A lone '\r' at the end is a byte of that line: a bare '\n' after it would make it half of a line end.
    const QByteArray before = text_.endsWith('\r') ? "\r\n" : lineEnd();
    replace({end, end}, lineOpen ? before + added : added + lineEnd());
    read();
}

void ConfigDocument::insertBefore(const ConfigStatement& statement, const QByteArray& lines) {
    qsizetype place = lineBegin(statement.whole.begin);
    if (isBlank({place, statement.whole.begin})) {
        const auto isComment = [this](qsizetype begin, qsizetype end) {
            const QByteArray line = text_.sliced(begin, end - begin).trimmed();
            return line.startsWith('#') || line.startsWith('!');
        };
        while (place > 0) {
            const qsizetype above = lineBegin(place - 1);
            if (!isComment(above, place))
                break;
            place = above;
        }
        replace({place, place}, indented(lines, {}) + lineEnd());
    } else {
        place = statement.whole.begin;
        replace({place, place}, lineEnd() + indented(lines, {}) + lineEnd());
    }
    read();
}

void ConfigDocument::remove(const ConfigStatement& statement) {
    ConfigSpan gone = statement.whole;
    qsizetype behind = gone.end;
    while (behind < text_.size() && (text_[behind] == ' ' || text_[behind] == '\t'))
        ++behind;
    const bool comment = behind < text_.size() && (text_[behind] == '!' || text_[behind] == '#');
    const qsizetype newline = text_.indexOf('\n', gone.end);
    const qsizetype lastOfLine = newline < 0 ? text_.size() : newline;
    const qsizetype begin = lineBegin(gone.begin);
    if (isBlank({begin, gone.begin}) && (comment || isBlank({gone.end, lastOfLine}))) {
        gone = {begin, newline < 0 ? text_.size() : newline + 1};
        if (newline < 0 && begin > 0) // the last line, without an end of its own: take that of the line before
            gone.begin -= text_.first(begin).endsWith("\r\n") ? 2 : 1;
    }
    replace(gone, {});
    read();
}

void ConfigDocument::replace(ConfigSpan span, const QByteArray& bytes) {
    text_.replace(span.begin, span.end - span.begin, bytes);
}

qsizetype ConfigDocument::lineBegin(qsizetype position) const {
    return position == 0 ? 0 : text_.lastIndexOf('\n', position - 1) + 1;
}

QByteArray ConfigDocument::indentAt(qsizetype position) const {
    const qsizetype begin = lineBegin(position);
    qsizetype end = begin;
    while (end < position && (text_[end] == ' ' || text_[end] == '\t'))
        ++end;
    return text_.sliced(begin, end - begin);
}

/// As the document's first line ends.
QByteArray ConfigDocument::lineEnd() const {
    const qsizetype first = text_.indexOf('\n');
    return first > 0 && text_[first - 1] == '\r' ? "\r\n" : "\n";
}

bool ConfigDocument::isBlank(ConfigSpan span) const {
    const auto bytes = QByteArrayView(text_).sliced(span.begin, span.end - span.begin);
    return std::ranges::all_of(bytes, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

QByteArray ConfigDocument::indented(const QByteArray& lines, const QByteArray& indent) const {
    QByteArray result;
    for (const QByteArray& line : (lines.endsWith('\n') ? lines.chopped(1) : lines).split('\n')) {
        if (!result.isEmpty())
            result += lineEnd();
        result += line.isEmpty() ? line : indent + line;
    }
    return result;
}

} // namespace mha
