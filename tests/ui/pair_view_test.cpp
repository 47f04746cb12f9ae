// SPDX-License-Identifier: GPL-3.0-or-later

// What stands above the pages: an operation that was interrupted is told until it is looked at.

#include "pictures.h"
#include "shots.h"
#include "ui/notice.h"
#include "ui/pair_view.h"
#include "ui/style.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

class PairViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void interruptedOperation();

private:
    Style style_{ThemeChoice::Light};
};

void PairViewTest::interruptedOperation() {
    PairView view;
    view.resize(1100, 720);
    view.setPair(pairOfTheGuide());
    view.showPicture(down(), nightAt());
    ActionRecord action;
    action.kind = u"switchover"_s;
    action.from = u"master"_s;
    action.to = u"backup"_s;
    action.startedAt = nightAt(-2min);
    view.showInterrupted(action);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    Notice* told = nullptr;
    for (Notice* notice : view.findChildren<Notice*>()) {
        if (notice->isVisible() && notice->text().contains(u"was interrupted"_s))
            told = notice;
    }
    QVERIFY(told != nullptr);
    shoot(view, u"interrupted"_s);
    const QSignalSpy pressed(&view, &PairView::interruptedPressed);
    QTest::mouseClick(told->button(), Qt::LeftButton);
    QCOMPARE(pressed.count(), 1);
    QCOMPARE(pressed.first().first().toInt(), 1);
    QVERIFY2(!told->isVisible(), "it has been looked at");
    view.showInterrupted(action);
    view.setPair(pairOfTheGuide());
    QVERIFY2(!told->isVisible(), "it was of another pair");
}

QTEST_MAIN(PairViewTest)
#include "pair_view_test.moc"
