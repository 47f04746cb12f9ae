// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/event_writer.h"

#include "history/rows.h"

#include <QSqlDatabase>
#include <QVariant>

#include <utility>

namespace mha {

namespace {

/// Two recorders of one pair see one event within this of each other.
constexpr std::chrono::seconds kSameMoment{1};
/// Pair file and node differ: each program that starts sees it anew, the history tells it once in a while.
constexpr std::chrono::hours kMismatchToldEvery{24};
/// Most texts come again and again; those with figures in them do not, and would pile up.
constexpr qsizetype kMostKnown = 2000;

/// The first column of the only row; nothing: there is none. The statement is left ready for the next time.
std::expected<std::optional<qint64>, QSqlError> firstOf(QSqlQuery& query) {
    if (!query.exec())
        return std::unexpected(query.lastError());
    const std::optional<qint64> value = query.next() ? std::optional(query.value(0).toLongLong()) : std::nullopt;
    query.finish();
    return value;
}

std::expected<bool, QSqlError> isFound(QSqlQuery& query) {
    const auto first = firstOf(query);
    if (!first)
        return std::unexpected(first.error());
    return first->has_value();
}

} // namespace

EventWriter::EventWriter(const QSqlDatabase& database, QString recorder)
    : recorder_(std::move(recorder)), twin_(database), told_(database), number_(database), newText_(database),
      insert_(database) {}

std::expected<std::unique_ptr<EventWriter>, QSqlError> EventWriter::prepared(const QSqlDatabase& database,
                                                                             const QString& recorder) {
    std::unique_ptr<EventWriter> writer(new EventWriter(database, recorder));
    const std::pair<QSqlQuery*, QString> statements[] = {
        {&writer->twin_,
         QStringLiteral("SELECT 1 FROM event INDEXED BY event_by_time WHERE pair = ? AND at BETWEEN ? AND ? AND node = "
                        "? AND code = ? AND recorder <> ? LIMIT 1")},
        {&writer->told_,
         QStringLiteral("SELECT 1 FROM event INDEXED BY event_by_wording WHERE wording = ? AND pair = ? AND kind = ? "
                        "AND node = ? AND severity = ? AND at BETWEEN ? AND ? AND code = ? LIMIT 1")},
        {&writer->number_, QStringLiteral("SELECT id FROM wording WHERE text = ?")},
        {&writer->newText_, QStringLiteral("INSERT OR IGNORE INTO wording (text) VALUES (?)")},
        {&writer->insert_, QStringLiteral("INSERT INTO event (%1, recorder) VALUES (%2, ?)")
                               .arg(QLatin1String(kEventInsertColumns), marks(kEventInsertColumns))},
    };
    for (const auto& [query, sql] : statements) {
        query->setForwardOnly(true);
        if (!query->prepare(sql))
            return std::unexpected(query->lastError());
    }
    return writer;
}

std::expected<void, QSqlError> EventWriter::write(const QList<Event>& events) {
    for (const Event& event : events) {
        const auto twin = hasTwin(event);
        if (!twin)
            return std::unexpected(twin.error());
        if (*twin)
            continue;
        const auto wording = wordingOf(notNull(event.text));
        if (!wording)
            return std::unexpected(wording.error());
        const auto told = isToldToday(event, *wording);
        if (!told)
            return std::unexpected(told.error());
        if (*told)
            continue;
        bindEvent(insert_, event, *wording);
        insert_.addBindValue(recorder_);
        if (!insert_.exec())
            return std::unexpected(insert_.lastError());
    }
    return {};
}

std::expected<bool, QSqlError> EventWriter::hasTwin(const Event& event) {
    twin_.addBindValue(event.pair);
    twin_.addBindValue(toColumn(event.at - kSameMoment));
    twin_.addBindValue(toColumn(event.at + kSameMoment));
    twin_.addBindValue(notNull(event.node));
    twin_.addBindValue(notNull(event.code));
    twin_.addBindValue(recorder_);
    return isFound(twin_);
}

std::expected<bool, QSqlError> EventWriter::isToldToday(const Event& event, qint64 wording) {
    if (event.kind != EventKind::Config)
        return false;
    told_.addBindValue(wording);
    told_.addBindValue(event.pair);
    told_.addBindValue(eventKindName(event.kind));
    told_.addBindValue(notNull(event.node));
    told_.addBindValue(static_cast<int>(event.severity));
    told_.addBindValue(toColumn(event.at - kMismatchToldEvery));
    told_.addBindValue(toColumn(event.at));
    told_.addBindValue(notNull(event.code));
    return isFound(told_);
}

std::expected<qint64, QSqlError> EventWriter::wordingOf(const QString& text) {
    if (const auto known = known_.constFind(text); known != known_.cend())
        return *known;
    number_.addBindValue(text);
    auto id = firstOf(number_);
    if (id && !*id) {
        newText_.addBindValue(text);
        if (!newText_.exec())
            return std::unexpected(newText_.lastError());
        number_.addBindValue(text);
        id = firstOf(number_);
    }
    if (!id)
        return std::unexpected(id.error());
    if (known_.size() >= kMostKnown)
        known_.clear();
    return *known_.insert(text, id->value_or(0));
}

} // namespace mha
