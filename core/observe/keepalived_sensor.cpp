// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/keepalived_sensor.h"

#include "model/operation_note.h"

#include <QPointer>

namespace mha {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kStateDeadline{3000}; // the command itself waits up to 1 s for the dump
constexpr std::chrono::milliseconds kSettledAfter{1200};  // keepalived takes 1 s to stop
constexpr std::chrono::seconds kFullLookEvery{120};
constexpr qsizetype kLongestLine = 65'536;

} // namespace

KeepalivedSensor::KeepalivedSensor(std::shared_ptr<SensorContext> context, std::function<void()> programThere,
                                   QObject* parent)
    : QObject(parent), context_(std::move(context)), programThere_(std::move(programThere)),
      journal_(context_, keepalivedJournalCommand(),
               {.received = [this](const QByteArray& bytes) { readJournal(bytes); }, .opened = {}, .closed = {}}, this),
      reconcile_(this), settled_(this) {
    settled_.setSingleShot(true);
    connect(&reconcile_, &QTimer::timeout, this, &KeepalivedSensor::reconcile);
    connect(&settled_, &QTimer::timeout, this, &KeepalivedSensor::look);
}

void KeepalivedSensor::start() {
    stop();
    look();
    if (context_->streams) {
        journal_.open();
        reconcile_.start(kReconcileEvery);
    }
}

void KeepalivedSensor::stop() {
    ++run_;
    checkedAgo_.invalidate();
    last_.reset();
    released_ = false;
    looking_ = false;
    lookAgain_ = false;
    repeated_ = false;
    journal_.close();
    journalRest_.clear();
    reconcile_.stop();
    settled_.stop();
}

void KeepalivedSensor::look() {
    if (looking_) {
        lookAgain_ = true;
        return;
    }
    looking_ = true;
    lookAgain_ = false;
    execAsRoot(context_, keepalivedStateCommand(), kStateDeadline,
               [this, alive = QPointer(this), run = run_](const Result<ExecResult>& result) {
                   if (!alive || run != run_)
                       return;
                   looking_ = false;
                   const bool overtaken = lookAgain_;
                   // What is older than a change is not told; but a restless journal must not keep all from being told.
                   if (!overtaken || repeated_)
                       looked(result);
                   repeated_ = overtaken && !repeated_;
                   if (overtaken)
                       look();
               });
}

void KeepalivedSensor::lookTwice() {
    look();
    if (context_->streams)
        settled_.start(kSettledAfter);
}

void KeepalivedSensor::release() {
    if (!std::exchange(released_, true) && last_)
        tell(*last_);
}

void KeepalivedSensor::looked(const Result<ExecResult>& result) {
    if (!result) {
        last_.reset();
        context_->tell(Unseen{Subject::Vrrp, result.error()});
        context_->tell(Unseen{Subject::VrrpConfig, result.error()});
        context_->tell(Unseen{Subject::Program, result.error()});
        return;
    }
    last_ = parseKeepalivedState(result->output, context_->pair.vipAddress());
    lookedAt_ = wallClockNow();
    checkedAgo_.start();
    if (!last_->nodeProgram || released_) {
        tell(*last_);
    } else {
        programThere_();
    }
}

void KeepalivedSensor::tell(const KeepalivedSeen& seen) {
    if (!seen.nodeProgram)
        context_->tell(NodeProgramSeen{});
    if (seen.vrrp) {
        context_->tell(*seen.vrrp);
    } else {
        context_->tell(Unseen{Subject::Vrrp, seen.vrrp.error()});
    }
    if (seen.config) {
        context_->tell(*seen.config);
    } else {
        context_->tell(Unseen{Subject::VrrpConfig, seen.config.error()});
    }
}

void KeepalivedSensor::reconcile() {
    if (last_ && last_->nodeProgram && !released_)
        return; // the program is being asked
    const Duration age = wallClockNow() - lookedAt_;
    const bool heard = journal_.isOpen() && context_->isRoot();
    if (looking_ || !last_ || !last_->vrrp || !heard || age > kFullLookEvery || age < 0s) {
        look();
        return;
    }
    if (checkedAgo_.isValid() && !checkedAgo_.hasExpired(kTrustStreamFor.count())) {
        tell(*last_);
        return;
    }
    checkedAgo_.start();
    context_->link->exec(keepalivedRunCommand(), kLookDeadline,
                         [this, alive = QPointer(this), run = run_](const Result<ExecResult>& result) {
                             if (!alive || run != run_ || looking_)
                                 return;
                             if (result && last_ && result->output.trimmed() == last_->run) {
                                 tell(*last_);
                             } else {
                                 look();
                             }
                         });
}

void KeepalivedSensor::readJournal(const QByteArray& bytes) {
    journalRest_ += bytes;
    bool change = false;
    qsizetype start = 0;
    for (qsizetype end = journalRest_.indexOf('\n'); end >= 0; end = journalRest_.indexOf('\n', start)) {
        const QByteArray line = journalRest_.sliced(start, end - start);
        start = end + 1;
        hear(line);
        change = isKeepalivedChange(line) || change;
    }
    journalRest_.remove(0, start);
    if (journalRest_.size() > kLongestLine)
        journalRest_.clear();
    if (change)
        look();
}

/// A line that announces a new state is told at once; the look that follows tells the rest.
void KeepalivedSensor::hear(const QByteArray& line) {
    if (const std::optional<OperationSeen> operation = noteInLine(line)) {
        context_->tell(*operation);
        return;
    }
    const std::optional<VrrpState> state = parseKeepalivedLine(line);
    if (!state || !last_ || !last_->vrrp || !last_->config || (last_->nodeProgram && !released_))
        return;
    const bool ours = line.contains('(' + last_->config->instance.toUtf8() + ')');
    if (!ours && state != VrrpState::Stopped)
        return;
    VrrpSeen& seen = *last_->vrrp;
    if (seen.state == *state)
        return;
    seen.state = *state;
    seen.since = keepalivedLineTime(line);
    context_->tell(seen);
}

} // namespace mha
