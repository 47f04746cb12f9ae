// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QObject>

#include <optional>

class QWidget;

namespace mha {

class MaintenanceDialog;
class PairSession;
class SwitchoverDialog;
struct Plan;

/// A switchover for later. It is planned anew at its time, and refused then where the pair is not well.
struct ScheduledSwitchover {
    int to = -1;
    Instant at;
    QString reason;
};

/// What the operator does with the open pair, and its dialogs: at most one of each. The session carries it out. A
/// schedule lives as long as the pair is open. GUI thread.
class OperationDesk : public QObject {
    Q_OBJECT

public:
    explicit OperationDesk(QWidget* window);
    ~OperationDesk() override;

    /// Another pair, without dialogs and schedule; null: nobody carries anything out.
    void setSession(PairSession* session, const Pair& pair);
    /// Earlier moves from old to new, to say what the next one costs.
    void setPastMoves(const QList<ActionRecord>& moves);
    void showPicture(const Picture& picture);
    void tick(Instant now);

    void openSwitchover();
    void openTakeover(int to);
    void openMaintenance(int node);
    void endMaintenance(int node);
    void cancelSchedule();

    /// An operation runs, so that its pair must stay open.
    bool busy() const;

    const std::optional<ScheduledSwitchover>& schedule() const { return schedule_; }

    SwitchoverDialog* dialog() const { return switchover_; }

    MaintenanceDialog* maintenanceDialog() const { return maintenance_; }

Q_SIGNALS:
    void scheduleChanged();
    /// The scheduled switchover was not begun.
    void scheduleRefused(const QString& why);
    void failed(const mha::Error& error);

private:
    void setSchedule(const std::optional<ScheduledSwitchover>& schedule);
    void beginScheduled(Instant now);
    void answerMaintenance(int node, const std::optional<Error>& error);

    QWidget* window_;
    PairSession* session_ = nullptr;
    Pair pair_;
    Picture picture_;
    QList<ActionRecord> moves_;
    SwitchoverDialog* switchover_ = nullptr;
    MaintenanceDialog* maintenance_ = nullptr;
    std::optional<ScheduledSwitchover> schedule_;
};

} // namespace mha
