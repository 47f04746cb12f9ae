// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/text_search.h"

#include <QStringList>

namespace mha {

namespace {

/// Trigrams find nothing shorter.
constexpr qsizetype kTrigram = 3;

/// As one phrase for the trigram index: quotes are doubled.
QString phrase(QString text) {
    return u'"' + text.replace(u'"', QLatin1String("\"\"")) + u'"';
}

/// For LIKE, with '\' as the escape.
QString escaped(QString text) {
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('%'), QLatin1String("\\%"));
    return text.replace(QLatin1Char('_'), QLatin1String("\\_"));
}

/// Each way to write a few letters: LIKE takes only a to z in any case.
QStringList writings(const QList<uint>& letters) {
    QStringList all{QString()};
    for (const uint letter : letters) {
        QStringList forms{QString::fromUcs4(reinterpret_cast<const char32_t*>(&letter), 1)};
        if (letter >= 0x80) {
            forms.append({forms.first().toLower(), forms.first().toUpper()});
            forms.removeDuplicates();
        }
        QStringList longer;
        for (const QString& start : std::as_const(all)) {
            for (const QString& form : std::as_const(forms))
                longer.append(start + form);
        }
        all = longer;
    }
    return all;
}

} // namespace

TextSearch textSearch(const QString& text) {
    const QList<uint> letters = text.toUcs4();
    if (letters.size() >= kTrigram)
        return {QStringLiteral("SELECT rowid AS id FROM wording_search WHERE wording_search MATCH ?"), {phrase(text)}};
    TextSearch search;
    QStringList terms;
    for (const QString& writing : writings(letters)) {
        terms.append(QStringLiteral("text LIKE ? ESCAPE '\\'"));
        search.values.append(u'%' + escaped(writing) + u'%');
    }
    search.sql = QStringLiteral("SELECT id FROM wording WHERE ") + terms.join(QStringLiteral(" OR "));
    return search;
}

} // namespace mha
