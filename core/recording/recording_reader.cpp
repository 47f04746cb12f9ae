// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording/recording_reader.h"

#include <QFileInfo>

#include <algorithm>
#include <zlib.h>

using namespace Qt::StringLiterals;

namespace mha {

/// zlib's file reads plain text as it is.
struct RecordingReader::Source {
    explicit Source(const QString& fileName) : file(gzopen(QFile::encodeName(fileName).constData(), "rb")) {}

    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    ~Source() {
        if (file != nullptr)
            gzclose(file);
    }

    /// Up to and with the newline; less where a line is too long, or where the file ends within it.
    QByteArray take() {
        qsizetype end = buffer.indexOf('\n');
        while (end < 0 && buffer.size() < kLongestLine && fill())
            end = buffer.indexOf('\n');
        const QByteArray line = buffer.first(std::min(end < 0 ? buffer.size() : end + 1, kLongestLine));
        buffer.remove(0, line.size());
        return line;
    }

    bool fill() {
        QByteArray more(16384, Qt::Uninitialized);
        const int count = gzread(file, more.data(), unsigned(more.size()));
        buffer.append(more.constData(), std::max(count, 0));
        return count > 0;
    }

    bool broken() const {
        int code = Z_OK;
        gzerror(file, &code);
        return code != Z_OK && code != Z_STREAM_END;
    }

    gzFile file;
    QByteArray buffer;
};

RecordingReader::RecordingReader(const QString& fileName)
    : fileName_(fileName), source_(std::make_unique<Source>(fileName)) {}

RecordingReader::~RecordingReader() = default;

Result<std::unique_ptr<RecordingReader>> RecordingReader::open(const QString& fileName) {
    const auto fail = [&](const QString& text, const QString& remedy) {
        return std::unexpected(Error{ErrorCode::Storage, text, fileName, remedy});
    };
    const QFileInfo info(fileName);
    if (!info.exists())
        return fail(u"There is no such recording."_s, u"Name a file that --record has written."_s);
    std::unique_ptr<RecordingReader> reader(new RecordingReader(fileName));
    if (info.isDir() || reader->source_->file == nullptr)
        return fail(u"The recording cannot be read."_s, u"Look at its permissions."_s);
    const std::optional<Result<QByteArray>> first = reader->nextLine();
    if (!first)
        return fail(u"The recording is empty."_s, u"Name a file that --record has written."_s);
    if (!*first)
        return std::unexpected(first->error());
    Result<RecordingHeader> header = headerFromLine(**first);
    if (!header)
        return std::unexpected(reader->damage(header.error().text));
    reader->header_ = std::move(*header);
    return reader;
}

std::optional<Result<Entry>> RecordingReader::next() {
    const std::optional<Result<QByteArray>> line = nextLine();
    if (!line)
        return std::nullopt;
    if (!*line)
        return std::unexpected(line->error());
    Result<Entry> entry = entryFromLine(**line);
    if (!entry)
        return std::unexpected(damage(entry.error().text));
    return entry;
}

std::optional<Result<QByteArray>> RecordingReader::nextLine() {
    if (ended_)
        return std::nullopt;
    ++line_;
    QByteArray line = source_->take();
    if (line.endsWith('\n'))
        return line;
    // What follows up to the next newline belongs to a line that is too long.
    QByteArray rest = line;
    while (!rest.isEmpty() && !rest.endsWith('\n'))
        rest = source_->take();
    ended_ = rest.isEmpty();
    if (ended_ && source_->broken())
        return std::unexpected(damage(u"the compressed file breaks off or is damaged here"_s));
    if (line.isEmpty())
        return std::nullopt;
    if (line.size() == kLongestLine)
        return std::unexpected(damage(u"it is longer than %1 bytes"_s.arg(kLongestLine)));
    return std::unexpected(damage(u"the recording breaks off within it"_s));
}

Error RecordingReader::damage(const QString& what) const {
    return {ErrorCode::Storage, u"Line %1 is damaged: %2."_s.arg(line_).arg(what), fileName_,
            u"What could be read is played; from here on the replay may differ."_s};
}

} // namespace mha
