// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/config_tokens.h"

#include <QStringList>

namespace mha {

/// One statement of keepalived.conf: the words of its line and, for a block, the statements inside. The spans are
/// bytes of the document that it was read from.
struct ConfigStatement {
    QString condition;  ///< "@backup" or "@^backup" before it: only where keepalived's config id is, or is not, that
    QString repetition; ///< "~SEQ(…)" or "~LST(…)" before it: stands for several statements
    QStringList words;  ///< of a definition the name, "$NAME", and the value
    bool quotedArgument = false; ///< words[1] was in quotes
    bool block = false;
    QList<ConfigStatement> children;

    ConfigSpan whole;            ///< from its first byte (the condition's) to its last (the closing brace)
    QList<ConfigSpan> wordSpans; ///< one a word; none of a definition
    ConfigSpan inside;           ///< of a block: between its braces

    QString keyword() const { return words.value(0); }

    QString argument(qsizetype index) const { return words.value(index); }

    bool isDefinition() const { return keyword().startsWith(u'$') && wordSpans.isEmpty(); }

    /// The last child of that keyword and, where given, first argument; keepalived lets the last one win. Null: none.
    const ConfigStatement* child(QStringView keyword, QStringView argument = {}) const;
};

/// keepalived.conf (keepalived.conf(5)) that is read, changed and written back without loss: comments, includes,
/// conditions, definitions, blocks that nobody knows, order, blanks and line ends stay byte for byte where nothing was
/// changed. A value. An include is a statement here and is not followed.
///
/// Changing makes all statements anew: what was handed out by statements() or find() is gone after each change.
class ConfigDocument {
public:
    explicit ConfigDocument(QByteArray text = {});

    const QByteArray& text() const { return text_; }

    /// Every block is closed, none twice, and none lies deeper than 20. Otherwise there are no statements.
    bool balanced() const { return balanced_; }

    const QList<ConfigStatement>& statements() const { return statements_; }

    /// As ConfigStatement::child, outside of all blocks.
    const ConfigStatement* find(QStringView keyword, QStringView argument = {}) const;

    /// Gives a statement other words; words that stay, the blanks between and a comment behind are not touched. Not
    /// for a definition.
    void set(const ConfigStatement& statement, const QStringList& words);
    /// Adds lines as the last of a block, or (null) of the document, indented as what is there. `lines` end in '\n'
    /// or nothing and are indented among themselves.
    void append(const ConfigStatement* block, const QByteArray& lines);
    /// Adds lines before a statement outside of all blocks, and before the comments that stand right above it.
    void insertBefore(const ConfigStatement& statement, const QByteArray& lines);
    /// Takes a statement away: whole lines, with the comment behind it, where nothing else is on them.
    void remove(const ConfigStatement& statement);

private:
    void read();
    void replace(ConfigSpan span, const QByteArray& bytes);
    qsizetype lineBegin(qsizetype position) const;
    QByteArray indentAt(qsizetype position) const;
    QByteArray lineEnd() const;
    bool isBlank(ConfigSpan span) const;
    QByteArray indented(const QByteArray& lines, const QByteArray& indent) const;
    void appendToDocument(const QByteArray& lines);

    QByteArray text_;
    bool balanced_ = true;
    QList<ConfigStatement> statements_;
};

} // namespace mha
