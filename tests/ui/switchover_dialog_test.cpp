// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"
#include "ui/check_list.h"
#include "ui/notice.h"
#include "ui/step_list.h"
#include "ui/style.h"
#include "ui/switchover_dialog.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

QPushButton* button(const QWidget& in, const QString& words) {
    for (QPushButton* one : in.findChildren<QPushButton*>()) {
        if (one->isVisibleTo(&in) && one->text().remove(u'&').startsWith(words))
            return one;
    }
    return nullptr;
}

ActionRecord record(const Plan& plan, int done, Outcome outcome) {
    ActionRecord action;
    action.kind = plan.kind;
    action.from = u"master"_s;
    action.to = u"backup"_s;
    action.startedAt = nightAt(1s);
    action.outcome = outcome;
    for (int i = 0; i < plan.steps.size(); ++i) {
        StepRecord step;
        step.name = plan.steps.at(i).name;
        if (i < done) {
            step.state = StepState::Done;
            step.startedAt = nightAt((i + 1) * 1s);
            step.endedAt = nightAt((i + 1) * 1s + 620ms);
            step.detail = u"seen"_s;
        } else if (i == done && outcome == Outcome::Running) {
            step.state = StepState::Running;
            step.startedAt = nightAt((i + 1) * 1s);
        }
        action.steps.append(step);
    }
    return action;
}

/// The active node is gone, and keepalived on the other one has the VIP but did not start Milvus.
Picture gone() {
    Picture picture = movable();
    NodePicture& lost = picture.nodes[0];
    lost.link.state = LinkState::Down;
    lost.link.error = Error{ErrorCode::Unreachable, u"No route to host."_s, u"master"_s, {}};
    picture.nodes[1].vip.value->held = true;
    picture.nodes[1].vrrp.value->state = VrrpState::Master;
    picture.vipProbe.value->good = false;
    picture.verdict.level = VerdictLevel::Down;
    return picture;
}

/// A move of before, done, from this node.
ActionRecord moved(const QString& from, Duration outage, const QString& reason = u"update"_s) {
    ActionRecord record;
    record.from = from;
    record.to = from == u"master" ? u"backup"_s : u"master"_s;
    record.reason = reason;
    record.outcome = Outcome::Done;
    record.outage = outage;
    record.startedAt = nightAt();
    record.endedAt = nightAt(8s);
    return record;
}

/// backup serves, for so long that it may be left again.
Picture turned(Instant at) {
    Picture picture = movable(at);
    std::swap(picture.nodes[0], picture.nodes[1]);
    picture.nodes[0].name = u"master"_s;
    picture.nodes[1].name = u"backup"_s;
    picture.active = 1;
    return picture;
}

} // namespace

class SwitchoverDialogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysWhatWillHappen();
    void armsOnlyWithAReason();
    void returnKeyDoesNotStartIt();
    void refusedPlanCannotBeStarted();
    void changedPlanMustBeReadAgain();
    void betterPlanNeedsNoReading();
    void keyboardAlone();
    void runsAndEnds();
    void cancelUndoesAndStays();
    void cannotBeClosedInMidRun();
    void noTakeoverWhereTheSwitchoverIsPossible();
    void takeoverNeedsTheNameOfTheNodeThatIsOff();
    void drillGoesThereAndBack();
    void drillMayBeLeftHalfWay();
    void wayBackThatIsRefusedEndsTheDrill();
    void schedules();
    void overridesByTheNameOfTheTarget();
    void nobodyOverridesTheOneWriter();

private:
    Style style_{ThemeChoice::Light};
    std::unique_ptr<SwitchoverDialog> dialog_;
    QLineEdit* reason_ = nullptr;
};

void SwitchoverDialogTest::init() {
    dialog_ = std::make_unique<SwitchoverDialog>(pairOfTheGuide(), &planSwitchover);
    dialog_->showPicture(movable());
    dialog_->show();
    reason_ = dialog_->findChild<QLineEdit*>();
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
}

void SwitchoverDialogTest::cleanup() {
    dialog_.reset();
}

void SwitchoverDialogTest::saysWhatWillHappen() {
    QVERIFY2(!dialog_->plan().refused(), qPrintable(dialog_->plan().refusal()));
    QCOMPARE(dialog_->findChild<StepList*>()->rowCount(), int(dialog_->plan().steps.size()));
    dialog_->setPastMoves({moved(u"master"_s, 4200ms), moved(u"backup"_s, 5100ms)});
    QStringList texts;
    for (const QLabel* label : dialog_->findChildren<QLabel*>())
        texts += label->text();
    const QString all = texts.join(u'\n');
    QVERIFY(all.contains(u"Move Milvus from master to backup"_s));
    QVERIFY(all.contains(u"Clients of 192.168.1.104 get no answer"_s));
    QVERIFY2(all.contains(u"The last 2 planned moves took"_s), qPrintable(all));
    QVERIFY(all.contains(dialog_->plan().lever));
    QVERIFY(all.contains(dialog_->plan().steps.first().command));
    QVERIFY(all.contains(u"Undo: "_s + dialog_->plan().steps.first().undo));
    QVERIFY(all.contains(dialog_->plan().checks.first().text));
    shoot(*dialog_, u"switchover-asking"_s);
}

void SwitchoverDialogTest::armsOnlyWithAReason() {
    QVERIFY(!dialog_->armed());
    QVERIFY(!button(*dialog_, u"Switch over"_s)->isEnabled());
    QTest::keyClicks(reason_, u"   "_s);
    QVERIFY(!dialog_->armed());
    QTest::keyClicks(reason_, u"kernel update"_s);
    QVERIFY(dialog_->armed());
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QTest::mouseClick(button(*dialog_, u"Switch over to backup"_s), Qt::LeftButton);
    QCOMPARE(start.count(), 1);
    QCOMPARE(start.first().at(1).toString(), u"kernel update"_s);
    QVERIFY(dialog_->running());
}

void SwitchoverDialogTest::returnKeyDoesNotStartIt() {
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QTest::keyClicks(reason_, u"kernel update"_s);
    QTest::keyClick(reason_, Qt::Key_Return);
    QTest::keyClick(reason_, Qt::Key_Enter);
    QCOMPARE(start.count(), 0);
    QVERIFY(dialog_->isVisible());
}

void SwitchoverDialogTest::refusedPlanCannotBeStarted() {
    QTest::keyClicks(reason_, u"kernel update"_s);
    dialog_->showPicture(degraded());
    QVERIFY(dialog_->plan().refused());
    QVERIFY(!dialog_->armed());
    QVERIFY(!button(*dialog_, u"Switch over"_s)->isEnabled());
    shoot(*dialog_, u"switchover-refused"_s);
}

void SwitchoverDialogTest::changedPlanMustBeReadAgain() {
    QTest::keyClicks(reason_, u"kernel update"_s);
    QVERIFY(dialog_->armed());
    dialog_->showPicture(turned(nightAt(1s)));
    QVERIFY(!dialog_->armed());
    auto* notice = dialog_->findChild<Notice*>();
    QVERIFY(notice->isVisible());
    QVERIFY(notice->text().contains(u"Another node serves now"_s));
    QVERIFY(!button(*dialog_, u"Switch over"_s)->isEnabled());
    QTest::mouseClick(notice->button(), Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    QCOMPARE(dialog_->armed(), !dialog_->plan().refused());
}

void SwitchoverDialogTest::betterPlanNeedsNoReading() {
    Picture recent = movable();
    recent.nodes[0].vrrp.value->since = recent.at - 30s;
    dialog_ = std::make_unique<SwitchoverDialog>(pairOfTheGuide(), &planSwitchover);
    dialog_->showPicture(recent);
    dialog_->findChild<QLineEdit*>()->setText(u"kernel update"_s);
    QVERIFY2(dialog_->armed(), qPrintable(dialog_->plan().refusal()));
    dialog_->showPicture(movable());
    QVERIFY(dialog_->armed());
}

void SwitchoverDialogTest::keyboardAlone() {
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QVERIFY(QTest::qWaitForWindowActive(dialog_.get()));
    QCOMPARE(dialog_->focusWidget(), reason_);
    QTest::keyClicks(dialog_->focusWidget(), u"kernel update"_s);
    // The mnemonic of the button is what starts it: pressed where the eye sees it, and let go a moment later.
    QTest::keyClick(dialog_->focusWidget(), Qt::Key_S, Qt::AltModifier);
    QTRY_COMPARE(start.count(), 1);
}

void SwitchoverDialogTest::runsAndEnds() {
    reason_->setText(u"kernel update"_s);
    QTest::mouseClick(button(*dialog_, u"Switch over"_s), Qt::LeftButton);
    const Plan plan = dialog_->plan();
    dialog_->showProgress(record(plan, 2, Outcome::Running));
    dialog_->tick(nightAt(5s));
    dialog_->showPicture(switching(nightAt(5s)));
    shoot(*dialog_, u"switchover-running"_s);
    QVERIFY(dialog_->running());
    QCOMPARE(dialog_->plan(), plan);
    ActionRecord done = record(plan, int(plan.steps.size()), Outcome::Done);
    done.endedAt = nightAt(8s);
    done.outage = 4430ms;
    done.text = u"Milvus serves on backup."_s;
    dialog_->showResult(done);
    QVERIFY(!dialog_->running());
    QVERIFY(dialog_->findChild<Notice*>()->text().contains(u"Milvus serves on backup"_s));
    int told = 0;
    for (const QLabel* label : dialog_->findChildren<QLabel*>())
        told += label->isVisibleTo(dialog_.get()) && label->text().contains(toText(4430ms)) ? 1 : 0;
    QCOMPARE(told, 1);
    QVERIFY(button(*dialog_, u"Switch over"_s) == nullptr);
    shoot(*dialog_, u"switchover-done"_s);
    QTest::mouseClick(button(*dialog_, u"Close"_s), Qt::LeftButton);
    QVERIFY(!dialog_->isVisible());
}

void SwitchoverDialogTest::cancelUndoesAndStays() {
    reason_->setText(u"kernel update"_s);
    QTest::mouseClick(button(*dialog_, u"Switch over"_s), Qt::LeftButton);
    dialog_->showProgress(record(dialog_->plan(), 1, Outcome::Running));
    const QSignalSpy cancel(dialog_.get(), &SwitchoverDialog::cancelWanted);
    QPushButton* undo = button(*dialog_, u"Cancel and undo"_s);
    QVERIFY(undo->toolTip().contains(u"master"_s));
    QTest::mouseClick(undo, Qt::LeftButton);
    QCOMPARE(cancel.count(), 1);
    QVERIFY(!undo->isEnabled());
    QVERIFY(dialog_->running());
    dialog_->reject();
    QVERIFY(dialog_->isVisible());
    ActionRecord back = record(dialog_->plan(), 1, Outcome::RolledBack);
    back.steps.append(
        {u"Undo: start Milvus on master again"_s, StepState::Done, nightAt(3s), nightAt(4s), u"started"_s});
    back.endedAt = nightAt(9s);
    back.text = u"Rolled back: Milvus serves on master again."_s;
    dialog_->showResult(back);
    QCOMPARE(dialog_->findChild<StepList*>()->rowCount(), int(back.steps.size()));
    QVERIFY(!dialog_->running());
}

void SwitchoverDialogTest::cannotBeClosedInMidRun() {
    reason_->setText(u"kernel update"_s);
    QTest::mouseClick(button(*dialog_, u"Switch over"_s), Qt::LeftButton);
    const QSignalSpy cancel(dialog_.get(), &SwitchoverDialog::cancelWanted);
    QTest::keyClick(dialog_.get(), Qt::Key_Escape);
    QVERIFY(dialog_->isVisible());
    dialog_->close();
    QVERIFY(dialog_->isVisible());
    QCOMPARE(cancel.count(), 0);
    QVERIFY(button(*dialog_, u"Close"_s) == nullptr);
}

void SwitchoverDialogTest::noTakeoverWhereTheSwitchoverIsPossible() {
    dialog_->setTakeoverPlanner(&planTakeover);
    QVERIFY(button(*dialog_, u"Take over"_s) == nullptr);
    QVERIFY(!dialog_->findChild<QLineEdit*>(u"confirm"_s)->isVisible());
}

void SwitchoverDialogTest::takeoverNeedsTheNameOfTheNodeThatIsOff() {
    dialog_->setTakeoverPlanner(&planTakeover);
    QTest::keyClicks(reason_, u"master is dead"_s);
    dialog_->showPicture(gone());
    QVERIFY(dialog_->plan().refused());
    QPushButton* instead = button(*dialog_, u"Take over instead"_s);
    QVERIFY(instead != nullptr);
    QTest::mouseClick(instead, Qt::LeftButton);
    QVERIFY2(!dialog_->plan().refused(), qPrintable(dialog_->plan().refusal()));
    QVERIFY(dialog_->plan().isTakeover() && dialog_->plan().withoutProof);
    QVERIFY2(!dialog_->armed(), "a reason alone is not enough");
    auto* confirm = dialog_->findChild<QLineEdit*>(u"confirm"_s);
    QVERIFY(confirm->isVisible());
    QTest::keyClicks(confirm, u"backup"_s);
    QVERIFY2(!dialog_->armed(), "the wrong name");
    confirm->clear();
    QTest::keyClicks(confirm, u"master"_s);
    QVERIFY(dialog_->armed());
    shoot(*dialog_, u"takeover-asking"_s);
    // Seen again: another plan, which must be read.
    dialog_->showPicture(movable());
    QVERIFY(!dialog_->armed());
    dialog_->showPicture(gone());
    QTest::mouseClick(button(*dialog_, u"I have read it"_s), Qt::LeftButton);
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QTest::mouseClick(button(*dialog_, u"Take over on backup"_s), Qt::LeftButton);
    QCOMPARE(start.count(), 1);
    QVERIFY(qvariant_cast<Plan>(start.first().at(0)).withoutProof);
}

void SwitchoverDialogTest::drillGoesThereAndBack() {
    dialog_->setPastMoves({moved(u"master"_s, 900ms, u"drill: june"_s), moved(u"backup"_s, 800ms, u"drill: june"_s)});
    dialog_->findChild<QComboBox*>(u"when"_s)->setCurrentIndex(1);
    QTest::keyClicks(reason_, u"july"_s);
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QTest::mouseClick(button(*dialog_, u"Start the drill"_s), Qt::LeftButton);
    QCOMPARE(start.count(), 1);
    QCOMPARE(start.first().at(1).toString(), u"drill: july"_s);
    dialog_->showResult(moved(u"master"_s, 700ms));
    QVERIFY2(dialog_->running(), "there is the way back");
    Picture tooEarly = turned(nightAt(9s));
    tooEarly.nodes[1].vrrp.value->since = tooEarly.at - 1s;
    dialog_->showPicture(tooEarly);
    QCOMPARE(start.count(), 1);
    dialog_->showPicture(turned(nightAt(12s)));
    QCOMPARE(start.count(), 2);
    QCOMPARE(start.at(1).at(0).value<Plan>().to, 0);
    QCOMPARE(start.at(1).at(1).toString(), u"drill: july"_s);
    dialog_->showResult(moved(u"backup"_s, 600ms));
    QVERIFY(!dialog_->running());
    QStringList texts;
    for (const QLabel* label : dialog_->findChildren<QLabel*>())
        texts += label->text();
    const QString all = texts.join(u'\n');
    QVERIFY2(all.contains(u"%1 and %2."_s.arg(toText(700ms), toText(600ms))) && all.contains(toText(900ms)),
             qPrintable(all));
}

void SwitchoverDialogTest::drillMayBeLeftHalfWay() {
    dialog_->findChild<QComboBox*>(u"when"_s)->setCurrentIndex(1);
    QTest::keyClicks(reason_, u"july"_s);
    QTest::mouseClick(button(*dialog_, u"Start the drill"_s), Qt::LeftButton);
    dialog_->showResult(moved(u"master"_s, 700ms));
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    QTest::mouseClick(button(*dialog_, u"Stay there"_s), Qt::LeftButton);
    QVERIFY(!dialog_->running());
    dialog_->showPicture(turned(nightAt(12s)));
    QCOMPARE(start.count(), 0);
    QVERIFY(dialog_->findChild<Notice*>()->text().contains(u"stays on backup"_s));
}

void SwitchoverDialogTest::wayBackThatIsRefusedEndsTheDrill() {
    dialog_->findChild<QComboBox*>(u"when"_s)->setCurrentIndex(1);
    QTest::keyClicks(reason_, u"july"_s);
    QTest::mouseClick(button(*dialog_, u"Start the drill"_s), Qt::LeftButton);
    dialog_->showResult(moved(u"master"_s, 700ms));
    Picture ill = turned(nightAt(20s));
    ill.nodes[0].vrrp.value->running = false;
    dialog_->showPicture(ill);
    QVERIFY2(dialog_->running(), "it may pass");
    ill = turned(nightAt(39s));
    ill.nodes[0].vrrp.value->running = false;
    dialog_->showPicture(ill);
    QVERIFY(!dialog_->running());
    const QString said = dialog_->findChild<Notice*>()->text();
    QVERIFY2(said.contains(u"keepalived does not run on master"_s), qPrintable(said));
}

void SwitchoverDialogTest::schedules() {
    dialog_->findChild<QComboBox*>(u"when"_s)->setCurrentIndex(2);
    QTest::keyClicks(reason_, u"kernel"_s);
    auto* time = dialog_->findChild<QDateTimeEdit*>();
    time->setDateTime(QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<std::chrono::milliseconds>(nightAt().time_since_epoch()).count() - 3600'000));
    QVERIFY2(!dialog_->armed(), "what is past is no time to do it");
    time->setDateTime(time->dateTime().addSecs(7200));
    QVERIFY(dialog_->armed());
    QCOMPARE(cutOff(*dialog_), QStringList());
    shoot(*dialog_, u"switchover-later"_s);
    const QSignalSpy start(dialog_.get(), &SwitchoverDialog::startWanted);
    const QSignalSpy schedule(dialog_.get(), &SwitchoverDialog::scheduleWanted);
    QTest::mouseClick(button(*dialog_, u"Schedule it"_s), Qt::LeftButton);
    QCOMPARE(start.count(), 0);
    QCOMPARE(schedule.count(), 1);
    QCOMPARE(schedule.first().at(0).toInt(), 1);
    QCOMPARE(schedule.first().at(2).toString(), u"kernel"_s);
    QVERIFY(!dialog_->isVisible());
}

void SwitchoverDialogTest::overridesByTheNameOfTheTarget() {
    Picture picture = movable();
    picture.nodes[1].storage.value->writable = false;
    dialog_->showPicture(picture);
    QTest::keyClicks(reason_, u"kernel"_s);
    QVERIFY2(dialog_->plan().refused(), "the storage is not writable there");
    QVERIFY(!dialog_->armed());
    QTest::mouseClick(button(*dialog_, u"Go on against it…"_s), Qt::LeftButton);
    QVERIFY2(!dialog_->plan().refused(), qPrintable(dialog_->plan().refusal()));
    QVERIFY2(!dialog_->armed(), "the name is not typed yet");
    auto* confirm = dialog_->findChild<QLineEdit*>(u"confirm"_s);
    QVERIFY(confirm->isVisible());
    QTest::keyClicks(confirm, u"master"_s);
    QVERIFY(!dialog_->armed());
    confirm->clear();
    QTest::keyClicks(confirm, u"backup"_s);
    QVERIFY(dialog_->armed());
    QCOMPARE(dialog_->plan().overrides, QStringList{u"storage"_s});
    shoot(*dialog_, u"switchover-override"_s);
}

void SwitchoverDialogTest::nobodyOverridesTheOneWriter() {
    dialog_->showPicture(twoWriters());
    QTest::keyClicks(reason_, u"kernel"_s);
    QVERIFY(dialog_->plan().refused());
    const QPushButton* overrule = button(*dialog_, u"Go on against it…"_s);
    QVERIFY(overrule == nullptr || !overrule->isVisible());
}

QTEST_MAIN(SwitchoverDialogTest)
#include "switchover_dialog_test.moc"
