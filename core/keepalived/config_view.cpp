// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/config_view.h"

#include <QHash>

namespace mha {

namespace {

bool isNameCharacter(QChar c) {
    return c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber());
}

class EffectiveReader {
public:
    explicit EffectiveReader(const QString& configId) : configId_(configId) {}

    QList<ConfigStatement> read(const QList<ConfigStatement>& written) {
        QList<ConfigStatement> effective;
        for (const ConfigStatement& statement : written) {
            if (!holds(statement.condition))
                continue;
            if (statement.isDefinition()) {
                define(statement);
                continue;
            }
            ConfigStatement copy = statement;
            for (QString& word : copy.words)
                word = expanded(word);
            copy.children = read(statement.children);
            effective.append(std::move(copy));
        }
        return effective;
    }

private:
    bool holds(const QString& condition) const {
        if (condition.isEmpty())
            return true;
        const bool negated = condition.startsWith(QLatin1String("@^"));
        return (QStringView(condition).sliced(negated ? 2 : 1) == configId_) != negated;
    }

    void define(const ConfigStatement& statement) {
        const QString& value = statement.words.last();
        if (value.contains(u'\n') || value.contains(u'{')) {
            values_.remove(statement.keyword().sliced(1));
        } else {
            values_.insert(statement.keyword().sliced(1), decodeConfigWord(value.toUtf8()).text);
        }
    }

    QString expanded(const QString& word) const {
        QString result;
        qsizetype position = 0;
        while (position < word.size()) {
            const qsizetype dollar = word.indexOf(u'$', position);
            if (dollar < 0)
                break;
            result += QStringView(word).sliced(position, dollar - position);
            const bool braced = dollar + 1 < word.size() && word[dollar + 1] == u'{';
            const qsizetype begin = dollar + (braced ? 2 : 1);
            qsizetype end = begin;
            while (end < word.size() && isNameCharacter(word[end]))
                ++end;
            const qsizetype after = braced && end < word.size() && word[end] == u'}' ? end + 1 : end;
            const auto value = values_.constFind(word.sliced(begin, end - begin));
            result += value == values_.constEnd() ? word.sliced(dollar, after - dollar) : *value;
            position = after;
        }
        return result.append(QStringView(word).sliced(position));
    }

    const QString& configId_;
    QHash<QString, QString> values_;
};

} // namespace

QList<ConfigStatement> effectiveStatements(const QList<ConfigStatement>& written, const QString& configId) {
    return EffectiveReader(configId).read(written);
}

} // namespace mha
