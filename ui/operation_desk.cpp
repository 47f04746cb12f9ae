// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation_desk.h"

#include "act/maintenance.h"
#include "act/operator.h"
#include "act/plan.h"
#include "ui/maintenance_dialog.h"
#include "ui/pair_session.h"
#include "ui/switchover_dialog.h"

#include <QWidget>

#include <utility>

namespace mha {

namespace {

/// What refuses only for a moment (keepalived has just moved, a fact is not in yet) may pass for so long.
constexpr std::chrono::seconds kMayPass{30};

} // namespace

OperationDesk::OperationDesk(QWidget* window) : QObject(window), window_(window) {}

OperationDesk::~OperationDesk() {
    // Their end is told to us: it must come while we are whole.
    delete switchover_;
    delete maintenance_;
}

void OperationDesk::setSession(PairSession* session, const Pair& pair) {
    session_ = session;
    pair_ = pair;
    picture_ = {};
    moves_.clear();
    setSchedule(std::nullopt);
    if (session_ != nullptr)
        connect(session_, &PairSession::maintenanceAnswered, this, &OperationDesk::answerMaintenance);
}

void OperationDesk::setPastMoves(const QList<ActionRecord>& moves) {
    moves_ = moves;
}

void OperationDesk::showPicture(const Picture& picture) {
    picture_ = picture;
    if (switchover_ != nullptr)
        switchover_->showPicture(picture);
    if (maintenance_ != nullptr)
        maintenance_->showPicture(picture);
}

void OperationDesk::tick(Instant now) {
    if (switchover_ != nullptr)
        switchover_->tick(now);
    if (schedule_ && now >= schedule_->at)
        beginScheduled(now);
}

bool OperationDesk::busy() const {
    return (session_ != nullptr && session_->switching()) || (switchover_ != nullptr && switchover_->running());
}

void OperationDesk::openSwitchover() {
    if (switchover_ != nullptr) {
        switchover_->raise();
        switchover_->activateWindow();
        return;
    }
    switchover_ = new SwitchoverDialog(pair_, &planSwitchover, window_);
    switchover_->setTakeoverPlanner(&planTakeover);
    switchover_->setAttribute(Qt::WA_DeleteOnClose);
    switchover_->setPastMoves(moves_);
    connect(switchover_, &QObject::destroyed, this, [this] { switchover_ = nullptr; });
    connect(switchover_, &SwitchoverDialog::scheduleWanted, this,
            [this](int to, Instant at, const QString& reason) { setSchedule(ScheduledSwitchover{to, at, reason}); });
    if (session_ != nullptr) {
        connect(switchover_, &SwitchoverDialog::startWanted, session_, &PairSession::switchOver);
        connect(switchover_, &SwitchoverDialog::cancelWanted, session_, &PairSession::cancelSwitchover);
        connect(session_, &PairSession::progressed, switchover_, &SwitchoverDialog::showProgress);
        connect(session_, &PairSession::switchoverEnded, switchover_, &SwitchoverDialog::showResult);
    }
    switchover_->showPicture(picture_);
    switchover_->open();
}

void OperationDesk::openTakeover(int to) {
    openSwitchover();
    // Where the pair serves as it should, the switchover that was opened is the way.
    if (!planTakeover(picture_, pair_, to).refused())
        switchover_->offerTakeover(to);
}

void OperationDesk::openMaintenance(int node) {
    if (session_ == nullptr || maintenance_ != nullptr)
        return;
    maintenance_ = new MaintenanceDialog(pair_, node, thisOperator(), window_);
    maintenance_->setAttribute(Qt::WA_DeleteOnClose);
    connect(maintenance_, &QObject::destroyed, this, [this] { maintenance_ = nullptr; });
    connect(maintenance_, &MaintenanceDialog::beginWanted, session_, &PairSession::beginMaintenance);
    maintenance_->showPicture(picture_);
    maintenance_->open();
}

void OperationDesk::endMaintenance(int node) {
    if (session_ != nullptr)
        session_->endMaintenance(node);
}

void OperationDesk::answerMaintenance(int node, const std::optional<Error>& error) {
    if (maintenance_ != nullptr && maintenance_->node() == node)
        return maintenance_->showResult(error);
    if (error)
        Q_EMIT failed(*error);
}

void OperationDesk::setSchedule(const std::optional<ScheduledSwitchover>& schedule) {
    const bool was = schedule_.has_value();
    schedule_ = schedule;
    if (was || schedule_)
        Q_EMIT scheduleChanged();
}

void OperationDesk::cancelSchedule() {
    setSchedule(std::nullopt);
}

void OperationDesk::beginScheduled(Instant now) {
    const Plan plan = planSwitchover(picture_, pair_, schedule_->to);
    const bool refused = busy() || plan.refused();
    if (refused && now < schedule_->at + kMayPass)
        return;
    const ScheduledSwitchover due = *std::exchange(schedule_, std::nullopt);
    Q_EMIT scheduleChanged();
    if (refused) {
        Q_EMIT scheduleRefused(busy() ? tr("another operation is under way.") : plan.refusal());
        return;
    }
    openSwitchover();
    switchover_->run(plan, due.reason);
}

} // namespace mha
