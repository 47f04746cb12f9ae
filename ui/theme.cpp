// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include <QApplication>
#include <QFontDatabase>

#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

Theme makeLight() {
    Theme t;
    t.dark = false;
    t.window = QColor(0xf3f5f7);
    t.surface = QColor(0xffffff);
    t.sunken = QColor(0xf3f5f7);
    t.hover = QColor(0xe9edf1);
    t.border = QColor(0xdce1e6);
    t.controlBorder = QColor(0x87919c);
    t.text = QColor(0x14181d);
    t.muted = QColor(0x55606c);
    t.accent = QColor(0x1f56c3);
    t.onAccent = QColor(0xffffff);
    t.accentSoft = QColor(0xdfe9fb);
    t.good = QColor(0x16744a);
    t.goodSoft = QColor(0xe0f3e9);
    t.warn = QColor(0x8a5300);
    t.warnSoft = QColor(0xfdefd2);
    t.bad = QColor(0xb3202c);
    t.badSoft = QColor(0xfce4e5);
    t.busy = QColor(0x1f56c3);
    t.busySoft = QColor(0xdfe9fb);
    t.unknown = QColor(0x4d5864);
    t.unknownSoft = QColor(0xe6e9ed);
    t.alarm = QColor(0xb3202c);
    t.onAlarm = QColor(0xffffff);
    t.danger = QColor(0x7a0f3d);
    t.onDanger = QColor(0xffffff);
    t.phases = {QColor(0x5b6b7d), QColor(0x8a63b8), QColor(0x2f8f9d),
                QColor(0xc08a1e), QColor(0x3f7fd1), QColor(0x9aa4ae)};
    return t;
}

Theme makeDark() {
    Theme t;
    t.dark = true;
    t.window = QColor(0x12161a);
    t.surface = QColor(0x1b2026);
    t.sunken = QColor(0x14181d);
    t.hover = QColor(0x272e36);
    t.border = QColor(0x2d353e);
    t.controlBorder = QColor(0x6b7682);
    t.text = QColor(0xe9edf1);
    t.muted = QColor(0x9ba6b2);
    t.accent = QColor(0x7aa7ff);
    t.onAccent = QColor(0x0b1424);
    t.accentSoft = QColor(0x22324f);
    t.good = QColor(0x4fc78f);
    t.goodSoft = QColor(0x16342a);
    t.warn = QColor(0xf2b84b);
    t.warnSoft = QColor(0x3a2e14);
    t.bad = QColor(0xff7b7b);
    t.badSoft = QColor(0x43201f);
    t.busy = QColor(0x7aa7ff);
    t.busySoft = QColor(0x1d2c47);
    t.unknown = QColor(0xa7b1bc);
    t.unknownSoft = QColor(0x2a3139);
    t.alarm = QColor(0xa51f2a);
    t.onAlarm = QColor(0xffffff);
    t.danger = QColor(0x86164a);
    t.onDanger = QColor(0xffffff);
    t.phases = {QColor(0x8494a6), QColor(0xb08be0), QColor(0x4fb9c7),
                QColor(0xdcab45), QColor(0x6fa5f0), QColor(0x6b7682)};
    return t;
}

double channel(double value) {
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF());
}

struct TypeRow {
    double scale;
    QFont::Weight weight;
};

TypeRow typeRow(TypeSize size) {
    switch (size) {
    case TypeSize::Caption:
        return {0.9, QFont::Normal};
    case TypeSize::Body:
        return {1.0, QFont::Normal};
    case TypeSize::Strong:
        return {1.0, QFont::Bold};
    case TypeSize::Title:
        return {1.2, QFont::Bold};
    case TypeSize::Headline:
        return {1.5, QFont::Bold};
    case TypeSize::Display:
        return {2.1, QFont::Bold};
    }
    return {1.0, QFont::Normal};
}

QFont sized(QFont font, TypeSize size) {
    const TypeRow row = typeRow(size);
    // Fonts given in pixels have no point size; 0.75 is the point of a 96 dpi pixel.
    const double base = font.pointSizeF() > 0 ? font.pointSizeF() : font.pixelSize() * 0.75;
    font.setPointSizeF(std::max(base, 9.0) * row.scale);
    font.setWeight(row.weight);
    return font;
}

} // namespace

std::optional<ThemeChoice> themeChoiceFromName(QStringView name) {
    if (name == u"light")
        return ThemeChoice::Light;
    if (name == u"dark")
        return ThemeChoice::Dark;
    if (name == u"system")
        return ThemeChoice::System;
    return std::nullopt;
}

const Theme& lightTheme() {
    static const Theme t = makeLight();
    return t;
}

const Theme& darkTheme() {
    static const Theme t = makeDark();
    return t;
}

bool isDark(const QPalette& palette) {
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

const Theme& theme() {
    return isDark(QGuiApplication::palette()) ? darkTheme() : lightTheme();
}

QPalette paletteOf(const Theme& t) {
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.sunken);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Button, t.surface);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::ToolTipBase, t.text);
    p.setColor(QPalette::ToolTipText, t.surface);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::Light, t.hover);
    p.setColor(QPalette::Midlight, t.border);
    p.setColor(QPalette::Mid, t.border);
    p.setColor(QPalette::Dark, t.controlBorder);
    p.setColor(QPalette::Shadow, t.window.darker(130));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.controlBorder);
    return p;
}

QColor toneColor(const Theme& t, Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return t.muted;
    case Tone::Good:
        return t.good;
    case Tone::Busy:
        return t.busy;
    case Tone::Warn:
        return t.warn;
    case Tone::Bad:
        return t.bad;
    case Tone::Unknown:
        return t.unknown;
    }
    return t.text;
}

QColor toneGround(const Theme& t, Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return t.sunken;
    case Tone::Good:
        return t.goodSoft;
    case Tone::Busy:
        return t.busySoft;
    case Tone::Warn:
        return t.warnSoft;
    case Tone::Bad:
        return t.badSoft;
    case Tone::Unknown:
        return t.unknownSoft;
    }
    return t.surface;
}

Tone toneOf(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Healthy:
        return Tone::Good;
    case VerdictLevel::Degraded:
        return Tone::Warn;
    case VerdictLevel::Switching:
        return Tone::Busy;
    case VerdictLevel::Unknown:
        return Tone::Unknown;
    case VerdictLevel::Down:
    case VerdictLevel::SplitBrain:
    case VerdictLevel::TwoWriters:
        return Tone::Bad;
    }
    return Tone::Unknown;
}

QFont typeFont(TypeSize size) {
    return sized(QApplication::font(), size);
}

QFont monoFont(TypeSize size) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF() > 0 ? QApplication::font().pointSizeF() : 10.0);
    return sized(font, size);
}

double contrast(const QColor& a, const QColor& b) {
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

} // namespace mha
