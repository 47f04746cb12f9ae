// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"
#include "model/pair.h"
#include "model/picture.h"
#include "report/report.h"

#include <QObject>

#include <memory>

class QWidget;

namespace mha {

class HistoryDesk;
class PairMonitor;
class PastSeeker;
class Prompts;
class Switchover;

/// All that works for one open pair: its monitor, its history and recorder, the connections' questions, and the
/// switchover that runs. Lives in the GUI thread. Destroying it ends all of that; a running switchover is undone first.
class PairSession : public QObject {
    Q_OBJECT

public:
    PairSession(const Pair& pair, const QString& historyFile, QWidget* window);
    ~PairSession() override;

    void start();
    const Pair& pair() const;
    const Picture& picture() const;
    bool complete() const;

    HistoryDesk& history() { return *history_; }

    bool switching() const { return switchover_ != nullptr; }

    /// Runs a plan; `progressed` and in the end `switchoverEnded` tell.
    void switchOver(const Plan& plan, const QString& reason);
    void cancelSwitchover();
    void retry();

Q_SIGNALS:
    void pictureChanged(const mha::Picture& picture);
    void completed();
    void eventsSeen(const QList<mha::Event>& events);
    void progressed(const mha::ActionRecord& record);
    void switchoverEnded(const mha::ActionRecord& record);

private:
    std::unique_ptr<Prompts> prompts_;
    std::unique_ptr<HistoryDesk> history_;
    std::unique_ptr<PairMonitor> monitor_;
    std::unique_ptr<PastSeeker> past_;
    std::unique_ptr<Switchover> switchover_;
};

/// Who acts, for the history: "user@desktop".
QString thisOperator();

} // namespace mha
