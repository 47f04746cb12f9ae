// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recording/line.h"

#include <QFile>
#include <QObject>

#include <memory>

namespace mha {

/// Writes a recording, a line a call of the reducer. Every line is handed to the system whole and at once, so that a
/// program that dies loses at most the line it was writing. Lives in the thread of what it records.
class RecordingWriter : public QObject {
    Q_OBJECT

public:
    /// Begins a new file, readable by its owner only. A file that is there already is not overwritten: it may be the
    /// evidence of last night.
    static Result<std::unique_ptr<RecordingWriter>> create(const QString& fileName, const Pair& pair);

    QString fileName() const { return file_.fileName(); }

public Q_SLOTS:
    void addObservation(const mha::Observation& observation);
    void addTick(mha::Instant at);

Q_SIGNALS:
    /// Nothing more is recorded (disk full...), or one entry could not be. Told once each.
    void failed(const mha::Error& error);

private:
    explicit RecordingWriter(const QString& fileName) : file_(fileName) {}

    void add(const Entry& entry);

    QFile file_;
};

} // namespace mha
