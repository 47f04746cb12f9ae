// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/source_recording.h"

namespace mha {

Result<std::unique_ptr<RecordingWriter>> recordSource(const PairSource& source, const QString& fileName) {
    Result<std::unique_ptr<RecordingWriter>> made = RecordingWriter::create(fileName, source.pair());
    if (made) {
        QObject::connect(&source, &PairSource::observed, made->get(), &RecordingWriter::addObservation);
        QObject::connect(&source, &PairSource::ticked, made->get(), &RecordingWriter::addTick);
    }
    return made;
}

} // namespace mha
