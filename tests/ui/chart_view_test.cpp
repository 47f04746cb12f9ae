// SPDX-License-Identifier: GPL-3.0-or-later
#include "shots.h"
#include "ui/chart_paint.h"
#include "ui/chart_view.h"
#include "ui/style.h"

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

/// Two bars, a small mark, and a stroke that says nothing.
Drawing three(const QSizeF& size) {
    Drawing drawing{size.width(), size.height(), u"Three things"_s};
    drawing.marks = {Box{200, 10, 60, 40, Ink::Serving, u"the second"_s},
                     Box{20, 10, 60, 40, Ink::Detection, u"the first"_s}, Stroke{0, 90, 300, 90, Ink::Grid},
                     Diamond{290, 80, 6, Ink::Text, u"the third"_s}};
    return drawing;
}

} // namespace

class ChartViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void pointerTells();
    void arrowsGoFromMarkToMark();
    void asksForItsOwnHeight();
    void inksAreTheThemes();
    void plannedDiffersWithoutColour();

private:
    Style style_{ThemeChoice::Light};
    std::unique_ptr<ChartView> view_;
};

void ChartViewTest::init() {
    view_ = std::make_unique<ChartView>();
    view_->resize(320, 140);
    view_->setChart(&three);
    view_->show();
    QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
}

void ChartViewTest::pointerTells() {
    QCOMPARE(view_->accessibleDescription(), u"Three things"_s);
    QTest::mouseMove(view_.get(), {50, 30});
    QCOMPARE(view_->told(), u"the first"_s);
    QTest::mouseMove(view_.get(), {150, 30});
    QCOMPARE(view_->told(), QString());
    QTest::mouseMove(view_.get(), {295, 84}); // beside the diamond, which is smaller than a hand is steady
    QCOMPARE(view_->told(), u"the third"_s);
    QTest::mouseMove(view_.get(), {150, 90});
    QCOMPARE(view_->told(), QString());
}

void ChartViewTest::arrowsGoFromMarkToMark() {
    for (const QString& expected : {u"the first"_s, u"the second"_s, u"the third"_s, u"the third"_s}) {
        QTest::keyClick(view_.get(), Qt::Key_Right);
        QCOMPARE(view_->told(), expected);
        QCOMPARE(view_->accessibleDescription(), expected);
    }
    QTest::keyClick(view_.get(), Qt::Key_Left);
    QCOMPARE(view_->told(), u"the second"_s);
    QTest::keyClick(view_.get(), Qt::Key_Escape);
    QCOMPARE(view_->told(), QString());
    QTest::keyClick(view_.get(), Qt::Key_Left);
    QCOMPARE(view_->told(), u"the third"_s);
}

void ChartViewTest::asksForItsOwnHeight() {
    double height = 500;
    view_->setChart(
        [&height](const QSizeF& size) {
            Drawing drawing = three(size);
            drawing.height = height;
            return drawing;
        },
        ChartView::Height::OfContent);
    QCOMPARE(view_->minimumHeight(), 500);
    height = 240;
    view_->refresh();
    QCOMPARE(view_->minimumHeight(), 240);
    view_->setChart(nullptr);
    QVERIFY(view_->drawing().marks.isEmpty());
}

void ChartViewTest::inksAreTheThemes() {
    for (const Theme& theme : {lightTheme(), darkTheme()}) {
        QImage image(320, 140, QImage::Format_RGB32);
        image.fill(theme.surface);
        QPainter painter(&image);
        paintDrawing(painter, three({320, 140}), inksOf(theme));
        painter.end();
        QCOMPARE(image.pixelColor(50, 30), theme.phases[0]);
        QCOMPARE(image.pixelColor(230, 30), theme.phases[4]);
        QCOMPARE(image.pixelColor(290, 80), theme.text);
    }
}

void ChartViewTest::plannedDiffersWithoutColour() {
    QImage image(80, 80, QImage::Format_RGB32);
    QPainter painter(&image);
    paintDrawing(painter, {80, 80, {}, {Box{0, 0, 80, 40, Ink::Planned}, Box{0, 40, 80, 40, Ink::Unplanned}}},
                 inksOf(lightTheme()));
    painter.end();
    QSet<QRgb> planned;
    QSet<QRgb> unplanned;
    for (int x = 10; x < 70; ++x) {
        planned.insert(image.pixel(x, 20));
        unplanned.insert(image.pixel(x, 60));
    }
    QVERIFY(planned.size() > 1);
    QCOMPARE(unplanned.size(), 1);
}

QTEST_MAIN(ChartViewTest)
#include "chart_view_test.moc"
