// SPDX-License-Identifier: GPL-3.0-or-later
#include "print/drawing_painter.h"
#include "print/paper.h"
#include "print/report_pdf.h"
#include "report_sample.h"

#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSet>
#include <QtTest>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

QImage imageOf(Paper& paper, int page) {
    QImage image(paper.pageSize(), QImage::Format_RGB32);
    image.setDotsPerMeterX(3780); // 96 to the inch
    image.setDotsPerMeterY(3780);
    image.fill(Qt::white);
    QPainter painter(&image);
    paper.paint(painter, page);
    painter.end();
    // For a human eye.
    const QString folder = qEnvironmentVariable("MILVUS_HA_SHOTS");
    if (!folder.isEmpty())
        image.save(QDir(folder).filePath(u"paper-%1.png"_s.arg(page + 1)));
    return image;
}

/// How many pixels have exactly this colour.
int count(const QImage& image, const QColor& color) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixelColor(x, y) == color ? 1 : 0;
    }
    return found;
}

int darkest(const QImage& image) {
    int black = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            black += image.pixelColor(x, y).lightness() < 40 ? 1 : 0;
    }
    return black;
}

} // namespace

class ReportPdfTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chartsHaveTheirColours();
    void chartsAreNotCutByAPage();
    void headersAreOnEveryPage();
    void isAPdf();
    void nothingToTell();
    void aYearOfFailovers();
};

void ReportPdfTest::chartsHaveTheirColours() {
    Paper paper(u"foot"_s);
    writeReport(paper, makeReport(sample::busyWeek()));
    QVERIFY(paper.pages() >= 2);
    const Inks inks = paperInks({});
    QHash<Ink, int> seen;
    for (int page = 0; page < paper.pages(); ++page) {
        const QImage image = imageOf(paper, page);
        for (const Ink ink : {Ink::Detection, Ink::Election, Ink::Serving, Ink::Planned, Ink::Rto, Ink::Budget})
            seen[ink] += count(image, inks.color(ink));
        // Letters are dark, surfaces are not: no chart is a black block.
        QVERIFY2(darkest(image) < image.width() * image.height() / 10, qPrintable(QString::number(page)));
    }
    for (const auto [ink, pixels] : seen.asKeyValueRange())
        QVERIFY2(pixels > 20, qPrintable(u"ink %1: %2"_s.arg(int(ink)).arg(pixels)));
}

/// One that does not fit any more begins the next page.
void ReportPdfTest::chartsAreNotCutByAPage() {
    Paper paper({});
    const Drawing chart{300, 400, {}, {Box{0, 0, 300, 400, Ink::Serving}}};
    for (int i = 0; i < 5; ++i)
        paper.add(chart);
    QCOMPARE(paper.pages(), 3); // two each
    const QColor color = paperInks({}).color(Ink::Serving);
    int whole = 0;
    for (int page = 0; page < paper.pages(); ++page) {
        const int pixels = count(imageOf(paper, page), color);
        QVERIFY2(std::abs(pixels - (page < 2 ? 2 : 1) * 300 * 400) < 2000, qPrintable(QString::number(pixels)));
        whole += pixels;
    }
    QVERIFY(whole > 0);
}

void ReportPdfTest::headersAreOnEveryPage() {
    Paper paper({});
    QList<QStringList> rows;
    for (int i = 0; i < 120; ++i)
        rows.append({QString::number(i), u"what\nwhy"_s});
    paper.add({{u"No."_s, 1, true}, {u"What"_s, 3}}, rows);
    QVERIFY(paper.pages() >= 3);
    const QRect top(0, 0, paper.pageSize().width(), 20);
    const QImage first = imageOf(paper, 0).copy(top);
    QVERIFY(count(first, Qt::white) < top.width() * top.height());
    QCOMPARE(imageOf(paper, 1).copy(top), first);
}

void ReportPdfTest::isAPdf() {
    const QByteArray pdf = toPdf(makeReport(sample::busyWeek()));
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
}

void ReportPdfTest::nothingToTell() {
    ReportInput input = sample::quietDay();
    input.covered.clear();
    Paper paper({});
    writeReport(paper, makeReport(input));
    QVERIFY(paper.pages() >= 1);
}

void ReportPdfTest::aYearOfFailovers() {
    Paper paper({});
    writeReport(paper, makeReport(sample::many(1000)));
    QVERIFY2(paper.pages() > 20 && paper.pages() < 120, qPrintable(QString::number(paper.pages())));
}

QTEST_MAIN(ReportPdfTest)
#include "report_pdf_test.moc"
