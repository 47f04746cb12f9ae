// SPDX-License-Identifier: GPL-3.0-or-later

// milvus-ha-pdf: an HTML report on standard input, the same as PDF (A4) on standard output. Called by `milvus-ha
// report`.

#include <QBuffer>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTextDocument>
#include <QUrl>

#include <cstdio>

namespace {

constexpr int kDpi = 96; ///< one CSS pixel is one dot of the layout
constexpr int kChartScale = 3;

/// QTextDocument does not draw inline SVG: each one becomes a picture that the document refers to.
QString withPictures(const QString& html, QTextDocument& document, int widthPx) {
    static const QRegularExpression svg(QStringLiteral("<svg\\b.*?</svg>"),
                                        QRegularExpression::DotMatchesEverythingOption);
    QString result;
    qsizetype done = 0;
    int number = 0;
    for (auto match = svg.globalMatch(html); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        result += QStringView(html).mid(done, found.capturedStart() - done);
        done = found.capturedEnd();
        QSvgRenderer renderer(found.captured().toUtf8());
        const QSize size = renderer.defaultSize().scaled(widthPx, widthPx * 2, Qt::KeepAspectRatio);
        QImage image(size * kChartScale, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::white);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        const QString name = QStringLiteral("chart%1").arg(++number);
        document.addResource(QTextDocument::ImageResource, QUrl(name), image);
        result += QStringLiteral("<p><img src=\"%1\" width=\"%2\" height=\"%3\"></p>")
                      .arg(name)
                      .arg(size.width())
                      .arg(size.height());
    }
    return result + html.mid(done);
}

} // namespace

int main(int argc, char** argv) {
    const QGuiApplication application(argc, argv);
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return 1;
    QByteArray pdf;
    QBuffer buffer(&pdf);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setResolution(kDpi);
    writer.setCreator(QStringLiteral("milvus-ha"));
    const QRect page = writer.pageLayout().paintRectPixels(kDpi);
    QTextDocument document;
    document.setPageSize(page.size());
    document.setHtml(withPictures(QString::fromUtf8(input.readAll()), document, page.width() - 20));
    document.print(&writer);
    buffer.close();
    const auto size = static_cast<std::size_t>(pdf.size());
    return std::fwrite(pdf.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0 ? 0 : 1;
}
