// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>
#include <QVariant>

namespace mha {

/// A history's file as SQLite sees it, past the program.
class RawFile {
public:
    explicit RawFile(const QString& file) {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name());
        database.setDatabaseName(file);
        if (!database.open())
            error_ = database.lastError().text();
    }

    ~RawFile() { QSqlDatabase::removeDatabase(name()); }

    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    bool run(const QString& sql, const QVariantList& values = {}) {
        rows(sql, values);
        return error_.isEmpty();
    }

    /// Each row as "value|value".
    QStringList rows(const QString& sql, const QVariantList& values = {}) {
        QSqlQuery query(QSqlDatabase::database(name()));
        QStringList found;
        error_.clear();
        bool done = query.prepare(sql);
        for (const QVariant& value : values)
            query.addBindValue(value);
        done = done && query.exec();
        while (done && query.next()) {
            QStringList row;
            for (int column = 0; query.value(column).isValid(); ++column)
                row.append(query.value(column).toString());
            found.append(row.join(u'|'));
        }
        if (!done)
            error_ = query.lastError().text();
        return found;
    }

    /// Of the last statement.
    const QString& error() const { return error_; }

private:
    static QString name() { return QStringLiteral("raw"); }

    QString error_;
};

} // namespace mha
