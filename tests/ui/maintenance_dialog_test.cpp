// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"
#include "ui/maintenance_dialog.h"
#include "ui/notice.h"
#include "ui/style.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

class MaintenanceDialogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksForWhatIsWanting();
    void isNotForTheNodeThatServes();
    void saysWhatWentWrong();
    void looks_data();
    void looks();

private:
    static QPushButton* named(const QDialog& dialog, const QString& text);
    static void type(QDialog& dialog, const QString& reason);
};

QPushButton* MaintenanceDialogTest::named(const QDialog& dialog, const QString& text) {
    for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
        if (button->text().remove(u'&') == text)
            return button;
    }
    return nullptr;
}

void MaintenanceDialogTest::type(QDialog& dialog, const QString& reason) {
    QTest::keyClicks(dialog.findChild<QLineEdit*>(), reason);
}

void MaintenanceDialogTest::asksForWhatIsWanting() {
    MaintenanceDialog dialog(pairOfTheGuide(), 1, u"ann@desk"_s);
    Picture picture = healthy();
    picture.nodes[1].vrrpConfig.value.emplace().faultFlag = true;
    dialog.showPicture(picture);
    dialog.show();
    QPushButton* begin = named(dialog, u"Begin maintenance"_s);
    QVERIFY2(!begin->isEnabled(), "there is no reason yet");
    type(dialog, u"new disk"_s);
    QVERIFY(begin->isEnabled());
    QTest::mouseClick(named(dialog, u"8 h"_s), Qt::LeftButton);
    MaintenanceRequest request;
    connect(&dialog, &MaintenanceDialog::beginWanted, this,
            [&request](const MaintenanceRequest& wanted) { request = wanted; });
    QTest::mouseClick(begin, Qt::LeftButton);
    QCOMPARE(request.node, 1);
    QCOMPARE(request.owner, u"ann@desk"_s);
    QCOMPARE(request.reason, u"new disk"_s);
    QCOMPARE(request.duration, std::chrono::hours(8));
    QVERIFY(request.byFlag);
    QVERIFY2(!begin->isEnabled(), "it is asked for once");
    const QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.showResult(std::nullopt);
    QCOMPARE(accepted.count(), 1);
}

void MaintenanceDialogTest::isNotForTheNodeThatServes() {
    MaintenanceDialog dialog(pairOfTheGuide(), 0, u"ann@desk"_s);
    dialog.showPicture(healthy());
    dialog.show();
    type(dialog, u"new disk"_s);
    QVERIFY(!named(dialog, u"Begin maintenance"_s)->isEnabled());
    const auto notices = dialog.findChildren<Notice*>();
    QVERIFY(
        std::ranges::any_of(notices, [](const Notice* notice) { return notice->text().contains(u"must not end"_s); }));
}

void MaintenanceDialogTest::saysWhatWentWrong() {
    MaintenanceDialog dialog(pairOfTheGuide(), 1, u"ann@desk"_s);
    dialog.showPicture(healthy());
    dialog.show();
    type(dialog, u"new disk"_s);
    QPushButton* begin = named(dialog, u"Begin maintenance"_s);
    QTest::mouseClick(begin, Qt::LeftButton);
    const QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.showResult(Error{ErrorCode::Refused, u"bob@desk is at work."_s, u"backup"_s, u"Wait for its end."_s});
    QCOMPARE(accepted.count(), 0);
    QVERIFY2(begin->isEnabled(), "it can be tried again");
}

void MaintenanceDialogTest::looks_data() {
    QTest::addColumn<int>("theme");
    QTest::addColumn<bool>("flag");
    QTest::newRow("light") << int(ThemeChoice::Light) << true;
    QTest::newRow("dark") << int(ThemeChoice::Dark) << false;
}

void MaintenanceDialogTest::looks() {
    QFETCH(int, theme);
    QFETCH(bool, flag);
    const Style style{static_cast<ThemeChoice>(theme)};
    MaintenanceDialog dialog(pairOfTheGuide(), 1, u"ann@desk"_s);
    Picture picture = healthy();
    picture.nodes[1].vrrpConfig.value.emplace().faultFlag = flag;
    dialog.showPicture(picture);
    dialog.show();
    type(dialog, u"new disk in slot 3"_s);
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QCOMPARE(cutOff(dialog), QStringList());
    shoot(dialog, u"maintenance-%1"_s.arg(QString::fromLatin1(QTest::currentDataTag())));
}

QTEST_MAIN(MaintenanceDialogTest)
#include "maintenance_dialog_test.moc"
