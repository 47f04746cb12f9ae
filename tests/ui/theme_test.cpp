// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icon.h"
#include "ui/style.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFile>
#include <QTest>

using namespace mha;

class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textCanBeRead_data();
    void textCanBeRead();
    void paletteTellsTheTheme();
    void styleSheetNamesNoUnknownColour();
    void everyVerdictHasItsOwnShape();
};

void ThemeTest::textCanBeRead_data() {
    QTest::addColumn<QColor>("ink");
    QTest::addColumn<QColor>("ground");
    QTest::addColumn<double>("least");
    for (const Theme* t : {&lightTheme(), &darkTheme()}) {
        const char* name = t->dark ? "dark" : "light";
        const auto row = [&](const char* what, const QColor& ink, const QColor& ground, double least) {
            QTest::addRow("%s %s", name, what) << ink << ground << least;
        };
        row("text on surface", t->text, t->surface, 7.0);
        row("text on window", t->text, t->window, 7.0);
        row("muted on surface", t->muted, t->surface, 4.5);
        row("muted on window", t->muted, t->window, 4.5);
        row("muted on hover", t->muted, t->hover, 4.5);
        row("accent on surface", t->accent, t->surface, 4.5);
        row("accent on its soft ground", t->accent, t->accentSoft, 4.5);
        row("on accent", t->onAccent, t->accent, 4.5);
        row("on alarm", t->onAlarm, t->alarm, 4.5);
        row("on danger", t->onDanger, t->danger, 4.5);
        row("control outline", t->controlBorder, t->surface, 3.0);
        for (const Tone tone : {Tone::Good, Tone::Busy, Tone::Warn, Tone::Bad, Tone::Unknown}) {
            row(qPrintable(QStringLiteral("tone %1 on surface").arg(int(tone))), toneColor(*t, tone), t->surface, 4.5);
            row(qPrintable(QStringLiteral("tone %1 on its ground").arg(int(tone))), toneColor(*t, tone),
                toneGround(*t, tone), 4.5);
            row(qPrintable(QStringLiteral("text on ground of tone %1").arg(int(tone))), t->text, toneGround(*t, tone),
                7.0);
        }
    }
}

void ThemeTest::textCanBeRead() {
    QFETCH(QColor, ink);
    QFETCH(QColor, ground);
    QFETCH(double, least);
    const double ratio = contrast(ink, ground);
    QVERIFY2(ratio >= least, qPrintable(QStringLiteral("contrast %1 is below %2").arg(ratio).arg(least)));
}

void ThemeTest::paletteTellsTheTheme() {
    QVERIFY(isDark(paletteOf(darkTheme())));
    QVERIFY(!isDark(paletteOf(lightTheme())));
    Style style(ThemeChoice::Dark);
    QVERIFY(theme().dark);
    style.choose(ThemeChoice::Light);
    QVERIFY(!theme().dark);
    QCOMPARE(themeChoiceFromName(u"dark"), ThemeChoice::Dark);
    QVERIFY(!themeChoiceFromName(u"pink"));
}

void ThemeTest::styleSheetNamesNoUnknownColour() {
    QVERIFY(!styleSheetOf(lightTheme()).contains(u'@'));
    QVERIFY(styleSheetOf(lightTheme()) != styleSheetOf(darkTheme()));
}

void ThemeTest::everyVerdictHasItsOwnShape() {
    const Style style(ThemeChoice::Light);
    QList<QImage> shapes;
    for (int level = 0; level <= int(VerdictLevel::TwoWriters); ++level) {
        const QString name = verdictIcon(VerdictLevel(level));
        QVERIFY2(QFile::exists(QStringLiteral(":/icons/%1.svg").arg(name)), qPrintable(name));
        const QImage shape = iconPixmap(name, 48, Qt::black, 1.0).toImage();
        for (const QImage& other : shapes)
            QVERIFY2(shape != other, qPrintable(name));
        shapes.append(shape);
    }
}

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
