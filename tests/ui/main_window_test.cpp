// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"
#include "ui/event_page.h"
#include "ui/failover_page.h"
#include "ui/lane_panel.h"
#include "ui/main_window.h"
#include "ui/node_card.h"
#include "ui/notice.h"
#include "ui/operation_desk.h"
#include "ui/overview_page.h"
#include "ui/pair_dialog.h"
#include "ui/pair_files.h"
#include "ui/start_page.h"
#include "ui/style.h"
#include "ui/switchover_dialog.h"
#include "ui/verdict_banner.h"

#include <QAction>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

ReportModel nightReport() {
    ReportInput input;
    input.pair = pairOfTheGuide();
    input.from = nightAt(-30 * 24h);
    input.until = nightAt();
    input.now = nightAt();
    input.covered = {{nightAt(-72h), nightAt()}};
    const QList<std::pair<Duration, Duration>> outages{{-70h, 4430ms}, {-52h, 620ms}, {-51h, 3320ms}, {-30h, 9100ms},
                                                       {-20h, 710ms},  {-8h, 4030ms}, {-3h, 2970ms},  {-4min, 4730ms}};
    qint64 id = 0;
    for (const auto& [when, took] : outages) {
        Failover one;
        one.id = ++id;
        one.pair = input.pair.name;
        const bool planned = took < 1s;
        one.kind = planned ? FailoverKind::Switchover : FailoverKind::Failover;
        one.trigger = planned ? u"planned"_s : id % 3 == 0 ? u"link-lost"_s : u"container-died"_s;
        one.from = id % 2 == 0 ? u"backup"_s : u"master"_s;
        one.to = id % 2 == 0 ? u"master"_s : u"backup"_s;
        one.startedAt = nightAt(when);
        one.endedAt = one.startedAt + took;
        one.operatorName = planned ? u"anna@desk"_s : QString();
        one.reason = planned ? u"kernel update on master"_s : QString();
        input.failovers.append(one);
    }
    return makeReport(input);
}

QList<Event> nightEvents() {
    const auto event = [](Duration at, EventKind kind, Severity severity, const QString& node, const QString& text) {
        Event one;
        one.at = nightAt(at);
        one.kind = kind;
        one.severity = severity;
        one.node = node;
        one.text = text;
        return one;
    };
    return {
        event(-240s, EventKind::Container, Severity::Error, u"master"_s,
              u"The container milvus ended with exit code 137 (killed)."_s),
        event(-239900ms, EventKind::Milvus, Severity::Error, {}, u"Milvus does not answer through 192.168.1.104."_s),
        event(-237s, EventKind::Vrrp, Severity::Warning, u"master"_s,
              u"VRRP state is BACKUP, was MASTER; priority 90."_s),
        event(-236900ms, EventKind::Vip, Severity::Info, u"backup"_s, u"192.168.1.104 arrived on enp3s0."_s),
        event(-236s, EventKind::Container, Severity::Info, u"backup"_s, u"The container milvus was started."_s),
        event(-235300ms, EventKind::Failover, Severity::Warning, {},
              u"Failover from master to backup: 4.7 s without an answer."_s)};
}

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void cleanup() { window_.reset(); }

    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void longNames_data();
    void longNames();
    void bothRefusedWithoutScrolling();
    void titleCarriesTheVerdict();
    void everyActionHasKeysAndIsInTheMenu();
    void pagesByKeys();
    void everythingHasAName();
    void tabReachesTheWholeWindow();
    void arrowsChooseWithinAGroup();
    void firstRun();
    void choiceOfPairs();
    void badPairFileIsShown();
    void badPairFileMended();
    void switchoverDialogStaysLive();
    void scheduledIsDoneAtItsTime();
    void scheduledIsRefusedWhereThePairIsIll();
    void scheduledIsTakenBack();
    void closingWhileItRuns();
    void followsLightAndDark();

private:
    void show(const Picture& picture);
    /// Schedules a switchover of the pair that is shown, as an operator would.
    void schedule(Instant at);

    std::unique_ptr<Style> style_ = std::make_unique<Style>(ThemeChoice::Light);
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<MainWindow> window_;
};

void MainWindowTest::init() {
    style_->choose(ThemeChoice::Light);
    folder_ = std::make_unique<QTemporaryDir>();
    WindowOptions options;
    options.configFolder = folder_->path();
    options.connect = false;
    options.keepGeometry = false;
    window_ = std::make_unique<MainWindow>(options);
}

void MainWindowTest::show(const Picture& picture) {
    window_->openPair(pairOfTheGuide(), u"/etc/milvus-ha/milvus-prod.toml"_s);
    // Some minutes with a failover in them, so that the lanes have something to show.
    for (int second = -280; second < 0; ++second) {
        const Instant at = picture.at + second * 1s;
        window_->view().overview().lanes().view().model().add(second >= -240 && second < -235 ? down(at) : healthy(at));
    }
    window_->view().failovers().showReport(nightReport());
    window_->view().events().addEvents(nightEvents());
    window_->showPicture(picture);
    window_->tick(picture.at + 1s);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
}

void MainWindowTest::nothingIsCutOff_data() {
    QTest::addColumn<Picture>("picture");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    for (const NamedPicture& named : allPictures()) {
        for (const QSize size : {QSize(1280, 800), QSize(1000, 700)}) {
            for (const bool dark : {false, true}) {
                QTest::addRow("%s %dx%d %s", named.name, size.width(), size.height(), dark ? "dark" : "light")
                    << named.picture << QString::fromLatin1(named.name) << size << dark;
            }
        }
    }
}

void MainWindowTest::nothingIsCutOff() {
    QFETCH(Picture, picture);
    QFETCH(QString, name);
    QFETCH(QSize, size);
    QFETCH(bool, dark);
    style_->choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    window_->resize(size);
    show(picture);
    window_->view().banner().setExpanded(true);
    const QList<QString> pages{u"overview"_s, u"failovers"_s, u"events"_s};
    for (int page = 0; page < 3; ++page) {
        window_->setPage(Page(page));
        QTest::qWait(0);
        QCOMPARE(window_->size(), size);
        QCOMPARE(cutOff(*window_).join(u'\n'), QString());
        shoot(*window_,
              u"%1-%2-%3-%4"_s.arg(pages.at(page), name, QString::number(size.width()), dark ? u"dark"_s : u"light"_s));
    }
}

void MainWindowTest::longNames_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("usual") << QSize(1280, 800);
    QTest::newRow("smallest") << QSize(960, 640);
}

void MainWindowTest::longNames() {
    QFETCH(QSize, size);
    Pair pair = pairOfTheGuide();
    pair.name = u"milvus-production-recommendations-eu-central-1-blue"_s;
    Picture picture = movable();
    for (std::size_t i = 0; i < 2; ++i) {
        pair.nodes.at(i).name =
            u"milvus-%1-rack-17.eu-central-1.example.internal"_s.arg(i == 0 ? u"first"_s : u"second"_s);
        pair.nodes.at(i).host = pair.nodes.at(i).name;
        picture.nodes.at(i).name = pair.nodes.at(i).name;
    }
    window_->resize(size);
    window_->openPair(pair, u"/etc/milvus-ha/long.toml"_s);
    window_->showPicture(picture);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    QCOMPARE(window_->size(), size);
    for (const Page page : {Page::Overview, Page::Failovers, Page::Events}) {
        window_->setPage(page);
        QTest::qWait(0);
        QCOMPARE(cutOff(*window_).join(u'\n'), QString());
    }
    window_->setPage(Page::Overview);
    const QScrollArea& overview = window_->view().overview();
    QCOMPARE(overview.widget()->width(), overview.viewport()->width());
    const auto cards = overview.findChildren<NodeCard*>();
    QCOMPARE(cards.size(), 2);
    QVERIFY(std::abs(cards[0]->width() - cards[1]->width()) <= 1);
    shoot(*window_, u"long-names-%1"_s.arg(size.width()));
    window_->startSwitchover();
    SwitchoverDialog* dialog = window_->desk().dialog();
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    QCOMPARE(cutOff(*dialog), QStringList());
    QVERIFY2(dialog->width() <= 960, qPrintable(QString::number(dialog->width())));
    shoot(*dialog, u"long-names-switchover-%1"_s.arg(size.width()));
    dialog->reject();
}

void MainWindowTest::bothRefusedWithoutScrolling() {
    Picture picture = refused();
    picture.nodes[0] = picture.nodes[1];
    picture.nodes[0].name = u"master"_s;
    picture.nodes[1].link.error = Error{
        ErrorCode::HostKeyChanged,
        u"The host key of 192.168.1.38 has changed: it shows SHA256:DLpPHxcY3DSMON54HLDHMTknCQsNfjUZx6NnMyhAyjw, but "
        "SHA256:RiEFEnHos7CC3io+H/d3yDKBh1OTJhcWwZM+cVc9rYI is known. Someone may be listening in."_s,
        u"backup"_s,
        u"Ask the server's administrator whether its key was changed. Only if so, forget the old key with: ssh-keygen "
        "-f \"/etc/milvus-ha/known_hosts\" -R \"192.168.1.38\"."_s};
    window_->resize(1280, 800);
    show(picture);
    QTest::qWait(0);
    QCOMPARE(window_->view().overview().verticalScrollBar()->maximum(), 0);
    QCOMPARE(cutOff(*window_).join(u'\n'), QString());
    // The same fact of both nodes is at the same height, though one has more to say above it.
    QList<int> heights;
    for (const NodeCard* card : window_->view().overview().findChildren<NodeCard*>()) {
        for (const QLabel* label : card->findChildren<QLabel*>()) {
            if (label->text() == u"VRRP")
                heights.append(label->mapTo(window_.get(), QPoint()).y());
        }
    }
    QCOMPARE(heights.size(), 2);
    QCOMPARE(heights[0], heights[1]);
    shoot(*window_, u"both-refused"_s);
}

void MainWindowTest::titleCarriesTheVerdict() {
    show(down());
    QCOMPARE(window_->windowTitle(), u"Down: nobody serves, master did last – milvus-prod – milvus-ha"_s);
    window_->showPicture(healthy());
    QCOMPARE(window_->windowTitle(), u"Healthy: master serves – milvus-prod – milvus-ha"_s);
}

void MainWindowTest::everyActionHasKeysAndIsInTheMenu() {
    show(healthy());
    const auto* bar = window_->findChild<TopBar*>();
    QList<QKeySequence> keys;
    for (const QAction* action : window_->actions().all()) {
        QVERIFY2(!action->shortcut().isEmpty(), qPrintable(action->text()));
        QVERIFY2(!keys.contains(action->shortcut()), qPrintable(action->text()));
        QVERIFY2(bar->menu()->actions().contains(const_cast<QAction*>(action)), qPrintable(action->text()));
        keys.append(action->shortcut());
    }
}

void MainWindowTest::pagesByKeys() {
    show(healthy());
    QTest::keyClick(window_.get(), Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(int(window_->view().page()), int(Page::Events));
    QTest::keyClick(window_.get(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(qobject_cast<QLineEdit*>(window_->focusWidget()) != nullptr);
    QTest::keyClick(window_.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(int(window_->view().page()), int(Page::Failovers));
    QTest::keyClick(window_.get(), Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(int(window_->view().page()), int(Page::Overview));
    QCOMPARE(window_->focusWidget(), &window_->view().overview().lanes().view());
}

void MainWindowTest::everythingHasAName() {
    show(refused());
    for (int page = 0; page < 3; ++page) {
        window_->setPage(Page(page));
        for (const QWidget* widget : window_->findChildren<QWidget*>()) {
            if (!widget->isVisible() || (widget->focusPolicy() & Qt::TabFocus) == 0 || !widget->isEnabled())
                continue;
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            const bool named = !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
            QVERIFY2(named, qPrintable(u"%1 in %2"_s.arg(
                                QString::fromLatin1(widget->metaObject()->className()),
                                QString::fromLatin1(widget->parentWidget()->metaObject()->className()))));
        }
    }
}

void MainWindowTest::tabReachesTheWholeWindow() {
    show(refused());
    window_->activateWindow();
    QSet<QWidget*> reached;
    for (int i = 0; i < 60; ++i) {
        QTest::keyClick(window_.get(), Qt::Key_Tab);
        reached.insert(window_->focusWidget());
    }
    for (const QPushButton* button : window_->findChildren<QPushButton*>()) {
        // Of a group that excludes each other Tab reaches the chosen one, the arrows the others.
        const bool others = button->group() != nullptr && !button->isChecked();
        if (button->isVisible() && button->isEnabled())
            QVERIFY2(reached.contains(const_cast<QPushButton*>(button)) != others, qPrintable(button->text()));
    }
    QVERIFY(reached.contains(&window_->view().overview().lanes().view()));
}

void MainWindowTest::arrowsChooseWithinAGroup() {
    show(healthy());
    auto* tabs = window_->findChild<TopBar*>()->findChild<QButtonGroup*>();
    // Chosen by keys: Tab finds the new one, not the one that was there before.
    QTest::keyClick(window_.get(), Qt::Key_2, Qt::ControlModifier);
    QVERIFY(tabs->button(int(Page::Failovers))->focusPolicy() & Qt::TabFocus);
    QVERIFY(!(tabs->button(int(Page::Overview))->focusPolicy() & Qt::TabFocus));
    tabs->button(int(Page::Failovers))->setFocus(Qt::TabFocusReason);
    QTest::keyClick(window_->focusWidget(), Qt::Key_Right);
    QCOMPARE(int(window_->view().page()), int(Page::Events));
    QCOMPARE(window_->focusWidget(), tabs->button(int(Page::Events)));
    QTest::keyClick(window_->focusWidget(), Qt::Key_Left);
    QTest::keyClick(window_->focusWidget(), Qt::Key_Left);
    QCOMPARE(int(window_->view().page()), int(Page::Overview));

    auto* zoom = window_->view().overview().lanes().findChild<QButtonGroup*>();
    zoom->checkedButton()->setFocus(Qt::TabFocusReason);
    QTest::keyClick(window_->focusWidget(), Qt::Key_Right);
    QCOMPARE(window_->view().overview().lanes().view().window(), 15min);
}

void MainWindowTest::firstRun() {
    window_->openAny();
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    QVERIFY(window_->start().isVisible());
    QCOMPARE(cutOff(*window_).join(u'\n'), QString());
    shoot(*window_, u"first-run"_s);
    QVERIFY(!window_->actions().switchOver->isEnabled());
    // Return adds a pair, Escape closes the form.
    QTest::keyClick(window_->focusWidget(), Qt::Key_Space);
    QVERIFY(window_->pairDialog() != nullptr);
    window_->pairDialog()->setPair(pairOfTheGuide());
    window_->pairDialog()->accept();
    QVERIFY(window_->view().isVisible());
    QVERIFY(window_->windowTitle().startsWith(u"milvus-prod"_s));
    QCOMPARE(pairFilesIn(folder_->path()).size(), 1);
}

void MainWindowTest::choiceOfPairs() {
    Pair second = pairOfTheGuide();
    second.name = u"milvus-test"_s;
    QVERIFY(savePair(pairOfTheGuide(), folder_->path()));
    QVERIFY(savePair(second, folder_->path()));
    QFile broken(folder_->filePath(u"broken.toml"_s));
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("name = 1\n") > 0);
    broken.close();
    window_->openAny();
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    QCOMPARE(cutOff(*window_).join(u'\n'), QString());
    shoot(*window_, u"choice"_s);
    QVERIFY(window_->start().findChild<Notice*>()->accessibleName().contains(u"broken.toml"_s) ||
            window_->start().findChild<Notice*>()->text().contains(u"broken.toml"_s));
    for (QAbstractButton* button : window_->start().findChildren<QAbstractButton*>()) {
        if (button->accessibleName().contains(u"milvus-test"_s)) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    QVERIFY(window_->windowTitle().startsWith(u"milvus-test"_s));
}

void MainWindowTest::badPairFileIsShown() {
    const QString fileName = folder_->filePath(u"bad.toml"_s);
    QFile file(fileName);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("name = \"x\"\nvip = \"192.168.1.104\"\n") > 0);
    file.close();
    window_->openFile(fileName);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    const auto* notice = window_->start().findChild<Notice*>();
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(u"bad.toml, line 2"_s) && notice->text().contains(u"vip"_s),
             qPrintable(notice->text()));
    QCOMPARE(cutOff(*window_).join(u'\n'), QString());
    shoot(*window_, u"bad-pair-file"_s);
    window_->openFile(folder_->filePath(u"none.toml"_s));
    QVERIFY(window_->start().findChild<Notice*>()->text().contains(u"none.toml"_s));
}

void MainWindowTest::badPairFileMended() {
    const QString fileName = folder_->filePath(u"bad.toml"_s);
    QFile file(fileName);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense") > 0);
    file.close();
    window_->openFile(fileName);
    window_->show();
    QVERIFY(window_->start().isVisible());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(toToml(pairOfTheGuide())) > 0);
    file.close();
    QTest::keyClick(window_->focusWidget(), Qt::Key_Space);
    QVERIFY(window_->view().isVisible());
}

void MainWindowTest::switchoverDialogStaysLive() {
    show(healthy());
    QTest::keyClick(window_.get(), Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    SwitchoverDialog* dialog = window_->desk().dialog();
    QVERIFY(dialog != nullptr);
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    QCOMPARE(cutOff(*dialog), QStringList());
    window_->showPicture(down());
    QVERIFY(window_->windowTitle().startsWith(u"Down"_s));
    QVERIFY(dialog->plan().refused());
    // Asked for twice it is still one.
    window_->startSwitchover();
    QCOMPARE(window_->desk().dialog(), dialog);
    dialog->reject();
    QTRY_VERIFY(window_->desk().dialog() == nullptr);
}

void MainWindowTest::schedule(Instant at) {
    show(movable());
    window_->startSwitchover();
    SwitchoverDialog* dialog = window_->desk().dialog();
    dialog->findChild<QComboBox*>(u"when"_s)->setCurrentIndex(2);
    dialog->findChild<QDateTimeEdit*>()->setDateTime(QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()));
    dialog->findChild<QLineEdit*>()->setText(u"kernel update"_s);
    QTRY_COMPARE(QApplication::activeWindow(), dialog);
    QTest::keyClick(dialog->focusWidget(), Qt::Key_S, Qt::AltModifier);
    QTRY_VERIFY(window_->desk().dialog() == nullptr);
    QVERIFY(window_->desk().schedule().has_value());
    const Notice& notice = window_->view().scheduleNotice();
    QVERIFY(notice.isVisible());
    QVERIFY2(notice.text().contains(u"kernel update"_s), qPrintable(notice.text()));
}

void MainWindowTest::scheduledIsDoneAtItsTime() {
    const Instant at = nightAt(1h);
    schedule(at);
    shoot(*window_, u"scheduled"_s);
    window_->tick(at - 1s);
    QVERIFY(window_->desk().dialog() == nullptr);
    window_->tick(at);
    SwitchoverDialog* dialog = window_->desk().dialog();
    QVERIFY(dialog != nullptr);
    QVERIFY(dialog->running());
    QVERIFY(!window_->desk().schedule());
    QVERIFY(!window_->view().scheduleNotice().isVisible());
    ActionRecord record;
    record.startedAt = at;
    record.endedAt = at + 5s;
    record.outcome = Outcome::Done;
    dialog->showResult(record);
    dialog->reject();
    QTRY_VERIFY(window_->desk().dialog() == nullptr);
}

void MainWindowTest::scheduledIsRefusedWhereThePairIsIll() {
    const Instant at = nightAt(1h);
    schedule(at);
    window_->showPicture(degraded());
    window_->tick(at);
    QVERIFY2(window_->desk().schedule().has_value(), "it may pass");
    window_->tick(at + 31s);
    QVERIFY(!window_->desk().schedule());
    QVERIFY(window_->desk().dialog() == nullptr);
    const Notice& notice = window_->view().scheduleNotice();
    QVERIFY(notice.isVisible());
    QVERIFY2(notice.text().contains(u"was not done"_s), qPrintable(notice.text()));
}

void MainWindowTest::scheduledIsTakenBack() {
    const Instant at = nightAt(1h);
    schedule(at);
    window_->close();
    QVERIFY2(window_->isVisible(), "closing it would drop the schedule: that is said first");
    QTest::mouseClick(window_->view().scheduleNotice().button(), Qt::LeftButton);
    QVERIFY(!window_->desk().schedule());
    QVERIFY(!window_->view().scheduleNotice().isVisible());
    window_->tick(at + 1s);
    QVERIFY(window_->desk().dialog() == nullptr);
}

void MainWindowTest::closingWhileItRuns() {
    show(movable());
    window_->startSwitchover();
    SwitchoverDialog* dialog = window_->desk().dialog();
    dialog->findChild<QLineEdit*>()->setText(u"kernel update"_s);
    QVERIFY2(dialog->armed(), qPrintable(dialog->plan().refusal()));
    // To QTest a dialog is active already while its parent is.
    QTRY_COMPARE(QApplication::activeWindow(), dialog);
    QTest::keyClick(dialog->focusWidget(), Qt::Key_S, Qt::AltModifier);
    QTRY_VERIFY(dialog->running());
    window_->close();
    QVERIFY(window_->isVisible());
    QVERIFY(dialog->isVisible());
    ActionRecord record;
    record.startedAt = nightAt();
    record.endedAt = nightAt(5s);
    record.outcome = Outcome::Done;
    dialog->showResult(record);
    dialog->reject();
    QTRY_VERIFY(window_->desk().dialog() == nullptr);
    QVERIFY(window_->close());
}

void MainWindowTest::followsLightAndDark() {
    show(healthy());
    const QImage light = window_->grab().toImage();
    style_->choose(ThemeChoice::Dark);
    QTest::qWait(0);
    const QImage dark = window_->grab().toImage();
    // A corner of the page, a card's ground, the bar: each is darker now.
    for (const QPoint at : {QPoint(5, 300), QPoint(60, 360), QPoint(600, 8)})
        QVERIFY2(qGray(dark.pixel(at)) + 100 < qGray(light.pixel(at)), qPrintable(u"%1,%2"_s.arg(at.x()).arg(at.y())));
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
