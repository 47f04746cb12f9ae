// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/verdict.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <array>
#include <optional>

namespace mha {

/// The look in one place: colours, spacing and type. Stateless: which of the two themes is in force follows from the
/// application's palette, so a widget asks theme() whenever it paints and repaints on a palette change. GUI thread.
struct Theme {
    bool dark = false;

    QColor window;        ///< behind everything
    QColor surface;       ///< cards, tables, dialogs
    QColor sunken;        ///< fields, lane grounds, table headers
    QColor hover;         ///< a control under the pointer
    QColor border;        ///< hairlines
    QColor controlBorder; ///< outline of something that can be operated: 3:1 against what is around it
    QColor text;
    QColor muted; ///< labels, ages: still 4.5:1 on surface, window and sunken
    QColor accent;
    QColor onAccent;
    QColor accentSoft; ///< selection

    QColor good;
    QColor goodSoft;
    QColor warn;
    QColor warnSoft;
    QColor bad;
    QColor badSoft;
    QColor busy; ///< something is under way
    QColor busySoft;
    QColor unknown;
    QColor unknownSoft;
    QColor alarm; ///< ground of the banner when data or service is lost
    QColor onAlarm;
    /// Of an outage, in the order of Ink: detection, election, address, container, serving, any other.
    std::array<QColor, 6> phases;
    QColor danger; ///< ground of the banner when data may be corrupted
    QColor onDanger;
};

/// Spacing on a grid of 8 px, with a half step for what belongs together.
inline constexpr int kHalf = 4;
inline constexpr int kUnit = 8;
inline constexpr int kGap = 16;
inline constexpr int kWide = 24;
inline constexpr int kRadius = 8;
inline constexpr int kControlHeight = 32;

/// How a thing is meant: what colour, shape and word are chosen from.
enum class Tone { Plain, Good, Busy, Warn, Bad, Unknown };

enum class ThemeChoice { System, Light, Dark };

/// Nothing for a name that is none of "light", "dark", "system".
std::optional<ThemeChoice> themeChoiceFromName(QStringView name);

const Theme& lightTheme();
const Theme& darkTheme();
/// The theme in force: by the lightness of the application's window colour.
const Theme& theme();
bool isDark(const QPalette& palette);
QPalette paletteOf(const Theme& theme);

QColor toneColor(const Theme& theme, Tone tone);
QColor toneGround(const Theme& theme, Tone tone);
Tone toneOf(VerdictLevel level);

/// Type sizes, relative to the application's own font.
enum class TypeSize { Caption, Body, Strong, Title, Headline, Display };
QFont typeFont(TypeSize size);
QFont monoFont(TypeSize size = TypeSize::Body);

/// WCAG 2.1 contrast ratio, 1..21.
double contrast(const QColor& a, const QColor& b);

} // namespace mha
