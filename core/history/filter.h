// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/rows.h"

#include <QString>
#include <QStringList>
#include <QVariantList>

#include <optional>

namespace mha {

/// A WHERE clause with its values, in the order of the question marks.
struct Filter {
    QStringList terms;
    QVariantList values;

    void add(const QString& term, const QVariant& value) {
        terms.append(term);
        values.append(value);
    }

    void between(const QString& column, std::optional<Instant> since, std::optional<Instant> until) {
        if (since)
            add(column + QStringLiteral(" >= ?"), toColumn(*since));
        if (until)
            add(column + QStringLiteral(" < ?"), toColumn(*until));
    }

    QString where() const {
        return terms.isEmpty() ? QString() : QStringLiteral(" WHERE ") + terms.join(QStringLiteral(" AND "));
    }
};

} // namespace mha
