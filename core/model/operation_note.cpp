// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/operation_note.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kRunning = "running"_L1;

} // namespace

QString toNote(const OperationSeen& operation) {
    const QJsonObject note{{u"operation"_s, operation.kind}, {kRunning, operation.running},
                           {u"from"_s, operation.from},      {u"to"_s, operation.to},
                           {u"owner"_s, operation.owner},    {u"reason"_s, operation.reason.left(300)}};
    return QString::fromUtf8(QJsonDocument(note).toJson(QJsonDocument::Compact));
}

std::optional<OperationSeen> fromNote(const QByteArray& text) {
    const QJsonObject note = QJsonDocument::fromJson(text.trimmed()).object();
    if (!note.contains("operation"_L1) || !note[kRunning].isBool())
        return std::nullopt;
    return OperationSeen{note[kRunning].toBool(),  note["operation"_L1].toString(), note["from"_L1].toString(),
                         note["to"_L1].toString(), note["reason"_L1].toString(),    note["owner"_L1].toString()};
}

std::optional<OperationSeen> noteInLine(const QByteArray& line) {
    const QByteArray tag = ' ' + QByteArray(kNoteTag);
    const qsizetype begin = line.indexOf('{');
    // The first name with a colon is the writer's: what another one quotes is none of ours.
    const qsizetype name = line.indexOf(tag);
    const qsizetype colon = line.indexOf(": ");
    if (name < 0 || begin < colon || name > colon)
        return std::nullopt;
    const char after = line.at(name + tag.size());
    return after == '[' || after == ':' ? fromNote(line.sliced(begin)) : std::nullopt;
}

} // namespace mha
