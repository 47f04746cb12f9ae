// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/icon.h"
#include "ui/label.h"
#include "ui/style.h"
#include "ui/verdict_banner.h"

#include <QPushButton>
#include <QTest>

using namespace mha;
using namespace mha::test;

class VerdictBannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headlines_data();
    void headlines();
    void agesCountLive();
    void worstReasonThenTheOthers();
    void nothingSeenYet();

private:
    Style style_{ThemeChoice::Light};
};

namespace {

QString allText(const QWidget& widget) {
    QStringList texts;
    for (const QLabel* label : widget.findChildren<QLabel*>()) {
        if (label->isVisibleTo(&widget))
            texts += label->text();
    }
    return texts.join(u'\n');
}

} // namespace

void VerdictBannerTest::headlines_data() {
    QTest::addColumn<Picture>("picture");
    QTest::addColumn<QString>("headline");
    QTest::addColumn<QString>("icon");
    QTest::newRow("healthy") << healthy() << u"Healthy: master serves"_s << u"healthy"_s;
    QTest::newRow("degraded") << degraded() << u"Degraded: master serves"_s << u"degraded"_s;
    QTest::newRow("down") << down() << u"Down: nobody serves, master did last"_s << u"down"_s;
    QTest::newRow("two writers") << twoWriters() << u"Two writers: Milvus runs on master and backup"_s
                                 << u"two-writers"_s;
    QTest::newRow("split brain") << splitBrain() << u"Split brain: master and backup both hold the VIP"_s
                                 << u"split-brain"_s;
    QTest::newRow("unknown") << unknown() << u"Unknown: master served last"_s << u"unknown"_s;
    QTest::newRow("switching") << switching() << u"Switching: from master to backup"_s << u"switching"_s;
    Picture nobody = down();
    nobody.active = -1;
    QTest::newRow("down, nobody ever served") << nobody << u"Down: nobody serves"_s << u"down"_s;
}

void VerdictBannerTest::headlines() {
    QFETCH(Picture, picture);
    QFETCH(QString, headline);
    QFETCH(QString, icon);
    VerdictBanner banner;
    banner.showPicture(picture, pairOfTheGuide(), nightAt());
    QCOMPARE(banner.headline(), headline);
    QCOMPARE(banner.findChild<IconView*>()->iconName(), icon);
    QVERIFY(banner.accessibleDescription().contains(headline));
    // Never is an unknown or bad state called safe.
    QCOMPARE(allText(banner).contains(u"Safe:"_s), picture.verdict.level == VerdictLevel::Healthy);
}

void VerdictBannerTest::agesCountLive() {
    VerdictBanner banner;
    banner.showPicture(healthy(), pairOfTheGuide(), nightAt());
    QCOMPARE(banner.sinceText(), u"for 3 min"_s);
    QVERIFY(allText(banner).contains(u"since 03:09:33"_s));
    Picture fresh = healthy();
    fresh.verdictSince = nightAt(-12s);
    banner.showPicture(fresh, pairOfTheGuide(), nightAt());
    QCOMPARE(banner.sinceText(), u"for 12 s"_s);
    // What is not well is counted by the second.
    Picture down = healthy();
    down.verdict.level = VerdictLevel::Down;
    banner.showPicture(down, pairOfTheGuide(), nightAt());
    QCOMPARE(banner.sinceText(), u"for 3 min 12 s"_s);
    banner.tick(nightAt(2s));
    QCOMPARE(banner.sinceText(), u"for 3 min 14 s"_s);
}

void VerdictBannerTest::worstReasonThenTheOthers() {
    VerdictBanner banner;
    banner.resize(900, 300);
    banner.showPicture(degraded(), pairOfTheGuide(), nightAt());
    banner.show();
    auto* more = banner.findChild<QPushButton*>();
    QCOMPARE(more->text(), u"1 more reason"_s);
    QVERIFY(allText(banner).contains(u"keepalived is not running"_s));
    QVERIFY(allText(banner).contains(u"Start it with"_s));
    QVERIFY(!allText(banner).contains(u"5 %"_s));
    QTest::mouseClick(more, Qt::LeftButton);
    QVERIFY(banner.expanded());
    QTRY_VERIFY(allText(banner).contains(u"5 %"_s));
    QVERIFY(allText(banner).contains(u"seen 8 s ago"_s));
    banner.tick(nightAt(4s));
    QVERIFY(allText(banner).contains(u"seen 12 s ago"_s));
    // The keyboard folds it again.
    more->setFocus();
    QTest::keyClick(more, Qt::Key_Space);
    QVERIFY(!banner.expanded());
    banner.showPicture(healthy(), pairOfTheGuide(), nightAt());
    QVERIFY(!more->isVisible());
}

void VerdictBannerTest::nothingSeenYet() {
    VerdictBanner banner;
    banner.showNothing(u"Looking at milvus-prod"_s, u"Connecting."_s);
    QCOMPARE(banner.headline(), u"Looking at milvus-prod"_s);
    banner.tick(nightAt());
    QVERIFY(!allText(banner).contains(u"for "_s));
}

QTEST_MAIN(VerdictBannerTest)
#include "verdict_banner_test.moc"
