// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.h"

namespace mha {

namespace {

Literal classOf(Ink ink) {
    switch (ink) {
    case Ink::Text:
        return "ink-text";
    case Ink::Muted:
        return "ink-muted";
    case Ink::Grid:
        return "grid";
    case Ink::Base:
        return "base";
    case Ink::Rto:
        return "ink-rto";
    case Ink::Budget:
        return "ink-budget";
    case Ink::Unplanned:
        return "unplanned";
    case Ink::Planned:
        return "planned";
    case Ink::Detection:
        return "phase0";
    case Ink::Election:
        return "phase1";
    case Ink::Address:
        return "phase2";
    case Ink::Container:
        return "phase3";
    case Ink::Serving:
        return "phase4";
    case Ink::OtherPhase:
        return "phase5";
    case Ink::Gap:
        return "gap";
    case Ink::Selection:
        return "ink-selection";
    }
    return "ink-text";
}

Literal classOf(Anchor anchor) {
    switch (anchor) {
    case Anchor::Begin:
        return "begin";
    case Anchor::Middle:
        return "mid";
    case Anchor::End:
        return "end";
    }
    return "begin";
}

/// Each mark by its kind.
class Writer {
public:
    explicit Writer(Markup& svg) : svg_(svg) {}

    void operator()(const Box& box) {
        svg_.raw("<rect class=\"").raw(classOf(box.ink)).raw(box.hollow ? Literal(" hollow") : "").raw("\" x=\"");
        svg_.number(box.x).raw("\" y=\"").number(box.y).raw("\" width=\"").number(box.width).raw("\" height=\"");
        svg_.number(box.height).raw("\"");
        close("rect", box.tip);
    }

    void operator()(const Stroke& stroke) {
        svg_.raw("<line class=\"").raw(classOf(stroke.ink)).raw(stroke.dashed ? Literal(" dashed") : "");
        svg_.raw("\" x1=\"").number(stroke.x1).raw("\" y1=\"").number(stroke.y1).raw("\" x2=\"").number(stroke.x2);
        svg_.raw("\" y2=\"").number(stroke.y2).raw("\" stroke-width=\"").number(stroke.width).raw("\"/>");
    }

    void operator()(const Words& words) {
        svg_.raw("<text class=\"words ").raw(classOf(words.ink)).raw(" ").raw(classOf(words.anchor));
        svg_.raw(words.strong ? Literal(" strong") : "").raw("\" x=\"").number(words.x).raw("\" y=\"").number(words.y);
        svg_.raw("\">").text(words.text).raw("</text>");
    }

    void operator()(const Diamond& diamond) {
        const double half = diamond.size / 2;
        svg_.raw("<polygon class=\"").raw(classOf(diamond.ink)).raw(" moment\" points=\"");
        svg_.number(diamond.x).raw(" ").number(diamond.y - half).raw(" ").number(diamond.x + half).raw(" ");
        svg_.number(diamond.y).raw(" ").number(diamond.x).raw(" ").number(diamond.y + half).raw(" ");
        svg_.number(diamond.x - half).raw(" ").number(diamond.y).raw("\"");
        close("polygon", diamond.tip);
    }

private:
    void close(Literal element, const QString& tip) {
        if (tip.isEmpty()) {
            svg_.raw("/>");
        } else {
            svg_.raw("><title>").text(tip).raw("</title></").raw(element).raw(">");
        }
    }

    Markup& svg_;
};

} // namespace

Markup toSvg(const Drawing& drawing) {
    Markup svg;
    svg.raw("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ").number(drawing.width).raw(" ").number(drawing.height);
    svg.raw("\" aria-label=\"").text(drawing.text).raw("\">");
    Writer writer(svg);
    for (const Mark& mark : drawing.marks)
        std::visit(writer, mark);
    return svg.raw("</svg>");
}

} // namespace mha
