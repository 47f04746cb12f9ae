// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"

#include <QHash>
#include <QList>
#include <QSqlError>
#include <QSqlQuery>

#include <expected>
#include <memory>

namespace mha {

/// Writes events, each text once (table wording), with statements that are prepared once. Left out is what another
/// program has just written of the same moment, and a mismatch of the pair file that has been told today. The thread of
/// `database`, before which it has to go.
class EventWriter {
public:
    /// `recorder` tells this program's events from another's.
    static std::expected<std::unique_ptr<EventWriter>, QSqlError> prepared(const QSqlDatabase& database,
                                                                           const QString& recorder);

    /// Within a transaction of the caller that holds the write lock: no other program numbers texts meanwhile.
    std::expected<void, QSqlError> write(const QList<Event>& events);

    /// After a transaction that was rolled back: the texts that it numbered are not in the file.
    void forget() { known_.clear(); }

private:
    EventWriter(const QSqlDatabase& database, QString recorder);

    std::expected<bool, QSqlError> hasTwin(const Event& event);
    std::expected<bool, QSqlError> isToldToday(const Event& event, qint64 wording);
    std::expected<qint64, QSqlError> wordingOf(const QString& text);

    QString recorder_;
    QSqlQuery twin_;
    QSqlQuery told_;
    QSqlQuery number_;
    QSqlQuery newText_;
    QSqlQuery insert_;
    QHash<QString, qint64> known_; ///< of the texts of late; rows of wording are never removed or changed
};

} // namespace mha
