// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/switchover_dialog.h"

#include "act/drill.h"
#include "ui/check_list.h"
#include "ui/label.h"
#include "ui/live_pair.h"
#include "ui/notice.h"
#include "ui/step_list.h"
#include "ui/when_choice.h"
#include "ui/wording.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// How many earlier moves say what the next one costs.
constexpr qsizetype kRememberedMoves = 10;
/// keepalived and its scripts come to rest within this time after a move.
constexpr std::chrono::seconds kTurnsWithin{30};

/// Whether the operator has to look again: the plan does something else, or a check says worse than before.
bool mustBeReadAgain(const Plan& before, const Plan& now) {
    if (before.from != now.from || before.to != now.to || before.kind != now.kind || before.lever != now.lever ||
        before.steps != now.steps)
        return true;
    return std::ranges::any_of(now.checks, [&](const Check& check) {
        if (check.result == CheckResult::Pass)
            return false;
        const auto same = std::ranges::find(before.checks, check.code, &Check::code);
        return same == before.checks.end() || same->result < check.result;
    });
}

} // namespace

SwitchoverDialog::SwitchoverDialog(Pair pair, Planner planner, QWidget* parent)
    : QDialog(parent), pair_(std::move(pair)), planner_(std::move(planner)),
      title_(new Label(TypeSize::Headline, this)), effect_(new Label(TypeSize::Body, this)),
      lever_(new Label(TypeSize::Body, this)), targetBox_(new QComboBox(this)), notice_(new Notice(this)),
      leftTitle_(new Label(TypeSize::Title, this)), leftSummary_(new Label(TypeSize::Caption, this)),
      left_(new QStackedWidget(this)), checks_(new CheckList(this)), live_(new LivePair(this)),
      steps_(new StepList(this)), stepArea_(new QScrollArea(this)), reasonLabel_(new Label(TypeSize::Strong, this)),
      reason_(new QLineEdit(this)), confirmation_(new QWidget(this)),
      confirmLabel_(new Label(TypeSize::Strong, confirmation_)), confirm_(new QLineEdit(confirmation_)),
      hint_(new Label(TypeSize::Body, this)), when_(new WhenChoice(this)), takeOver_(new QPushButton(this)),
      overrule_(new QPushButton(this)), start_(new QPushButton(this)), cancel_(new QPushButton(this)),
      close_(new QPushButton(this)) {
    setWindowTitle(tr("Switch over %1").arg(pair_.name));
    setWindowModality(Qt::WindowModal);
    resize(960, 640);
    notice_->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kWide, kWide, kWide, kGap);
    column->setSpacing(kGap);
    column->addWidget(makeHeading());
    column->addWidget(notice_);
    column->addWidget(makeMiddle(), 1);
    column->addWidget(makeFoot());

    connect(notice_, &Notice::pressed, this, [this] {
        mustRead_ = false;
        notice_->hide();
        reason_->setFocus(Qt::OtherFocusReason);
        refreshButtons();
    });
    connect(reason_, &QLineEdit::textChanged, this, &SwitchoverDialog::refreshButtons);
    connect(targetBox_, &QComboBox::activated, this, [this](int index) {
        target_ = index;
        planned_ = false;
        remakePlan();
    });
    connect(confirm_, &QLineEdit::textChanged, this, &SwitchoverDialog::refreshButtons);
    connect(when_, &WhenChoice::changed, this, &SwitchoverDialog::refreshButtons);
    connect(overrule_, &QPushButton::clicked, this, [this] {
        overridden_ = overridable(plan_);
        mustRead_ = false;
        notice_->hide();
        planned_ = false;
        remakePlan();
        confirm_->setFocus(Qt::OtherFocusReason);
    });
    connect(takeOver_, &QPushButton::clicked, this, [this] { offerTakeover(takeoverTarget()); });
    connect(start_, &QPushButton::clicked, this, &SwitchoverDialog::press);
    connect(cancel_, &QPushButton::clicked, this, &SwitchoverDialog::cancel);
    connect(close_, &QPushButton::clicked, this, &SwitchoverDialog::reject);
    enter(State::Asking);
    reason_->setFocus();
}

void SwitchoverDialog::setTakeoverPlanner(Planner planner) {
    takeoverPlanner_ = std::move(planner);
    refreshButtons();
}

int SwitchoverDialog::takeoverTarget() const {
    if (!takeoverPlanner_ || !planned_)
        return -1;
    for (const int node : {target_, plan_.to, 0, 1}) {
        if (node >= 0 && !takeoverPlanner_(picture_, pair_, node).refused())
            return node;
    }
    return -1;
}

void SwitchoverDialog::offerTakeover(int to) {
    if (!takeoverPlanner_ || state_ != State::Asking)
        return;
    takeover_ = true;
    when_->setNowOnly();
    start_->setProperty("look", "danger");
    start_->style()->unpolish(start_);
    start_->style()->polish(start_);
    target_ = to >= 0 ? to : std::max(takeoverTarget(), 0);
    planned_ = false;
    mustRead_ = false;
    notice_->hide();
    remakePlan();
    reason_->setFocus(Qt::OtherFocusReason);
}

int SwitchoverDialog::toConfirm() const {
    if (plan_.withoutProof)
        return plan_.from;
    return plan_.overrides.isEmpty() ? -1 : plan_.to;
}

bool SwitchoverDialog::confirmed() const {
    const int node = toConfirm();
    return node < 0 || confirm_->text().trimmed() == nameOf(node);
}

QString SwitchoverDialog::nameOf(int node) const {
    return node == 0 || node == 1 ? pair_.nodes.at(static_cast<std::size_t>(node)).name : tr("nobody");
}

void SwitchoverDialog::setPastMoves(const QList<ActionRecord>& moves) {
    moves_ = moves;
    showEffect();
}

void SwitchoverDialog::run(const Plan& plan, const QString& reason) {
    if (running())
        return;
    plan_ = plan;
    planned_ = true;
    when_->setNowOnly();
    showPlan();
    reason_->setText(reason);
    given_ = reason;
    begin();
}

void SwitchoverDialog::showPicture(const Picture& picture) {
    picture_ = picture;
    live_->showPicture(picture, pair_);
    if (state_ == State::Asking) {
        remakePlan();
    } else if (state_ == State::Turning) {
        turnBack();
    }
}

void SwitchoverDialog::remakePlan() {
    const Plan before = plan_;
    const bool first = !planned_;
    plan_ = withOverrides(takeover_ ? takeoverPlanner_(picture_, pair_, target_) : planner_(picture_, pair_, target_),
                          overridden_);
    planned_ = true;
    if (!first && mustBeReadAgain(before, plan_))
        noticeChange(before);
    if (first || before.steps != plan_.steps || before.checks != plan_.checks || before.lever != plan_.lever)
        showPlan();
    refreshButtons();
}

void SwitchoverDialog::noticeChange(const Plan& before) {
    mustRead_ = true;
    const bool turned = before.from != plan_.from || before.to != plan_.to;
    const QString what = turned ? tr("Another node serves now.") : tr("What it rests on is not as it was.");
    notice_->showNotice(
        Tone::Warn, tr("The pair changed at %1 and the plan was made anew. %2").arg(Wording::clock(plan_.madeAt), what),
        tr("Read it again before you start it."));
    notice_->setButton(tr("I &have read it"));
}

void SwitchoverDialog::showPlan() {
    const auto name = [this](int node) { return nameOf(node); };
    targetBox_->setVisible(plan_.from < 0 || takeover_);
    if (plan_.to >= 0)
        targetBox_->setCurrentIndex(plan_.to);
    title_->setText(takeover_        ? tr("Take over on %1").arg(name(plan_.to))
                    : plan_.from < 0 ? tr("Nobody serves: there is nothing to move")
                                     : tr("Move Milvus from %1 to %2").arg(name(plan_.from), name(plan_.to)));
    cancel_->setToolTip(tr("Takes back what was done so far, until %1 serves as before").arg(name(plan_.from)));
    lever_->showText(plan_.lever);
    checks_->showChecks(plan_.checks);
    leftSummary_->setText(CheckList::summary(plan_.checks));
    steps_->showPlan(plan_);
    showEffect();
}

void SwitchoverDialog::showEffect() {
    if (plan_.steps.isEmpty()) {
        effect_->showText({});
        return;
    }
    if (takeover_) {
        effect_->showText(
            plan_.withoutProof
                ? tr("%1 cannot be seen. If Milvus still runs there and reaches the shared folder, two "
                     "write to it at once and the data is damaged. It has no undo.")
                      .arg(nameOf(plan_.from))
                : tr("Makes %1 serve from whatever state the pair is in, with never two writers. It has no "
                     "undo: there is no good state to go back to.")
                      .arg(nameOf(plan_.to)));
        return;
    }
    QString text =
        tr("Clients of %1 get no answer from the first step until Milvus serves again. Their connections break; "
           "what was not acknowledged must be sent again.")
            .arg(pair_.vipAddress());
    QList<Duration> outages;
    for (const ActionRecord& move : moves_) {
        if (move.outcome == Outcome::Done && move.outage)
            outages += *move.outage;
    }
    outages = outages.last(std::min(kRememberedMoves, outages.size()));
    if (!outages.isEmpty()) {
        const auto [least, most] = std::ranges::minmax(outages);
        text +=
            u' ' +
            (outages.size() == 1
                 ? tr("The last planned move took %1.").arg(toText(most))
                 : tr("The last %1 planned moves took %2 to %3.").arg(outages.size()).arg(toText(least), toText(most)));
    }
    effect_->showText(text);
}

bool SwitchoverDialog::armed() const {
    if (state_ != State::Asking || !planned_ || reason_->text().trimmed().isEmpty())
        return false;
    // It is planned and checked anew at its time.
    if (when_->mode() == WhenChoice::Mode::Later)
        return plan_.to >= 0 && when_->at(picture_.at).has_value();
    return !plan_.steps.isEmpty() && !plan_.refused() && !mustRead_ && confirmed();
}

QString SwitchoverDialog::startText() const {
    const QString to = plan_.to == 0 || plan_.to == 1 ? nameOf(plan_.to) : QString();
    if (takeover_)
        return tr("Take &over on %1").arg(to);
    if (when_->mode() == WhenChoice::Mode::Later)
        return tr("&Schedule it");
    if (when_->mode() == WhenChoice::Mode::Drill)
        return tr("&Start the drill");
    return to.isEmpty() ? tr("&Switch over") : tr("&Switch over to %1").arg(to);
}

QString SwitchoverDialog::hintText() const {
    const bool later = when_->mode() == WhenChoice::Mode::Later;
    if (!planned_)
        return tr("Looking at the pair…");
    if (!later && (plan_.refused() || plan_.steps.isEmpty()))
        return tr("Not possible now: see the checks that refuse.");
    if (!later && mustRead_)
        return tr("The plan has changed: read it first.");
    if (reason_->text().trimmed().isEmpty())
        return tr("A reason is needed.");
    if (later) {
        return when_->at(picture_.at) ? tr("It is planned and checked anew then, while this window is open; where a "
                                           "check refuses, nothing is done.")
                                      : tr("A time to come is needed.");
    }
    if (!confirmed())
        return plan_.withoutProof ? tr("The name of the node that is off is needed.") : tr("The name is needed.");
    if (takeover_)
        return tr("Ready. It has no undo.");
    return tr("Ready. It can be cancelled and undone while it runs.");
}

void SwitchoverDialog::refreshButtons() {
    start_->setEnabled(armed());
    if (state_ != State::Asking)
        return;
    start_->setText(startText());
    hint_->setText(hintText());
    takeOver_->setVisible(!takeover_ && plan_.refused() && takeoverTarget() >= 0);
    overrule_->setVisible(planned_ && !overridable(plan_).isEmpty());
    confirmation_->setVisible(toConfirm() >= 0 && !plan_.refused());
    confirmLabel_->setText(
        plan_.withoutProof ? tr("Type &%1 if you have made sure that it is off").arg(nameOf(plan_.from))
                           : tr("Type &%1 to go on against %2").arg(nameOf(plan_.to), plan_.overrides.join(u", "_s)));
}

void SwitchoverDialog::press() {
    if (!armed())
        return;
    const QString reason = reason_->text().trimmed();
    if (when_->mode() == WhenChoice::Mode::Later) {
        Q_EMIT scheduleWanted(plan_.to, *when_->at(picture_.at), reason);
        return accept();
    }
    given_ = when_->mode() == WhenChoice::Mode::Drill ? drillReason(reason) : reason;
    begin();
}

void SwitchoverDialog::begin() {
    record_ = {};
    record_.startedAt = picture_.at;
    enter(State::Running);
    Q_EMIT startWanted(plan_, given_);
}

void SwitchoverDialog::turnBack() {
    const Plan back = withOverrides(planner_(picture_, pair_, pair_.indexOf(legs_.first().from)), overridden_);
    if (!back.refused()) {
        plan_ = back;
        showPlan();
        begin();
    } else if (picture_.at > legs_.first().endedAt.value_or(picture_.at) + kTurnsWithin) {
        showEnd(Outcome::Incomplete,
                tr("Milvus was moved to %1, and the way back is refused: %2").arg(legs_.first().to, back.refusal()),
                {});
    }
}

void SwitchoverDialog::cancel() {
    if (state_ == State::Turning) {
        showEnd(Outcome::Incomplete, tr("Milvus stays on %1: the way back was not begun.").arg(legs_.first().to), {});
        return;
    }
    if (state_ != State::Running)
        return;
    enter(State::Undoing);
    Q_EMIT cancelWanted();
}

void SwitchoverDialog::enter(State state) {
    state_ = state;
    const bool asking = state == State::Asking;
    left_->setCurrentIndex(asking ? 0 : 1);
    leftTitle_->setText(asking ? tr("Checks") : tr("The pair now"));
    leftSummary_->setVisible(asking);
    reason_->setEnabled(asking);
    when_->setEnabled(asking);
    confirm_->setEnabled(asking);
    if (!asking) {
        takeOver_->hide();
        overrule_->hide();
    }
    cancel_->setText(takeover_                 ? tr("S&top here")
                     : state == State::Turning ? tr("S&tay there")
                                               : tr("&Cancel and undo"));
    if (takeover_)
        cancel_->setToolTip(tr("Leaves the pair as it is then"));
    start_->setVisible(asking);
    cancel_->setVisible(running());
    cancel_->setEnabled(state != State::Undoing);
    close_->setVisible(asking || state == State::Ended);
    close_->setText(asking ? tr("Do &nothing") : tr("C&lose"));
    if (state == State::Running) {
        hint_->setText(takeover_
                           ? tr("It runs; this window stays until it has ended.")
                           : tr("It runs. Cancel takes back what was done; this window stays until it has ended."));
    } else if (state == State::Undoing) {
        hint_->setText(takeover_ ? tr("Stopping…")
                                 : tr("Going back: what was done is being undone. This window stays until that has "
                                      "ended."));
    } else if (state == State::Turning) {
        hint_->setText(tr("The first move is done. The way back begins as soon as the pair has come to rest."));
    } else if (state == State::Ended) {
        hint_->setText(tr("It is in the history and will be in the report."));
    }
    if (state == State::Running) {
        cancel_->setFocus();
    } else if (state == State::Ended) {
        close_->setFocus();
    }
    refreshButtons();
}

void SwitchoverDialog::showProgress(const ActionRecord& record) {
    if (!running())
        return;
    record_ = record;
    tick(record.endedAt.value_or(std::max(picture_.at, record.startedAt)));
    if (QWidget* row = steps_->currentRow())
        stepArea_->ensureWidgetVisible(row, 0, kWide);
}

void SwitchoverDialog::tick(Instant now) {
    if (!running() || record_.steps.isEmpty())
        return;
    live_->showElapsed(record_.endedAt.value_or(now) - record_.startedAt);
    steps_->showRecord(record_, now);
}

void SwitchoverDialog::showResult(const ActionRecord& record) {
    state_ = State::Running;
    showProgress(record);
    steps_->showRecord(record, record.endedAt.value_or(picture_.at));
    const QString outage =
        record.outage
            ? tr("Clients of %1 were without an answer for %2.").arg(pair_.vipAddress(), toText(*record.outage))
            : QString();
    if (when_->mode() != WhenChoice::Mode::Drill)
        return showEnd(record.outcome, record.text, outage);
    legs_ += record;
    if (record.outcome == Outcome::Done && legs_.size() == 1)
        return enter(State::Turning);
    if (record.outcome == Outcome::Done)
        return showEnd(record.outcome, record.text, drillSummary(legs_, lastDrill(moves_)));
    if (legs_.size() == 1)
        return showEnd(record.outcome, record.text, outage);
    showEnd(Outcome::Incomplete,
            tr("Milvus was moved to %1, and the way back was not done: %2").arg(legs_.first().to, record.text), outage);
}

void SwitchoverDialog::showEnd(Outcome outcome, const QString& text, const QString& effect) {
    enter(State::Ended);
    title_->setText(Wording::outcome(outcome));
    effect_->showText(effect);
    notice_->showNotice(toneOf(outcome), text);
    notice_->setButton({});
}

void SwitchoverDialog::reject() {
    if (running()) {
        // Escape and the window's cross must not end what is under way, nor leave it unseen.
        hint_->setText(state_ == State::Turning   ? tr("The drill is not over: wait, or press “Stay there”.")
                       : state_ == State::Undoing ? tr("The undo is not over yet: this window stays until it is.")
                                                  : tr("It runs: wait for the end, or press “Cancel and undo”."));
        return;
    }
    QDialog::reject();
}

} // namespace mha
