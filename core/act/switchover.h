// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "link/link.h"
#include "model/action.h"

#include <QObject>

#include <array>
#include <memory>

namespace mha {

/// One switchover on a live pair: owns the thread in which runPlan works on the real nodes, and the lock that keeps a
/// second one of the same user away meanwhile. Lives in the GUI thread; the links must outlive it. Give it the newest
/// picture before start(). Destroying it while it runs cancels and waits for the undo.
class Switchover : public QObject {
    Q_OBJECT

public:
    Switchover(Pair pair, Plan plan, QString owner, QString reason, std::array<Link*, 2> links,
               QObject* parent = nullptr);
    ~Switchover() override;

    void start();
    bool running() const;
    const ActionRecord& record() const;

public Q_SLOTS:
    /// The newest picture; connect to PairMonitor::pictureChanged.
    void updatePicture(const mha::Picture& picture);
    void cancel(); ///< undoes what was done so far

Q_SIGNALS:
    void operationChanged(const mha::OperationSeen& operation); ///< connect to PairMonitor::noteOperation
    void progressed(const mha::ActionRecord& record);           ///< queued to this object's thread
    void finished(const mha::ActionRecord& record);

private:
    void tell(const ActionRecord& record);

    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
