// SPDX-License-Identifier: GPL-3.0-or-later
#include "print/drawing_painter.h"

#include <QPainter>
#include <QPainterPath>

namespace mha {

namespace {

/// The ground around letters that lie over lines.
constexpr double kHalo = 8;

/// Stripes on a soft ground, broad enough to be seen on a bar and in the legend.
QBrush hatched(const QColor& ink, const QColor& ground) {
    constexpr int kTile = 8;
    QPixmap tile(kTile, kTile);
    tile.fill(ground);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 2.5));
    for (const int shift : {-kTile, 0, kTile})
        painter.drawLine(shift - 2, kTile + 2, shift + kTile + 2, -2);
    return QBrush(tile);
}

class MarkPainter {
public:
    MarkPainter(QPainter& painter, const Inks& inks) : painter_(painter), inks_(inks) {}

    void operator()(const Box& box) {
        const QRectF place(box.x, box.y, box.width, box.height);
        if (box.hollow) {
            if (box.ink == Ink::Grid) // there to be pointed at
                return;
            painter_.setPen(QPen(inks_.color(box.ink), 1.5));
            painter_.setBrush(Qt::NoBrush);
            painter_.drawRect(place.adjusted(0.75, 0.75, -0.75, -0.75));
            return;
        }
        painter_.fillRect(place, inkBrush(inks_, box.ink));
        if (box.ink == Ink::Planned) {
            painter_.setPen(QPen(inks_.color(box.ink), 1));
            painter_.setBrush(Qt::NoBrush);
            painter_.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }

    void operator()(const Stroke& stroke) {
        painter_.setPen(QPen(inks_.color(stroke.ink), stroke.width, stroke.dashed ? Qt::DashLine : Qt::SolidLine));
        painter_.drawLine(QPointF(stroke.x1, stroke.y1), QPointF(stroke.x2, stroke.y2));
    }

    void operator()(const Words& words) {
        QFont font = inks_.font;
        font.setBold(words.strong);
        const double width = QFontMetricsF(font).horizontalAdvance(words.text);
        const double left = words.anchor == Anchor::Begin    ? words.x
                            : words.anchor == Anchor::Middle ? words.x - width / 2
                                                             : words.x - width;
        QPainterPath letters;
        letters.addText(left, words.y, font, words.text);
        painter_.strokePath(letters, QPen(inks_.surface, kHalo, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter_.setFont(font);
        painter_.setPen(inks_.color(words.ink));
        painter_.drawText(QPointF(left, words.y), words.text);
    }

    void operator()(const Diamond& diamond) {
        const double half = diamond.size / 2;
        painter_.setPen(QPen(inks_.surface, 1));
        painter_.setBrush(inks_.color(diamond.ink));
        painter_.drawPolygon(QPolygonF({{diamond.x, diamond.y - half},
                                        {diamond.x + half, diamond.y},
                                        {diamond.x, diamond.y + half},
                                        {diamond.x - half, diamond.y}}));
    }

private:
    QPainter& painter_;
    const Inks& inks_;
};

/// Of the report's light style sheet.
QColor paperColor(Ink ink) {
    switch (ink) {
    case Ink::Text:
        return 0x14181d;
    case Ink::Muted:
    case Ink::Base:
        return 0x55606c;
    case Ink::Grid:
        return 0xdce1e6;
    case Ink::Rto:
        return 0xb3202c;
    case Ink::Budget:
        return 0x8a5300;
    case Ink::Unplanned:
        return 0xc8641a;
    case Ink::Planned:
        return 0x1f56c3;
    case Ink::Detection:
        return 0x5b6b7d;
    case Ink::Election:
        return 0x8a63b8;
    case Ink::Address:
        return 0x2f8f9d;
    case Ink::Container:
        return 0xc08a1e;
    case Ink::Serving:
        return 0x3f7fd1;
    case Ink::OtherPhase:
        return 0x9aa4ae;
    case Ink::Gap:
        return 0xaab3bd;
    case Ink::Selection:
        return 0xdfe9fb;
    }
    return 0x14181d;
}

} // namespace

Inks paperInks(const QFont& font) {
    return {&paperColor, Qt::white, QColor(0xdfe9fb), QColor(0xf3f5f7), font};
}

QBrush inkBrush(const Inks& inks, Ink ink) {
    if (ink == Ink::Planned)
        return hatched(inks.color(ink), inks.plannedSoft);
    if (ink == Ink::Gap)
        return hatched(inks.color(ink), inks.gapSoft);
    return inks.color(ink);
}

void paintDrawing(QPainter& painter, const Drawing& drawing, const Inks& inks) {
    painter.setRenderHint(QPainter::Antialiasing);
    MarkPainter paint(painter, inks);
    for (const Mark& mark : drawing.marks)
        std::visit(paint, mark);
}

} // namespace mha
