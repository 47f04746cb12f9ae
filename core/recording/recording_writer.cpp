// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording/recording_writer.h"

using namespace Qt::StringLiterals;

namespace mha {

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(const QString& fileName, const Pair& pair) {
    std::unique_ptr<RecordingWriter> writer(new RecordingWriter(fileName));
    QFile& file = writer->file_;
    if (file.exists()) {
        return std::unexpected(Error{ErrorCode::Storage, u"There is a file of this name, and it is not overwritten."_s,
                                     fileName, u"Name a new file for the recording."_s});
    }
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered)) {
        return std::unexpected(Error{ErrorCode::Storage,
                                     u"The recording cannot be written: %1."_s.arg(file.errorString()), fileName,
                                     u"Name a file in a folder that you may write to."_s});
    }
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const QByteArray header = toLine(RecordingHeader{kRecordingFormat, QStringLiteral(MILVUS_HA_VERSION), pair});
    if (file.write(header) != header.size()) {
        return std::unexpected(Error{ErrorCode::Storage,
                                     u"The recording cannot be written: %1."_s.arg(file.errorString()), fileName,
                                     u"Make room on its disk."_s});
    }
    return writer;
}

void RecordingWriter::addObservation(const Observation& observation) {
    add(observation);
}

void RecordingWriter::addTick(Instant at) {
    add(Tick{at});
}

void RecordingWriter::add(const Entry& entry) {
    if (!file_.isOpen())
        return;
    const Result<QByteArray> line = toLine(entry);
    if (!line) {
        Q_EMIT failed({ErrorCode::Storage, u"A sighting is not in the recording: %1."_s.arg(line.error().text),
                       fileName(), u"The replay may differ from here on."_s});
        return;
    }
    if (file_.write(*line) == line->size())
        return;
    const QString why = file_.errorString();
    file_.close();
    Q_EMIT failed({ErrorCode::Storage, u"The recording ends here, it cannot be written: %1."_s.arg(why), fileName(),
                   u"Make room on its disk and begin a new one."_s});
}

} // namespace mha
