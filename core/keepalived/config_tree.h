// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace mha {

/// One statement of keepalived.conf: the words of its line and, for a block, the statements inside.
struct ConfigStatement {
    QStringList words;
    bool quotedArgument = false; ///< words[1] was in quotes
    QList<ConfigStatement> children;

    QString keyword() const { return words.value(0); }

    QString argument(qsizetype index) const { return words.value(index); }
};

/// Pure: the text of keepalived.conf as a tree; comments (! and #) are gone, what $VARIABLE and @conditions mean is not
/// worked out. Nothing where the braces do not match.
std::optional<QList<ConfigStatement>> readConfigTree(const QByteArray& text);

} // namespace mha
