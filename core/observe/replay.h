// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/pair_source.h"
#include "observe/reducer.h"
#include "recording/recording_reader.h"

#include <QElapsedTimer>
#include <QStringView>
#include <QTimer>

#include <memory>
#include <optional>

namespace mha {

/// How many seconds of the recording pass in one second; nothing: as fast as it goes.
using ReplaySpeed = std::optional<double>;

/// "max", or a number above 0 ("1", "0.5", "60"). Nothing for another text.
std::optional<ReplaySpeed> replaySpeedFromText(QStringView text);

/// Plays a recording through the same reducer as the monitor's: the same events, failovers and pictures, and no node is
/// asked. Works in slices, so that the thread's event loop goes on.
class Replay : public PairSource {
    Q_OBJECT

public:
    Replay(std::unique_ptr<RecordingReader> recording, ReplaySpeed speed, QObject* parent = nullptr);

    void start() override; ///< from where stop() left it
    void stop() override;

    const Pair& pair() const override;
    const Picture& picture() const override;

    /// At the end of the recording.
    bool complete() const override { return ended_; }

    /// The recording's clock; stands still before the start and at the end.
    Instant now() const override;

    const RecordingReader& recording() const { return *recording_; }

    /// Of those read so far.
    int damagedLines() const { return damagedLines_; }

Q_SIGNALS:
    /// A line that could not be read and what could not be played with it; the rest is played.
    void damaged(const mha::Error& error);

private:
    void play();
    bool due(const Entry& entry) const;
    std::optional<Entry> read();
    void apply(const Entry& entry);

    std::unique_ptr<RecordingReader> recording_;
    ReplaySpeed speed_;
    Reducer reducer_;
    std::optional<Entry> next_;
    Instant began_; ///< the recording's time when `running_` was started
    Instant at_;    ///< of the last entry that was played
    QElapsedTimer running_;
    QTimer timer_;
    int damagedLines_ = 0;
    bool ended_ = false;
};

} // namespace mha
