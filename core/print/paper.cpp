// SPDX-License-Identifier: GPL-3.0-or-later
#include "print/paper.h"

#include "print/drawing_painter.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPainter>
#include <QPdfWriter>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextObjectInterface>
#include <QTextTable>

#include <utility>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kDpi = 96; ///< one CSS pixel is one dot of the layout
constexpr double kMarginMm = 14;
constexpr double kFooter = 26; ///< its height, and so much less for the text
constexpr int kDrawingObject = QTextFormat::UserObject + 1;
constexpr int kDrawingProperty = QTextFormat::UserProperty + 1;
constexpr double kBodyPt = 8.5;
constexpr double kSmallPt = 7.5;
constexpr double kCell = 4;

struct Look {
    double points;
    bool bold;
    Ink ink;
    double above;
    double below;
};

Look lookOf(Paper::Text text) {
    switch (text) {
    case Paper::Text::Eyebrow:
        return {kSmallPt, true, Ink::Muted, 0, 2};
    case Paper::Text::Title:
        return {20, true, Ink::Text, 0, 4};
    case Paper::Text::Heading:
        return {12, true, Ink::Text, 20, 5};
    case Paper::Text::Body:
        return {kBodyPt, false, Ink::Text, 0, 6};
    case Paper::Text::Strong:
        return {kBodyPt, true, Ink::Text, 8, 2};
    case Paper::Text::Muted:
        return {kBodyPt, false, Ink::Muted, 0, 6};
    }
    return {kBodyPt, false, Ink::Text, 0, 6};
}

QTextCharFormat letters(double points, bool bold, Ink ink) {
    QTextCharFormat format;
    format.setFontPointSize(points);
    format.setFontWeight(bold ? QFont::Bold : QFont::Normal);
    format.setForeground(paperInks({}).color(ink));
    return format;
}

constexpr double kTitleHeight = 20;
constexpr double kLegendHeight = 18;

/// The title and the legend above a chart, as parts of it: a document may end its page between two paragraphs.
Drawing headed(const Drawing& drawing, const QString& title, const QList<QPair<Ink, QString>>& keys) {
    constexpr double kPattern = 16;
    constexpr double kLetter = 6; // about as wide as one is
    Drawing whole{drawing.width, drawing.height, drawing.text, {}};
    double y = 0;
    if (!title.isEmpty()) {
        whole.marks.append(Words{0, kTitleHeight - 8, title, Ink::Text, Anchor::Begin, true});
        y += kTitleHeight;
    }
    double x = 0;
    for (const auto& [ink, text] : keys) {
        if (ink == Ink::Rto || ink == Ink::Budget) {
            whole.marks.append(Stroke{x, y + 7, x + kPattern, y + 7, ink, 2, true});
        } else {
            whole.marks.append(Box{x, y + 2, kPattern, 10, ink});
        }
        whole.marks.append(Words{x + kPattern + 6, y + 11, text, Ink::Muted});
        x += kPattern + 22 + kLetter * static_cast<double>(text.size());
    }
    y += keys.isEmpty() ? 0 : kLegendHeight;
    for (Mark mark : drawing.marks) {
        std::visit(
            [y](auto& each) {
                if constexpr (std::is_same_v<std::decay_t<decltype(each)>, Stroke>) {
                    each.y1 += y;
                    each.y2 += y;
                } else {
                    each.y += y;
                }
            },
            mark);
        whole.marks.append(mark);
    }
    whole.height += y;
    return whole;
}

/// Paints the charts where the document has placed them.
class ChartObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)

public:
    explicit ChartObject(const QFont& font) {
        QFont small = font;
        small.setPointSizeF(kSmallPt);
        inks_ = paperInks(small);
    }

    qsizetype add(const Drawing& drawing) {
        drawings_.append(drawing);
        return drawings_.size() - 1;
    }

    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override {
        const Drawing& drawing = drawingOf(format);
        return {drawing.width, drawing.height};
    }

    void drawObject(QPainter* painter, const QRectF& place, QTextDocument*, int, const QTextFormat& format) override {
        painter->save();
        painter->translate(place.topLeft());
        paintDrawing(*painter, drawingOf(format), inks_);
        painter->restore();
    }

private:
    const Drawing& drawingOf(const QTextFormat& format) const {
        return drawings_.at(format.property(kDrawingProperty).toLongLong());
    }

    Inks inks_;
    QList<Drawing> drawings_;
};

QFont bodyFont() {
    QFont font = QGuiApplication::font();
    font.setPointSizeF(kBodyPt);
    return font;
}

} // namespace

class Paper::Inside {
public:
    explicit Inside(const QString& footer)
        : footer_(footer), charts_(bodyFont()), writer_(&buffer_), cursor_(&document_) {
        buffer_.open(QIODevice::WriteOnly);
        writer_.setPageSize(QPageSize(QPageSize::A4));
        writer_.setPageMargins(QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter);
        writer_.setResolution(kDpi);
        writer_.setCreator(u"milvus-ha"_s);
        page_ = writer_.pageLayout().paintRectPixels(kDpi).size();
        document_.setDefaultFont(bodyFont());
        document_.setDocumentMargin(0);
        document_.documentLayout()->setPaintDevice(&writer_);
        document_.documentLayout()->registerHandler(kDrawingObject, &charts_);
        document_.setPageSize(QSizeF(page_.width(), page_.height() - kFooter));
        document_.setUndoRedoEnabled(false);
        cursor_.beginEditBlock(); // laid out once, when all is written
    }

    /// Nothing is written after this.
    void finish() {
        if (!std::exchange(finished_, true))
            cursor_.endEditBlock();
    }

    double width() const { return page_.width(); }

    /// The cursor in a paragraph of its own.
    void paragraph(double above, double below) {
        QTextBlockFormat format;
        format.setTopMargin(above);
        format.setBottomMargin(below);
        if (begun_) {
            cursor_.insertBlock(format, QTextCharFormat());
        } else {
            cursor_.setBlockFormat(format);
        }
        begun_ = true;
    }

    void chart(const Drawing& drawing) {
        paragraph(0, 6);
        QTextCharFormat format;
        format.setObjectType(kDrawingObject);
        format.setProperty(kDrawingProperty, qlonglong{charts_.add(drawing)});
        cursor_.insertText(QString(QChar::ObjectReplacementCharacter), format);
    }

    QTextTable* table(int rows, const QList<int>& shares, bool header) {
        paragraph(0, 0);
        QTextTableFormat format;
        format.setBorder(0);
        format.setCellPadding(kCell);
        format.setCellSpacing(0);
        format.setBorderCollapse(true);
        format.setBottomMargin(8);
        format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        int all = 0;
        for (const int share : shares)
            all += share;
        QList<QTextLength> widths;
        for (const int share : shares)
            widths.append(QTextLength(QTextLength::PercentageLength, 100.0 * share / all));
        format.setColumnWidthConstraints(widths);
        format.setHeaderRowCount(header ? 1 : 0);
        QTextTable* made = cursor_.insertTable(rows, static_cast<int>(shares.size()), format);
        cursor_.movePosition(QTextCursor::End);
        return made;
    }

    static void fill(const QTextTableCell& cell, const QList<QPair<QString, QTextCharFormat>>& lines, bool number) {
        QTextCursor cursor = cell.firstCursorPosition();
        QTextBlockFormat format;
        format.setAlignment(number ? Qt::AlignRight : Qt::AlignLeft);
        cursor.setBlockFormat(format);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (i > 0)
                cursor.insertBlock(format);
            cursor.insertText(lines.at(i).first, lines.at(i).second);
        }
    }

    /// A hairline below.
    static void rule(QTextTableCell cell, Ink ink) {
        QTextTableCellFormat format = cell.format().toTableCellFormat();
        format.setBottomBorder(0.6);
        format.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        format.setBottomBorderBrush(paperInks({}).color(ink));
        cell.setFormat(format);
    }

    QTextCursor& cursor() { return cursor_; }

    int pages() const { return document_.pageCount(); }

    QSize pageSize() const { return page_; }

    void paint(QPainter& painter, int page) {
        const QSizeF size = document_.pageSize();
        const QRectF part(0, page * size.height(), size.width(), size.height());
        painter.save();
        painter.translate(0, -part.top());
        painter.setClipRect(part);
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = part;
        document_.documentLayout()->draw(&painter, context);
        painter.restore();
        QFont font = bodyFont();
        font.setPointSizeF(kSmallPt);
        painter.setFont(font);
        painter.setPen(paperInks({}).color(Ink::Muted));
        const QRectF foot(0, page_.height() - kFooter, page_.width(), kFooter);
        painter.drawText(foot, Qt::AlignLeft | Qt::AlignBottom, footer_);
        painter.drawText(foot, Qt::AlignRight | Qt::AlignBottom, u"%1 / %2"_s.arg(page + 1).arg(pages()));
    }

    QByteArray pdf() {
        QPainter painter(&writer_);
        for (int page = 0; page < pages(); ++page) {
            if (page > 0)
                writer_.newPage();
            paint(painter, page);
        }
        painter.end();
        buffer_.close();
        return buffer_.data();
    }

private:
    QString footer_;
    ChartObject charts_;
    QBuffer buffer_;
    QPdfWriter writer_;
    QTextDocument document_;
    QTextCursor cursor_;
    QSize page_;
    bool begun_ = false;
    bool finished_ = false;
};

Paper::Paper(const QString& footer) : inside_(std::make_unique<Inside>(footer)) {}

Paper::~Paper() = default;

double Paper::width() const {
    return inside_->width();
}

void Paper::add(Text text, const QString& words) {
    const Look look = lookOf(text);
    inside_->paragraph(look.above, look.below);
    inside_->cursor().insertText(words, letters(look.points, look.bold, look.ink));
}

void Paper::add(const Drawing& drawing, const QString& title, const QList<QPair<Ink, QString>>& keys) {
    inside_->chart(title.isEmpty() && keys.isEmpty() ? drawing : headed(drawing, title, keys));
}

void Paper::add(const QList<Column>& columns, const QList<QStringList>& rows) {
    QList<int> shares;
    for (const Column& column : columns)
        shares.append(column.share);
    QTextTable* table = inside_->table(static_cast<int>(rows.size()) + 1, shares, true);
    for (int column = 0; column < columns.size(); ++column) {
        const QTextTableCell cell = table->cellAt(0, column);
        Inside::fill(cell, {{columns.at(column).title, letters(kSmallPt, true, Ink::Muted)}},
                     columns.at(column).number);
        Inside::rule(cell, Ink::Muted);
    }
    for (int row = 0; row < rows.size(); ++row) {
        for (int column = 0; column < columns.size(); ++column) {
            QList<QPair<QString, QTextCharFormat>> lines;
            for (const QString& line : rows.at(row).at(column).split(u'\n')) {
                lines.append({line, lines.isEmpty() ? letters(kBodyPt, false, Ink::Text)
                                                    : letters(kSmallPt, false, Ink::Muted)});
            }
            const QTextTableCell cell = table->cellAt(row + 1, column);
            Inside::fill(cell, lines, columns.at(column).number);
            Inside::rule(cell, Ink::Grid);
        }
    }
}

void Paper::addFigures(const QList<QStringList>& figures) {
    const QTextTable* table = inside_->table(1, QList<int>(figures.size(), 1), false);
    for (int column = 0; column < figures.size(); ++column) {
        const QStringList& each = figures.at(column);
        Inside::fill(table->cellAt(0, column),
                     {{each.at(0), letters(kSmallPt, true, Ink::Muted)},
                      {each.at(1), letters(14, true, Ink::Text)},
                      {each.at(2), letters(kSmallPt, false, Ink::Muted)}},
                     false);
    }
}

int Paper::pages() {
    inside_->finish();
    return inside_->pages();
}

void Paper::paint(QPainter& painter, int page) {
    inside_->finish();
    inside_->paint(painter, page);
}

QSize Paper::pageSize() const {
    return inside_->pageSize();
}

QByteArray Paper::pdf() {
    inside_->finish();
    return inside_->pdf();
}

} // namespace mha

#include "paper.moc"
