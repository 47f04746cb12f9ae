// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/runtime.h"
#include "observe/line_stream.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace mha {

/// The VRRP state of one node. Each full look makes keepalived write a line into its log, so it is taken on changes
/// (journal, VIP) and once a minute; between, the same run of keepalived with a silent journal means the same state.
class KeepalivedSensor : public QObject {
    Q_OBJECT

public:
    /// `programThere`: milvus-ha-node is there and must be asked first; what was seen is told after release().
    KeepalivedSensor(std::shared_ptr<SensorContext> context, std::function<void()> programThere, QObject* parent);

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
    void tell(const KeepalivedSeen& seen);
    void readJournal(const QByteArray& bytes);
    void hear(const QByteArray& line);

    std::shared_ptr<SensorContext> context_;
    std::function<void()> programThere_;
    LineStream journal_;
    QByteArray journalRest_;
    QTimer reconcile_;
    QTimer settled_;
    std::optional<KeepalivedSeen> last_;
    QElapsedTimer checkedAgo_; ///< since it was known to be the same keepalived with the same configuration
    Instant lookedAt_;
    bool released_ = false;
    bool looking_ = false;
    bool lookAgain_ = false; ///< something changed since the look under way began
    bool repeated_ = false;  ///< the look under way repeats one that was overtaken
    int run_ = 0;
};

} // namespace mha
