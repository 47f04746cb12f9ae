// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/runtime.h"
#include "observe/line_stream.h"
#include "observe/node_shell.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace mha {

/// The VRRP state of one node. Each full look makes keepalived write a line into its log and costs the node dozens of
/// processes, so it is taken on changes (journal, VIP, files) and now and then; between, the same run of keepalived
/// with the same files and a silent journal means the same state.
class KeepalivedSensor : public QObject {
    Q_OBJECT

public:
    /// `programThere`: milvus-ha-node is there and must be asked first; what was seen is told after release().
    KeepalivedSensor(std::shared_ptr<SensorContext> context, NodeShell& shell, std::function<void()> programThere,
                     QObject* parent);

    void start();
    void stop();
    void look();
    /// After a change of the VIP: now, and once more when keepalived has settled.
    void lookTwice();
    /// The program that is there leaves VRRP to keepalived.
    void release();

private:
    void looked(const Result<ExecResult>& result);
    void reconcile();
    void check();
    void checkFiles();
    void tell(const KeepalivedSeen& seen);
    void readJournal(const QByteArray& bytes);
    void hear(const QByteArray& line);

    std::shared_ptr<SensorContext> context_;
    NodeShell& shell_;
    std::function<void()> programThere_;
    LineStream journal_;
    QByteArray journalRest_;
    QTimer reconcile_;
    QTimer settled_;
    std::optional<KeepalivedSeen> last_;
    QElapsedTimer checkedAgo_; ///< since it was known to be the same keepalived with the same files
    QByteArray fileTimes_;     ///< at the first check after the look
    Instant lookedAt_;
    bool released_ = false;
    bool heard_ = false; ///< its journal, ever since the look began
    bool looking_ = false;
    bool lookAgain_ = false; ///< something changed since the look under way began
    bool repeated_ = false;  ///< the look under way repeats one that was overtaken
    int run_ = 0;
};

} // namespace mha
