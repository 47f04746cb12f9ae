// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariantList>

namespace mha {

/// A SELECT of the ids of the texts (table wording) that contain something, with its values.
struct TextSearch {
    QString sql;
    QVariantList values;
};

/// Pure: contained, any case. By trigrams (sqlite.org/fts5.html), or for less than three letters by reading all texts.
TextSearch textSearch(const QString& text);

} // namespace mha
