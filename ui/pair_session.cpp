// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_session.h"

#include "act/maintenance.h"
#include "act/operator.h"
#include "act/switchover.h"
#include "observe/pair_monitor.h"
#include "observe/replay.h"
#include "observe/source_recording.h"
#include "past/log_reader.h"
#include "past/past_seeker.h"
#include "ui/history_desk.h"
#include "ui/prompts.h"

#include <QApplication>
#include <QPointer>
#include <QWidget>

namespace mha {

PairSession::PairSession(const Pair& pair, const QString& historyFile, QWidget* window)
    : QObject(window), prompts_(std::make_unique<Prompts>(window)),
      history_(std::make_unique<HistoryDesk>(historyFile, pair)) {
    MonitorOptions options;
    options.ssh.hostKeys = HostKeyPolicy::Ask;
    options.ssh.knownHosts = pair.knownHosts;
    options.ssh.prompts = prompts_->functions();
    monitor_ = std::make_unique<PairMonitor>(pair, options);
    past_ = std::make_unique<PastSeeker>(*monitor_);
    connect(history_.get(), &HistoryDesk::pastWanted, past_.get(), &PastSeeker::seek);
    connect(past_.get(), &PastSeeker::rebuilt, history_.get(), &HistoryDesk::addPast);
    logs_ = std::make_unique<LogReader>(pair, std::array<Link*, 2>{&monitor_->link(0), &monitor_->link(1)});
    connect(monitor_.get(), &PairMonitor::pictureChanged, logs_.get(), &LogReader::look);
    connect(logs_.get(), &LogReader::told, this, &PairSession::logRead);
    follow(*monitor_);
}

PairSession::PairSession(std::unique_ptr<Replay> replay, const QString& historyFile, QWidget* window)
    : QObject(window), prompts_(std::make_unique<Prompts>(window)), replay_(std::move(replay)) {
    history_ =
        std::make_unique<HistoryDesk>(historyFile, replay_->pair(), [source = replay_.get()] { return source->now(); });
    follow(*replay_);
    connect(replay_.get(), &PairSource::ticked, history_.get(), &HistoryDesk::passTime);
    connect(replay_.get(), &Replay::damaged, this, &PairSession::recordingFailed);
}

void PairSession::follow(PairSource& source) {
    source_ = &source;
    connect(&source, &PairSource::pictureChanged, this, &PairSession::pictureChanged);
    connect(&source, &PairSource::completed, this, &PairSession::completed);
    // To the history first: whoever asks it when told finds them there.
    connect(&source, &PairSource::eventsSeen, history_.get(), &HistoryDesk::addEvents);
    connect(&source, &PairSource::eventsSeen, this, &PairSession::eventsSeen);
    connect(&source, &PairSource::failoverSeen, history_.get(), &HistoryDesk::addFailover);
    connect(&source, &PairSource::pictureChanged, history_.get(), &HistoryDesk::see);
}

PairSession::~PairSession() {
    // A link that waits for an answer of the operator would wait for ever, and we for the link.
    prompts_->close();
    switchover_.reset();
    source_->stop();
    past_.reset();
    logs_.reset();
    history_.reset();
    monitor_.reset();
    replay_.reset();
}

Result<void> PairSession::record(const QString& fileName) {
    Result<std::unique_ptr<RecordingWriter>> made = recordSource(*source_, fileName);
    if (!made)
        return std::unexpected(made.error());
    recording_ = std::move(*made);
    connect(recording_.get(), &RecordingWriter::failed, this, &PairSession::recordingFailed);
    return {};
}

void PairSession::start() {
    source_->start();
}

const Pair& PairSession::pair() const {
    return source_->pair();
}

const Picture& PairSession::picture() const {
    return source_->picture();
}

bool PairSession::complete() const {
    return source_->complete();
}

Instant PairSession::now() const {
    return source_->now();
}

void PairSession::retry() {
    if (!monitor_)
        return;
    monitor_->retryNow();
    logs_->retry();
}

void PairSession::beginMaintenance(const MaintenanceRequest& request) {
    tellNode(request.node, beginMaintenanceCommand(request));
}

void PairSession::endMaintenance(int node) {
    tellNode(node, endMaintenanceCommand());
}

void PairSession::tellNode(int node, const Command& command) {
    if (!monitor_)
        return;
    const QString name = pair().nodes[static_cast<std::size_t>(node)].name;
    // The answer comes in the link's thread, perhaps after this session.
    monitor_->link(node).exec(command, kMaintenanceDeadline,
                              [here = QPointer(this), node, name](const Result<ExecResult>& result) {
                                  const Result<void> done = maintenanceResult(result, name);
                                  const std::optional<Error> error = done ? std::nullopt : std::optional(done.error());
                                  QMetaObject::invokeMethod(
                                      qApp,
                                      [here, node, error] {
                                          if (here)
                                              Q_EMIT here->maintenanceAnswered(node, error);
                                      },
                                      Qt::QueuedConnection);
                              });
}

void PairSession::readLog(qint64 failover, Instant from, Instant until) {
    if (logs_)
        logs_->read(failover, from, until);
}

void PairSession::switchOver(const Plan& plan, const QString& reason) {
    if (switchover_ || !monitor_)
        return;
    switchover_ = std::make_unique<Switchover>(pair(), plan, thisOperator(), reason,
                                               std::array<Link*, 2>{&monitor_->link(0), &monitor_->link(1)});
    Switchover* run = switchover_.get();
    connect(monitor_.get(), &PairMonitor::pictureChanged, run, &Switchover::updatePicture);
    connect(run, &Switchover::operationChanged, monitor_.get(), &PairMonitor::noteOperation);
    connect(run, &Switchover::progressed, history_.get(), &HistoryDesk::saveAction);
    connect(run, &Switchover::progressed, this, &PairSession::progressed);
    connect(run, &Switchover::finished, this, [this](const ActionRecord& record) {
        // A run that was refused before its first step has told no progress.
        history_->saveAction(record);
        switchover_.release()->deleteLater();
        Q_EMIT switchoverEnded(record);
    });
    run->updatePicture(picture());
    run->start();
}

void PairSession::cancelSwitchover() {
    if (switchover_)
        switchover_->cancel();
}

} // namespace mha
