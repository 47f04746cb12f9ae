// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"
#include "model/error.h"
#include "model/pair.h"
#include "model/picture.h"
#include "report/report.h"

#include <QObject>

#include <memory>

class QWidget;

namespace mha {

class HistoryDesk;
class LogReader;
class PairMonitor;
class PairSource;
class PastSeeker;
class Prompts;
class RecordingWriter;
class Replay;
class Switchover;
struct Command;
struct MaintenanceRequest;
struct MomentLog;

/// All that works for one open pair: its monitor or the recording that is played, its history and recorder, the
/// connections' questions, and the switchover that runs. Lives in the GUI thread. Destroying it ends all of that; a
/// running switchover is undone first.
class PairSession : public QObject {
    Q_OBJECT

public:
    PairSession(const Pair& pair, const QString& historyFile, QWidget* window);
    /// Plays a recording: no node is asked, nothing can be switched.
    PairSession(std::unique_ptr<Replay> replay, const QString& historyFile, QWidget* window);
    ~PairSession() override;

    /// Writes what is seen to a new file as well. Before start().
    Result<void> record(const QString& fileName);
    void start();

    bool replaying() const { return replay_ != nullptr; }

    /// The time to count ages from.
    Instant now() const;
    const Pair& pair() const;
    const Picture& picture() const;
    bool complete() const;

    HistoryDesk& history() { return *history_; }

    bool switching() const { return switchover_ != nullptr; }

    /// Runs a plan; `progressed` and in the end `switchoverEnded` tell.
    void switchOver(const Plan& plan, const QString& reason);
    void cancelSwitchover();
    void retry();
    /// Begins or ends maintenance of a node: maintenanceAnswered tells what became of it.
    void beginMaintenance(const MaintenanceRequest& request);
    void endMaintenance(int node);
    /// Asks the nodes what their logs say of the time around the failover with this id: logRead, as they answer. Of a
    /// replay there is nobody to ask.
    void readLog(qint64 failover, mha::Instant from, mha::Instant until);

Q_SIGNALS:
    void pictureChanged(const mha::Picture& picture);
    void completed();
    void eventsSeen(const QList<mha::Event>& events);
    void logRead(const mha::MomentLog& log);
    void progressed(const mha::ActionRecord& record);
    void switchoverEnded(const mha::ActionRecord& record);
    void maintenanceAnswered(int node, const std::optional<mha::Error>& error);
    /// The recording cannot be written any more, or one that is played is damaged.
    void recordingFailed(const mha::Error& error);

private:
    void follow(PairSource& source);
    void tellNode(int node, const Command& command);

    std::unique_ptr<Prompts> prompts_;
    std::unique_ptr<HistoryDesk> history_;
    std::unique_ptr<PairMonitor> monitor_; ///< of these two
    std::unique_ptr<Replay> replay_;       ///< one is
    PairSource* source_ = nullptr;         ///< and this is it
    std::unique_ptr<RecordingWriter> recording_;
    std::unique_ptr<PastSeeker> past_;
    std::unique_ptr<LogReader> logs_;
    std::unique_ptr<Switchover> switchover_;
};

} // namespace mha
