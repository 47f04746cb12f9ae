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

std::optional<OperationSeen> noteInText(const QByteArray& text) {
    if (!text.startsWith(kNoteTag))
        return std::nullopt;
    const QByteArray rest = text.sliced(QByteArrayView(kNoteTag).size());
    const qsizetype begin = rest.indexOf('{');
    const bool ours = rest.startsWith('[') || rest.startsWith(':');
    return ours && begin >= 0 ? fromNote(rest.sliced(begin)) : std::nullopt;
}

std::optional<OperationSeen> noteInLine(const QByteArray& line) {
    // The first name with a colon is the writer's: what another one quotes is none of ours.
    const qsizetype name = line.indexOf(' ' + QByteArray(kNoteTag));
    return name >= 0 && name < line.indexOf(": ") ? noteInText(line.sliced(name + 1)) : std::nullopt;
}

} // namespace mha
