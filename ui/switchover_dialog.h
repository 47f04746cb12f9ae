// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QDialog>

#include <functional>

class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace mha {

class CheckList;
class Label;
class LivePair;
class Notice;
class StepList;
class WhenChoice;

/// Says what a switchover will do before it is done, shows it while it runs, and its result. It never runs anything
/// itself: `startWanted` and `cancelWanted` ask, showProgress() and showResult() tell. The plan is made anew with every
/// picture; when what it would do or risk has changed under the reader's eye, it must be read again before it can be
/// started. Stays open while an action runs. GUI thread, window-modal.
class SwitchoverDialog : public QDialog {
    Q_OBJECT

public:
    using Planner = std::function<Plan(const Picture&, const Pair&, int to)>;

    SwitchoverDialog(Pair pair, Planner planner, QWidget* parent = nullptr);

    /// With it the dialog offers a takeover where the switchover is refused and a takeover is not.
    void setTakeoverPlanner(Planner planner);
    /// Plans a takeover by `to`, which may be changed; -1: by the first node that can.
    void offerTakeover(int to);
    void showPicture(const Picture& picture);
    void tick(Instant now);
    /// Earlier moves from old to new, to say what this one will cost, and to compare a drill with the last one.
    void setPastMoves(const QList<ActionRecord>& moves);
    /// Starts this plan at once: of a schedule, which was confirmed when it was made.
    void run(const Plan& plan, const QString& reason);
    void showProgress(const ActionRecord& record);
    void showResult(const ActionRecord& record);

    bool running() const { return state_ == State::Running || state_ == State::Undoing || state_ == State::Turning; }

    bool armed() const;

    const Plan& plan() const { return plan_; }

    void reject() override;

Q_SIGNALS:
    void startWanted(const mha::Plan& plan, const QString& reason);
    void cancelWanted();
    void scheduleWanted(int to, mha::Instant at, const QString& reason);

private:
    /// Turning: between the two moves of a drill.
    enum class State { Asking, Running, Undoing, Turning, Ended };

    QWidget* makeHeading();
    QWidget* makeMiddle();
    QWidget* makeFoot();
    QWidget* makeConfirmation();
    void remakePlan();
    /// The node that could take over now; -1: none, or no takeover is needed.
    int takeoverTarget() const;
    bool confirmed() const;
    /// The node whose name must be typed before anything is done; -1: none.
    int toConfirm() const;
    QString startText() const;
    QString hintText() const;
    void begin();
    /// The second move of a drill, as soon as the pair has come to rest.
    void turnBack();
    void showEnd(Outcome outcome, const QString& text, const QString& effect);
    QString nameOf(int node) const;
    void showPlan();
    void noticeChange(const Plan& before);
    void showEffect();
    void refreshButtons();
    void press();
    void cancel();
    void enter(State state);

    Pair pair_;
    Planner planner_;
    Planner takeoverPlanner_;
    bool takeover_ = false;
    Picture picture_;
    Plan plan_;
    int target_ = -1;
    bool planned_ = false;
    bool mustRead_ = false;
    State state_ = State::Asking;
    ActionRecord record_;
    QList<ActionRecord> moves_;
    QList<ActionRecord> legs_; ///< of a drill: the moves done
    QStringList overridden_;   ///< checks that the operator goes on against
    QString given_;            ///< the reason that the run is recorded with

    Label* title_;
    Label* effect_;
    Label* lever_;
    QComboBox* targetBox_;
    Notice* notice_;
    Label* leftTitle_;
    Label* leftSummary_;
    QStackedWidget* left_;
    CheckList* checks_;
    LivePair* live_;
    StepList* steps_;
    QScrollArea* stepArea_;
    Label* reasonLabel_;
    QLineEdit* reason_;
    QWidget* confirmation_;
    Label* confirmLabel_;
    QLineEdit* confirm_;
    Label* hint_;
    WhenChoice* when_;
    QPushButton* takeOver_;
    QPushButton* overrule_;
    QPushButton* start_;
    QPushButton* cancel_;
    QPushButton* close_;
};

} // namespace mha
