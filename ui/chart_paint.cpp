// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart_paint.h"

#include <QRectF>

#include <algorithm>

namespace mha {

namespace {

/// Around a mark that is smaller than a hand is steady.
constexpr double kReach = 4;

struct TipOf {
    QString operator()(const Box& box) const { return box.tip; }

    QString operator()(const Diamond& diamond) const { return diamond.tip; }

    QString operator()(const Stroke&) const { return {}; }

    QString operator()(const Words&) const { return {}; }
};

struct BoundsOf {
    QRectF operator()(const Box& box) const { return {box.x, box.y, box.width, box.height}; }

    QRectF operator()(const Diamond& diamond) const {
        return {diamond.x - diamond.size / 2, diamond.y - diamond.size / 2, diamond.size, diamond.size};
    }

    QRectF operator()(const Stroke& stroke) const {
        return QRectF(QPointF(stroke.x1, stroke.y1), QPointF(stroke.x2, stroke.y2)).normalized();
    }

    QRectF operator()(const Words& words) const { return {words.x, words.y, 0, 0}; }
};

} // namespace

QColor inkColor(const Theme& theme, Ink ink) {
    switch (ink) {
    case Ink::Text:
        return theme.text;
    case Ink::Muted:
    case Ink::Base:
        return theme.muted;
    case Ink::Grid:
        return theme.border;
    case Ink::Rto:
    case Ink::Budget:
        return theme.warn;
    case Ink::Unplanned:
        return theme.dark ? theme.bad.darker(125) : theme.bad;
    case Ink::Planned:
        return theme.accent;
    case Ink::Detection:
        return theme.phases[0];
    case Ink::Election:
        return theme.phases[1];
    case Ink::Address:
        return theme.phases[2];
    case Ink::Container:
        return theme.phases[3];
    case Ink::Serving:
        return theme.phases[4];
    case Ink::OtherPhase:
        return theme.phases[5];
    case Ink::Gap:
        return theme.border;
    case Ink::Selection:
        return theme.accentSoft;
    }
    return theme.text;
}

Inks inksOf(const Theme& theme) {
    return {[theme](Ink ink) { return inkColor(theme, ink); }, theme.surface, theme.accentSoft, theme.sunken,
            typeFont(TypeSize::Caption)};
}

void paintKey(QPainter& painter, const QRectF& box, Ink ink) {
    const bool line = ink == Ink::Rto || ink == Ink::Budget;
    const Mark mark = line ? Mark(Stroke{box.left(), box.center().y(), box.right(), box.center().y(), ink, 2, true})
                           : Mark(Box{box.x(), box.y(), box.width(), box.height(), ink});
    paintDrawing(painter, {box.right(), box.bottom(), {}, {mark}}, inksOf(theme()));
}

QString tipOf(const Mark& mark) {
    return std::visit(TipOf(), mark);
}

QRectF boundsOf(const Mark& mark) {
    return std::visit(BoundsOf(), mark);
}

QList<qsizetype> tellingMarks(const Drawing& drawing) {
    QList<qsizetype> telling;
    for (qsizetype i = 0; i < drawing.marks.size(); ++i) {
        if (!tipOf(drawing.marks.at(i)).isEmpty())
            telling.append(i);
    }
    std::ranges::stable_sort(telling, {}, [&](qsizetype i) { return boundsOf(drawing.marks.at(i)).center().x(); });
    return telling;
}

qsizetype tellingMarkAt(const Drawing& drawing, const QPointF& place) {
    for (qsizetype i = drawing.marks.size() - 1; i >= 0; --i) {
        const Mark& mark = drawing.marks.at(i);
        if (tipOf(mark).isEmpty())
            continue;
        QRectF bounds = boundsOf(mark);
        const double wide = bounds.width() < 2 * kReach ? kReach : 0;
        const double high = bounds.height() < 2 * kReach ? kReach : 0;
        if (bounds.adjusted(-wide, -high, wide, high).contains(place))
            return i;
    }
    return -1;
}

} // namespace mha
