// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/event_log.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargest = 4 << 20;

} // namespace

Result<void> EventLog::open(const QString& path) {
    QDir().mkpath(QFileInfo(path).path());
    file_.setFileName(path);
    if (!file_.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered)) {
        return std::unexpected(Error{ErrorCode::Storage, u"It cannot be written: %1."_s.arg(file_.errorString()), path,
                                     u"Set event_log to a file that can."_s});
    }
    return {};
}

void EventLog::write(const QString& code, const QString& text, QJsonObject more, Instant at) {
    more["at"_L1] = toIso(at);
    more["code"_L1] = code;
    more["text"_L1] = text;
    if (file_.size() > kLargest) {
        const QString name = file_.fileName();
        file_.close();
        QFile::remove(name + u".1"_s);
        QFile::rename(name, name + u".1"_s);
        if (!open(name))
            return;
    }
    file_.write(QJsonDocument(more).toJson(QJsonDocument::Compact) + '\n');
}

} // namespace mha
