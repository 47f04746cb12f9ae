// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/pair_source.h"
#include "recording/recording_writer.h"

#include <memory>

namespace mha {

/// Writes all that the source's reducer is told into a new file, from now on and for as long as the writer lives, which
/// is the caller's. Thread of the source. Errors: as RecordingWriter::create.
Result<std::unique_ptr<RecordingWriter>> recordSource(const PairSource& source, const QString& fileName);

} // namespace mha
