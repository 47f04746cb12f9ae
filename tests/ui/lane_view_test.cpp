// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/lane_panel.h"
#include "ui/style.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

class LaneViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void keysWalkThroughTheSpans();
    void pointerTellsExactTimes();
    void zoom();
    void marksDifferWithoutColour();

private:
    Style style_{ThemeChoice::Light};
    std::unique_ptr<LanePanel> panel_;
};

void LaneViewTest::init() {
    panel_ = std::make_unique<LanePanel>();
    panel_->resize(1000, 320);
    panel_->addPicture(healthy(nightAt()));
    panel_->addPicture(down(nightAt(2s)));
    panel_->addPicture(healthy(nightAt(6430ms)));
    panel_->tick(nightAt(10s));
    panel_->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel_.get()));
}

void LaneViewTest::cleanup() {
    panel_.reset();
}

void LaneViewTest::keysWalkThroughTheSpans() {
    LaneView& view = panel_->view();
    view.setFocus();
    QVERIFY2(view.readout().contains(u"answers since 03:12:51.430"_s), qPrintable(view.readout()));
    QTest::keyClick(&view, Qt::Key_Left);
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.readout(), u"Through the VIP: no answer from 03:12:47.000 to 03:12:51.430 (4.430 s)"_s);
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY2(view.readout().startsWith(u"master VRRP: MASTER"_s), qPrintable(view.readout()));
    QCOMPARE(view.accessibleDescription(), view.readout());
    QTest::keyClick(&view, Qt::Key_Home);
    QVERIFY(view.readout().contains(u"not watched"_s));
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(view.readout().contains(u"since"_s));
}

void LaneViewTest::pointerTellsExactTimes() {
    LaneView& view = panel_->view();
    const QSignalSpy told(&view, &LaneView::readoutChanged);
    // In the top lane, within the outage of 8 s to 3.57 s ago: the right edge is now.
    const double secondsAgo = 6.0;
    const double pixelsPerSecond = (view.width() - 200) / toSeconds(view.window());
    const QPointF at(view.width() - secondsAgo * pixelsPerSecond, 6);
    QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&view, &move);
    QCOMPARE(told.count(), 1);
    QCOMPARE(view.readout(), u"Through the VIP: no answer from 03:12:47.000 to 03:12:51.430 (4.430 s)"_s);
    // Below the lanes there is nothing to tell.
    const QPointF below(at.x(), view.height() - 2);
    QMouseEvent leave(QEvent::MouseMove, below, view.mapToGlobal(below), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&view, &leave);
    QCOMPARE(view.readout(), QString());
}

void LaneViewTest::zoom() {
    LaneView& view = panel_->view();
    QCOMPARE(view.window(), 5min);
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Plus);
    QCOMPARE(view.window(), 1min);
    QTest::keyClick(&view, Qt::Key_Plus);
    QCOMPARE(view.window(), 1min);
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(&view, Qt::Key_Minus);
    QCOMPARE(view.window(), 60min);
    for (QPushButton* button : panel_->findChildren<QPushButton*>()) {
        QVERIFY(!button->accessibleName().isEmpty());
        if (button->text() == u"15 min")
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(view.window(), 15min);
}

void LaneViewTest::marksDifferWithoutColour() {
    QList<QImage> seen;
    for (const LaneMark mark : {LaneMark::Good, LaneMark::Idle, LaneMark::Busy, LaneMark::Bad, LaneMark::Unknown}) {
        QImage image(40, 16, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        LaneView::paintMark(painter, QRectF(image.rect()), mark);
        painter.end();
        // To one bit: nothing but light and dark is left.
        const QImage pattern =
            image.convertToFormat(QImage::Format_Grayscale8).convertToFormat(QImage::Format_Mono, Qt::ThresholdDither);
        for (const QImage& other : std::as_const(seen))
            QVERIFY(pattern != other);
        seen.append(pattern);
    }
}

QTEST_MAIN(LaneViewTest)
#include "lane_view_test.moc"
