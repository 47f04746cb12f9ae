// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recording/line.h"

#include <memory>
#include <optional>

namespace mha {

/// Reads a recording line by line, plain or gzipped, with no more than a line of it in memory. Not thread-safe.
class RecordingReader {
public:
    /// Fails where there is no file, or no header of a format that is known here.
    static Result<std::unique_ptr<RecordingReader>> open(const QString& fileName);
    ~RecordingReader();

    const RecordingHeader& header() const { return header_; }

    QString fileName() const { return fileName_; }

    /// The next entry; an error that names file and line for a damaged one, after which reading goes on with the line
    /// behind it; nothing at the end. A file that breaks off within a line or within its compressed data ends with such
    /// an error.
    std::optional<Result<Entry>> next();

private:
    struct Source;

    explicit RecordingReader(const QString& fileName);
    std::optional<Result<QByteArray>> nextLine();
    Error damage(const QString& what) const;

    QString fileName_;
    std::unique_ptr<Source> source_;
    RecordingHeader header_;
    bool ended_ = false;
    qint64 line_ = 0; ///< number of the one at hand, from 1
};

} // namespace mha
