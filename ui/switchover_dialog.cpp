// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/switchover_dialog.h"

#include "ui/check_list.h"
#include "ui/label.h"
#include "ui/live_pair.h"
#include "ui/notice.h"
#include "ui/step_list.h"
#include "ui/wording.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kLongestReason = 200;

QScrollArea* scrolled(QWidget* widget, QWidget* parent) {
    auto* area = new QScrollArea(parent);
    area->setWidget(widget);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    widget->setAutoFillBackground(false);
    return area;
}

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
      steps_(new StepList(this)), stepArea_(scrolled(steps_, this)), reasonLabel_(new Label(TypeSize::Strong, this)),
      reason_(new QLineEdit(this)), confirmation_(new QWidget(this)),
      confirmLabel_(new Label(TypeSize::Strong, confirmation_)), confirm_(new QLineEdit(confirmation_)),
      hint_(new Label(TypeSize::Body, this)), takeOver_(new QPushButton(this)), start_(new QPushButton(this)),
      cancel_(new QPushButton(this)), close_(new QPushButton(this)) {
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
    connect(takeOver_, &QPushButton::clicked, this, [this] { offerTakeover(takeoverTarget()); });
    connect(start_, &QPushButton::clicked, this, &SwitchoverDialog::press);
    connect(cancel_, &QPushButton::clicked, this, &SwitchoverDialog::cancel);
    connect(close_, &QPushButton::clicked, this, &SwitchoverDialog::reject);
    enter(State::Asking);
    reason_->setFocus();
}

QWidget* SwitchoverDialog::makeHeading() {
    auto* box = new QWidget(this);
    title_->setWordWrap(true);
    effect_->setSentence();
    lever_->setSentence();
    lever_->setMuted();
    targetBox_->addItem(tr("to %1").arg(pair_.nodes[0].name));
    targetBox_->addItem(tr("to %1").arg(pair_.nodes[1].name));
    targetBox_->setAccessibleName(tr("Node that shall serve"));
    targetBox_->hide();
    auto* top = new QHBoxLayout;
    top->addWidget(title_, 1);
    top->addWidget(targetBox_);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(effect_);
    column->addWidget(lever_);
    return box;
}

QWidget* SwitchoverDialog::makeMiddle() {
    auto* box = new QWidget(this);
    const auto card = [box](const QList<QWidget*>& heading, QWidget* body) {
        auto* frame = new QFrame(box);
        frame->setProperty("look", "card");
        auto* top = new QHBoxLayout;
        top->setSpacing(kUnit);
        for (QWidget* widget : heading)
            top->addWidget(widget, 0, Qt::AlignBaseline);
        top->addStretch(1);
        auto* column = new QVBoxLayout(frame);
        column->setContentsMargins(20, kGap, 12, 12);
        column->setSpacing(12);
        column->addLayout(top);
        column->addWidget(body, 1);
        return frame;
    };
    leftSummary_->setMuted();
    left_->addWidget(scrolled(checks_, this));
    left_->addWidget(live_);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    row->addWidget(card({leftTitle_, leftSummary_}, left_), 4);
    row->addWidget(card({new Label(tr("What is done"), TypeSize::Title, this)}, stepArea_), 5);
    return box;
}

/// Shown only where a node is out of sight: its name must be typed, so that no habit of the hand confirms it.
QWidget* SwitchoverDialog::makeConfirmation() {
    confirmLabel_->setTone(Tone::Bad);
    confirmLabel_->setTextFormat(Qt::AutoText);
    confirmLabel_->setBuddy(confirm_);
    confirm_->setObjectName(u"confirm"_s);
    confirm_->setAccessibleName(tr("Name of the node that you have made sure is off"));
    auto* row = new QHBoxLayout(confirmation_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(confirmLabel_);
    row->addWidget(confirm_, 1);
    confirmation_->hide();
    return confirmation_;
}

QWidget* SwitchoverDialog::makeFoot() {
    auto* box = new QWidget(this);
    reasonLabel_->setText(tr("&Reason"));
    reasonLabel_->setTextFormat(Qt::AutoText);
    reasonLabel_->setBuddy(reason_);
    reason_->setMaxLength(kLongestReason);
    reason_->setPlaceholderText(
        tr("Why, for the history and the report: kernel update on %1").arg(pair_.nodes[0].name));
    reason_->setAccessibleName(tr("Reason of the switchover"));
    hint_->setMuted();
    hint_->setWordWrap(true);
    start_->setProperty("look", "primary");
    cancel_->setProperty("look", "danger");
    // Return in the reason field must never start it: the button wants to be meant.
    takeOver_->setText(tr("&Take over instead…"));
    takeOver_->setToolTip(tr("Makes a node serve from whatever state the pair is in. It has no undo."));
    for (QPushButton* button : {start_, cancel_, close_, takeOver_})
        button->setAutoDefault(false);
    cancel_->setText(tr("&Cancel and undo"));
    cancel_->setToolTip(tr("Takes back what was done so far, until %1 serves as before").arg(pair_.nodes[0].name));

    auto* why = new QHBoxLayout;
    why->setSpacing(12);
    why->addWidget(reasonLabel_);
    why->addWidget(reason_, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    buttons->addWidget(hint_, 1);
    buttons->addWidget(takeOver_);
    buttons->addWidget(close_);
    buttons->addWidget(cancel_);
    buttons->addWidget(start_);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(why);
    column->addWidget(makeConfirmation());
    column->addLayout(buttons);
    return box;
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

bool SwitchoverDialog::confirmed() const {
    return !plan_.withoutProof || confirm_->text().trimmed() == nameOf(plan_.from);
}

QString SwitchoverDialog::nameOf(int node) const {
    return node == 0 || node == 1 ? pair_.nodes.at(static_cast<std::size_t>(node)).name : tr("nobody");
}

void SwitchoverDialog::setPastOutages(const QList<Duration>& outages) {
    pastOutages_ = outages;
    showEffect();
}

void SwitchoverDialog::showPicture(const Picture& picture) {
    picture_ = picture;
    live_->showPicture(picture, pair_);
    if (state_ == State::Asking)
        remakePlan();
}

void SwitchoverDialog::remakePlan() {
    const Plan before = plan_;
    const bool first = !planned_;
    plan_ = takeover_ ? takeoverPlanner_(picture_, pair_, target_) : planner_(picture_, pair_, target_);
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
    if (!pastOutages_.isEmpty()) {
        const auto [least, most] = std::ranges::minmax(pastOutages_);
        text += u' ' + (pastOutages_.size() == 1 ? tr("The last planned move took %1.").arg(toText(most))
                                                 : tr("The last %1 planned moves took %2 to %3.")
                                                       .arg(pastOutages_.size())
                                                       .arg(toText(least), toText(most)));
    }
    effect_->showText(text);
}

bool SwitchoverDialog::armed() const {
    return state_ == State::Asking && planned_ && !plan_.steps.isEmpty() && !plan_.refused() && !mustRead_ &&
           confirmed() && !reason_->text().trimmed().isEmpty();
}

void SwitchoverDialog::refreshButtons() {
    start_->setEnabled(armed());
    if (state_ != State::Asking)
        return;
    const QString to =
        plan_.to == 0 || plan_.to == 1 ? pair_.nodes.at(static_cast<std::size_t>(plan_.to)).name : QString();
    start_->setText(takeover_      ? tr("Take &over on %1").arg(to)
                    : to.isEmpty() ? tr("&Switch over")
                                   : tr("&Switch over to %1").arg(to));
    takeOver_->setVisible(!takeover_ && plan_.refused() && takeoverTarget() >= 0);
    confirmation_->setVisible(plan_.withoutProof && !plan_.refused());
    confirmLabel_->setText(tr("Type &%1 if you have made sure that it is off").arg(nameOf(plan_.from)));
    if (!planned_) {
        hint_->setText(tr("Looking at the pair…"));
    } else if (plan_.refused() || plan_.steps.isEmpty()) {
        hint_->setText(tr("Not possible now: see the checks that refuse."));
    } else if (mustRead_) {
        hint_->setText(tr("The plan has changed: read it first."));
    } else if (reason_->text().trimmed().isEmpty()) {
        hint_->setText(tr("A reason is needed."));
    } else if (!confirmed()) {
        hint_->setText(tr("The name of the node that is off is needed."));
    } else if (takeover_) {
        hint_->setText(tr("Ready. It has no undo."));
    } else {
        hint_->setText(tr("Ready. It can be cancelled and undone while it runs."));
    }
}

void SwitchoverDialog::press() {
    if (!armed())
        return;
    record_ = {};
    record_.startedAt = picture_.at;
    enter(State::Running);
    Q_EMIT startWanted(plan_, reason_->text().trimmed());
}

void SwitchoverDialog::cancel() {
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
    confirm_->setEnabled(asking);
    if (!asking)
        takeOver_->hide();
    cancel_->setText(takeover_ ? tr("S&top here") : tr("&Cancel and undo"));
    if (takeover_)
        cancel_->setToolTip(tr("Leaves the pair as it is then"));
    start_->setVisible(asking);
    cancel_->setVisible(state == State::Running || state == State::Undoing);
    cancel_->setEnabled(state == State::Running);
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
    enter(State::Ended);
    title_->setText(Wording::outcome(record.outcome));
    effect_->showText(
        record.outage
            ? tr("Clients of %1 were without an answer for %2.").arg(pair_.vipAddress(), toText(*record.outage))
            : QString());
    notice_->showNotice(toneOf(record.outcome), record.text);
    notice_->setButton({});
}

void SwitchoverDialog::reject() {
    if (running()) {
        // Escape and the window's cross must not end what is under way, nor leave it unseen.
        hint_->setText(state_ == State::Undoing ? tr("The undo is not over yet: this window stays until it is.")
                                                : tr("It runs: wait for the end, or press “Cancel and undo”."));
        return;
    }
    QDialog::reject();
}

} // namespace mha
