// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_session.h"

#include "act/switchover.h"
#include "observe/pair_monitor.h"
#include "past/past_seeker.h"
#include "ui/history_desk.h"
#include "ui/prompts.h"

#include <QSysInfo>
#include <QWidget>

#include <pwd.h>
#include <unistd.h>

namespace mha {

QString thisOperator() {
    // The account, not $USER: an environment variable is what anyone says it is.
    const passwd* account = getpwuid(getuid());
    const QString user = account == nullptr ? QString::number(getuid()) : QString::fromLocal8Bit(account->pw_name);
    return user + QLatin1Char('@') + QSysInfo::machineHostName();
}

PairSession::PairSession(const Pair& pair, const QString& historyFile, QWidget* window)
    : QObject(window), prompts_(std::make_unique<Prompts>(window)),
      history_(std::make_unique<HistoryDesk>(historyFile, pair)) {
    MonitorOptions options;
    options.ssh.hostKeys = HostKeyPolicy::Ask;
    options.ssh.knownHosts = pair.knownHosts;
    options.ssh.prompts = prompts_->functions();
    monitor_ = std::make_unique<PairMonitor>(pair, options);
    connect(monitor_.get(), &PairMonitor::pictureChanged, this, &PairSession::pictureChanged);
    connect(monitor_.get(), &PairMonitor::completed, this, &PairSession::completed);
    // To the history first: whoever asks it when told finds them there.
    connect(monitor_.get(), &PairMonitor::eventsSeen, history_.get(), &HistoryDesk::addEvents);
    connect(monitor_.get(), &PairMonitor::eventsSeen, this, &PairSession::eventsSeen);
    connect(monitor_.get(), &PairMonitor::failoverSeen, history_.get(), &HistoryDesk::addFailover);
    past_ = std::make_unique<PastSeeker>(*monitor_);
    connect(history_.get(), &HistoryDesk::pastWanted, past_.get(), &PastSeeker::seek);
    connect(past_.get(), &PastSeeker::rebuilt, history_.get(), &HistoryDesk::addPast);
}

PairSession::~PairSession() {
    // A link that waits for an answer of the operator would wait for ever, and we for the link.
    prompts_->close();
    switchover_.reset();
    monitor_->stop();
    past_.reset();
    monitor_.reset();
    history_.reset();
}

void PairSession::start() {
    monitor_->start();
}

const Pair& PairSession::pair() const {
    return monitor_->pair();
}

const Picture& PairSession::picture() const {
    return monitor_->picture();
}

bool PairSession::complete() const {
    return monitor_->complete();
}

void PairSession::retry() {
    monitor_->retryNow();
}

void PairSession::switchOver(const Plan& plan, const QString& reason) {
    if (switchover_)
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
